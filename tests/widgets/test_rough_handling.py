"""Widgets in the hands of somebody in a hurry: two fingers, typing while it runs, changes in play."""

from looking import settled, until

from nnlib.widgets import NetworkPlayground, PerceptronPlayground

SQUARE = [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]], [-1, 1, 1, -1]  # never separated

POINTER = """(canvas, [type, id, x, y]) => {
    const box = canvas.getBoundingClientRect();
    canvas.setPointerCapture = () => {}; // a made-up pointer cannot be captured
    canvas.dispatchEvent(new PointerEvent(type, { pointerId: id, pointerType: "touch", button: 0,
        clientX: box.left + x, clientY: box.top + y, bubbles: true }));
}"""


def trait(page, widget, name):
    return page.evaluate(
        "async ([id, name]) => (await window.nnlibHost)[id].get(name)", [widget.model_id, name]
    )


def number(page, name):
    return page.locator(f'[data-control="{name}"] input[type=number]')


def test_a_second_finger_does_not_take_over_the_drag(widget_page):
    playground = PerceptronPlayground(*SQUARE)
    page = widget_page(playground)
    canvas = page.locator("canvas").first
    box = canvas.bounding_box()
    x, y = box["width"] * 0.5, box["height"] * 0.5

    def send(kind, finger, dx=0, dy=0):
        canvas.evaluate(POINTER, [kind, finger, x + dx, y + dy])

    before = trait(page, playground, "b")
    send("pointerdown", 1)  # on the line through the middle
    send("pointerdown", 2, 60, -80)
    send("pointermove", 2, 90, -90)
    send("pointerup", 2, 90, -90)
    assert len(trait(page, playground, "X")) == 4, "the second finger adds no point"
    send("pointermove", 1, 0, 25)
    send("pointerup", 1, 0, 25)
    moved = trait(page, playground, "b") != before or trait(page, playground, "w") != [-0.5, 1]
    assert moved
    send("pointerdown", 3, 60, -80)  # and afterwards all is as before
    send("pointerup", 3, 60, -80)
    assert len(trait(page, playground, "X")) == 5
    assert not page.errors


def test_what_is_typed_while_the_rule_runs_is_what_counts(widget_page):
    playground = PerceptronPlayground(*SQUARE)
    page = widget_page(playground)
    page.locator('[data-control="run"]').click()
    rate = number(page, "learning-rate")
    rate.click()
    rate.press("Control+a")
    rate.press_sequentially("0.05", delay=60)
    rate.press("Tab")
    assert rate.input_value() == "0.05"
    assert trait(page, playground, "learning_rate") == 0.05


def test_a_range_stays_while_its_thumb_is_held(widget_page):
    playground = PerceptronPlayground(*SQUARE)
    page = widget_page(playground)
    number(page, "w1").fill("8")
    number(page, "w1").press("Tab")
    thumb = page.locator('[data-control="w1"] input[type=range]')
    ends = thumb.evaluate("r => [r.min, r.max]")
    thumb.dispatch_event("pointerdown")
    thumb.evaluate("r => { r.value = 1; r.dispatchEvent(new Event('input', { bubbles: true })); }")
    assert thumb.evaluate("r => [r.min, r.max]") == ends
    thumb.dispatch_event("pointerup")
    assert thumb.evaluate("r => [r.min, r.max]") != ends
    assert trait(page, playground, "w")[0] == 1


def test_another_input_feature_while_playing(widget_page):
    playground = NetworkPlayground()
    page = widget_page(playground)
    play = page.locator('[data-control="play"]')
    play.click()
    until(lambda: trait(page, playground, "epoch") > 0, page)
    page.get_by_role("checkbox", name="x₁²", exact=True).click()
    settled(page)
    assert not page.errors
    assert trait(page, playground, "features") == ["x1", "x2", "x1^2"]
    assert play.inner_text() == "Play"
    play.click()
    until(lambda: trait(page, playground, "epoch") > 0, page)
    assert trait(page, playground, "playing")
    assert not page.errors
    page.get_by_role("checkbox", name="x₂", exact=True).click()
    settled(page)
    assert trait(page, playground, "features") == ["x1", "x1^2"]
    assert not page.errors

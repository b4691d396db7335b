"""The convolution playground: its sums against nnlib's, and everything that a reader can do with it."""

import numpy as np
import pytest
from looking import (
    control,
    each_changes,
    module,
    picture,
    press,
    readout,
    said,
    set_number,
    trait,
    until,
)

import nnlib as nn
from nnlib.widgets import ConvolutionPlayground
from nnlib.widgets.convolution import PICTURES

IMAGE = [[1, 2, 0, 1], [0, 1, 3, 1], [2, 0, 1, 0], [1, 1, 0, 2]]


def test_a_map_by_hand():
    # Upper left: 1·1 + 2·0 + 0·0 + 1·(−1) = 0, upper middle: 2·1 + 0·0 + 1·0 + 3·(−1) = −1.
    playground = ConvolutionPlayground(IMAGE, kernel=[[1, 0], [0, -1]], bias=0.5)
    expected = np.array([[0, -1, -1], [0, 0, 3], [1, 0, -1]]) + 0.5
    np.testing.assert_array_equal(playground.output, expected)
    playground.relu = True
    np.testing.assert_array_equal(playground.output, np.maximum(expected, 0))


def test_dilation_looks_at_every_second_pixel():
    # 1·1 − 1·1, 2·1 − 0·1 ... : the pixels two rows and two columns apart.
    playground = ConvolutionPlayground(IMAGE, kernel=[[1, 0], [0, -1]], dilation=2)
    np.testing.assert_array_equal(playground.output, [[0, 2], [0, -1]])
    assert playground.layer.weight.shape == (1, 1, 3, 3)


def test_layer_is_an_nnlib_layer():
    playground = ConvolutionPlayground("digit", kernel=[[1, 2, 3]], bias=-1, stride=2, padding=1)
    assert isinstance(playground.layer, nn.Conv2d)
    np.testing.assert_array_equal(playground.layer.weight.data, [[[[1, 2, 3]]]])
    x = np.array(playground.image)[None, None]
    np.testing.assert_array_equal(playground.layer(x).data[0, 0], playground.output)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures(name):
    image = np.array(ConvolutionPlayground(name).image)
    assert image.shape == (12, 12)
    assert (image.max() == 0) == (name == "empty")
    assert set(np.unique(image)) <= {0.0, 0.5, 1.0}


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"image": "star"}, "image: expected rows of numbers or one of cross, ring.*got 'star'"),
        ({"image": [1, 2]}, r"image: expected 1 to 16 rows of 1 to 16 numbers, got shape \(2,\)"),
        ({"image": np.zeros((17, 3))}, r"image: .*got shape \(17, 3\)"),
        ({"image": [[]]}, "image"),
        ({"image": [[1, 2], [3]]}, "image: .*all rows equally long"),
        ({"image": [[1, float("nan")]]}, "image: expected finite numbers, got 1 that"),
        ({"image": [[1, -2000]]}, "image: expected numbers from -1000 to 1000, got -2000.0"),
        ({"kernel": np.ones((6, 6))}, r"kernel: expected 1 to 5 rows of 1 to 5 numbers.*\(6, 6\)"),
        ({"kernel": [["1"]]}, "kernel"),
        ({"bias": "none"}, "bias: expected a number from -1000 to 1000, got 'none'"),
        ({"stride": 0}, "stride: expected a whole number from 1 to 4, got 0"),
        ({"padding": -1}, "padding: expected a whole number from 0 to 4, got -1"),
        ({"dilation": 1.5}, "dilation: expected a whole number from 1 to 4, got 1.5"),
        ({"relu": 1}, "relu: expected True or False, got 1"),
        ({"row": 24}, "row: expected a whole number from 0 to 23, got 24"),
        ({"column": "first"}, "column"),
    ],
)
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        ConvolutionPlayground(**arguments)


def test_a_kernel_that_does_not_fit_has_no_output_but_a_picture():
    playground = ConvolutionPlayground(kernel=np.ones((5, 5)), dilation=3)
    with pytest.raises(ValueError, match="13 x 13 kernel .* larger than the padded image"):
        _ = playground.output
    assert "There is no feature map" in playground.static_figure()[2]


def test_rejected_assignment_leaves_the_old_value():
    playground = ConvolutionPlayground()
    before = playground.kernel
    with pytest.raises(ValueError):
        playground.kernel = np.ones((3, 9))
    assert playground.kernel == before


def test_static_figure_speaks():
    playground = ConvolutionPlayground("cross", row=1, column=2)
    _, alternative, caption = playground.static_figure()
    assert f"row 1, column 2, outlined, the result is {playground.output[1, 2]:.3g}" in alternative
    assert "stride 1, padding 0 and dilation 1" in caption


# In a browser -------------------------------------------------------------------------------------

RUN = "([module, name, ...settings]) => module[name](...settings)"
SETTINGS = [
    (12, 12, 3, 3, 1, 0, 1),
    (12, 12, 3, 3, 2, 1, 2),
    (16, 5, 2, 3, 3, 4, 1),
    (11, 16, 5, 1, 4, 2, 3),
    (1, 1, 1, 1, 1, 4, 1),
    (9, 8, 4, 5, 2, 3, 2),
]


def random_playground(h, w, kh, kw, stride, padding, dilation):
    rng = np.random.default_rng(h * w + kh)
    return ConvolutionPlayground(
        rng.normal(size=(h, w)), kernel=rng.normal(size=(kh, kw)), bias=float(rng.normal()),
        stride=stride, padding=padding, dilation=dilation, relu=bool(padding % 2),
    )  # fmt: skip


def settings(playground):
    names = ["image", "kernel", "bias", "stride", "padding", "dilation", "relu"]
    return {name: getattr(playground, name) for name in names}


def test_page_computes_what_nnlib_computes(widget_page):
    page = widget_page(ConvolutionPlayground())
    convolve = module(page, "convolution/convolve.js")
    for sizes in SETTINGS:
        playground = random_playground(*sizes)
        output = page.evaluate(RUN, [convolve, "convolve", settings(playground)])
        np.testing.assert_allclose(output, playground.output, rtol=0, atol=1e-12)
    playground.dilation = 4  # and 9 pixels have no room for 17
    assert page.evaluate(RUN, [convolve, "convolve", settings(playground)]) == []


def test_unused_rows_are_those_that_do_not_matter(widget_page):
    page = widget_page(ConvolutionPlayground())
    convolve = module(page, "convolution/convolve.js")
    for sizes in [*SETTINGS, (12, 12, 3, 3, 2, 0, 1), (11, 12, 2, 2, 3, 0, 1)]:
        playground = random_playground(*sizes)
        playground.relu = False
        h, w, kh, kw, *_ = sizes
        x = nn.Tensor(np.array(playground.image)[None, None], requires_grad=True)
        (playground.layer(x) ** 2).sum().backward()
        gradient = np.abs(x.grad[0, 0])
        rows = page.evaluate(RUN, [convolve, "unused", h, kh, settings(playground)])
        columns = page.evaluate(RUN, [convolve, "unused", w, kw, settings(playground)])
        # A zero of the kernel would hide a pixel; these kernels are random and have none.
        assert rows == np.flatnonzero(gradient.sum(axis=1) == 0).tolist()
        assert columns == np.flatnonzero(gradient.sum(axis=0) == 0).tolist()


@pytest.mark.parametrize("width", [1000, 375])
def test_a_kernel_that_does_not_fit_can_still_be_edited(width, widget_page):
    page = widget_page(ConvolutionPlayground(kernel=np.ones((5, 5)), dilation=3), width=width)
    readout(page)
    number = page.locator(".nn-grid input").first
    assert number.bounding_box()["width"] > 20
    number.fill("7")
    until(lambda: trait(page, "kernel")[0][0] == 7, page)


def test_the_page_offers_the_pictures_in_their_order(widget_page):
    options = control(widget_page(ConvolutionPlayground()), "picture").locator("option")
    assert options.evaluate_all("all => all.map((o) => o.value)") == list(PICTURES)


def test_every_control_changes_words_and_picture(widget_page):
    page = widget_page(ConvolutionPlayground())
    steps = [
        ("step", lambda: press(page, "step")),
        ("back", lambda: press(page, "back")),
        ("row", lambda: set_number(page, "row", 4)),
        ("column", lambda: control(page, "column").press("ArrowRight")),
        ("picture", lambda: control(page, "picture").select_option("cross")),
        ("size", lambda: control(page, "size").select_option("2")),
        ("preset", lambda: control(page, "preset").select_option("horizontal")),
        ("bias", lambda: set_number(page, "bias", 0.25)),
        ("stride", lambda: control(page, "stride").press("ArrowRight")),
        ("padding", lambda: control(page, "padding").press("ArrowRight")),
        ("dilation", lambda: control(page, "dilation").press("ArrowRight")),
        ("relu", lambda: control(page, "relu").press("Space")),
        ("reset", lambda: press(page, "reset")),
        ("clear", lambda: press(page, "clear")),
    ]
    each_changes(page, steps)


def test_the_sum_is_worked_out(widget_page):
    kernel = [[0, 1, 0], [0, -2, 0], [0, 0, 0.5]]
    playground = ConvolutionPlayground(IMAGE, kernel=kernel, bias=-1, relu=True, row=0, column=1)
    page = widget_page(playground)
    # 0·1 − 2·3 + 0.5·0 = −6
    assert "the 9 products sum to −6; with bias −1 that is −7, after ReLU 0." in readout(page)
    terms = page.locator(".nn-conv-terms").inner_text().split("\n")
    assert terms[1:] == ["+ 1·0 + 3·(−2) + 1·0", "+ 0·0 + 1·0 + 0·0.5", "= −6"]
    labels = [c.get_attribute("aria-label") for c in page.locator("canvas").all()]
    assert "The window lies over rows 0 to 2 and columns 1 to 3." in labels[0]
    assert "2 0 1; 1 3 1; 0 1 0." in labels[1]
    assert "0 0 0; 0 −6 0; 0 0 0." in labels[2]
    assert "2 × 2 numbers" in labels[3] and "row 0, column 1, marked, is 0." in labels[3]


def test_output_size_in_numbers(widget_page):
    page = widget_page(ConvolutionPlayground(stride=2, padding=1, dilation=2))
    assert "Output size: ⌊(12 + 2·1 − 2·(3 − 1) − 1)/2⌋ + 1 = 5." in readout(page)
    assert "No window touches" in readout(page)  # every second row is left out
    set_number(page, "dilation", 1)
    said(page, "⌊(12 + 2·1 − 1·(3 − 1) − 1)/2⌋ + 1 = 6.")
    assert "No window touches" not in readout(page)
    set_number(page, "padding", 0)
    said(page, "No window touches row 11 and column 11 of the input")


def test_a_kernel_that_does_not_fit_is_explained(widget_page):
    page = widget_page(ConvolutionPlayground(kernel=np.ones((5, 5)), row=6, column=6))
    set_number(page, "dilation", 3)
    said(page, "with dilation 3, it is 13 pixels high, the padded input only 12 + 2·0 = 12.")
    assert "⌊(12 + 2·0 − 3·(5 − 1) − 1)/1⌋ + 1 = 0." in readout(page)
    for name in ["back", "step", "play", "row", "column"]:
        assert control(page, name).is_disabled(), name
    assert page.get_by_text("A smaller kernel or dilation, or more padding, helps.").is_visible()
    set_number(page, "padding", 1)
    said(page, "Output at row 1, column 1:")  # the last place of a 2 x 2 map
    assert trait(page, "row") == trait(page, "column") == 1
    assert control(page, "step").is_enabled()
    assert not page.errors


def test_step_goes_through_the_map_and_round(widget_page):
    page = widget_page(ConvolutionPlayground(IMAGE, kernel=[[1, 1], [1, 1]], row=0, column=1))
    seen = []
    for _ in range(9):
        press(page, "step")
        seen.append((trait(page, "row"), trait(page, "column")))
    assert seen == [(k % 9 // 3, k % 3) for k in range(2, 11)]
    press(page, "back")
    press(page, "back")
    assert (trait(page, "row"), trait(page, "column")) == (2, 2)


# In the page itself, where no delay can let it play on.
PLAY_TWO_FRAMES = """async () => {
  const play = document.querySelector('button[data-control="play"]');
  play.click();
  const place = ["row", "column"].map((name) => shown.model.get(name));
  for (let k = 0; k < 2; k++) await new Promise(requestAnimationFrame);
  const filling = document.querySelectorAll("canvas")[3].toDataURL();
  play.click();
  return [place, filling];
}"""


def test_play_fills_the_map_and_stops_at_its_end(widget_page):
    playground = ConvolutionPlayground(IMAGE, kernel=[[1, 1], [1, 1]], row=2, column=2)
    page = widget_page(playground)
    whole = picture(page, 3)
    control(page, "speed").select_option("slow")
    place, filling = page.evaluate(PLAY_TWO_FRAMES)
    assert place == [0, 0], "from the end it starts anew"
    assert [filling] != picture(page, 3), "paused, the map is whole"
    control(page, "speed").select_option("fast")
    press(page, "play")
    until(lambda: control(page, "play").inner_text() == "Play", page)
    assert (trait(page, "row"), trait(page, "column")) == (2, 2)
    assert picture(page, 3) == whole


def test_weights_are_typed_into_the_kernel(widget_page):
    page = widget_page(ConvolutionPlayground("ring", row=4, column=2))
    field = page.get_by_label("Kernel, row 0, column 2")
    field.fill("-2.5")
    assert trait(page, "kernel")[0] == [-1, 0, -2.5]
    assert control(page, "preset").input_value() == "own"
    picture(page)  # the fields learn of it with the next frame
    field.fill("5000")
    alert = page.locator('.nn-conv-part:has([data-control="kernel"]) [role=alert]')
    assert alert.inner_text() == "Row 0, column 2 needs a number from -1000 to 1000; it stays -2.5."
    page.get_by_label("Kernel, row 1, column 1").fill("4")
    until(lambda: field.input_value() == "-2.5" and not alert.inner_text(), page)  # the next change
    assert trait(page, "kernel") == [[-1, 0, -2.5], [-1, 4, 1], [-1, 0, 1]]
    control(page, "preset").select_option("sharpen")
    assert trait(page, "kernel") == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    until(lambda: field.input_value() == "0", page)


def test_another_size_keeps_the_kind_or_the_middle(widget_page):
    page = widget_page(ConvolutionPlayground())
    weights = page.get_by_role("spinbutton", name="Kernel, row")

    def resize(n):
        control(page, "size").select_option(str(n))
        until(lambda: weights.count() == n * n, page)  # the old fields go with the next frame

    resize(5)
    assert trait(page, "kernel") == [[-1, -1, 0, 1, 1]] * 5
    resize(3)
    page.get_by_label("Kernel, row 1, column 1").fill("7")
    resize(5)
    kernel = np.array(trait(page, "kernel"))
    assert kernel[2].tolist() == [0, -1, 7, 1, 0] and np.abs(kernel).sum() == 13
    resize(1)
    assert trait(page, "kernel") == [[7]]
    options = control(page, "preset").locator("option").evaluate_all("o => o.map((x) => x.value)")
    assert options == ["identity", "own"]


def test_presets_answer_to_what_they_are_called_after(widget_page):
    page = widget_page(ConvolutionPlayground())

    def kernel(name):
        control(page, "preset").select_option(name)
        return trait(page, "kernel")

    image = np.zeros((12, 12))
    image[4:, 5:] = 1  # its upper left corner is at row 4, column 5
    for name, where in [("corner", (3, 4)), ("vertical", (4, 3)), ("horizontal", (2, 5))]:
        output = ConvolutionPlayground(image, kernel=kernel(name)).output
        assert output[where] == output.max() > 0, name
    identity = ConvolutionPlayground(image, kernel=kernel("identity"), padding=1)
    np.testing.assert_array_equal(identity.output, image)
    # Where all pixels are alike, blur and sharpen leave them, and the outline is nothing.
    alike = np.full((5, 5), 0.7)
    for name, value in [("blur", 0.7), ("sharpen", 0.7), ("outline", 0)]:
        output = ConvolutionPlayground(alike, kernel=kernel(name)).output
        np.testing.assert_allclose(output, value, atol=1e-12)


def cell(page, which, i, j, rows, columns):
    """Where in the page the middle of a cell of a canvas is."""
    canvas = page.locator("canvas").nth(which)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    return (
        box["x"] + (j + 0.5) / columns * box["width"],
        box["y"] + (i + 0.5) / rows * box["height"],
    )


def test_the_mouse_draws_a_line_without_gaps_and_wipes_it(widget_page):
    page = widget_page(ConvolutionPlayground("empty", padding=1))
    page.mouse.move(*cell(page, 0, 1, 1, 14, 14))
    page.mouse.down()
    page.mouse.move(*cell(page, 0, 12, 12, 14, 14))  # in one go
    page.mouse.up()
    np.testing.assert_array_equal(trait(page, "image"), np.eye(12))
    assert control(page, "picture").input_value() == "own"
    set_number(page, "pen", 0.5)
    page.mouse.click(*cell(page, 0, 1, 1, 14, 14))
    assert trait(page, "image")[0][0] == 0.5
    page.mouse.click(*cell(page, 0, 1, 1, 14, 14))
    assert trait(page, "image")[0][0] == 0
    page.mouse.click(*cell(page, 0, 0, 0, 14, 14))  # the padding is not the reader's
    assert np.sum(trait(page, "image")) == 11


def touch(page, *points):
    session = page.context.new_cdp_session(page)
    for k, (x, y) in enumerate(points):
        kind = "touchStart" if k == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_draws_when_it_may_and_moves_the_window_otherwise(widget_page):
    page = widget_page(ConvolutionPlayground("empty", row=1, column=1), touch=True, width=375)
    box = control(page, "draw")
    coarse = page.evaluate("matchMedia('(pointer: coarse)').matches")
    assert box.is_checked() == (not coarse), "a finger scrolls until the reader wants to draw"
    box.set_checked(False)
    touch(page, *(cell(page, 0, 2, k, 12, 12) for k in (2, 4, 6)))
    until(lambda: trait(page, "column") == 5, page)
    assert trait(page, "row") == 1 and np.sum(trait(page, "image")) == 0
    box.set_checked(True)
    start = cell(page, 0, 5, 5, 12, 12)
    scrolled = page.evaluate("scrollY")
    touch(page, start, *(cell(page, 0, k, 5, 12, 12) for k in (6, 7, 8)))
    until(lambda: np.sum(trait(page, "image")) == 4, page)
    assert [row[5] for row in trait(page, "image")[5:9]] == [1, 1, 1, 1]
    assert page.evaluate("scrollY") == scrolled


def test_on_a_phone_the_buttons_leave_no_gap_around_them(widget_page):
    page = widget_page(ConvolutionPlayground(), width=375)
    below = control(page, "row").locator("xpath=..")
    below.evaluate("node => node.scrollIntoView({ block: 'center' })")
    buttons, below = (node.bounding_box() for node in (control(page, "step"), below))
    assert 10 < below["y"] - buttons["y"] - buttons["height"] < 16


def test_the_keyboard_draws(widget_page):
    page = widget_page(ConvolutionPlayground("empty"))
    summary = page.get_by_text("Draw without a pointer")
    before = picture(page, 0)
    summary.press("Enter")
    until(lambda: picture(page, 0) != before, page)  # the pixel is outlined
    set_number(page, "pen-row", 2)
    control(page, "pen-column").press("ArrowLeft")
    set_number(page, "pen", -3)
    control(page, "draw-pixel").press("Enter")
    assert trait(page, "image")[2][4] == -3
    control(page, "draw-pixel").press("Enter")
    assert np.abs(trait(page, "image")).sum() == 0


def test_pointing_at_the_map_shows_where_a_number_comes_from(widget_page):
    page = widget_page(ConvolutionPlayground("cross", row=0, column=0))
    before = picture(page)
    page.mouse.move(*cell(page, 3, 6, 2, 10, 10))
    said(page, "Output at row 6, column 2:")
    assert picture(page) != before and trait(page, "row") == 0
    page.mouse.move(5, 5)
    said(page, "Output at row 0, column 0:")
    page.mouse.click(*cell(page, 3, 6, 2, 10, 10))
    page.mouse.move(5, 5)
    said(page, "Output at row 6, column 2:")
    assert (trait(page, "row"), trait(page, "column")) == (6, 2)


def test_python_moves_the_picture(widget_page):
    page = widget_page(ConvolutionPlayground())
    before = picture(page)
    image = [[1.0] * 16 for _ in range(3)]
    # What an assignment in Python sends.
    page.evaluate(
        "([image, kernel]) => shown.model.set({ image, kernel, bias: 2, row: 9, column: 1 })",
        [image, [[0.5, 0.25]]],
    )
    said(page, "Output at row 2, column 1: the 2 products sum to 0.75; with bias 2 that is 2.75.")
    assert "rows ⌊(3 + 2·0 − 1·(1 − 1) − 1)/1⌋ + 1 = 3; columns" in readout(page)
    assert picture(page) != before
    assert control(page, "size").input_value() == "own"
    assert control(page, "picture").input_value() == "own"
    assert not page.errors


def test_reset_goes_back_to_the_start(widget_page):
    page = widget_page(ConvolutionPlayground("digit", padding=1, bias=0.5, row=2, column=3))
    words, drawn = readout(page), picture(page)
    control(page, "picture").select_option("edge")
    control(page, "size").select_option("5")
    set_number(page, "stride", 3)
    press(page, "step")
    press(page, "reset")
    assert readout(page) == words and picture(page) == drawn


def test_tables_hold_the_numbers(widget_page):
    playground = ConvolutionPlayground(IMAGE, kernel=[[1, 0], [0, -1]])
    page = widget_page(playground)
    page.get_by_text("Show the feature map as a table").click()
    page.locator("table").first.get_by_text("column 2").wait_for()
    cells = page.locator("table").first.locator("tbody tr").all()
    rows = [[c.inner_text() for c in row.locator("td").all()[1:]] for row in cells]
    assert rows == [["0", "−1", "−1"], ["0", "0", "3"], ["1", "0", "−1"]]
    page.get_by_text("Show the input as a table").click()
    page.locator("table").nth(1).get_by_text("column 3").wait_for()
    assert page.locator("table").nth(1).locator("tbody tr").count() == 4


@pytest.mark.parametrize("width", [375, 700, 721, 1280])
def test_nothing_is_cut_off(width, widget_page):
    playground = ConvolutionPlayground("micrograph", kernel=np.full((5, 5), 0.04), padding=2)
    page = widget_page(playground, width=width)
    picture(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    section = page.locator(".nnlib-widget").bounding_box()
    for part in page.locator(".nn-conv > *, .nn-conv-part, .nn-slider input, .nn-grid").all():
        box = part.bounding_box()
        assert box["x"] >= section["x"], part.inner_html()
        assert box["x"] + box["width"] <= section["x"] + section["width"], part.inner_html()
    sizes = page.locator(".nn-grid input").evaluate_all("all => all.map((i) => i.offsetHeight)")
    assert min(sizes) >= 24

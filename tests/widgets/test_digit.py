"""The network that reads digits: its numbers against nnlib's, and everything that a reader can do."""

import numpy as np
import pytest
from looking import control, each_changes, picture, press, readout, said, set_number, trait, until

import nnlib as nn
from nnlib.widgets import DigitPlayground, weights
from nnlib.widgets.digit import LAYERS, network

EMPTY = np.zeros((8, 8))
MODULE = """const { parts } = await shown.load();
  const weights = parts.unpack(shown.model.get("_weights"));"""
FORWARD = f"""async (image) => {{ {MODULE}
  return Object.entries(parts.forward(weights, image)).map(([name, {{ shape, data }}]) => [name, shape, [...data]]);
}}"""
WORK = f"""async ([image, unit]) => {{ {MODULE}
  const values = parts.forward(weights, image);
  return [parts.origins(values, unit), parts.terms(values, weights, unit)];
}}"""
INK = f"""async (image) => {{ {MODULE}
  return image.map((row, i) => row.map((_, j) => parts.inkOf(image, i, j)));
}}"""

# Lines of the pen on a frame of 32 x 32, our own hand.
STROKES = {
    0: [[(16, 3), (9, 9), (8, 18), (12, 27), (18, 28), (23, 22), (24, 12), (20, 5), (16, 3)]],
    1: [[(12, 8), (17, 3), (17, 29)]],
    2: [[(9, 8), (14, 3), (21, 4), (23, 10), (17, 18), (9, 28), (24, 28)]],
    4: [[(18, 3), (8, 19), (25, 19)], [(20, 12), (19, 30)]],
    8: [[(16, 15), (10, 10), (11, 4), (18, 2), (22, 7), (16, 15), (9, 22), (12, 29), (20, 29),
         (23, 22), (16, 15)]],
}  # fmt: skip


def random_image(seed):
    return np.random.default_rng(seed).integers(0, 17, (8, 8)).astype(float)


def test_it_reads_digits_that_it_has_not_been_trained_on():
    from tools.makers import digit_weights

    (X, _), (Xt, yt) = digit_weights.split()
    assert len(X) == 1437 and len(Xt) == 360
    net = DigitPlayground().network
    with nn.no_grad():
        right = net(Xt[:, None] / 16).data.argmax(axis=1) == yt
    assert right.sum() == 343  # what weights/README.md says


def test_examples_are_held_out_digits_and_two_are_misread():
    from tools.makers import digit_weights

    _, (Xt, yt) = digit_weights.split()
    playground = DigitPlayground()
    assert playground.labels[:10].tolist() == list(range(10)) and len(playground.labels) == 12
    for image, label in zip(playground.examples, playground.labels, strict=True):
        same = (Xt == image).all(axis=(1, 2))
        assert same.any() and (yt[same] == label).all()
    says = [DigitPlayground(image).probabilities().argmax() for image in playground.examples]
    assert (says == playground.labels).tolist() == [True] * 10 + [False] * 2


def test_weights_are_small_and_finite():
    arrays = weights.load("digits")
    parameters = sum(arrays[name].size for name in network().state_dict())
    assert parameters == 2650
    assert all(a.dtype == np.float16 and np.isfinite(a).all() for a in arrays.values())


def test_activations_are_what_the_network_computes():
    playground = DigitPlayground(random_image(0))
    values, net = playground.activations(), playground.network
    x = np.array(playground.image)[None, None] / 16
    with nn.no_grad():
        conv1, logits = net[0](x).data[0], net(x).data[0]
    np.testing.assert_array_equal(values["conv1"], conv1)
    np.testing.assert_array_equal(values["relu1"], np.maximum(conv1, 0))
    np.testing.assert_array_equal(
        values["pool1"], values["relu1"].reshape(6, 4, 2, 4, 2).max(axis=(2, 4)))
    np.testing.assert_allclose(values["out"].ravel(), logits, atol=1e-12)
    assert {name: v.shape for name, v in values.items()} == {
        "input": (1, 8, 8), "conv1": (6, 8, 8), "relu1": (6, 8, 8), "pool1": (6, 4, 4),
        "conv2": (12, 4, 4), "relu2": (12, 4, 4), "out": (10, 1, 1)}  # fmt: skip
    assert playground.probabilities().sum() == pytest.approx(1)


@pytest.mark.parametrize("arguments, words", [
    ({"image": np.zeros((7, 8))}, r"image: expected 8 rows of 8 numbers, got shape \(7, 8\)"),
    ({"image": "3"}, "image: expected 8 rows of 8 numbers from 0 to 16, got '3'"),
    ({"image": np.full((8, 8), 16.5)}, "image: expected numbers from 0 to 16, got 16.5"),
    ({"image": np.full((8, 8), -1)}, "image: expected numbers from 0 to 16, got -1.0"),
    ({"image": np.full((8, 8), np.nan)}, "image: expected finite numbers, got 64 that are nan or infinite"),
    ({"layer": "conv3"}, "layer: expected one of 'input', 'conv1', .* got 'conv3'"),
    ({"channel": 12}, "channel: expected a whole number from 0 to 11, got 12"),
    ({"row": -1}, "row: expected a whole number from 0 to 7, got -1"),
    ({"column": "first"}, "column: expected a whole number from 0 to 7, got 'first'"),
])  # fmt: skip
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        DigitPlayground(**arguments)


def test_static_figure_speaks():
    playground = DigitPlayground(DigitPlayground().examples[5])
    _, alternative, caption = playground.static_figure()
    assert "It says 5 (" in alternative and "It says 5 (" in caption


# In a browser -------------------------------------------------------------------------------------


def test_page_computes_what_nnlib_computes(widget_page):
    playground = DigitPlayground()
    page = widget_page(playground)
    images = [*playground.examples, *map(random_image, range(3)), EMPTY, np.full((8, 8), 2.75)]
    for image in images:
        expected = DigitPlayground(image).activations()
        computed = page.evaluate(FORWARD, image.tolist())
        assert [name for name, *_ in computed] == list(expected)
        for name, shape, data in computed:
            np.testing.assert_allclose(
                np.reshape(data, shape), expected[name], rtol=0, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("layer", [name for name in LAYERS if name != "input"])
def test_what_a_number_comes_from_is_what_it_depends_on(layer, widget_page):
    playground = DigitPlayground(random_image(4))
    page = widget_page(playground)
    names, values = list(LAYERS), playground.activations()
    before = names[names.index(layer) - 1]
    channels, rows, columns = values[layer].shape
    steps = list(playground.network)[LAYERS[before] : LAYERS[layer]]
    for channel, row, column in [(0, 0, 0), (channels - 1, rows - 1, columns // 2), (3, rows // 2, 0)]:
        unit = {"layer": layer, "channel": channel, "row": row, "column": column}
        origins, terms = page.evaluate(WORK, [playground.image, unit])
        # The gradient with respect to the layer before; maxima and ReLUs pass some of it at least.
        x = nn.Tensor(values[before][None].copy(), requires_grad=True)
        y = x
        for step in steps:
            y = step(y)
        y.reshape(channels, rows, columns)[channel, row, column].backward()
        depends = {tuple(map(int, place)) for place in np.argwhere(x.grad[0])}
        named = {(t["channel"], t["row"], t["column"]) for t in terms}
        assert depends <= named
        assert all(t["x"] == pytest.approx(values[before][t["channel"], t["row"], t["column"]])
                   for t in terms)
        value = values[layer][channel, row, column]
        if "w" in terms[0]:
            assert depends == named
            bias = steps[-1].bias.data[channel]
            assert sum(t["x"] * t["w"] for t in terms) + bias == pytest.approx(value, abs=1e-9)
        else:
            assert max(0, *[t["x"] for t in terms]) == pytest.approx(value)
        # All the way back to the input: nothing outside the frame matters, every side of it does.
        (top, bottom), (left, right) = origins["input"]["rows"], origins["input"]["columns"]
        outside = np.array(playground.image)
        outside[top : bottom + 1, left : right + 1] = 0
        inside = np.array(playground.image) - outside
        changed = DigitPlayground(inside).activations()[layer][channel, row, column]
        assert changed == pytest.approx(value, abs=1e-12)


def test_the_frame_around_the_input_is_not_too_large(widget_page):
    page = widget_page(DigitPlayground())
    net = network(7).astype(np.float64)
    steps = list(net)
    for layer, rows, columns in [("conv1", [2, 4], [0, 1]), ("pool1", [5, 8 - 1], [0, 2]),
                                 ("conv2", [3, 7], [0, 4])]:
        unit = {"layer": layer, "channel": 1, "row": 3, "column": 0}
        origins, _ = page.evaluate(WORK, [EMPTY.tolist(), unit])
        assert (origins["input"]["rows"], origins["input"]["columns"]) == (rows, columns)
        # Sums of what flows through pooling by its mean reach every place inside.
        x = nn.Tensor(np.ones((1, 1, 8, 8)), requires_grad=True)
        y = x
        for step in steps[: LAYERS[layer]]:
            y = nn.AvgPool2d(2)(y) if isinstance(step, nn.MaxPool2d) else (
                y if isinstance(step, nn.ReLU) else step(y))
        y[0, 1, 3, 0].backward()
        i, j = np.nonzero(x.grad[0, 0])
        assert ([i.min(), i.max()], [j.min(), j.max()]) == (rows, columns)


def test_ink_has_the_counts_of_the_image(widget_page):
    page = widget_page(DigitPlayground())
    image = random_image(1)
    for i, row in enumerate(page.evaluate(INK, image.tolist())):
        for j, places in enumerate(row):
            assert len(set(places)) == image[i, j]
            assert all(k // 32 // 4 == i and k % 32 // 4 == j for k in places)


def test_every_control_changes_words_and_picture(widget_page):
    page = widget_page(DigitPlayground())
    steps = [
        ("example", lambda: control(page, "example").select_option("4")),
        ("layer", lambda: control(page, "layer").select_option("conv2")),
        ("channel", lambda: control(page, "channel").press("ArrowRight")),
        ("row", lambda: control(page, "row").press("ArrowRight")),
        ("column", lambda: set_number(page, "column", 3)),
        ("pen-ink", lambda: [set_number(page, name, value) for name, value in
                             [("pen-row", 4), ("pen-column", 5), ("pen-ink", 7)]]),
        ("fit", lambda: (press(page, "clear"), set_number(page, "pen-ink", 16), press(page, "fit"))),
        ("noise", lambda: press(page, "noise")),
        ("clear", lambda: press(page, "clear")),
        ("reset", lambda: press(page, "reset")),
    ]
    each_changes(page, steps)


def on_pad(page, x, y):
    """Where in the browser the place (x, y) of the 32 x 32 of the drawing is."""
    pad = page.locator("canvas").first
    box = pad.bounding_box()
    return box["x"] + x * box["width"] / 32, box["y"] + y * box["height"] / 32


def draw(page, lines):
    for first, *others in lines:
        page.mouse.move(*on_pad(page, *first))
        page.mouse.down()
        for place in others:
            page.mouse.move(*on_pad(page, *place))
        page.mouse.up()


@pytest.mark.parametrize("digit", STROKES)
def test_it_reads_what_the_mouse_draws(digit, widget_page):
    page = widget_page(DigitPlayground(EMPTY))
    draw(page, STROKES[digit])
    said(page, f"It says {digit} (> 0.99); next")
    assert control(page, "example").input_value() == "own"
    image = np.array(trait(page, "image"))
    assert 120 < image.sum() < 420  # about as much ink as in the data, where it is 312 on average
    p = DigitPlayground(image).probabilities()
    assert p.argmax() == digit and p.max() > 0.99


def test_fit_makes_a_small_digit_readable(widget_page):
    page = widget_page(DigitPlayground(EMPTY))
    draw(page, [[(x / 2 + 1, y / 2 + 1) for x, y in line] for line in STROKES[0]])
    assert DigitPlayground(trait(page, "image")).probabilities().argmax() != 0
    press(page, "fit")
    said(page, "It says 0 (")
    image = np.array(trait(page, "image"))
    assert (image.sum(axis=1) > 0).all() and image[:, [0, 7]].sum() < image.sum() / 4


def test_pen_and_eraser(widget_page):
    page = widget_page(DigitPlayground(EMPTY))
    line = [[(6, 16), (26, 16)]]
    ink = []
    for width in ["1.2", "2.3", "3.6"]:
        press(page, "clear")
        control(page, "brush").select_option(width)
        draw(page, line)
        ink.append(np.sum(trait(page, "image")))
    assert 20 < ink[0] < ink[1] < ink[2]
    control(page, "eraser").set_checked(True)
    draw(page, line)
    assert np.sum(trait(page, "image")) == 0
    said(page, "Nothing is drawn")
    assert control(page, "fit").is_disabled()


def test_drawing_leaves_the_other_blocks_as_python_set_them(widget_page):
    page = widget_page(DigitPlayground(np.full((8, 8), 2.25)))
    draw(page, [[(2, 2), (2, 2)]])
    image = np.array(trait(page, "image"))
    assert image[0, 0] > 10 and (image[2:] == 2.25).all()


def test_a_finger_draws_and_scrolls_beside_the_drawing(widget_page):
    page = widget_page(DigitPlayground(EMPTY), touch=True, width=375)
    session = page.context.new_cdp_session(page)

    def touch(*points):
        for k, (x, y) in enumerate(points):
            kind = "touchStart" if k == 0 else "touchMove"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    page.locator("canvas").first.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    touch(*(on_pad(page, 16, y) for y in (4, 12, 20, 28)))
    until(lambda: np.sum(trait(page, "image")) > 90, page)
    assert page.evaluate("scrollY") == scrolled
    touch(*(on_pad(page, -3, y) for y in (30, 24, 16, 4)))
    until(lambda: page.evaluate("scrollY") > scrolled, page)


def test_the_keyboard_draws(widget_page):
    page = widget_page(DigitPlayground(EMPTY))
    set_number(page, "pen-row", 2)
    control(page, "pen-column").press("ArrowRight")
    before = picture(page, 0)
    control(page, "pen-ink").press("ArrowRight")
    set_number(page, "pen-ink", 9)
    image = np.zeros((8, 8))
    image[2, 1] = 9
    np.testing.assert_array_equal(trait(page, "image"), image)
    assert picture(page, 0) != before
    with_frame = picture(page, 0)
    control(page, "reset").focus()
    assert picture(page, 0) != with_frame  # the block is outlined while its controls have the focus


def test_a_click_in_a_map_chooses_the_number(widget_page):
    page = widget_page(DigitPlayground())
    canvas = page.locator(".nn-digit-relu2 canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    # The middle of map 10's cell at row 3, column 1.
    side = (box["width"] + 8) / 12 - 8
    page.mouse.click(box["x"] + 10 * (side + 8) + 1.5 * side / 4, box["y"] + 3.5 * side / 4)
    said(page, "ReLU 2, map 10, row 3, column 1, is")
    assert [trait(page, name) for name in ("layer", "channel", "row", "column")] == ["relu2", 10, 3, 1]


def test_numbers_are_worked_out(widget_page):
    playground = DigitPlayground(layer="conv1", channel=2, row=0, column=3)
    page = widget_page(playground)
    value = playground.activations()["conv1"][2, 0, 3]
    text = readout(page).replace("−", "-")
    assert f"Convolution 1, map 2, row 0, column 3, is {value:.3g}: 6 products" in text
    assert "3 more products are with the zeros around the image." in text
    assert "rows 0 to 1 and columns 2 to 4 of the input." in text
    page.get_by_text("Show where the number comes from as a table").click()
    rows = page.locator("table").first.locator("tbody tr")
    until(lambda: rows.count() == 6, page)
    control(page, "layer").select_option("pool1")
    said(page, "the largest of")
    until(lambda: rows.count() == 4, page)
    control(page, "layer").select_option("out")
    set_number(page, "channel", 3)
    said(page, "Output 3 is")
    assert "192 products" in readout(page) and "As a probability that is > 0.99." in readout(page)
    assert control(page, "row").is_disabled()
    control(page, "layer").select_option("input")
    said(page, "of the 16 places in this block have ink.")
    assert not page.errors


def test_it_is_sure_about_noise(widget_page):
    page = widget_page(DigitPlayground())
    sure = 0
    for _ in range(20):
        press(page, "noise")
        p = DigitPlayground(trait(page, "image")).probabilities()
        sure += p.max() > 0.9
    assert sure >= 5
    assert readout(page).startswith("It says ")


def test_python_moves_the_picture(widget_page):
    page = widget_page(DigitPlayground())
    before = picture(page)
    image = DigitPlayground().examples[7].tolist()
    page.evaluate("(image) => shown.model.set({ image, layer: 'conv1', channel: 11, row: 7 })", image)
    said(page, "It says 7 (")
    said(page, "Convolution 1, map 5, row 7, column 2,")  # 11 stands for the last
    assert picture(page) != before
    assert control(page, "example").input_value() == "7"


def test_reset_goes_back_to_the_start(widget_page):
    page = widget_page(DigitPlayground())
    words, drawn = readout(page), picture(page)
    press(page, "clear")
    draw(page, STROKES[4])
    control(page, "brush").select_option("3.6")
    control(page, "eraser").set_checked(True)
    control(page, "layer").select_option("out")
    press(page, "reset")
    assert readout(page) == words and picture(page) == drawn
    assert control(page, "brush").input_value() == "2.3"
    assert not control(page, "eraser").is_checked()


@pytest.mark.parametrize("width", [375, 700, 1280])
def test_nothing_is_cut_off(width, widget_page):
    page = widget_page(DigitPlayground(), width=width)
    picture(page)
    section = page.locator(".nnlib-widget").bounding_box()
    parts = ".nn-digit canvas, .nn-slider input, .nn-select, button:visible"
    for part in page.locator(parts).all():
        box = part.bounding_box()
        assert box["x"] >= section["x"], part.inner_html()
        assert box["x"] + box["width"] <= section["x"] + section["width"], part.inner_html()

"""The full playground: schedules, presets, challenges, and points that the reader draws."""

import json
import re
from itertools import pairwise

import numpy as np
import pytest
from looking import STATIC, control, module, picture, press, set_number, settled, trait, until
from test_network_playground import MOUNT, mount  # noqa: F401

import nnlib as nn
from nnlib.widgets import NetworkPlayground
from nnlib.widgets.network import EXTRAS, PLAIN, SCHEDULES

ADAM = {"optimizer": "Adam", "learning_rate": 0.03}

# What reaches each challenge: settings or weights, and the most epochs that it may take. Where more
# epochs are asked than the challenge asks for, this fails.
SOLUTIONS = {
    "plane": ({"weights": [[[0.1, 0.1]], [0]], "epoch": 0}, 0),
    "xor-feature": ({"features": ["x1*x2"]}, 40),
    "xor-units": ({**ADAM, "seed": 5}, 40),
    "circles-layer": ({"features": ["x1^2", "x2^2"], **ADAM}, 20),
    "circles-units": ({**ADAM, "seed": 1}, 20),
    "circles-bias": (
        {
            "features": ["x1^2", "x2^2"],
            "hidden": [2],
            "weights": [[[3, 3], [0.12, 0.12]], [0, 0], [[2, -3]], [0]],
            "epoch": 0,
        },
        0,
    ),
    "spirals-epochs": ({"hidden": [8, 8], **ADAM}, 200),
    "spirals-parameters": ({"hidden": [5, 5], **ADAM}, 200),
    "gaussians": ({"hidden": [8, 4], **ADAM, "learning_rate": 0.01}, 300),
    "overfit": ({"hidden": [8, 8], **ADAM}, 700),
    "tame": ({"l2": 0.01}, 310),
    "sparse": ({"l1": 0.01}, 60),
}

# Presses Step until the challenge is reached; says what the page then says.
STEPS = """async (most) => {
  const said = document.querySelector("[data-control=challenge]").closest("fieldset").querySelector("[role=status]");
  const step = document.querySelector("button[data-control=step]");
  for (let k = 0; k < most && !said.textContent.startsWith("Reached"); k++) {
    step.click();
    if (k % 50 === 0) await new Promise(requestAnimationFrame);
  }
  return said.textContent;
}"""


def challenges(page):
    options = control(page, "challenge").locator("option").evaluate_all("all => all.map((o) => o.value)")
    return [name for name in options if name]


def status(page):
    return page.locator("fieldset", has=page.locator('[data-control="challenge"]')).get_by_role("status")


def test_there_are_twelve_challenges_and_each_has_a_solution(mount):  # noqa: F811
    page = mount(NetworkPlayground())
    assert challenges(page) == list(SOLUTIONS)
    assert len(SOLUTIONS) == 12


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_challenge_is_not_reached_at_first_but_can_be(name, mount):  # noqa: F811
    page = mount(NetworkPlayground())
    control(page, "challenge").select_option(name)
    settled(page)
    assert status(page).inner_text() in (
        "Not reached yet. 0 of 12 reached.",
        "Rule broken: more than 1 input. 0 of 12 reached.",
    )
    settings, epochs = SOLUTIONS[name]
    page.evaluate("settings => shown.model.set(settings)", settings)
    assert re.match(r"Reached after \d+ epochs\. 1 of 12 reached", page.evaluate(STEPS, epochs))
    assert not page.errors


BREAKERS = {
    "plane": ({"epoch": 1}, "epochs of training"),
    "xor-feature": ({"features": ["x1"], "hidden": [1]}, "Rule broken: with hidden units."),
    "xor-units": ({"hidden": [2, 2]}, "more than 3 hidden units"),
    "circles-units": ({"features": ["x1", "x1^2"]}, "x₁² among the inputs"),
    "spirals-parameters": ({"hidden": [8, 8]}, "more than 60 weights and biases"),
    "tame": ({"optimizer": "SGD"}, "an optimizer other than Adam"),
    "sparse": ({"features": ["x1"]}, "an input is missing"),
    "overfit": ({"data_seed": 3}, "other points"),
}


@pytest.mark.parametrize("name", BREAKERS)
def test_a_broken_rule_is_named(name, mount):  # noqa: F811
    page = mount(NetworkPlayground())
    control(page, "challenge").select_option(name)
    settled(page)
    settings, reason = BREAKERS[name]
    if "epoch" in settings:
        press(page, "step")
    else:
        page.evaluate("settings => shown.model.set(settings)", settings)
    said = status(page)
    until(lambda: "Rule broken" in said.inner_text() and reason in said.inner_text(), page)
    press(page, "challenge-again")
    until(lambda: reason not in said.inner_text(), page)


def reach_first(page):
    control(page, "challenge").select_option("plane")
    settled(page)
    page.evaluate("settings => shown.model.set(settings)", SOLUTIONS["plane"][0])
    until(lambda: "Reached" in status(page).inner_text(), page)


def test_what_was_reached_is_remembered_until_it_is_forgotten(mount):  # noqa: F811
    page = mount(NetworkPlayground())
    reach_first(page)
    assert json.loads(page.evaluate("localStorage.getItem('nnlib-challenges')")) == ["plane"]
    page.evaluate("""([{ default: widget }]) => {
        shown.remove();
        shown.remove = widget.render({ model: shown.model, el: shown.el });
    }""", [module(page, str(NetworkPlayground._esm))])  # as when the page is opened again
    assert "1 of 12 reached" in status(page).inner_text()
    assert "✓ 1." in control(page, "challenge").locator("option").nth(1).inner_text()
    press(page, "challenge-forget")
    assert "0 of 12 reached" in status(page).inner_text()
    assert json.loads(page.evaluate("localStorage.getItem('nnlib-challenges')")) == []


@pytest.mark.parametrize("storage", ["throw new Error('refused')", "return { getItem: () => '{broken' }"])
def test_a_browser_that_keeps_nothing_does_no_harm(storage, widget_page):
    head = f"<script>Object.defineProperty(window, 'localStorage', {{ get() {{ {storage} }} }});</script>"
    page = widget_page(NetworkPlayground(), head=head)
    reach_first(page)
    assert not page.errors


def test_one_epoch_is_an_epoch(mount):  # noqa: F811
    page = mount(NetworkPlayground())
    control(page, "challenge").select_option("circles-layer")
    settled(page)
    page.evaluate("shown.model.set({ features: ['x1^2', 'x2^2'] })")
    page.evaluate("shown.model.set({ weights: [[[-1, -1]], [9]], epoch: 1 })")
    until(lambda: status(page).inner_text().startswith("Reached after 1 epoch."), page)


# Presets --------------------------------------------------------------------------------------------


def test_a_preset_sets_up_its_settings_and_says_what_to_see(mount):  # noqa: F811
    page = mount(NetworkPlayground(l1=0.1, dataset="moons"))
    before, notes = trait(page, "weights"), set()
    names = control(page, "preset").locator("option").evaluate_all("all => all.map((o) => o.value)")
    for name in filter(None, names):
        control(page, "preset").select_option(name)
        settled(page)
        notes.add(page.locator(".nn-preset-note").inner_text())
        assert trait(page, "epoch") == 0 and trait(page, "playing") is False
        state = {t: trait(page, t) for t in ("features", "hidden", "dataset", "learning_rate", "weights")}
        NetworkPlayground(**state)  # Python takes all of it
    assert len(notes) == len(names) - 1 and all(note.endswith(".") for note in notes)
    assert trait(page, "weights") != before
    assert not page.errors


def test_the_sentence_of_a_preset_goes_with_its_data(mount):  # noqa: F811
    page = mount(NetworkPlayground())
    preset, note = control(page, "preset"), page.locator(".nn-preset-note")
    names = dict(preset.locator("option").evaluate_all("all => all.map((o) => [o.textContent, o.value])"))
    for leave in (
        lambda: control(page, "challenge").select_option("spirals-epochs"),  # the very same points
        lambda: page.evaluate("shown.model.set({ dataset: 'moons' })"),
        lambda: preset.select_option(""),
    ):
        preset.select_option(names["Spirals"])
        settled(page)
        press(page, "add-layer")
        settled(page)
        assert preset.input_value() == "changed" and "spirals" in note.inner_text()
        leave()
        settled(page)
        assert preset.input_value() == "" and note.inner_text() == ""


def test_a_preset_that_was_changed_says_so_and_can_be_chosen_again(mount):  # noqa: F811
    page = mount(NetworkPlayground())
    preset = control(page, "preset")
    preset.select_option(label="Spirals")
    settled(page)
    first = trait(page, "weights")
    press(page, "step")
    settled(page)
    assert preset.locator("option:checked").inner_text() == "Spirals"  # training changes no setting
    press(page, "remove-layer")
    settled(page)
    assert preset.locator("option:checked").inner_text() == "Changed: Spirals"
    preset.select_option(label="Spirals")
    settled(page)
    assert preset.locator("option:checked").inner_text() == "Spirals"
    assert not preset.locator("option", has_text="Changed").count()
    assert (trait(page, "hidden"), trait(page, "epoch"), trait(page, "weights")) == ([8, 8], 0, first)
    assert not page.errors


def test_on_a_phone_the_result_is_right_below_the_plane(mount):  # noqa: F811
    page = mount(NetworkPlayground(), width=375)
    plane, result = page.locator(".nn-output-map").bounding_box(), page.locator("output").bounding_box()
    assert 0 <= result["y"] - plane["y"] - plane["height"] < 30


def test_on_a_tablet_network_and_plane_come_before_what_sets_them_up(mount):  # noqa: F811
    page = mount(NetworkPlayground(), width=768)
    tops = [page.locator(one).first.bounding_box()["y"] for one in (
        ".nn-area-diagram", "output", ".nn-area-data", 'fieldset:has([data-control="batch-size"])')]  # fmt: skip
    assert tops == sorted(tops) and tops[0] < 200
    assert page.locator(".nn-output-map").bounding_box()["y"] < 300


# Schedules ------------------------------------------------------------------------------------------


def test_the_learning_rate_follows_nnlib(page):
    opened = page()
    rate_at = module(opened, "network/rates.js")
    for span in (1, 7, 100):
        optimizer = nn.SGD([nn.Parameter([1.0])], lr=0.3)
        python = {
            "StepLR": nn.StepLR(optimizer, step_size=span),
            "CosineAnnealingLR": nn.CosineAnnealingLR(optimizer, T_max=span),
            "LinearLR": nn.LinearLR(optimizer, total_iters=span),
        }
        assert {"constant", *python} == set(SCHEDULES)
        for name in SCHEDULES:
            there = opened.evaluate("""([{ rateAt }, name, span]) =>
                Array.from({ length: 250 }, (_, epoch) => rateAt(name, 0.3, epoch, span))""", [rate_at, name, span])
            here = [python[name].lr_at(k) if name in python else 0.3 for k in range(250)]
            np.testing.assert_allclose(there, here, rtol=1e-12, atol=1e-17)


def test_a_schedule_changes_the_rate_from_one_epoch_to_the_next(mount):  # noqa: F811
    """With a tenth of the rate after each epoch the weights soon stand still."""
    page = mount(NetworkPlayground(schedule="StepLR", schedule_epochs=1))
    moved = []
    for _ in range(4):
        before = np.concatenate([np.ravel(w) for w in trait(page, "weights")])
        press(page, "step")
        after = np.concatenate([np.ravel(w) for w in trait(page, "weights")])
        moved.append(np.abs(after - before).max())
    assert all(later < 0.3 * earlier for earlier, later in pairwise(moved))
    settled(page)
    assert "now 3" in control(page, "schedule").locator("xpath=../label").inner_text()
    assert control(page, "schedule-epochs").is_visible()
    control(page, "schedule").select_option("constant")
    assert not control(page, "schedule-epochs").is_visible()
    set_number(page, "stop-epoch", 40)
    set_number(page, "stop-loss", 0.1)
    assert (trait(page, "stop_epoch"), trait(page, "stop_loss")) == (40, 0.1)


# The reader's own points ----------------------------------------------------------------------------


def plane(page):
    return page.get_by_role("group", name="Plane")


def given(page):
    return trait(page, "_given")["points"]


def test_points_are_drawn_moved_and_deleted_with_the_pointer(mount):  # noqa: F811
    page = mount(NetworkPlayground(seed=2))
    press(page, "step")
    control(page, "pen").select_option("1")
    settled(page)
    assert trait(page, "dataset") == "given" and len(given(page)) == 4
    box = page.locator("canvas").nth(1)
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    x, y = at["x"] + 52 + 0.4 * (at["width"] - 62), at["y"] + 8 + 0.3 * (at["height"] - 50)
    press(page, "step")
    page.mouse.click(x, y)
    settled(page)
    assert len(given(page)) == 5 and given(page)[-1][2] == 1
    assert given(page)[-1][:2] == pytest.approx([-1.2, 2.4], abs=0.1)
    assert trait(page, "epoch") == 1  # the network stays
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 20, steps=3)
    page.mouse.up()
    settled(page)
    assert len(given(page)) == 5 and given(page)[-1][0] > -0.5 and given(page)[-1][1] < 2
    control(page, "pen").select_option("delete")
    page.mouse.click(x + 40, y + 20)
    settled(page)
    assert len(given(page)) == 4
    page.mouse.click(at["x"] + 52 + 0.667 * (at["width"] - 62), at["y"] + 8 + 0.333 * (at["height"] - 50))
    settled(page)
    assert len(given(page)) == 4  # the last four stay
    assert not page.errors


def test_the_data_may_change_while_a_point_is_held(mount):  # noqa: F811
    page = mount(NetworkPlayground())
    control(page, "pen").select_option("1")
    settled(page)
    box = page.locator("canvas").nth(1)
    box.scroll_into_view_if_needed()
    at = box.bounding_box()  # there is a point at (2, 2)
    x, y = at["x"] + 52 + 0.667 * (at["width"] - 62), at["y"] + 8 + 0.333 * (at["height"] - 50)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y, steps=3)
    settled(page)
    before = given(page)
    assert [2, 2, 1] not in before
    page.evaluate("shown.model.set({ dataset: 'moons' })")
    page.mouse.move(x + 60, y, steps=3)
    page.mouse.up()
    settled(page)
    assert not page.errors
    assert trait(page, "dataset") == "moons" and given(page) == before


def test_points_are_drawn_moved_and_deleted_by_keyboard(mount):  # noqa: F811
    page = mount(NetworkPlayground())
    plane(page).press("ArrowUp")
    before = picture(page, 1)
    plane(page).press("ArrowRight")
    assert picture(page, 1) != before  # the cursor
    plane(page).press("0")
    settled(page)
    assert len(given(page)) == 5 and given(page)[-1][2] == 0
    x, y, _ = given(page)[-1]
    plane(page).press("Shift+ArrowLeft")
    settled(page)
    assert given(page)[-1][0] == pytest.approx(x - 0.25, abs=0.02) and given(page)[-1][1] == y
    plane(page).press("1")
    plane(page).press("Delete")
    settled(page)
    assert len(given(page)) == 5
    assert "5 of at most 500 points" in page.locator('fieldset:has([data-control="pen"])').inner_text()
    press(page, "clear-points")
    settled(page)
    assert len(given(page)) == 4


def test_no_more_than_500_points_can_be_drawn_and_those_of_a_regression_not_at_all(mount):  # noqa: F811
    X = np.random.default_rng(0).normal(size=(500, 2))
    page = mount(NetworkPlayground(X=X, y=(X[:, 0] > 0).astype(int)))
    plane(page).press("1")
    settled(page)
    assert len(given(page)) == 500
    page = mount(NetworkPlayground(X=X, y=X[:, 0]))
    plane(page).press("1")
    settled(page)
    assert len(given(page)) == 500
    assert "came from Python" in page.locator('fieldset:has([data-control="pen"])').inner_text()


def test_drawn_points_are_x_and_y_in_python():
    playground = NetworkPlayground()
    points = [[-2, -2, 0], [2, 2, 1], [-2, 2, 0], [2, -2, 1], [0.5, 1, 1]]
    drawn = {"task": "classification", "points": points, "view": [[-6, 6], [-6, 6]]}
    for message in ({"_given": drawn, "dataset": "given"}, {"dataset": "given", "_given": drawn}):
        playground = NetworkPlayground()
        playground.set_state(message)
        np.testing.assert_array_equal(playground.X, np.array(points)[:, :2])
        np.testing.assert_array_equal(playground.y, [0, 1, 0, 1, 1])
    assert "5 points" in playground.static_figure()[1]


@pytest.mark.parametrize("given", [
    3,
    {},
    {"task": "guess", "points": [[0, 0, 1]] * 4},
    {"task": "classification", "points": [[0, 0, 1]] * 3},
    {"task": "classification", "points": [[0, 0, 2]] * 4},
    {"task": "regression", "points": [[0, 0]] * 4},
    {"task": "regression", "points": [[0, 0, float("nan")]] * 4},
    {"task": "regression", "points": [[0, 0, 1]] * 4, "view": [[1, 0], [0, 1]]},
])  # fmt: skip
def test_points_that_are_none_are_refused(given):
    with pytest.raises(ValueError, match="^_given: expected"):
        NetworkPlayground()._given = given


# The page -------------------------------------------------------------------------------------------


def test_a_playground_without_the_extras_does_not_carry_them():
    plain = NetworkPlayground(controls=["play", "weights"])
    assert plain._esm == PLAIN and "CHALLENGES" not in PLAIN
    assert len(PLAIN) < 104_000
    for group in EXTRAS:
        assert NetworkPlayground(controls=["play", group])._esm == NetworkPlayground._esm
    plain.controls = ["play", "challenges"]
    assert plain._esm == NetworkPlayground._esm
    extras = re.search(r"const extras = \{(.*?)\}", (STATIC / "network" / "network.js").read_text(), re.DOTALL)
    assert {*re.findall(r"(\w+):", extras[1])} == EXTRAS | {"finish"}


def test_data_sets_are_radio_buttons_for_the_arrow_keys(mount):  # noqa: F811
    page = mount(NetworkPlayground())
    page.get_by_role("radio", name="circles").focus()
    page.keyboard.press("ArrowRight")
    assert trait(page, "dataset") == "xor"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert trait(page, "dataset") == "given"
    settled(page)
    assert len(given(page)) == 4
    assert not page.errors


def test_traits_of_the_view_and_their_controls_follow_each_other(mount):  # noqa: F811
    page = mount(NetworkPlayground(discrete=True, show_test=False, log_loss=True))
    assert control(page, "discrete").is_checked() and not control(page, "show-test").is_checked()
    assert control(page, "loss-axis").input_value() == "log"
    before = picture(page)
    page.evaluate("shown.model.set({ discrete: false, show_test: true, log_loss: false })")
    assert not control(page, "discrete").is_checked() and control(page, "show-test").is_checked()
    assert control(page, "loss-axis").input_value() == "linear"
    after = picture(page)
    assert after[1] != before[1] and after[2] != before[2]
    control(page, "loss-axis").select_option("log")
    assert trait(page, "log_loss") is True


def test_on_a_phone_the_groups_are_folded(mount):  # noqa: F811
    page = mount(NetworkPlayground(), width=375)
    rate = control(page, "learning-rate")
    assert not rate.is_visible()
    page.get_by_role("button", name="Show: Training").click()
    assert rate.is_visible()
    page.get_by_role("button", name="Hide: Training").click()
    assert not rate.is_visible()
    page.set_viewport_size({"width": 1000, "height": 900})
    assert rate.is_visible()
    assert page.locator(".nn-fold:visible").count() == 0


def test_on_a_phone_the_plane_is_below_play_and_next_for_the_keyboard(mount):  # noqa: F811
    page = mount(NetworkPlayground(), width=375)
    plane = page.locator(".nn-output-map")
    bottom = plane.bounding_box()["y"] + plane.bounding_box()["height"]
    others = [".nn-area-diagram", ".nn-area-data", '.nn-picture > fieldset >> nth=0']
    assert all(page.locator(one).bounding_box()["y"] > bottom for one in others)
    control(page, "preset").focus()
    page.keyboard.press("Tab")
    assert plane.evaluate("el => el === document.activeElement")
    page.keyboard.press("Tab")
    assert control(page, "map").evaluate("el => el === document.activeElement")


def test_in_forced_colors_the_chosen_data_set_alone_has_a_border(mount):  # noqa: F811
    page = mount(NetworkPlayground())
    page.emulate_media(forced_colors="active")
    borders = page.locator(".nn-dataset").evaluate_all("all => all.map((el) => getComputedStyle(el).borderTopColor)")
    assert borders[0] not in borders[1:] and len(set(borders[1:])) == 1


def test_the_largest_network_is_drawn_without_overlap(mount):  # noqa: F811
    for touch in (False, True):
        page = mount(NetworkPlayground(hidden=[12] * 8), width=1000, touch=touch)
        picture(page)
        boxes = [b.bounding_box() for b in page.locator(".nn-stepper button").all()]
        assert len(boxes) == 16
        if touch:
            assert min(min(b["width"], b["height"]) for b in boxes) >= 44
        for k, a in enumerate(boxes):
            for b in boxes[:k]:
                apart = (a["x"] >= b["x"] + b["width"] or b["x"] >= a["x"] + a["width"]
                         or a["y"] >= b["y"] + b["height"] or b["y"] >= a["y"] + a["height"])  # fmt: skip
                assert apart

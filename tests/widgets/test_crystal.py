"""The crystal playground: known shells and sums, the page's numbers against numpy's, and its controls."""

from itertools import product

import numpy as np
import pytest
from looking import control, module, picture, press, readout, said, set_number, trait, until

import nnlib as nn
from nnlib.widgets import CrystalPlayground
from nnlib.widgets.crystal import CRYSTALS, find_edges, weight

# Counted by hand from the geometry, distances in terms of the lattice constant.
A = {name: np.linalg.norm(entry["cell"][0]) for name, entry in CRYSTALS.items()}
SHELLS = [
    ("NaCl", 0, 5.0, [(6, "Cl", 1 / 2), (12, "Na", 2**-0.5), (8, "Cl", 0.75**0.5)]),
    ("NaCl", 7, 4.2, [(6, "Na", 1 / 2), (12, "Cl", 2**-0.5)]),
    ("CsCl", 0, 4.6, [(8, "Cl", 0.75**0.5), (6, "Cs", 1)]),
    ("ZnS", 4, 4.0, [(4, "Zn", 3**0.5 / 4), (12, "S", 2**-0.5)]),
    ("diamond", 3, 2.8, [(4, "C", 3**0.5 / 4), (12, "C", 2**-0.5)]),
    ("Cu3Au", 0, 3.0, [(8, "Cu", 2**-0.5), (4, "Au", 2**-0.5)]),
    ("Cu3Au", 3, 4.0, [(12, "Cu", 2**-0.5), (6, "Au", 1)]),
    ("Fe", 0, 3.4, [(8, "Fe", 0.75**0.5), (6, "Fe", 1)]),
    ("Mg", 1, 3.8, [(6, "Mg", (1 / 3 + (5.21 / 3.21) ** 2 / 4) ** 0.5), (6, "Mg", 1)]),
    ("SrTiO3", 0, 2.5, [(6, "O", 1 / 2)]),
    ("SrTiO3", 1, 3.0, [(12, "O", 2**-0.5)]),
    ("SrTiO3", 2, 3.0, [(2, "Ti", 1 / 2), (8, "O", 2**-0.5), (4, "Sr", 2**-0.5)]),
]


@pytest.mark.parametrize("structure, atom, cutoff, expected", SHELLS)
def test_shells_of_known_crystals(structure, atom, cutoff, expected):
    shells = CrystalPlayground(structure, cutoff=cutoff, atom=atom).shells()
    assert sorted(shells, key=lambda s: (s[2], s[1])) == sorted(
        [(n, e, pytest.approx(A[structure] * d, abs=6e-4)) for n, e, d in expected],
        key=lambda s: (s[2].expected, s[1]),
    )


@pytest.mark.parametrize("cutoff", [1, 2.5, 4, 6])
@pytest.mark.parametrize("structure", CRYSTALS)
def test_no_image_is_missed(structure, cutoff):
    cell, fractions = (np.array(CRYSTALS[structure][key]) for key in ("cell", "fractions"))
    found = CrystalPlayground(structure, cutoff=cutoff).edges
    brute = {  # five cells are more than 6 Å along every axis of every crystal
        (s, t, shift)
        for shift in product(range(-5, 6), repeat=3)
        for (s, f), (t, g) in product(enumerate(fractions), repeat=2)
        if 0.1 < np.linalg.norm((f - g + shift) @ cell) <= cutoff
    }
    edges = set(zip(found.source, found.target, map(tuple, found.shift), strict=True))
    assert edges == brute and len(found.source) == len(brute)
    # Every edge there is also an edge back.
    assert edges == {(t, s, tuple(-np.array(shift))) for s, t, shift in edges}
    np.testing.assert_allclose(
        found.vector, (fractions[found.source] - fractions[found.target] + found.shift) @ cell
    )
    np.testing.assert_allclose(found.distance, np.linalg.norm(found.vector, axis=1), rtol=1e-14)


def test_a_flat_oblique_cell():
    # Planes along the third axis are 0.5 apart, though the vector is 5 long: images 8 cells off count.
    cell = [[4, 0, 0], [0, 4, 0], [np.sqrt(24.75), 0, 0.5]]
    edges = find_edges(cell, [[0, 0, 0]], 4.2)
    shifts = product(range(-12, 13), repeat=3)
    lengths = [np.linalg.norm(np.array(s) @ cell) for s in shifts]
    assert len(edges.distance) == sum(0 < length <= 4.2 for length in lengths)
    assert np.abs(edges.shift[:, 2]).max() > 1


def test_an_atom_at_the_cutoff_is_a_neighbor():
    assert CrystalPlayground("NaCl", cutoff=2.82).shells() == [(6, "Cl", 2.82)]
    assert CrystalPlayground("NaCl", cutoff=2.8199).shells() == []


def test_a_round_by_hand():
    # w(a/2) = ½ (1 + cos(π/2)) = ½ for a cutoff of a, where the next shells weigh
    # ½ (1 + cos(π 0.7071)) = 0.1971 (12), ½ (1 + cos(π 0.8660)) = 0.0436 (8) and 0 (6).
    passed = (played := CrystalPlayground("NaCl", cutoff=5.64, start="element")).messages()
    np.testing.assert_array_equal(played.numbers, [1, 1, 1, 1, 0, 0, 0, 0])
    of_na, of_cl = 12 * 0.197, 6 * 0.5 + 8 * 0.0436
    np.testing.assert_allclose(passed.sum, [of_na] * 4 + [of_cl] * 4, atol=5e-3)
    np.testing.assert_allclose(passed.updated, [1 + of_na / 10] * 4 + [of_cl / 10] * 4, atol=5e-4)


@pytest.mark.parametrize("structure", CRYSTALS)
def test_equivalent_atoms_agree_and_graph_conv_computes_the_same(structure):
    playground = CrystalPlayground(structure, cutoff=5)
    edges, passed = playground.edges, playground.messages()
    for element in playground.elements:
        same = passed.updated[[e == element for e in playground.elements]]
        np.testing.assert_allclose(same, same[0], rtol=1e-12)
    layer = nn.GraphConv(1, 1).astype(np.float64)
    layer.load_state_dict(
        {"lin_rel.weight": [[0.1]], "lin_rel.bias": [0.0], "lin_root.weight": [[1.0]]}
    )
    out = layer(
        playground.numbers[:, None],
        np.stack([edges.source, edges.target]),
        weight(edges.distance, 5),
    )
    np.testing.assert_allclose(out.data[:, 0], passed.updated, rtol=1e-12)


def test_atoms_begin_with_the_electronegativity_of_their_element():
    np.testing.assert_array_equal(CrystalPlayground("NaCl").numbers, [0.93] * 4 + [3.16] * 4)
    table = nn.datasets.load_elements()
    for structure in CRYSTALS:
        playground = CrystalPlayground(structure)
        rows = [table.symbols.index(element) for element in playground.elements]
        np.testing.assert_array_equal(playground.numbers, table["electronegativity"][rows])


def test_the_view_changes_no_number():
    playground = CrystalPlayground("Cu3Au")
    before = playground.messages().updated
    playground.angles, playground.repeat, playground.step = [90, -40], 3, 2
    np.testing.assert_array_equal(playground.messages().updated, before)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"structure": "CaF2"}, "structure: expected one of 'NaCl', 'CsCl', .*got 'CaF2'"),
        ({"cutoff": 0.5}, "cutoff: expected a number from 1 to 6, got 0.5"),
        ({"cutoff": "far"}, "cutoff"),
        ({"cutoff": float("nan")}, "cutoff"),
        ({"atom": 8}, "atom: expected a whole number from 0 to 7, got 8"),
        ({"structure": "Fe", "atom": 2}, "atom: expected a whole number from 0 to 1, got 2"),
        ({"start": "charge"}, "start: expected 'electronegativity' or 'element', got 'charge'"),
        ({"step": 4}, "step: expected a whole number from 0 to 3, got 4"),
        ({"repeat": 0}, "repeat: expected a whole number from 1 to 3, got 0"),
        ({"angles": 20}, "angles: expected two numbers of degrees"),
        ({"angles": [0, 91]}, r"angles: .*from -90 to 90, got \[0, 91\]"),
        ({"angles": ["0", "0"]}, "angles"),
    ],
)
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        CrystalPlayground(**arguments)


def test_an_unknown_argument_and_a_rejected_assignment():
    with pytest.raises(TypeError, match="CrystalPlayground has no argument cells"):
        CrystalPlayground(cells=2)
    playground = CrystalPlayground("SrTiO3", atom=4)
    with pytest.raises(ValueError, match="atom: expected a whole number from 0 to 4, got 5"):
        playground.atom = 5
    assert playground.atom == 4
    playground.structure = "Mg"  # two atoms
    assert playground.atom == 0 and len(playground.messages().updated) == 2


def test_static_figure_counts():
    _, alternative, caption = CrystalPlayground("CsCl").static_figure()
    assert "one Cs atom" in alternative and "8 Cl at 3.57 Å, 6 Cs at 4.12 Å" in caption
    _, _, caption = CrystalPlayground("Fe", cutoff=1, angles=[0, 90]).static_figure()
    assert "none" in caption


# In a browser -------------------------------------------------------------------------------------

COMPUTE = """([{ block, findEdges, passMessages }, crystal, cutoff, numbers]) => {
  const edges = findEdges(crystal, cutoff);
  return { edges, ...passMessages(edges, numbers, cutoff), sites: [1, 2, 3].map((n) => block(crystal, n)) };
}"""


def test_the_page_computes_what_numpy_does(widget_page):
    page = widget_page(CrystalPlayground())
    lattice = module(page, "crystal/lattice.js")
    crystals = trait(page, "_crystals")
    for structure, cutoff in product(CRYSTALS, [1, 2.82, 3.3, 4.12, 6]):
        playground = CrystalPlayground(structure, cutoff=cutoff)
        given = [lattice, crystals[structure], cutoff, playground.numbers.tolist()]
        here, there = page.evaluate(COMPUTE, given), playground.edges
        for name in ("source", "target", "shift"):
            found = np.array([edge[name] for edge in here["edges"]]).reshape(
                getattr(there, name).shape
            )
            np.testing.assert_array_equal(found, getattr(there, name))
        distances = [edge["distance"] for edge in here["edges"]]
        np.testing.assert_allclose(distances, there.distance, rtol=0, atol=1e-9)
        for name, expected in playground.messages()._asdict().items():
            np.testing.assert_allclose(here[name], expected, rtol=0, atol=1e-9)


def test_the_page_offers_the_crystals_in_their_order(widget_page):
    options = control(widget_page(CrystalPlayground()), "structure").locator("option")
    assert options.evaluate_all("all => all.map((o) => o.value)") == list(CRYSTALS)


def test_atoms_on_the_faces_are_drawn_too(widget_page):
    page = widget_page(CrystalPlayground())
    lattice = module(page, "crystal/lattice.js")
    crystals = trait(page, "_crystals")
    # Corners, edges, faces and inside: 3³ sites of rock salt, 9 of bcc iron, 18 of diamond.
    for structure, counts in {"NaCl": [27, 125, 343], "Fe": [9, 35, 91], "diamond": [18]}.items():
        sites = page.evaluate(COMPUTE, [lattice, crystals[structure], 2, [0] * 8])["sites"]
        assert [len(found) for found in sites][: len(counts)] == counts


def test_it_says_shells_messages_sum_and_update(widget_page):
    page = widget_page(CrystalPlayground("NaCl", cutoff=4.2, start="element"))
    assert "18 neighbors within 4.2 Å: 6 Cl at 2.82 Å, 12 Na at 3.99 Å." in readout(page)
    said(page, "At the start every Na has 1, every Cl has 0.")
    assert "false" not in page.locator("canvas").first.get_attribute("aria-label")
    press(page, "next")
    said(page, "0.00627 × 1 = 0.00627 from each Na at 3.99 Å")
    press(page, "next")
    said(page, "Sum: 6 × 0 + 12 × 0.00627 = 0.0752.")
    press(page, "next")
    said(page, "= 1 + 0.1 × 0.0752 = 1.008.")
    said(page, "all 4 Na 1.008, all 4 Cl 0.1461, in every cell.")
    press(page, "next")
    said(page, "At the start every Na has 1")
    set_number(page, "cutoff", 1)
    said(page, "has no neighbor within 1 Å: raise the cutoff.")
    assert not page.errors


def test_every_control_changes_words_or_picture_and_reset_takes_it_back(widget_page):
    page = widget_page(CrystalPlayground("NaCl", cutoff=4.2, step=2))
    start, words = picture(page), readout(page)
    steps = [
        ("atom", lambda c: c.select_option("5"), True),
        ("start", lambda c: c.select_option("element"), True),
        ("step", lambda c: c.select_option("3"), True),
        ("cutoff", lambda c: c.press("ArrowRight"), True),
        ("repeat", lambda c: c.press("ArrowRight"), False),
        ("turn", lambda c: c.press("ArrowRight"), False),
        ("tilt", lambda c: c.press("ArrowLeft"), False),
        ("structure", lambda c: c.select_option("SrTiO3"), True),
    ]
    drawn, last = start, words
    for name, act, speaks in steps:
        act(control(page, name))
        now = picture(page), readout(page)
        assert now[0] != drawn, name
        assert (now[1] != last) == speaks, name  # turning and repeating change no number
        drawn, last = now
    assert [trait(page, name) for name in ("structure", "atom", "cutoff")] == ["SrTiO3", 0, 3.0]
    assert trait(page, "angles") == [25, 15] and trait(page, "repeat") == 2
    press(page, "reset")
    assert readout(page) == words and picture(page) == start
    page.locator('[data-control="others"] input').press("Space")
    assert picture(page) != start
    set_number(page, "cutoff", 7)
    assert (
        "must be from 1 to 6" in page.locator('[data-control="cutoff"] [role=alert]').inner_text()
    )
    assert not page.errors


def test_a_crowd_of_neighbors_is_drawn_without_the_other_edges(widget_page):
    page = widget_page(CrystalPlayground("diamond", cutoff=2.8))  # 16 neighbors
    others, note = control(page, "others"), page.locator(".nn-picture .nn-note")
    few = picture(page)
    others.press("Space")
    assert picture(page) != few
    others.press("Space")
    set_number(page, "cutoff", 6)
    said(
        page, "158 neighbors within 6 Å: 4 C at 1.55 Å, 12 C at 2.52 Å, 12 C at 2.96 Å, 6 C at 3.57"
    )
    many = picture(page)
    others.press("Space")
    assert picture(page) == many
    assert "More than 30 neighbors" in note.inner_text()


def drag(page, touch, begin, steps):
    if not touch:
        page.mouse.move(*begin)
        page.mouse.down()
        for point in steps:
            page.mouse.move(*point)
        return page.mouse.up()
    session = page.context.new_cdp_session(page)
    for kind, point in [
        ("touchStart", begin),
        *(("touchMove", p) for p in steps),
        ("touchEnd", None),
    ]:
        points = [dict(zip("xy", point, strict=True))] if point else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.parametrize("touch", [False, True])
def test_drag_turns_and_a_click_chooses(touch, widget_page):
    # Seen along an axis, the middle of the cell is in the middle of the picture.
    page = widget_page(CrystalPlayground("CsCl", cutoff=2, angles=[0, 0]), touch=touch, width=420)
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = readout(page)
    drag(page, touch, (x, y), [(x + 10, y), (x + 40, y + 20), (x + 60, y + 30)])
    until(lambda: trait(page, "angles") == [30, 15], page)
    assert readout(page) == before
    drag(page, touch, (x, y), [(x + 20, y), (x + 20, y + 300)])
    until(lambda: trait(page, "angles") == [40, 90], page)  # no farther than straight from above
    assert page.evaluate("scrollY") == 0

    control(page, "turn", "input[type=number]").fill("0")
    control(page, "tilt", "input[type=number]").fill("0")
    picture(page)
    # The corners stand at a/2 to the side; half the height holds half the diagonal and a radius.
    scale = (box["height"] / 2 - 12) / (4.12 * (0.75**0.5 + 0.17 * 0.75**0.5))
    corner = (x + 2.06 * scale, y - 2.06 * scale)
    page.locator("canvas").scroll_into_view_if_needed()
    moved = page.locator("canvas").bounding_box()["y"] - box["y"]
    drag(page, touch, (corner[0], corner[1] + moved), [])
    until(lambda: trait(page, "atom") == 1, page)
    assert readout(page).startswith("Cl (0, 0, 0) has no neighbor")
    assert trait(page, "angles") == [0, 0]


def test_a_swipe_up_scrolls_the_page_and_turns_nothing(widget_page):
    page = widget_page(CrystalPlayground("CsCl", cutoff=2), touch=True, width=375, height=600)
    before = readout(page), trait(page, "angles")
    box = page.locator("canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    drag(page, True, (x, y), [(x, y - 20 * k) for k in range(1, 8)])
    until(lambda: page.evaluate("scrollY") > 50, page)
    until(lambda: trait(page, "angles") == before[1], page)
    assert readout(page) == before[0]


# The numbers of the last picture that was drawn, with the room they take, and its balls.
RECORD = """<script>
  const { clearRect, fillText, arc } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    window.drawn = { numbers: [], balls: [] };
    return clearRect.apply(this, box);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    if (/\\d/.test(text)) drawn.numbers.push([x, y, this.measureText(text).width]);
    return fillText.call(this, text, x, y);
  };
  CanvasRenderingContext2D.prototype.arc = function (x, y, r, ...angles) {
    drawn.balls.push([x, y, r]);
    return arc.call(this, x, y, r, ...angles);
  };
</script>"""


@pytest.mark.parametrize("width", [823, 375])
def test_numbers_lie_on_no_atom_and_on_no_other_number(width, widget_page):
    page = widget_page(CrystalPlayground(), width=width, head=RECORD)
    for structure, angles in product(["NaCl", "CsCl", "Cu3Au", "Mg"], [[24, 16], [60, 30]]):
        state = {"structure": structure, "atom": 0, "cutoff": CRYSTALS[structure]["cutoff"], "angles": angles}
        page.evaluate("state => shown.model.set(state)", state)
        picture(page)
        drawn = page.evaluate("drawn")
        assert len(drawn["numbers"]) > 10
        for k, (x, y, across) in enumerate(drawn["numbers"]):
            for u, v, other in drawn["numbers"][:k]:
                assert abs(u - x) >= (across + other) / 2 - 2 or abs(v - y) >= 11
            for u, v, r in drawn["balls"]:
                assert np.hypot(max(0, abs(u - x) - across / 2), max(0, abs(v - y) - 5)) >= r - 4


def test_python_moves_the_page(widget_page):
    page = widget_page(CrystalPlayground())
    page.evaluate("shown.model.set({ structure: 'Mg', atom: 1, cutoff: 3.2, repeat: 2 })")
    assert "Mg (0, 0, 0) has 6 neighbors within 3.2 Å: 6 Mg at 3.20 Å." in readout(page)
    assert control(page, "structure").input_value() == "Mg"
    page.evaluate("shown.model.set({ structure: 'diamond', atom: 7, cutoff: 2 })")
    readout(page)
    # The atom that the new crystal does not have may come in a later message.
    page.evaluate("shown.model.set({ structure: 'Fe' })")
    assert "Fe (0, 0, 0) has no neighbor" in readout(page)
    assert not page.errors


def test_the_table_holds_the_shells(widget_page):
    page = widget_page(CrystalPlayground("NaCl", cutoff=4.2))
    page.locator("summary").click()
    cells = page.locator("tbody td")
    cells.first.wait_for()
    assert cells.all_inner_texts()[:3] == ["6", "Cl", "2.820"]
    assert page.locator("tbody tr").count() == 2

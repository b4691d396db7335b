"""The graph to edit: rounds and colors in the page against Python's, and everything that a reader can do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from looking import control, each_changes, picture, press, readout, said, set_number, trait, until

from nnlib.widgets import GraphPlayground
from nnlib.widgets.graph import PRESETS, UPDATES


@st.composite
def graphs(draw):
    n = draw(st.integers(1, 12))
    pairs = [(i, j) for j in range(n) for i in range(j)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    starts = draw(st.lists(st.sampled_from([-1.0, 0.0, 0.5, 2.0]), min_size=n, max_size=n))
    return [[0, 0, start] for start in starts], edges


def test_rounds_by_hand():
    assert GraphPlayground("paw", rounds=1).numbers().tolist() == [3, 3, 7, 4]
    assert GraphPlayground("paw", rounds=2).numbers().tolist() == [13, 13, 17, 11]
    mean = GraphPlayground("paw", update="mean", rounds=1).numbers()
    np.testing.assert_allclose(mean, [1, 1, 7 / 4, 2])
    normalized = GraphPlayground("paw", update="normalized", rounds=1).numbers()
    np.testing.assert_allclose(normalized[3], 4 / 2 + 0 / np.sqrt(8))
    np.testing.assert_allclose(normalized[2], (1 + 2) / np.sqrt(12) + 4 / np.sqrt(8))


def test_colors_by_hand():
    assert GraphPlayground("paw").colors(0) == [0, 1, 2, 3]  # four different numbers
    nodes = [[x, y, 1] for x, y, _ in GraphPlayground("paw").nodes]
    assert GraphPlayground(nodes=nodes, update="colors").colors(1) == [0, 0, 1, 2]
    assert set(GraphPlayground("twins").colors(32)) == {0}
    assert len(set(GraphPlayground("star", update="colors").colors(5))) == 2


def test_heard_by_hand():
    path = GraphPlayground("path", rounds=3, node=4)
    assert np.flatnonzero(path.heard()).tolist() == [1, 2, 3, 4, 5, 6, 7]


@given(graphs(), st.sampled_from(UPDATES[:3]), st.integers(0, 5), st.randoms(use_true_random=False))
def test_another_numbering_gives_the_same_numbers_and_colors(graph, update, rounds, random):
    nodes, edges = graph
    order = list(range(len(nodes)))
    random.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    here = GraphPlayground(nodes=nodes, edges=edges, update=update, rounds=rounds)
    there = GraphPlayground(nodes=[nodes[k] for k in order], update=update, rounds=rounds,
                            edges=[(place[i], place[j]) for i, j in edges])
    np.testing.assert_allclose(there.numbers(), here.numbers()[order])
    colors = np.array(here.colors())[order]
    same = np.array(there.colors())
    np.testing.assert_array_equal(colors[:, None] == colors, same[:, None] == same)
    # Nodes of one color have one number, whatever the round: no message tells them apart.
    finest = np.array(here.colors(12))
    for color in set(finest):
        np.testing.assert_allclose(np.ptp(here.numbers()[finest == color]), 0, atol=1e-9)


@pytest.mark.parametrize("arguments, words", [
    ({"preset": "tree"}, "preset: expected one of 'paw'"),
    ({"nodes": []}, "nodes: expected 1 to 40 rows"),
    ({"nodes": [[0, 0]]}, "nodes: expected 1 to 40 rows"),
    ({"nodes": [[0, 2, 0]], "edges": []}, "nodes: expected places from -1 to 1"),
    ({"nodes": [[0, 0, 101]], "edges": []}, "nodes: expected places from -1 to 1 and numbers"),
    ({"nodes": [[0, 0, np.nan]], "edges": []}, "nodes: .* finite"),
    ({"edges": [[0, 0]]}, "edges: expected pairs of two different nodes"),
    ({"edges": [[0, 1], [1, 0]]}, "edges: expected each pair once"),
    ({"edges": [[0, 4]]}, "edges: expected nodes from 0 to 3"),
    ({"edges": [[0, 1.5]]}, "edges: expected pairs of two different nodes, counted from 0"),
    ({"edges": [[0, -1]]}, "edges: expected pairs"),
    ({"edges": [0, 1]}, "edges: expected at most 200 rows"),
    ({"update": "max"}, "update: expected one of 'sum', 'mean'"),
    ({"rounds": 33}, "rounds: expected a whole number from 0 to 32"),
    ({"node": 4}, "node: expected one of the nodes 0 to 3, got 4"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        GraphPlayground(**arguments)


def test_a_graph_is_changed_as_a_whole():
    playground = GraphPlayground("ring", node=11)
    with pytest.raises(ValueError, match="edges: expected nodes from 0 to 2"):
        playground.nodes = [[0, 0, 0]] * 3
    playground.set_graph([[0, 0, 1]] * 3, [[2, 0]])
    assert playground.edges == [[0, 2]] and playground.node == 2
    with pytest.raises(ValueError, match="update: expected one with numbers"):
        GraphPlayground(update="colors").numbers()


# In a browser -------------------------------------------------------------------------------------

ROUNDS = """async ([nodes, edges, update]) => {
  const { neighbors, refine, spread, distances, parts } = await shown.load();
  const links = neighbors(nodes.length, edges);
  const starts = nodes.map(([, , start]) => start);
  const all = update === "colors" ? refine(links, starts, 9) : spread(links, starts, update, 9);
  return [all, distances(links, 0).map((steps) => (steps === Infinity ? null : steps)), parts(links)];
}"""


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("preset", PRESETS)
def test_page_computes_what_python_does(preset, update, widget_page):
    playground = GraphPlayground(preset, update=update)
    all_rounds, far, _ = widget_page(playground).evaluate(
        ROUNDS, [playground.nodes, playground.edges, update])
    for k, values in enumerate(all_rounds):
        if update == "colors":
            assert values == playground.colors(k)
        else:
            np.testing.assert_allclose(values, playground.numbers(k), rtol=1e-9, atol=1e-12)
        playground.rounds = k
        heard = [steps is not None and steps <= k for steps in far]
        assert heard == playground.heard().tolist()


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(GraphPlayground("paw"))
    each_changes(p, [
        ("step", lambda: press(p, "step")),
        ("rounds", lambda: control(p, "rounds", "input[type=range]").press("ArrowRight")),
        ("update", lambda: control(p, "update").select_option("mean")),
        ("node", lambda: control(p, "node").select_option("2")),
        ("number", lambda: control(p, "number", "input[type=range]").press("ArrowRight")),
        ("link", lambda: press(p, "link")),
        ("add", lambda: press(p, "add")),
        ("remove", lambda: press(p, "remove")),
        ("ink", lambda: press(p, "ink")),
        ("graph", lambda: control(p, "graph").select_option("ring")),
        ("reset", lambda: press(p, "reset")),
    ])
    assert not p.errors


def test_links_are_made_and_undone_by_keyboard(widget_page):
    p = widget_page(GraphPlayground("paw", node=3))
    control(p, "other").select_option("0")
    assert control(p, "link").inner_text() == "Link"
    press(p, "link")
    assert trait(p, "edges") == [[0, 1], [0, 2], [0, 3], [1, 2], [2, 3]]
    until(lambda: control(p, "link").inner_text() == "Unlink", p)
    press(p, "link")
    assert trait(p, "edges") == [[0, 1], [0, 2], [1, 2], [2, 3]]


def test_a_node_is_removed_with_its_edges(widget_page):
    p = widget_page(GraphPlayground("paw", node=1))
    press(p, "remove")
    assert trait(p, "edges") == [[0, 1], [1, 2]] and len(trait(p, "nodes")) == 3
    for _ in range(2):
        press(p, "remove")
    assert trait(p, "edges") == [] and control(p, "remove").is_disabled()
    said(p, "it has heard from 1 of 1 node, itself included")
    press(p, "add")
    assert len(trait(p, "nodes")) == 2 and trait(p, "node") == 1
    said(p, "The graph has 2 parts")
    assert not p.errors


def test_no_more_nodes_than_fit(widget_page):
    nodes = [[0.04 * k - 0.8, 0, 0] for k in range(39)]
    p = widget_page(GraphPlayground(nodes=nodes, edges=[]))
    press(p, "add")
    assert len(trait(p, "nodes")) == 40
    until(lambda: control(p, "add").is_disabled(), p)


def at(p, x, y):
    """Where a place of the graph is on the screen."""
    box = p.locator("canvas").first.bounding_box()
    return (box["x"] + 24 + (x + 1) / 2 * (box["width"] - 48),
            box["y"] + 24 + (1 - y) / 2 * (box["height"] - 48))


@pytest.mark.parametrize("touch", [False, True])
def test_nodes_are_dragged_chosen_linked_and_added_by_pointer(touch, widget_page):
    p = widget_page(GraphPlayground("paw"), touch=touch, width=420)
    p.locator("canvas").first.scroll_into_view_if_needed()

    def tap(x, y):
        (p.touchscreen.tap if touch else p.mouse.click)(*at(p, x, y))

    tap(0.8, 0)
    said(p, "node 4 has 4")
    start, end = at(p, 0.1, 0), at(p, 0.4, -0.6)
    if touch:
        session = p.context.new_cdp_session(p)
        for kind, place in [("touchStart", start), ("touchMove", (start[0] + 9, start[1])),
                            ("touchMove", end), ("touchEnd", None)]:
            points = [] if place is None else [{"x": place[0], "y": place[1]}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    else:
        p.mouse.move(*start)
        p.mouse.down()
        p.mouse.move(*end, steps=4)
        p.mouse.up()
    until(lambda: trait(p, "nodes")[2][:2] == pytest.approx([0.4, -0.6], abs=0.05), p)
    assert trait(p, "node") == 3
    control(p, "click").select_option("link")
    p.locator("canvas").first.scroll_into_view_if_needed()
    tap(-0.6, 0.6)
    until(lambda: [0, 3] in trait(p, "edges"), p)
    control(p, "click").select_option("add")
    p.locator("canvas").first.scroll_into_view_if_needed()
    tap(0.7, 0.8)
    until(lambda: len(trait(p, "nodes")) == 5, p)
    assert [3, 4] in trait(p, "edges") and trait(p, "node") == 4


def test_colors_tell_parts_apart_or_not(widget_page):
    p = widget_page(GraphPlayground("twins", update="colors", rounds=5))
    said(p, "the two are not told apart")
    control(p, "other").select_option("1")
    press(p, "link")  # undoes an edge of a triangle
    said(p, "the two are told apart")
    assert "color" in p.locator("canvas").nth(1).get_attribute("aria-label")


def test_it_plays_to_the_last_round(widget_page):
    p = widget_page(GraphPlayground("ring", update="mean", rounds=31))
    press(p, "play")
    until(lambda: trait(p, "rounds") == 32 and control(p, "play").inner_text() == "Play", p)
    assert control(p, "step").is_disabled()


def test_huge_numbers_are_still_numbers(widget_page):
    nodes = [[*place[:2], 100] for place in GraphPlayground("club").nodes]
    p = widget_page(GraphPlayground(nodes=nodes, edges=GraphPlayground("club").edges, rounds=32))
    assert "e+" in readout(p) and "not a number" not in readout(p)
    assert not p.errors


def test_reset_goes_back_to_the_start(widget_page):
    p = widget_page(GraphPlayground("star", update="mean", rounds=2, node=3))
    words, drawn = readout(p), picture(p)
    press(p, "remove")
    press(p, "ink")
    set_number(p, "rounds", 7)
    press(p, "reset")
    until(lambda: readout(p) == words and picture(p) == drawn, p)


def test_python_moves_the_picture(widget_page):
    p = widget_page(GraphPlayground("paw"))
    before = picture(p)
    p.evaluate("shown.model.set({ rounds: 1, node: 2 })")
    said(p, "After 1 round, node 3 has 7")
    assert picture(p) != before

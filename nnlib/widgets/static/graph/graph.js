// A graph to edit, on which numbers or colors spread in rounds of messages.
//
// The traits are `nodes` ([[x, y, number at the start], ...]), `edges` ([[i, j], ...] with i < j), `update`, `rounds` and
// the chosen `node`; `_presets` are the graphs to begin with. Everything else is worked out from them.

import { button, group, row, select, slider } from "../shared/controls.js";
import { createFrame, createPlayer } from "../shared/frame.js";
import { createPlot, fmt, onDrag } from "../shared/plot.js";
import { power } from "../shared/powers.js";
import { distances, neighbors, parts, refine, spread } from "./messages.js";
import { letter, standing } from "./words.js";

const TRAITS = ["nodes", "edges", "update", "rounds", "node"];
const [NODES, EDGES, ROUNDS, LIMIT] = [40, 200, 32, 100];
const UPDATES = {
  sum: "sum: the node and its neighbors",
  mean: "mean of the node and its neighbors",
  normalized: "normalized by both degrees",
  colors: "color refinement",
};
const { abs, ceil, floor, hypot, log10, max, min } = Math;

export { distances, neighbors, parts, refine, spread };

const names = (n) => Array.from({ length: n }, (_, k) => [String(k), `node ${k + 1}`]);

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const settings = () => Object.fromEntries(TRAITS.map((name) => [name, get(name)]));
  const start = settings();
  // A link may say what Python would have refused.
  const { nodes: first, edges: pairs, node: at } = start;
  const leads = ([i, j]) => [i, j].every(Number.isInteger) && i < j && j < first.length;
  if (at >= first.length || !pairs.every(leads) || new Set(pairs.map(String)).size < pairs.length)
    throw new Error("these nodes and edges make no graph");
  let result = null;
  let other = 1; // the node to link to

  const what = start.update === "colors" ? "Colors" : "Messages";
  const frame = createFrame({
    el,
    name: "graph",
    title: `${what} on a graph`,
    label: `${what} on a graph that can be edited`,
    onReset() {
      player.pause();
      put(start);
    },
  });
  const plane = createPlot(frame.picture, { label: "", aspect: 1, axes: false });
  const below = createPlot(frame.picture, { label: "", aspect: 1.6 });

  // ---- controls

  const graph = select({
    label: "Graph",
    name: "graph",
    value: "",
    options: [["", "your own"], ...get("_presets").map(([name, label]) => [name, label])],
    onChange(name) {
      const found = get("_presets").find(([known]) => known === name);
      if (!found) return show();
      player.pause();
      const [, , nodes, edges] = found;
      put({ nodes, edges, node: 0, rounds: 0 });
    },
  });
  const update = select({
    label: "Each round",
    name: "update",
    value: "sum",
    options: Object.entries(UPDATES),
    onChange: (name) => put({ update: name }),
  });
  const rounds = slider({
    label: "Rounds",
    name: "rounds",
    value: 0,
    min: 0,
    max: ROUNDS,
    step: 1,
    integer: true,
    hardMin: 0,
    hardMax: ROUNDS,
    onInput(k) {
      player.pause();
      put({ rounds: k });
    },
  });
  let due = 0;
  const player = createPlayer(frame, {
    tick(seconds) {
      due += 2 * seconds; // two rounds a second
      if (due < 1) return true;
      due = 0;
      put({ rounds: min(ROUNDS, get("rounds") + 1) });
      return get("rounds") < ROUNDS;
    },
    onChange: (playing) => play.setLabel(playing ? "Pause" : "Play"),
  });
  const play = button({
    label: "Play",
    name: "play",
    primary: true,
    onClick() {
      if (player.playing) return player.pause();
      if (get("rounds") >= ROUNDS) put({ rounds: 0 });
      player.play();
    },
  });
  const step = button({
    label: "One round",
    name: "step",
    onClick() {
      player.pause();
      put({ rounds: min(ROUNDS, get("rounds") + 1) });
    },
  });
  const chosen = select({
    label: "Node",
    name: "node",
    value: "0",
    options: [],
    onChange: (k) => put({ node: Number(k) }),
  });
  const number = slider({
    label: "Number at the start",
    name: "number",
    value: 0,
    min: -4,
    max: 4,
    step: 0.5,
    hardMin: -LIMIT,
    hardMax: LIMIT,
    onInput: (v) => change(get("node"), { start: v }),
  });
  const coordinates = ["x", "y"].map((label, k) =>
    slider({
      label,
      name: label,
      value: 0,
      min: -1,
      max: 1,
      step: 0.05,
      hardMin: -1,
      hardMax: 1,
      onInput: (v) => change(get("node"), k ? { y: v } : { x: v }),
    }),
  );
  const ink = button({
    label: "Ink here: 1, all others 0",
    name: "ink",
    onClick: () => put({ nodes: get("nodes").map(([x, y], k) => [x, y, k === get("node") ? 1 : 0]), rounds: 0 }),
  });
  const target = select({
    label: "with",
    name: "other",
    value: "1",
    options: [],
    onChange(k) {
      other = Number(k);
      show();
    },
  });
  const link = button({ label: "Link", name: "link", onClick: () => toggle(get("node"), other) });
  const add = button({ label: "Add a node", name: "add", onClick: () => insert(emptiest()) });
  const remove = button({ label: "Remove it", name: "remove", onClick: () => drop(get("node")) });
  const click = select({
    label: "A click",
    name: "click",
    value: "choose",
    options: [
      ["choose", "chooses a node"],
      ["link", "links the chosen node, or unlinks it"],
      ["add", "adds a node, linked to the chosen one"],
    ],
    onChange() {},
  });
  frame.actions.prepend(play.el, step.el);
  frame.panel.append(
    graph.el,
    update.el,
    rounds.el,
    frame.actions,
    frame.output,
    group(
      "Edit",
      click.el,
      chosen.el,
      number.el,
      row(ink.el),
      row(target.el, link.el),
      row(add.el, remove.el),
      ...coordinates.map((control) => control.el),
    ),
  );

  // ---- edits

  const round = (v) => Number(min(1, max(-1, v)).toFixed(3));
  function change(k, { x, y, start: value }) {
    put({ nodes: get("nodes").map((old, j) => (j === k ? [x ?? old[0], y ?? old[1], value ?? old[2]] : old)) });
  }
  function toggle(i, j) {
    if (i === j) return;
    const pair = [min(i, j), max(i, j)];
    const same = ([a, b]) => a === pair[0] && b === pair[1];
    const edges = get("edges");
    if (edges.some(same)) put({ edges: edges.filter((edge) => !same(edge)) });
    else if (edges.length < EDGES) put({ edges: [...edges, pair].sort(([a, b], [c, d]) => a - c || b - d) });
  }
  function insert([x, y], to) {
    const nodes = get("nodes");
    if (nodes.length >= NODES) return;
    const pair = to === undefined ? [] : [[to, nodes.length]];
    put({
      nodes: [...nodes, [round(x), round(y), 0]],
      edges: [...get("edges"), ...pair].sort(([a, b], [c, d]) => a - c || b - d),
      node: nodes.length,
    });
  }
  function drop(k) {
    const nodes = get("nodes");
    if (nodes.length === 1) return;
    const moved = (i) => (i > k ? i - 1 : i);
    put({
      node: max(0, min(get("node"), nodes.length - 2)),
      edges: get("edges")
        .filter((edge) => !edge.includes(k))
        .map((edge) => edge.map(moved)),
      nodes: nodes.filter((_, j) => j !== k),
    });
  }
  // Of some places in the plane the one that is farthest from all nodes.
  function emptiest() {
    const tried = Array.from({ length: 121 }, (_, k) => [-0.9 + 0.18 * (k % 11), -0.9 + 0.18 * floor(k / 11)]);
    const room = tried.map(([x, y]) => min(...get("nodes").map(([a, b]) => hypot(a - x, b - y))));
    return tried[room.indexOf(max(...room))];
  }

  const radius = () => max(9, min(19, plane.width / 26)) * (get("nodes").length > 20 ? 0.75 : 1);
  const px = (x) => 24 + ((x + 1) / 2) * (plane.width - 48);
  const py = (y) => 24 + ((1 - y) / 2) * (plane.height - 48);
  const back = (p) => [(2 * (p.px - 24)) / (plane.width - 48) - 1, 1 - (2 * (p.py - 24)) / (plane.height - 48)];
  const nearest = (p, reach) => {
    const away = get("nodes").map(([x, y]) => hypot(px(x) - p.px, py(y) - p.py));
    const k = away.indexOf(min(...away));
    return away[k] < reach ? k : -1;
  };
  let moved = false;
  frame.addCleanup(
    onDrag(plane, {
      hit(p, pointer) {
        const k = nearest(p, pointer === "touch" ? max(22, radius()) : radius() + 3);
        return k < 0 ? null : { k, from: p };
      },
      start() {
        moved = false;
      },
      move({ k, from }, p) {
        moved ||= hypot(p.px - from.px, p.py - from.py) > 5;
        if (moved) change(k, Object.fromEntries(["x", "y"].map((name, i) => [name, round(back(p)[i])])));
      },
      end({ k }, cancelled) {
        if (cancelled || moved) return;
        if (click.value === "link") toggle(get("node"), k);
        else put({ node: k });
      },
      click(p) {
        if (click.value === "add") insert(back(p), get("node"));
      },
    }),
  );

  // ---- pictures

  frame.onDraw((colors) => {
    const { nodes, edges, rounds: made, node, update: kind } = settings();
    const { ctx } = plane;
    plane.begin();
    ctx.strokeStyle = colors.muted;
    ctx.lineWidth = 1.5;
    for (const [i, j] of edges) {
      ctx.beginPath();
      ctx.moveTo(px(nodes[i][0]), py(nodes[i][1]));
      ctx.lineTo(px(nodes[j][0]), py(nodes[j][1]));
      ctx.stroke();
    }
    const values = result.all[made];
    const colored = kind === "colors";
    if (colored) {
      // The middle, on whose sides colors are compared.
      ctx.strokeStyle = colors.line;
      ctx.setLineDash([3, 5]);
      ctx.beginPath();
      ctx.moveTo(px(0), 0);
      ctx.lineTo(px(0), plane.height);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    const top = max(...values.map(abs)) || 1;
    const size = radius();
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    nodes.forEach(([x, y], k) => {
      const heard = result.far[k] <= made;
      ctx.beginPath();
      ctx.arc(px(x), py(y), size, 0, 7);
      ctx.fillStyle = colors.plot;
      ctx.fill();
      const share = colored ? (0.75 * ((values[k] % 4) + 0.4)) / 4 : (0.75 * abs(values[k])) / top;
      ctx.globalAlpha = share;
      ctx.fillStyle = colors.classes[(colored ? floor(values[k] / 4) % 2 === 0 : values[k] > 0) ? 1 : 0];
      ctx.fill();
      ctx.globalAlpha = 1;
      // Whom the chosen node has heard from has a thick rim; the chosen one has two.
      ctx.strokeStyle = heard ? colors.ink : colors.muted;
      ctx.lineWidth = heard ? 3 : 1;
      ctx.stroke();
      if (k === node) {
        ctx.beginPath();
        ctx.arc(px(x), py(y), size + 4.5, 0, 7);
        ctx.lineWidth = 1.5;
        ctx.stroke();
      }
      // The first that fits; the table has them all.
      const words = colored ? [letter(values[k])] : [fmt(values[k], 2), fmt(values[k], 1)];
      ctx.font = ctx.font.replace(/\d+px/, `${size > 13 ? 13 : 11}px`);
      const word = words.find((text) => ctx.measureText(text).width < 2 * size - 3) ?? "";
      ctx.fillStyle = colors.ink;
      ctx.fillText(word, px(x), py(y) + 0.5);
    });
    drawBelow(colors, made, colored);
  });

  // How many colors there are, or how far apart the numbers lie, after each round.
  function drawBelow(colors, made, colored) {
    const differences = result.all.map((values) =>
      colored ? new Set(values).size : log10(max(1e-12, max(...values) - min(...values))),
    );
    const [low, high] = [min(...differences), max(...differences)];
    below.setView(
      [-0.8, ROUNDS + 0.8],
      colored ? [0, high + 1] : [max(floor(low), -6) - 0.3, max(ceil(high), 0) + 0.3],
    );
    below.begin();
    const points = differences.map((value, k) => [k, value]);
    below.clip(() => {
      below.polyline(points, { color: colors.classes[1], width: 2 });
      const [x, y] = points[made];
      below.ctx.beginPath();
      below.ctx.arc(below.px(x), below.py(max(y, -6)), 5, 0, 7);
      below.ctx.fillStyle = colors.classes[1];
      below.ctx.fill();
    });
    const wholes = (from, to, count) => {
      const gap = max(1, ceil((to - from) / max(2, count)));
      return Array.from({ length: floor((floor(to) - ceil(from)) / gap) + 1 }, (_, k) => ceil(from) + k * gap);
    };
    below.axes(colors, {
      x: { label: "rounds" },
      y: colored ? { label: "colors", values: wholes } : { label: "largest − smallest", format: power, values: wholes },
    });
  }

  function show() {
    const now = settings();
    const links = neighbors(now.nodes.length, now.edges);
    const starts = now.nodes.map(([, , value]) => value);
    const all = now.update === "colors" ? refine(links, starts, ROUNDS) : spread(links, starts, now.update, ROUNDS);
    result = { links, all, far: distances(links, now.node), part: parts(links) };
    const same = ([, , nodes, edges]) =>
      JSON.stringify([nodes.map((row_) => row_.slice(0, 2)), edges]) ===
      JSON.stringify([now.nodes.map((row_) => row_.slice(0, 2)), now.edges]);
    graph.set(get("_presets").find(same)?.[0] ?? "");
    update.set(now.update);
    rounds.set(now.rounds);
    chosen.setOptions(names(now.nodes.length), String(now.node));
    if (other === now.node || other >= now.nodes.length) other = now.node === 0 ? min(1, now.nodes.length - 1) : 0;
    target.setOptions(
      names(now.nodes.length).filter(([k]) => now.nodes.length === 1 || k !== String(now.node)),
      String(other),
    );
    number.set(starts[now.node]);
    coordinates.forEach((control, k) => control.set(now.nodes[now.node][k]));
    const linked = links[now.node].includes(other);
    link.setLabel(linked ? "Unlink" : "Link");
    link.disable(now.nodes.length === 1 || (!linked && now.edges.length >= EDGES));
    add.disable(now.nodes.length >= NODES);
    remove.disable(now.nodes.length === 1);
    step.disable(now.rounds >= ROUNDS);
    const lines = standing({ ...now, ...result, values: all[now.rounds], first: all[0] });
    frame.say(lines);
    plane.describe(
      `A graph of ${now.nodes.length} nodes and ${now.edges.length} edges, with ${now.update === "colors" ? "letters for the colors" : "a number"} in each node. ${lines.join(" ")}`,
    );
    below.describe(
      now.update === "colors"
        ? `The number of colors after each round. ${lines[0]}`
        : `The difference between the largest and the smallest number after each round, on a logarithmic axis. ${lines[1]}`,
    );
    frame.redraw();
  }
  frame.table("Show the nodes as a table", () => {
    const { nodes, rounds: made, update: kind } = settings();
    return {
      head: ["node", "linked to", "at the start", kind === "colors" ? "color" : "now"],
      rows: nodes.map(([, , value], k) => [
        k + 1,
        result.links[k].map((j) => j + 1).join(", ") || "none",
        fmt(value),
        kind === "colors" ? letter(result.all[made][k]) : fmt(result.all[made][k]),
      ]),
    };
  });
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

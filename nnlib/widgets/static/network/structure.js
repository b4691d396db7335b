// The network's diagram in the page, structure.el, and how to use it, structure.note: placed for the width there is,
// with the pointer and the keys that pick a connection or a unit and move its weight. Over it stands overlay.js.

import { element, legend } from "../shared/controls.js";
import { FEATURES } from "./data.js";
import { NODE } from "./connections.js";
import {
  COARSE,
  LOOSE,
  createDiagram,
  diagramSize,
  findUnit,
  findWeight,
  neighbor,
  placeUnits,
  same,
} from "./diagram.js";
import { WEIGHT_LIMIT } from "./engine.js";
import { createOverlay } from "./overlay.js";
import { createPlot, onDrag } from "../shared/plot.js";

const STEP = 0.1; // of a weight, for a key
const UNSEEN = 0.1; // pixels by which a line or a disk may be too thick or too thin while they change
const SETTLED = 250; // milliseconds after which they no longer do
const WIDE = 520; // pixels; a diagram without controls over it is drawn larger in such a place
const reachOf = (type) => (type === "touch" ? 16 : 8);

export function createStructure({ state, frame, lab, maps, names, picker, words }) {
  const { get, has } = state;
  const picks = has("weights") || has("zero");
  const box = element("div", { class: "nn-diagram" });
  const keys = picks ? ": arrow keys pick a connection or bias, plus and minus change it" : "";
  const el = element(
    "div",
    { class: "nn-diagram-scroll", tabindex: 0, role: "group", "aria-label": `Network diagram${keys}` },
    box,
  );
  const plot = createPlot(box, { label: "Network diagram", axes: false });
  plot.setView([0, 1], [0, 1]);
  const diagram = createDiagram();
  const overlay = createOverlay({ state }, el);
  box.append(overlay.el);
  const labelWidth = has("features") ? 80 : 50;
  const header = has("layers") ? (COARSE ? 118 : 56) : 28;
  const shownInputs = () => (has("features") ? Object.keys(FEATURES) : get("features"));
  let units, idle, captions, labels;
  let placed = ""; // what they were placed for
  let zoom = 1;
  let hovered = null;
  const note = legend(
    ["nn-key nn-key-positive", "positive "],
    ["nn-key nn-key-negative", "negative; thicker is larger. "],
    has("weights")
      ? "Pick a connection, or a unit for its bias, here or below; drag up or down to change it. Or focus the picture: the arrow keys pick, + and − change."
      : "",
  );

  let settled = false;
  let settling = 0;
  state.on("refresh", () => {
    settled = false;
    clearTimeout(settling);
    settling = setTimeout(() => {
      settled = true;
      frame.redraw();
    }, SETTLED);
  });
  frame.addCleanup(() => clearTimeout(settling));

  const forgetPointer = () => {
    [hovered, maps.hovered] = [null, null];
  };
  state.on("build", forgetPointer); // what it was on may be gone
  state.on("refresh", () => {
    const hidden = get("hidden");
    const shape = hidden.length
      ? `hidden layers of ${hidden.join(", ")} ${get("activation")} units`
      : "no hidden layer";
    plot.describe(`Network with inputs ${names.inputs().join(", ")}, ${shape} and one output. ${words.weight}`);
  });
  state.on("draw", (colors) => {
    layout();
    plot.begin();
    plot.ctx.scale(zoom, zoom);
    diagram.draw(plot, {
      units,
      captions,
      labels,
      hovered,
      shown: maps.shown,
      colors,
      weightOf: lab.weightOf,
      tolerance: settled ? 0 : UNSEEN,
      inputMaps: maps.ofInputs,
      fieldOf: (column, k) => maps.of({ column, k }),
      idle: idle.map(({ x, y, name }) => ({ x, y, field: maps.ofInput(name) })),
      selected: picks ? picker.selected : null,
    });
  });

  function layout() {
    const inputs = shownInputs(),
      hidden = get("hidden");
    const key = JSON.stringify([inputs, get("features"), hidden, lab.network.sizes, el.clientWidth]);
    if (key === placed) return;
    placed = key;
    const free = !has("features") && !has("layers") && el.clientWidth >= WIDE;
    const rows = Math.max(inputs.length, ...hidden) * (free ? LOOSE : 1);
    const size = diagramSize(rows, lab.network.layers.length, labelWidth, header);
    zoom = free ? Math.max(1, Math.min(1.7, el.clientWidth / (size.minWidth + 60))) : 1;
    const width = Math.max(size.minWidth, el.clientWidth / zoom);
    plot.canvas.style.width = `${width * zoom}px`;
    plot.canvas.style.height = `${size.height * zoom}px`;
    const all = placeUnits(width, size.height, inputs.length, [...hidden, 1], labelWidth, header);
    const used = inputs.map((name) => get("features").includes(name));
    units = [all[0].filter((_, k) => used[k]), ...all.slice(1)];
    idle = all[0].map((at, k) => ({ ...at, name: inputs[k] })).filter((_, k) => !used[k]);
    captions = [
      { text: "inputs", ...all[0][0], y: 16 },
      ...hidden.map((count, l) => ({ text: count === 1 ? "1 unit" : `${count} units`, ...all[l + 1][0], y: 16 })),
      { text: "output", ...all.at(-1)[0], y: 16 },
    ];
    labels = has("features")
      ? []
      : inputs.map((name, k) => ({ text: FEATURES[name].label, x: all[0][k].x - 23, y: all[0][k].y }));
    overlay.place(all, inputs, [width, size.height]);
  }

  const limited = (w) => Math.max(-WEIGHT_LIMIT, Math.min(WEIGHT_LIMIT, Number(w.toFixed(4))));
  el.addEventListener("keydown", (event) => {
    const step = { "+": STEP, "=": STEP, "-": -STEP, "−": -STEP }[event.key];
    const leads = /^Arrow/.test(event.key);
    if (event.target !== el || !picks || event.ctrlKey || event.metaKey || event.altKey || !(leads || step)) return;
    event.preventDefault();
    if (step) return picker.move(limited((lab.weightOf(picker.selected) || 0) + step));
    const next = neighbor(picker.selected, event.key, lab.network.sizes);
    maps.hovered = { column: next.layer + 1, k: next.to }; // as under the pointer, until the focus goes on
    picker.pick(next);
    // Where the diagram is wider than its place, the layer comes into view.
    const { x } = units[picker.selected.layer + 1][picker.selected.to];
    if (x > el.scrollLeft + el.clientWidth - NODE || x < el.scrollLeft + NODE) el.scrollLeft = x - el.clientWidth / 2;
  });

  el.addEventListener("blur", () => {
    forgetPointer();
    frame.redraw();
  });

  const under = (p, type) => (picks && units ? findWeight(units, p.px / zoom, p.py / zoom, reachOf(type)) : null);
  let grabbed = null;
  frame.addCleanup(
    onDrag(plot, {
      // A touch scrolls the page; a tap picks, and the slider below changes.
      hit: (p, type) => (type === "touch" ? null : under(p, type)),
      start(name, p) {
        picker.pick(name);
        grabbed = { from: p.py, weight: lab.weightOf(name), moved: false };
      },
      move(name, p) {
        const up = grabbed.from - p.py;
        if (!grabbed.moved && Math.abs(up) < 4) return;
        grabbed.moved = picker.holding = true;
        picker.move(limited(grabbed.weight + 0.03 * up));
      },
      end: picker.release,
      click(p) {
        const unit = units && findUnit(units, p.px / zoom, p.py / zoom);
        if (unit?.column) maps.chosen = unit.column <= lab.last ? unit : null;
        const name = under(p, "touch");
        if (name) picker.pick(name);
        else state.refresh();
      },
      hover(p) {
        if (!units) return;
        const name = under(p, "mouse");
        const unit = findUnit(units, p.px / zoom, p.py / zoom);
        const before = maps.hovered;
        if (
          same(name, hovered) === Boolean(name ?? hovered) &&
          unit?.column === before?.column &&
          unit?.k === before?.k
        )
          return;
        [hovered, maps.hovered] = [name, unit];
        frame.redraw();
      },
      leave() {
        forgetPointer();
        frame.redraw();
      },
    }),
  );
  return { el, note: note.el };
}

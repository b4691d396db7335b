// The network's diagram in the page: placed for the width there is, with the controls over it that add and remove
// units and inputs, and the pointer that picks a connection or a unit and drags its weight.

import { button, checkbox, element } from "../shared/controls.js";
import { FEATURES } from "./data.js";
import { NODE, diagramSize, drawDiagram, findUnit, findWeight, neighbor, placeUnits, same } from "./diagram.js";
import { WEIGHT_LIMIT } from "./engine.js";
import { createPlot, onDrag } from "../shared/plot.js";

const MAX_UNITS = 8;
const STEP = 0.1; // of a weight, for a key
const reachOf = (type) => (type === "touch" ? 16 : 8);

export function createStructure({ frame, lab, maps, picker, get, put, has }) {
  const box = element("div", { class: "nn-diagram" });
  const keys = has("weights") ? ": arrow keys pick a connection or bias, plus and minus change it" : "";
  const el = element(
    "div",
    { class: "nn-diagram-scroll", tabindex: 0, role: "group", "aria-label": `Network diagram${keys}` },
    box,
  );
  const plot = createPlot(box, { label: "Network diagram", axes: false });
  plot.setView([0, 1], [0, 1]);
  const overlay = element("div", { class: "nn-overlay" });
  box.append(overlay);
  const labelWidth = has("features") ? 80 : 50;
  const header = has("layers") ? 56 : 28;
  const shownInputs = () => (has("features") ? Object.keys(FEATURES) : get("features"));
  let units, idle, captions, labels;
  let hovered = null;
  let overlayKey = "";
  const structure = {
    el,
    describe: plot.describe,
    hoveredUnit: null, // { column, k }
    mapOf: (column, k) => (column === 0 ? maps.ofInput(get("features")[k]) : maps.ofUnit(column - 1, k)),
    draw(shown, colors) {
      layout();
      plot.begin();
      drawDiagram(plot.ctx, {
        units,
        captions,
        labels,
        hovered,
        shown,
        colors,
        weightOf: lab.weightOf,
        fieldOf: structure.mapOf,
        idle: idle.map(({ x, y, name }) => ({ x, y, field: maps.ofInput(name) })),
        selected: has("weights") ? picker.selected : null,
      });
    },
  };

  function layout() {
    const inputs = shownInputs(),
      hidden = get("hidden");
    const size = diagramSize(Math.max(inputs.length, ...hidden), lab.network.layers.length, labelWidth, header);
    const width = Math.max(size.minWidth, el.clientWidth);
    plot.canvas.style.width = `${width}px`;
    plot.canvas.style.height = `${size.height}px`;
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
    const key = JSON.stringify([width, size.height, inputs, get("features"), hidden]);
    if (key !== overlayKey) placeControls(all, inputs, used, hidden);
    overlayKey = key;
  }

  function placeControls(all, inputs, used, hidden) {
    const focused = overlay.querySelector(":focus")?.closest("[data-control]")?.dataset.control;
    const at = (node, x, y) => {
      node.style.left = `${x}px`;
      node.style.top = `${y}px`;
      return node;
    };
    overlay.replaceChildren();
    if (has("features")) {
      inputs.forEach((name, k) =>
        overlay.append(
          at(
            checkbox({
              label: FEATURES[name].label,
              name: `feature-${name}`,
              checked: used[k],
              onChange: (on) =>
                put({ features: inputs.filter((other) => (other === name ? on : get("features").includes(other))) }),
            }).el,
            0,
            all[0][k].y - 14,
          ),
        ),
      );
      const only = get("features").length === 1 && overlay.querySelector("input:checked");
      if (only) only.disabled = true; // a network needs an input
    }
    if (has("layers")) {
      hidden.forEach((count, l) => {
        const change = (by) => () => put({ hidden: hidden.map((other, m) => (m === l ? count + by : other)) });
        const fewer = button({ label: "−", name: `remove-unit-${l + 1}`, onClick: change(-1) });
        const more = button({ label: "+", name: `add-unit-${l + 1}`, onClick: change(1) });
        fewer.el.setAttribute("aria-label", `Remove a unit from hidden layer ${l + 1}`);
        more.el.setAttribute("aria-label", `Add a unit to hidden layer ${l + 1}`);
        fewer.disable(count <= 1);
        more.disable(count >= MAX_UNITS);
        overlay.append(at(element("div", { class: "nn-stepper" }, fewer.el, more.el), all[l + 1][0].x - 26, 22));
      });
    }
    // Controls were made anew: give the focus back to the one that had it, or to its neighbor if it is used up.
    if (!focused) return;
    const again = overlay.querySelector(`[data-control="${focused}"]`);
    const control = again?.matches("button") ? again : again?.querySelector("input");
    const target = control?.disabled ? control.parentElement.querySelector("button:not(:disabled)") : control;
    (target ?? el).focus();
  }

  const limited = (w) => Math.max(-WEIGHT_LIMIT, Math.min(WEIGHT_LIMIT, Number(w.toFixed(4))));
  el.addEventListener("keydown", (event) => {
    const step = { "+": STEP, "=": STEP, "-": -STEP, "−": -STEP }[event.key];
    const leads = /^Arrow/.test(event.key);
    if (event.target !== el || !has("weights") || event.ctrlKey || event.metaKey || event.altKey || !(leads || step))
      return;
    event.preventDefault();
    if (step) return picker.move(limited((lab.weightOf(picker.selected) || 0) + step));
    picker.pick(neighbor(picker.selected, event.key, lab.network.sizes));
    // Where the diagram is wider than its place, the layer comes into view.
    const { x } = units[picker.selected.layer + 1][picker.selected.to];
    if (x > el.scrollLeft + el.clientWidth - NODE || x < el.scrollLeft + NODE) el.scrollLeft = x - el.clientWidth / 2;
  });

  const under = (p, type) => (has("weights") && units ? findWeight(units, p.px, p.py, reachOf(type)) : null);
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
        const name = under(p, "touch");
        if (name) picker.pick(name);
      },
      hover(p) {
        if (!units) return;
        const name = under(p, "mouse");
        const unit = findUnit(units, p.px, p.py);
        const before = structure.hoveredUnit;
        if (
          same(name, hovered) === Boolean(name ?? hovered) &&
          unit?.column === before?.column &&
          unit?.k === before?.k
        )
          return;
        [hovered, structure.hoveredUnit] = [name, unit];
        frame.redraw();
      },
      leave() {
        [hovered, structure.hoveredUnit] = [null, null];
        frame.redraw();
      },
    }),
  );
  return structure;
}

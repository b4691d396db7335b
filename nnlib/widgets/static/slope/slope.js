// A unit that slides along the curve of its activation function, with its tangent, above; below, on a logarithmic
// axis, what a chain of such units leaves of a gradient.
//
// The traits are `activation` and `z`, one number for each unit of the chain.

import { checkbox, element, group, row, select, slider } from "../shared/controls.js";
import { createFrame } from "../shared/frame.js";
import { createPlot, fmt, marker, onDrag } from "../shared/plot.js";
import { power, tiny } from "../shared/powers.js";
import { ACTIVATIONS } from "../shared/slopes.js";

const [MOST, REACH] = [20, 6];
const BOUNDED = ["sigmoid", "tanh"];
const { abs, floor, log10, max, min } = Math;

// For each unit its slope, and the product of all slopes up to it.
export function chain({ activation, z }) {
  const slopes = z.map(ACTIVATIONS[activation].slope);
  let product = 1;
  return { slopes, products: slopes.map((d) => (product *= d)) };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const alike = () => get("z").every((z) => z === get("z")[0]);
  const start = { activation: get("activation"), z: get("z") };
  let chosen = 0;
  let result = null;

  const frame = createFrame({
    el,
    name: "slope",
    title: "Slopes along a chain",
    label: "Slopes along a chain: one unit on its curve, and the product of all slopes",
    onReset() {
      chosen = 0;
      put(start);
      together.set(alike());
      show();
    },
  });
  const above = createPlot(frame.picture, { label: "", aspect: 1.7 });
  const below = createPlot(frame.picture, { label: "", aspect: 1.7 });
  const key = (name, text) => element("span", {}, element("span", { class: `nn-slope-key nn-slope-${name}` }), text);
  frame.picture.append(
    element(
      "div",
      { class: "nn-legend" },
      key("curve", "h = φ(z)"),
      key("tangent", "tangent"),
      key("left", "gradient left"),
      key("best", "if all were at the steepest place"),
    ),
  );

  const activation = select({
    label: "Activation",
    name: "activation",
    value: "",
    options: Object.entries(ACTIVATIONS).map(([name, { label }]) => [name, label]),
    onChange: (name) => put({ activation: name }),
  });
  const count = slider({
    label: "Units in the chain",
    name: "count",
    value: 1,
    min: 1,
    max: MOST,
    step: 1,
    integer: true,
    hardMin: 1,
    hardMax: MOST,
    onInput: (n) => put({ z: Array.from({ length: n }, (_, k) => get("z")[k] ?? get("z").at(-1)) }),
  });
  const together = checkbox({
    label: "Move all units together",
    name: "together",
    checked: alike(),
    onChange(on) {
      if (on) put({ z: get("z").map((_, k, z) => z[chosen]) });
      show();
    },
  });
  const unit = slider({
    label: "Unit",
    name: "unit",
    value: 1,
    min: 1,
    max: 2,
    step: 1,
    integer: true,
    hardMin: 1,
    hardMax: MOST,
    onInput: (k) => choose(k - 1),
  });
  const place = slider({
    label: "z",
    name: "z",
    value: 0,
    min: -REACH,
    max: REACH,
    step: 0.1,
    hardMin: -REACH,
    hardMax: REACH,
    onInput: move,
  });
  frame.panel.append(
    activation.el,
    count.el,
    group("One unit", unit.el, place.el, row(together.el)),
    frame.actions,
    frame.output,
  );

  function choose(k) {
    chosen = min(get("z").length - 1, max(0, k));
    show();
  }
  function move(z) {
    put({ z: get("z").map((old, k) => (together.checked || k === chosen ? z : old)) });
  }
  const within = (x) => Number(min(REACH, max(-REACH, x)).toFixed(2));
  frame.addCleanup(
    onDrag(above, {
      hit(p) {
        const z = get("z")[chosen];
        const far = Math.hypot(p.px - above.px(z), p.py - above.py(ACTIVATIONS[get("activation")].f(z)));
        return far < 26 ? { offset: z - p.x } : null;
      },
      move: ({ offset }, p) => move(within(p.x + offset)),
      click: (p) => move(within(p.x)),
    }),
  );
  frame.addCleanup(onDrag(below, { hit: () => null, move() {}, click: (p) => choose(Math.round(p.x) - 1) }));

  frame.onDraw((colors) => {
    const [name, z] = [get("activation"), get("z")];
    const { f, steepest } = ACTIVATIONS[name];
    const { slopes, products } = result;
    above.setView([-REACH, REACH], BOUNDED.includes(name) ? [-1.3, 1.3] : [-1.3, REACH + 0.3]);
    above.begin();
    above.clip(() => {
      const at = (h) => [
        [-REACH, h],
        [REACH, h],
      ];
      above.polyline(at(0), { color: colors.line, width: 1 });
      const curve = Array.from({ length: 241 }, (_, k) => -REACH + k / 20);
      above.polyline(
        curve.map((x) => [x, f(x)]),
        { color: colors.classes[1], width: 2.5 },
      );
      const [x, d] = [z[chosen], slopes[chosen]];
      above.polyline(
        [-REACH, REACH].map((end) => [end, f(x) + d * (end - x)]),
        { color: colors.classes[0], width: 2, dash: [7, 5] },
      );
      z.forEach((other) =>
        marker(above.ctx, "circle", above.px(other), above.py(f(other)), 4.5, {
          fill: colors.surface,
          stroke: colors.classes[1],
          width: 1.5,
        }),
      );
      marker(above.ctx, "circle", above.px(x), above.py(f(x)), 8, { fill: colors.classes[1], stroke: colors.surface });
    });
    above.axes(colors, { x: { label: "z" }, y: { label: "h" } });

    const positive = products.map(abs).filter((v) => v > 0);
    const least = log10(min(...positive, steepest ** z.length, 0.1));
    const [low, high] = [floor(least) - 0.6, max(0.6, log10(steepest) * z.length + 0.3)];
    const height = (v) => (v > 0 ? log10(v) : low - 1);
    below.setView([-0.3, z.length + 0.3], [low, high]);
    below.begin();
    below.clip(() => {
      below.polyline(
        z.concat(0).map((_, k) => [k, height(steepest ** k)]),
        { color: colors.muted, width: 1.6, dash: [6, 4] },
      );
      const left = [1, ...products].map(abs);
      below.polyline(
        left.map((v, k) => [k, height(v)]),
        { color: colors.test, width: 2 },
      );
      left.forEach((v, k) =>
        marker(below.ctx, "circle", below.px(k), below.py(height(v)), k === chosen + 1 ? 6 : 3.5, {
          fill: colors.test,
          stroke: k === chosen + 1 ? colors.ink : undefined,
          width: 2,
        }),
      );
    });
    below.axes(colors, {
      x: { label: "units passed", values: (a, b, n) => wholes(a, b, n) },
      y: { label: "gradient left", format: power },
    });
  });
  const wholes = (low, high, count) => {
    const step = [1, 2, 5, 10].find((s) => (high - low) / s <= max(2, count));
    return Array.from({ length: floor(high / step) + 1 }, (_, k) => k * step);
  };

  function show() {
    const [name, z] = [get("activation"), get("z")];
    const { f, label, steepest } = ACTIVATIONS[name];
    result = chain({ activation: name, z });
    chosen = min(chosen, z.length - 1);
    if (!alike()) together.set(false);
    activation.set(name);
    count.set(z.length);
    unit.setRange(1, max(2, z.length));
    unit.set(chosen + 1);
    place.set(z[chosen]);
    const n = z.length;
    const units = n === 1 ? "After one unit" : `After ${n} units`;
    const lines = [
      `${units}, ${tiny(result.products[n - 1], 3)} of the gradient is left.`,
      `Unit ${chosen + 1}: z = ${fmt(z[chosen])}, h = ${fmt(f(z[chosen]))}, slope ${tiny(result.slopes[chosen], 3)}.`,
      `The slope of ${label} is at most ${fmt(steepest)}; ${n === 1 ? "that" : `${fmt(steepest)} to the power ${n}`} is ${tiny(steepest ** n, 3)}.`,
      !together.checked && n > 1 ? "Each unit has a place of its own." : "",
    ];
    frame.say(lines);
    above.describe(`The curve of ${label} over z from −6 to 6 with a point on it and its tangent. ${lines[1]}`);
    below.describe(`What is left of a gradient after each of the units, on a logarithmic axis. ${lines[0]}`);
    frame.redraw();
  }
  frame.table("Show the numbers as a table", () => ({
    head: ["unit", "z", "slope", "left"],
    rows: get("z").map((z, k) => [k + 1, fmt(z), tiny(result.slopes[k], 3), tiny(result.products[k], 3)]),
  }));
  frame.follow(model, ["activation", "z"], show);
  show();
  return frame.ready();
}

export default { render };

// A row of bumps, each the difference of two sigmoid units, beside the function that their sum is to follow.
//
// The traits are `target`, `steepness` and `heights`, one height per bump; everything else is worked out from them.

import { createCode, python } from "../shared/code.js";
import { createFrame } from "../shared/frame.js";
import { createPlot, fmt, marker, onDrag } from "../shared/plot.js";
import { button, checkbox, element, group, row, select, slider } from "../shared/controls.js";

const GRID = 1000;
const [MAX_BUMPS, LOWEST, HIGHEST] = [40, -2, 2];
const { PI, abs, cos, max, tanh } = Math;

const TARGETS = {
  wave: {
    label: "Wave",
    f: (x) => 0.5 - 0.2 * cos(2 * PI * x) + 0.2 * cos(5 * PI * x),
    code: "0.5 - 0.2 * np.cos(2 * np.pi * x) + 0.2 * np.cos(5 * np.pi * x)",
  },
  peak: {
    label: "Peak with a corner",
    f: (x) => 0.1 + 0.8 * max(0, 1 - abs(x - 0.5) / 0.25),
    code: "0.1 + 0.8 * np.maximum(0, 1 - np.abs(x - 0.5) / 0.25)",
  },
  step: { label: "Step", f: (x) => (x < 0.5 ? 0.25 : 0.75), code: "np.where(x < 0.5, 0.25, 0.75)" },
};
const sigmoid = (z) => 0.5 + 0.5 * tanh(z / 2);

// The first bump begins and the last ends beyond the picture, so that neither drops at its rim.
const edge = (k, n) => (k === 0 ? -1 : k === n ? 2 : k / n);
const bump = (x, k, n, s) => sigmoid(s * (x - edge(k, n))) - sigmoid(s * (x - edge(k + 1, n)));
const fitted = (target, n) => Array.from({ length: n }, (_, k) => TARGETS[target].f((k + 0.5) / n));

export function measure({ target, heights, steepness }) {
  const n = heights.length;
  const result = { sum: [], largest: 0, at: 0, mean: 0 };
  for (let i = 0; i <= GRID; i++) {
    const x = i / GRID;
    const y = heights.reduce((total, height, k) => total + height * bump(x, k, n, steepness), 0);
    const error = abs(y - TARGETS[target].f(x));
    result.sum.push(y);
    result.mean += error / (GRID + 1);
    if (error > result.largest) [result.largest, result.at] = [error, x];
  }
  return result;
}

const program = ({ target, heights, steepness }) =>
  [
    "import numpy as np",
    "",
    "import nnlib as nn",
    "",
    `heights = np.array(${python(heights)})`,
    `n, steepness = len(heights), ${steepness}`,
    "# Where the bumps begin and end; the first and the last do so beyond the picture.",
    "edges = np.linspace(0, 1, n + 1)",
    "edges[0], edges[-1] = -1, 2",
    "steps = np.column_stack([edges[:-1], edges[1:]]).ravel()",
    "",
    "# Two sigmoid units a bump: one rises where it begins, one is taken away where it ends.",
    "network = nn.Sequential(nn.Linear(1, 2 * n), nn.Sigmoid(), nn.Linear(2 * n, 1)).astype(np.float64)",
    "network[0].weight.data[...] = steepness",
    "network[0].bias.data[...] = -steepness * steps",
    "network[2].weight.data[...] = np.repeat(heights, 2) * np.tile([1, -1], n)",
    "network[2].bias.data[...] = 0",
    "",
    "x = np.linspace(0, 1, 1001)",
    `target = ${TARGETS[target].code}`,
    "with nn.no_grad():",
    "    total = network(x[:, None]).data[:, 0]",
    'print("largest error:", np.abs(total - target).max())',
    "",
  ].join("\n");

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const now = () => ({ target: get("target"), heights: get("heights"), steepness: get("steepness") });
  const start = now();
  let chosen = 0;
  let result = null;

  const frame = createFrame({
    el,
    name: "bumps",
    title: "Bump playground",
    label: "Bump playground: approximate a function by bumps",
    onReset() {
      chosen = 0;
      put(start);
    },
  });
  const plot = createPlot(frame.picture, { label: "", aspect: 1.25 });
  const key = (name, text) =>
    element("span", {}, element("span", { class: `nn-bump-key nn-bump-${name}` }), ` ${text}`);
  const hint = element("div", {
    class: "nn-note",
    text: "Drag a handle up or down, or choose its bump and type a height.",
  });
  frame.picture.append(
    element(
      "div",
      { class: "nn-legend" },
      key("target", "target"),
      key("sum", "sum of the bumps"),
      key("one", "single bumps"),
    ),
    hint,
  );

  const target = select({
    label: "Target",
    name: "target",
    options: Object.entries(TARGETS).map(([name, { label }]) => [name, label]),
    value: get("target"),
    onChange: (name) => put({ target: name, heights: fitted(name, get("heights").length) }),
  });
  const count = slider({
    label: "Bumps",
    name: "bumps",
    value: 1,
    min: 1,
    max: MAX_BUMPS,
    step: 1,
    integer: true,
    hardMin: 1,
    hardMax: MAX_BUMPS,
    onInput: (n) => put({ heights: fitted(get("target"), n) }),
  });
  const steepness = slider({
    label: "Steepness s",
    name: "steepness",
    value: 1,
    min: 1,
    max: 1e4,
    hardMin: 1,
    hardMax: 1e4,
    log: true,
    onInput: (s) => put({ steepness: s }),
  });
  const which = select({ label: "Bump", name: "bump", options: [], value: "0", onChange: (k) => choose(Number(k)) });
  const height = slider({
    label: "Height",
    name: "height",
    value: 0,
    min: -0.5,
    max: 1.5,
    step: 0.01,
    hardMin: LOWEST,
    hardMax: HIGHEST,
    onInput: (h) => setHeight(chosen, h),
  });
  const single = checkbox({ label: "Show the single bumps", name: "single", checked: true, onChange: () => show() });
  frame.actions.prepend(
    button({
      label: "Heights from the target",
      name: "fit",
      primary: true,
      onClick: () => put({ heights: fitted(get("target"), get("heights").length) }),
    }).el,
    button({ label: "All to 0", name: "flatten", onClick: () => put({ heights: get("heights").map(() => 0) }) }).el,
  );
  frame.panel.append(
    target.el,
    count.el,
    steepness.el,
    group("One bump", which.el, height.el),
    row(single.el),
    frame.actions,
    frame.output,
  );

  createCode(frame, () => program(now()));

  const choose = (k) => {
    chosen = k;
    show();
  };
  const setHeight = (k, h) => put({ heights: get("heights").map((old, j) => (j === k ? h : old)) });
  const middle = (k) => (k + 0.5) / get("heights").length;

  frame.addCleanup(
    onDrag(plot, {
      hit(p) {
        const heights = get("heights");
        const k = Math.min(heights.length - 1, max(0, Math.floor(p.x * heights.length)));
        return Math.hypot(p.px - plot.px(middle(k)), p.py - plot.py(heights[k])) < 22
          ? { k, offset: heights[k] - p.y }
          : null;
      },
      start: ({ k }) => choose(k),
      move: ({ k, offset }, p) => setHeight(k, Number(Math.min(1.5, max(-0.5, p.y + offset)).toFixed(3))),
    }),
  );

  frame.onDraw((colors) => {
    const [heights, s] = [get("heights"), get("steepness")];
    const n = heights.length;
    const curve = (f) => Array.from({ length: GRID + 1 }, (_, i) => [i / GRID, f(i / GRID, i)]);
    plot.setView([0, 1], [Math.min(-0.1, ...heights) - 0.05, max(1.05, ...heights) + 0.05]);
    plot.begin();
    plot.clip(() => {
      if (single.checked)
        heights.forEach((h, k) =>
          plot.polyline(
            curve((x) => h * bump(x, k, n, s)),
            { color: k === chosen ? colors.ink : colors.muted, width: k === chosen ? 1.8 : 0.8 },
          ),
        );
      plot.polyline(curve(TARGETS[get("target")].f), { color: colors.classes[0], width: 2.5, dash: [8, 5] });
      plot.polyline(
        curve((x, i) => result.sum[i]),
        { color: colors.classes[1], width: 2.5 },
      );
      heights.forEach((h, k) =>
        marker(plot.ctx, "circle", plot.px(middle(k)), plot.py(h), k === chosen ? 7.5 : n > 20 ? 4 : 5.5, {
          fill: k === chosen ? colors.classes[1] : colors.surface,
          stroke: colors.classes[1],
          width: 2,
        }),
      );
      const x = plot.px(result.at);
      const [low, high] = [TARGETS[get("target")].f(result.at), result.sum[Math.round(result.at * GRID)]].map(plot.py);
      plot.ctx.strokeStyle = colors.alert;
      plot.ctx.lineWidth = 3;
      plot.ctx.beginPath();
      plot.ctx.moveTo(x, low);
      plot.ctx.lineTo(x, high);
      plot.ctx.stroke();
    });
    plot.axes(colors, { x: { label: "x" }, y: { label: "f(x)" } });
  });

  function show() {
    const [heights, s] = [get("heights"), get("steepness")];
    const n = heights.length;
    result = measure(now());
    chosen = Math.min(chosen, n - 1);
    target.set(get("target"));
    count.set(n);
    steepness.set(s);
    which.setOptions(
      heights.map((_, k) => [String(k), `${k + 1} of ${n}`]),
      String(chosen),
    );
    height.set(heights[chosen]);
    const lines = [
      `Largest error ${fmt(result.largest)}, at x = ${fmt(result.at)} (marked); mean absolute error ${fmt(result.mean)}.`,
      `${n} bump${n === 1 ? "" : "s"}: ${2 * n} hidden units, ${6 * n + 1} parameters.`,
      `A step rises over about 4/s = ${fmt(4 / s, 2)}; a bump is ${fmt(1 / n, 2)} wide.`,
      `Bump ${chosen + 1} has height ${fmt(heights[chosen])}.`,
    ];
    frame.say(lines);
    plot.describe(
      `The target "${TARGETS[get("target")].label}" over x from 0 to 1 and the sum of ${n} bumps. ${lines.join(" ")}`,
    );
    frame.redraw();
  }
  frame.follow(model, ["target", "steepness", "heights"], show);
  show();
  return frame.ready();
}

export default { render };

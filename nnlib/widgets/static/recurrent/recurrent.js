// A recurrent network unrolled in time: inputs and states above, and below, on a logarithmic axis, the slope of the
// last output toward each input.
//
// The traits are `inputs`, `radius`, `units` and `activation`; for eight units `random_matrix` (of spectral radius 1),
// `into` and `out` come from Python and stay. Everything else is worked out from them.

import { createFrame } from "../shared/frame.js";
import { createPlot, fmt, marker, onDrag } from "../shared/plot.js";
import { raised } from "../shared/powers.js";
import { button, element, group, select, slider } from "../shared/controls.js";

const [MAX_STEPS, LIMIT] = [60, 2];
const FLOOR = 1e-16; // slopes below are drawn at the bottom
const { PI, abs, log10, max, min, sin, tanh } = Math;

const SEQUENCES = {
  pulse: { label: "One pulse at the start", at: (t) => (t === 0 ? 1 : 0) },
  pulses: { label: "A pulse every ten steps", at: (t) => (t % 10 === 0 ? 1 : 0) },
  wave: { label: "A wave", at: (t) => sin((2 * PI * t) / 12) },
  alternating: { label: "Alternating 1, −1", at: (t) => (t % 2 === 0 ? 1 : -1) },
};
// Slopes are often far smaller than what counts as rounding elsewhere.
const tiny = (v) => (v !== 0 && abs(v) < 1e-12 ? v.toExponential(1).replace(/-/g, "−") : fmt(v, 2));
const sequence = (name, steps) => Array.from({ length: steps }, (_, t) => Number(SEQUENCES[name].at(t).toFixed(6)));

// The states h_t, an array of units for each step, and dy/dx_t by backpropagation through time.
export function unroll({ inputs, matrix, into, out, linear }) {
  const units = into.length;
  const states = [];
  let h = new Array(units).fill(0);
  for (const x of inputs) {
    h = h.map((_, k) => {
      let z = into[k] * x;
      for (let j = 0; j < units; j++) z += matrix[k][j] * h[j];
      return linear ? z : tanh(z);
    });
    states.push(h);
  }
  const slopes = new Array(inputs.length);
  let dh = [...out];
  for (let t = inputs.length - 1; t >= 0; t--) {
    const dz = dh.map((d, k) => (linear ? d : d * (1 - states[t][k] ** 2)));
    slopes[t] = dz.reduce((sum, d, k) => sum + d * into[k], 0);
    dh = dh.map((_, j) => dz.reduce((sum, d, k) => sum + d * matrix[k][j], 0));
  }
  return { states, slopes };
}

export function weightsOf(get) {
  const scale = (rows) => rows.map((row) => row.map((w) => w * get("radius")));
  if (get("units") === 1) return { matrix: scale([[1]]), into: [1], out: [1] };
  return { matrix: scale(get("random_matrix")), into: get("into"), out: get("out") };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const start = Object.fromEntries(["inputs", "radius", "units", "activation"].map((name) => [name, get(name)]));
  let chosen = 0;
  let result = null;

  const frame = createFrame({
    el,
    name: "recurrent",
    title: "Recurrent network, unrolled",
    label: "Recurrent network unrolled in time: states and gradients",
    onReset() {
      chosen = 0;
      put(start);
    },
  });
  const key = (name, text) => element("span", {}, element("span", { class: `nn-rnn-key nn-rnn-${name}` }), ` ${text}`);
  const above = createPlot(frame.picture, { label: "", aspect: 1.8 });
  const below = createPlot(frame.picture, { label: "", aspect: 1.8 });
  frame.picture.append(
    element(
      "div",
      { class: "nn-legend" },
      key("input", "input"),
      key("state", "state"),
      key("slope", "|dy/dxₜ|, exact"),
      key("power", "the recurrent weight alone"),
    ),
  );
  frame.picture.append(
    element("div", { class: "nn-note", text: "Drag a bar of the upper picture, or choose its step and type a value." }),
  );

  const preset = select({
    label: "Input",
    name: "preset",
    value: "",
    options: [],
    onChange: (name) => name && put({ inputs: sequence(name, get("inputs").length) }),
  });
  const steps = slider({
    label: "Steps T",
    name: "steps",
    value: 2,
    min: 2,
    max: MAX_STEPS,
    step: 1,
    integer: true,
    hardMin: 2,
    hardMax: MAX_STEPS,
    onInput: (n) =>
      put({
        inputs: preset.value ? sequence(preset.value, n) : Array.from({ length: n }, (_, t) => get("inputs")[t] ?? 0),
      }),
  });
  const units = select({
    label: "Units",
    name: "units",
    value: "1",
    options: [
      ["1", "one"],
      ["8", "eight, random matrix"],
    ],
    onChange: (n) => put({ units: Number(n), radius: n === "8" ? abs(get("radius")) : get("radius") }),
  });
  const radius = slider({
    label: "w",
    name: "radius",
    value: 1,
    min: -LIMIT,
    max: LIMIT,
    step: 0.01,
    hardMin: -LIMIT,
    hardMax: LIMIT,
    onInput: (w) => put({ radius: w }),
  });
  const activation = select({
    label: "Activation",
    name: "activation",
    value: "tanh",
    options: [
      ["tanh", "tanh"],
      ["linear", "none (linear)"],
    ],
    onChange: (name) => put({ activation: name }),
  });
  const step = slider({
    label: "Step t",
    name: "step",
    value: 1,
    min: 1,
    max: 2,
    step: 1,
    integer: true,
    hardMin: 1,
    onInput: (t) => choose(t - 1),
  });
  const value = slider({
    label: "xₜ",
    name: "value",
    value: 0,
    min: -LIMIT,
    max: LIMIT,
    step: 0.05,
    hardMin: -LIMIT,
    hardMax: LIMIT,
    onInput: (x) => setInput(chosen, x),
  });
  frame.actions.prepend(
    button({ label: "All inputs 0", name: "silence", onClick: () => put({ inputs: get("inputs").map(() => 0) }) }).el,
  );
  frame.panel.append(
    units.el,
    radius.el,
    activation.el,
    preset.el,
    steps.el,
    group("One input", step.el, value.el),
    frame.actions,
    frame.output,
  );

  function choose(t) {
    chosen = t;
    show();
  }
  function setInput(t, x) {
    put({ inputs: get("inputs").map((old, j) => (j === t ? x : old)) });
  }

  frame.addCleanup(
    onDrag(above, {
      hit(p) {
        const inputs = get("inputs");
        const t = Math.round(p.x) - 1;
        if (t < 0 || t >= inputs.length) return null;
        return abs(p.py - above.py(inputs[t])) < 22 ? { t, offset: inputs[t] - p.y } : null;
      },
      start: ({ t }) => choose(t),
      move: ({ t, offset }, p) => setInput(t, Number(min(LIMIT, max(-LIMIT, p.y + offset)).toFixed(2))),
      click(p) {
        const t = Math.round(p.x) - 1;
        if (t >= 0 && t < get("inputs").length) choose(t);
      },
    }),
  );

  frame.onDraw((colors) => {
    const inputs = get("inputs");
    const T = inputs.length;
    const span = [0.3, T + 0.7];
    const top = max(1.1, ...inputs.map((x) => abs(x) * 1.08), min(100, 1.08 * max(...result.states.flat().map(abs))));
    above.setView(span, [-top, top]);
    above.begin();
    above.clip(() => {
      const { ctx } = above;
      above.polyline(
        [
          [0, 0],
          [T + 1, 0],
        ],
        { color: colors.line, width: 1 },
      );
      const half = min(12, (0.34 * above.area.width) / (T + 0.4));
      inputs.forEach((x, t) => {
        ctx.fillStyle = colors.low;
        ctx.strokeStyle = t === chosen ? colors.ink : colors.classes[0];
        ctx.lineWidth = t === chosen ? 2 : 1;
        const [y0, y1] = [above.py(0), above.py(x)];
        ctx.fillRect(above.px(t + 1) - half, min(y0, y1), 2 * half, abs(y1 - y0));
        ctx.strokeRect(above.px(t + 1) - half, min(y0, y1), 2 * half, max(1, abs(y1 - y0)));
      });
      for (let k = 0; k < result.states[0].length; k++) {
        above.polyline(
          result.states.map((h, t) => [t + 1, h[k]]),
          { color: colors.classes[1], width: 1.6 },
        );
        result.states.forEach((h, t) =>
          marker(ctx, "circle", above.px(t + 1), above.py(h[k]), 2.6, { fill: colors.classes[1] }),
        );
      }
    });
    above.axes(colors, { y: { label: "input, state" } });

    const logs = result.slopes.map((s) => log10(max(abs(s), FLOOR)));
    const power = inputs.map((_, t) => log10(max(abs(get("radius")) ** (T - 1 - t) * abs(result.unit), FLOOR)));
    const shown = [...logs, ...power].filter(Number.isFinite);
    const [low, high] = [min(...shown, -1), max(...shown, 0.5)];
    below.setView(span, [low - 0.06 * (high - low), high + 0.06 * (high - low)]);
    below.begin();
    below.clip(() => {
      below.polyline(
        power.map((y, t) => [t + 1, y]),
        { color: colors.muted, width: 1.6, dash: [6, 4] },
      );
      below.polyline(
        logs.map((y, t) => [t + 1, y]),
        { color: colors.test, width: 2 },
      );
      logs.forEach((y, t) =>
        marker(below.ctx, "circle", below.px(t + 1), below.py(y), t === chosen ? 5.5 : 3, {
          fill: colors.test,
          stroke: t === chosen ? colors.ink : undefined,
          width: 2,
        }),
      );
    });
    below.axes(colors, {
      x: { label: "step t" },
      y: {
        label: "|dy/dxₜ|",
        format: (v) => (abs(v) < 3 || !Number.isInteger(v) ? fmt(10 ** v, 2) : `10${raised(v)}`),
      },
    });
  });

  function show() {
    const inputs = get("inputs");
    const T = inputs.length;
    const one = get("units") === 1;
    const weights = weightsOf(get);
    result = {
      ...unroll({ inputs, ...weights, linear: get("activation") === "linear" }),
      unit: weights.into.reduce((sum, w, k) => sum + w * weights.out[k], 0),
    };
    chosen = min(chosen, T - 1);
    const name = Object.keys(SEQUENCES).find((n) => sequence(n, T).every((x, t) => abs(x - inputs[t]) < 1e-5)) ?? "";
    preset.setOptions(
      [...(name ? [] : [["", "your own"]]), ...Object.entries(SEQUENCES).map(([n, { label }]) => [n, label])],
      name,
    );
    steps.set(T);
    units.set(String(get("units")));
    radius.setLabel(one ? "Recurrent weight w" : "Spectral radius ρ");
    radius.setRange(one ? -LIMIT : 0, LIMIT);
    radius.setLeast(one ? -LIMIT : 0);
    radius.set(get("radius"));
    activation.set(get("activation"));
    step.setRange(1, T);
    step.set(chosen + 1);
    value.set(inputs[chosen]);
    const { slopes, states } = result;
    const [first, last] = [abs(slopes[0]), abs(slopes[T - 1])];
    const factor = (first / last) ** (1 / (T - 1));
    const verdict = !(last > 0)
      ? "the output does not depend on the last input at all"
      : first < 0.1 * last
        ? "the gradient vanishes"
        : first > 10 * last
          ? "the gradient explodes"
          : "the gradient neither vanishes nor explodes";
    const lines = [
      `Toward the first input, the slope of the output is ${tiny(slopes[0])}; toward the last, ${tiny(slopes[T - 1])}: ${verdict}.`,
      last > 0 && first > 0
        ? `Per step back it changes by a factor of ${fmt(factor, 3)} on average; the recurrent weight alone would make it ${fmt(abs(get("radius")), 3)}.`
        : "",
      one
        ? `Output y = h at step ${T}: ${fmt(states[T - 1][0])}.`
        : `Output y = v · h at step ${T}: ${fmt(states[T - 1].reduce((sum, h, k) => sum + h * weights.out[k], 0))}.`,
      `Step ${chosen + 1}: input ${fmt(inputs[chosen])}, ${one ? `state ${fmt(states[chosen][0])}, ` : ""}slope ${tiny(slopes[chosen])}.`,
    ];
    frame.say(lines);
    above.describe(
      `${T} inputs as bars and the state${one ? "" : "s of eight units"} after each step. ${lines[2]} ${lines[3]}`,
    );
    below.describe(
      `The size of dy/dx for each of ${T} steps on a logarithmic axis, beside a dashed line for the recurrent weight alone. ${lines[0]}`,
    );
    frame.redraw();
  }
  frame.table("Show the numbers as a table", () => ({
    head: ["t", "input", get("units") === 1 ? "state" : "first state", "dy/dxₜ"],
    rows: get("inputs").map((x, t) => [t + 1, fmt(x), fmt(result.states[t][0]), tiny(result.slopes[t])]),
  }));
  frame.follow(model, ["inputs", "radius", "units", "activation"], show);
  show();
  return frame.ready();
}

export default { render };

// Values on their way up through many layers, above, and a gradient on its way back, below, layer by layer.
//
// The traits are `activation`, `depth`, `scale` and `seed`; inputs, weights and the gradient that starts are drawn from
// the seed, the same ones in signal.py.

import { button, element, select, slider } from "../shared/controls.js";
import { createFrame } from "../shared/frame.js";
import { createPlot, fmt } from "../shared/plot.js";
import { power, tiny } from "../shared/powers.js";
import { ACTIVATIONS } from "../shared/slopes.js";
import { random } from "../shared/random.js";

const [WIDTH, BATCH] = [64, 16];
const [SHALLOWEST, DEEPEST] = [2, 30];
const [SMALLEST, LARGEST] = [0.2, 4];
const STREAMS = { inputs: 1, weights: 2, gradient: 3 };
const ANSWERS = [
  ["Glorot", 1],
  ["He", Math.SQRT2],
];
const REACH = 3; // of the values' axis; what lies beyond is counted in its last bins
const [BINS, DECADE] = [41, 4]; // of the values; of each power of ten of the gradients
const FLOOR = 1e-30;
const TRAITS = ["activation", "depth", "scale", "seed"];

const { abs, ceil, floor, log10, max, min, round, sqrt } = Math;
const LINEAR = { label: "none (linear)", f: (z) => z, slope: () => 1 };
const CHOICES = { ...ACTIVATIONS, linear: LINEAR };

const spread = (seed, stream, count) => {
  const uniform = random(seed, STREAMS[stream]);
  return Float64Array.from({ length: count }, () => sqrt(3) * (2 * uniform() - 1));
};
const size = (values) => sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

// Drawing the numbers takes longer than computing with them.
let [drawnFor, drawn] = [-1, null];
function numbers(seed) {
  if (seed !== drawnFor)
    drawn = {
      inputs: spread(seed, "inputs", BATCH * WIDTH),
      weights: spread(seed, "weights", DEEPEST * WIDTH * WIDTH),
      gradient: spread(seed, "gradient", BATCH * WIDTH),
    };
  drawnFor = seed;
  return drawn;
}

// Values and gradients of the input and of each layer, arrays of samples x units, and the slopes of each layer.
export function signals({ activation, depth, scale, seed }) {
  const { f, slope } = CHOICES[activation];
  const { inputs, weights, gradient } = numbers(seed);
  const factor = scale / sqrt(WIDTH);
  const [values, slopes, gradients] = [[inputs], [], []];
  for (let l = 0; l < depth; l++) {
    const [before, h, s] = [values[l], new Float64Array(BATCH * WIDTH), new Float64Array(BATCH * WIDTH)];
    for (let b = 0; b < BATCH; b++)
      for (let i = 0; i < WIDTH; i++) {
        let z = 0;
        for (let j = 0, w = (l * WIDTH + i) * WIDTH, x = b * WIDTH; j < WIDTH; j++) z += weights[w + j] * before[x + j];
        h[b * WIDTH + i] = f(z * factor);
        s[b * WIDTH + i] = slope(z * factor);
      }
    values.push(h);
    slopes.push(s);
  }
  gradients[depth] = gradient;
  for (let l = depth - 1; l >= 0; l--) {
    const g = new Float64Array(BATCH * WIDTH);
    for (let b = 0; b < BATCH; b++)
      for (let i = 0; i < WIDTH; i++) {
        const d = factor * slopes[l][b * WIDTH + i] * gradients[l + 1][b * WIDTH + i];
        if (d === 0) continue;
        for (let j = 0, w = (l * WIDTH + i) * WIDTH, x = b * WIDTH; j < WIDTH; j++) g[x + j] += weights[w + j] * d;
      }
    gradients[l] = g;
  }
  return { values, gradients, slopes };
}

// Root mean squares, input first.
export function profile(settings) {
  const { values, gradients } = signals(settings);
  return { values: values.map(size), gradients: gradients.map(size) };
}

// The share of each bin, as a part of the fullest one.
function histogram(values, bins, bin) {
  const counts = new Float64Array(bins);
  for (const v of values) counts[min(bins - 1, max(0, bin(v)))]++;
  const most = max(...counts);
  return most ? counts.map((n) => n / most) : counts;
}

function render({ model, el }) {
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const settings = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = settings();
  let answered = false;
  let shown = null; // signals, sizes and, for the answer, the sizes at its scales

  const frame = createFrame({
    el,
    name: "signal",
    title: "Signal through depth",
    label: "Signal through depth: values and gradients in each layer",
    onReset() {
      answered = false;
      put(start);
      show();
    },
  });
  const above = createPlot(frame.picture, { label: "", aspect: 1.8 });
  const below = createPlot(frame.picture, { label: "", aspect: 1.6 });
  const key = (name, text) => element("span", {}, element("span", { class: `nn-signal-key nn-signal-${name}` }), text);
  const keys = element("div", { class: "nn-legend" });
  frame.picture.append(keys);

  const activation = select({
    label: "Activation",
    name: "activation",
    value: "",
    options: Object.entries(CHOICES).map(([name, { label }]) => [name, label]),
    onChange: (name) => put({ activation: name }),
  });
  const depth = slider({
    label: "Layers",
    name: "depth",
    value: SHALLOWEST,
    min: SHALLOWEST,
    max: DEEPEST,
    step: 1,
    integer: true,
    hardMin: SHALLOWEST,
    hardMax: DEEPEST,
    onInput: (n) => put({ depth: n }),
  });
  const scale = slider({
    label: "Scale s",
    name: "scale",
    value: 1,
    min: SMALLEST,
    max: LARGEST,
    step: 0.01,
    hardMin: SMALLEST,
    hardMax: LARGEST,
    onInput: (s) => put({ scale: s }),
  });
  const answer = button({
    label: "",
    name: "answer",
    onClick() {
      answered = !answered;
      show();
    },
  });
  frame.actions.prepend(
    answer.el,
    button({ label: "New weights", name: "draw", onClick: () => put({ seed: (model.get("seed") + 1) % 1e6 }) }).el,
  );
  frame.panel.append(activation.el, scale.el, depth.el, frame.actions, frame.output);

  frame.onDraw((colors) => {
    const { values, gradients, sizes, answers } = shown;
    const layers = values.length;
    const span = [-0.6, layers - 0.4];
    // A histogram that stands on its side, for each layer; its bars are as wide as the bin is full.
    const standing = (plot, counts, low, high, color) => {
      const half = min(16, (0.42 * plot.area.width) / (layers + 0.2));
      const step = (high - low) / counts[0].length;
      plot.ctx.fillStyle = color;
      counts.forEach((bins, l) =>
        bins.forEach((share, k) => {
          const [top, bottom] = [plot.py(low + (k + 1) * step), plot.py(low + k * step)];
          if (share) plot.ctx.fillRect(plot.px(l) - half * share, top, 2 * half * share, bottom - top);
        }),
      );
      return half;
    };
    const mark = (plot, l, y, half, color) => {
      plot.ctx.fillStyle = color;
      plot.ctx.fillRect(plot.px(l) - half, plot.py(y) - 2, 2 * half, 4);
    };

    above.setView(span, [-REACH, REACH]);
    above.begin();
    above.clip(() => {
      const counts = values.map((h) => histogram(h, BINS, (v) => floor(((v + REACH) / (2 * REACH)) * BINS)));
      standing(above, counts, -REACH, REACH, colors.classes[1]);
    });
    above.axes(colors, {
      y: { label: "values" },
    });

    const logs = (list) => list.map((v) => log10(max(v, FLOOR)));
    const bars = logs(sizes.gradients);
    const lines = answers.map(({ gradients: sizes }) => logs(sizes));
    const all = [...bars, ...lines.flat()];
    const [low, high] = [floor(min(...all, -2)) - 1, ceil(max(...all, 1)) + 1];
    below.setView(span, [low, high]);
    below.begin();
    below.clip(() => {
      const bins = (high - low) * DECADE;
      const counts = gradients.map((g) =>
        histogram(
          g.filter((v) => v !== 0).map((v) => log10(abs(v))),
          bins,
          (v) => floor((v - low) * DECADE),
        ),
      );
      const half = standing(below, counts, low, high, colors.line);
      lines.forEach((line, k) =>
        below.polyline(
          line.map((y, l) => [l, y]),
          { color: colors.classes[k], width: 2, dash: k ? [7, 4] : [2, 4] },
        ),
      );
      bars.forEach((y, l) => mark(below, l, y, half, colors.test));
    });
    below.axes(colors, {
      x: { label: "layer (0 is the input)" },
      y: { label: "gradient", format: power },
    });
  });

  function show() {
    const now = settings();
    const run = signals(now);
    const { scale: s, depth: L } = now;
    shown = {
      ...run,
      sizes: { values: run.values.map(size), gradients: run.gradients.map(size) },
      answers: answered ? ANSWERS.map(([, at]) => profile({ ...now, scale: at })) : [],
    };
    activation.set(now.activation);
    depth.set(L);
    scale.set(s);
    answer.setLabel(answered ? "Hide the answer" : "Show Glorot’s and He’s answer");
    keys.replaceChildren(
      key("value", `values; what is beyond ±${REACH} counts in the last bin`),
      key("gradient", "gradients"),
      key("mark", "their root mean square"),
      ...(answered ? [key("glorot", "with Glorot’s variance"), key("he", "with He’s variance")] : []),
    );
    const part = ({ gradients }) => gradients[0] / gradients[L];
    const left = part(shown.sizes);
    const verdict = left < 0.1 ? "it vanishes" : left > 10 ? "it explodes" : "it arrives";
    const last = shown.values[L];
    const flat = run.slopes[L - 1].reduce((count, d) => count + (abs(d) < 0.1), 0) / last.length;
    const lines = [
      `Of the gradient that starts at layer ${L}, ${tiny(left, 2)} reaches the input: ${verdict}.`,
      left > 0 ? `Each layer multiplies it by ${fmt(left ** (1 / L), 2)} on average.` : "",
      `Values: ${tiny(shown.sizes.values[0], 2)} at the input, ${tiny(shown.sizes.values[L], 2)} in layer ${L} (root mean squares).`,
      now.activation === "linear" ? "" : `In layer ${L}, ${round(100 * flat)} % of the slopes are below 0.1.`,
      `Scale ${fmt(s, 3)}: the weights have variance ${fmt(s * s, 3)}/${WIDTH}.`,
      ...shown.answers.map(
        (sizes, k) =>
          `${ANSWERS[k][0]}, scale ${fmt(ANSWERS[k][1], 3)}, variance ${k + 1}/${WIDTH}: ${tiny(part(sizes), 2)} reaches the input.`,
      ),
    ];
    frame.say(lines);
    above.describe(`A histogram of the values of ${WIDTH} units for the input and each of ${L} layers. ${lines[2]}`);
    below.describe(
      `A histogram of the sizes of the gradients on a logarithmic axis, and their root mean square, for each layer. ${lines[0]}`,
    );
    frame.redraw();
  }
  frame.table("Show the numbers as a table", () => ({
    head: ["layer", "values", "gradient"],
    rows: shown.sizes.values.map((v, l) => [l, tiny(v, 2), tiny(shown.sizes.gradients[l], 2)]),
  }));
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

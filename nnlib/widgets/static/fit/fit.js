// A curve fitted to noisy points, above, and the errors of models of all sizes, below.
//
// The traits are the settings of a fit: `truth`, `model`, `degree` or `width`, `points`, `noise`, `regularization` with
// its strength, `seed`, and `ghosts`, the number of earlier samples whose fits are shown too.

import { button, checkbox, element, group, row, select, slider, write } from "../shared/controls.js";
import { createFrame } from "../shared/frame.js";
import { createPlot, fmt, marker, onDrag } from "../shared/plot.js";
import { power } from "../shared/powers.js";
import { decomposition, FEATURES, fit, GRID, MAX_DEGREE, MAX_WIDTH, sample, sizesOf, TRUTHS } from "./regression.js";

const [FEWEST, MOST] = [5, 30];
const [LEAST_PENALTY, MOST_PENALTY] = [1e-8, 10];
const MOST_STEPS = 1e6;
const MOST_GHOSTS = 20;
const [LOWEST, LOW, HIGH] = [-12, -3, 3]; // powers of ten: the errors' axis shows the last two, and more if it must
const WORK = 2.5e5; // for the rotations of one frame, some 4 ms
const KEPT = 300; // decompositions
const REGULARIZATION = { none: "none", ridge: "ridge penalty", early_stopping: "early stopping", dropout: "dropout" };
const TRAITS = [
  "truth",
  "model",
  "degree",
  "width",
  "points",
  "noise",
  "regularization",
  "penalty",
  "steps",
  "dropout",
  "seed",
  "ghosts",
  "show_truth",
];

const { ceil, floor, log10, max, min, round } = Math;
const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;

const powers = (low, high, count) => {
  const step = ceil((high - low) / max(3, count));
  return Array.from({ length: floor((high - low) / step) + 1 }, (_, k) => low + k * step);
};

// Squared bias and variance of several fits, means over the grid, and their mean curve. Of the mean curve's squared
// error, a k-th of the variance is no bias.
function spread(curves, truth) {
  const average = GRID.map((_, k) => mean(curves.map((curve) => curve[k])));
  const variances = average.map((m, k) => curves.reduce((sum, c) => sum + (c[k] - m) ** 2, 0) / (curves.length - 1));
  const variance = mean(variances);
  const off = mean(average.map((m, k) => (m - TRUTHS[truth].f(GRID[k])) ** 2));
  return { average, bias: off - variance / curves.length, variance };
}

// For the tests: points, fit and errors of some settings.
export function fitted(settings) {
  const { x, y } = sample(settings, settings.seed);
  const size = settings.model === "polynomial" ? settings.degree + 1 : settings.width;
  const features = FEATURES[settings.model](x);
  return { x, y, ...fit(settings, features, decomposition(settings, features, size), y) };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const settings = () => Object.fromEntries(TRAITS.map((name) => [name, get(name)]));
  const polynomial = () => get("model") === "polynomial";
  const start = settings();
  let shown = null;
  let later = 0; // the frame in which the missing fits are made

  const frame = createFrame({
    el,
    name: "fit",
    title: "A fit through noisy points",
    label: "A fit through noisy points: the curve, and the errors of models of all sizes",
    onReset: () => put(start),
  });
  frame.addCleanup(() => cancelAnimationFrame(later));
  const above = createPlot(frame.picture, { label: "", aspect: 1.5 });
  const keysAbove = element("div", { class: "nn-legend" });
  frame.picture.append(keysAbove);
  const below = createPlot(frame.picture, { label: "", aspect: 1.5 });
  const keysBelow = element("div", { class: "nn-legend" });
  const hint = element("div", { class: "nn-note" });
  frame.picture.append(keysBelow, hint);
  const key = (name, text) => element("span", {}, element("span", { class: `nn-fit-key nn-fit-${name}` }), text);

  const truth = select({
    label: "True curve",
    name: "truth",
    value: "",
    options: Object.entries(TRUTHS).map(([name, { label }]) => [name, label]),
    onChange: (name) => put({ truth: name }),
  });
  const kind = select({
    label: "Model",
    name: "model",
    value: "",
    options: [
      ["polynomial", "polynomial"],
      ["relu", "random ReLU features"],
    ],
    onChange: (name) => put({ model: name }),
  });
  const setting = (name, label, least, most, more = {}) =>
    slider({
      label,
      name,
      value: most,
      min: least,
      max: most,
      step: 1,
      integer: true,
      hardMin: least,
      hardMax: most,
      onInput: (v) => put({ [name]: v }),
      ...more,
    });
  const degree = setting("degree", "Degree", 0, MAX_DEGREE);
  const width = setting("width", "Width", 1, MAX_WIDTH);
  const points = setting("points", "Points", FEWEST, MOST);
  const noise = setting("noise", "Noise σ", 0, 1, { step: 0.01, integer: false });
  const regularization = select({
    label: "Regularization",
    name: "regularization",
    value: "",
    options: Object.entries(REGULARIZATION),
    onChange: (name) => put({ regularization: name }),
  });
  const penalty = setting("penalty", "Penalty α", LEAST_PENALTY, MOST_PENALTY, {
    log: true,
    step: LEAST_PENALTY,
    integer: false,
    hardMin: 0,
    onInput: (v) => put({ penalty: v === LEAST_PENALTY ? 0 : v }),
  });
  const steps = setting("steps", "Steps", 1, MOST_STEPS, {
    log: true,
    onInput: (v) => put({ steps: v > get("steps") ? ceil(v) : floor(v) }), // at its beginning the range is finer than 1
  });
  const dropout = setting("dropout", "Dropout p", 0, 0.9, { step: 0.01, integer: false });
  const strengths = { ridge: penalty, early_stopping: steps, dropout };

  const bar = (name) => {
    const [filled, level, number] = [element("span", {}), element("i", {}), element("b", {})];
    const track = element("span", { class: `nn-fit-bar nn-fit-${name}`, "aria-hidden": "true" }, filled, level);
    return {
      el: element("div", { class: "nn-fit-error" }, element("span", { text: name }), track, number),
      set(value, noise, full) {
        filled.style.width = `${min(100, (100 * value) / full)}%`;
        level.style.left = `${(100 * noise) / full}%`;
        level.hidden = noise === 0;
        number.textContent = fmt(value, 2);
      },
    };
  };
  const bars = { training: bar("training"), validation: bar("validation") };
  const scale = element("div", { class: "nn-note" });

  const truthShown = checkbox({
    label: "Show the true curve",
    name: "show_truth",
    onChange: (on) => put({ show_truth: on }),
  });
  const again = (count) => put({ seed: (get("seed") + count) % 1e6, ghosts: min(MOST_GHOSTS, get("ghosts") + count) });
  const clear = button({ label: "Clear ghosts", name: "clear", onClick: () => put({ ghosts: 0 }) });
  frame.actions.prepend(
    button({ label: "New sample", name: "sample", onClick: () => again(1) }).el,
    button({ label: "Ten more", name: "ten", onClick: () => again(10) }).el,
    clear.el,
  );
  frame.panel.append(
    group("Mean squared errors", bars.training.el, bars.validation.el, scale),
    truth.el,
    kind.el,
    degree.el,
    width.el,
    points.el,
    noise.el,
    regularization.el,
    ...Object.values(strengths).map((one) => one.el),
    row(truthShown.el),
    frame.actions,
    frame.output,
  );

  // The degree, or the power of ten of the width.
  const place = (size) => (polynomial() ? size - 1 : log10(size));
  const moveTo = (x) =>
    polynomial()
      ? put({ degree: min(MAX_DEGREE, max(0, round(x))) })
      : put({ width: min(MAX_WIDTH, max(1, round(10 ** x))) });
  let before = {};
  frame.addCleanup(
    onDrag(below, {
      sideways: true,
      hit: () => below,
      start(_, p) {
        before = { degree: get("degree"), width: get("width") };
        moveTo(p.x);
      },
      move: (_, p) => moveTo(p.x),
      end: (_, scrolled) => scrolled && put(before),
    }),
  );

  frame.onDraw((colors) => {
    const { now, x, y, current, curves, statistics, sweep, best } = shown;
    const orange = colors.classes[0];
    const reach = 1.5 + 1.5 * now.noise;
    // Curves over the grid, without the pairs that polyline would want: there may be twenty.
    const draw = (curves, color, width, dash = []) => {
      const { ctx } = above;
      ctx.save();
      [ctx.strokeStyle, ctx.lineWidth] = [color, width];
      ctx.setLineDash(dash);
      for (const curve of curves) {
        ctx.beginPath();
        for (let k = 0; k < curve.length; k++) ctx.lineTo(above.px(GRID[k]), above.py(min(9, max(-9, curve[k]))));
        ctx.stroke();
      }
      ctx.restore();
    };
    above.setView([-1, 1], [-reach, reach]);
    above.begin();
    above.clip(() => {
      draw(curves.slice(1), colors.high, 1);
      if (now.show_truth) draw([GRID.map(TRUTHS[now.truth].f)], colors.test, 2, [8, 5]);
      if (statistics) draw([statistics.average], colors.ink, 3, [1, 6]);
      draw([current.curve], colors.classes[1], 2.5);
      x.forEach((at, k) =>
        marker(above.ctx, "square", above.px(at), above.py(y[k]), 5, { fill: orange, stroke: colors.surface }),
      );
    });
    above.axes(colors, { x: { label: "x" }, y: { label: "y" } });

    const height = (error) => log10(max(error, 1e-30));
    const exponents = sweep.map(({ validation }) => height(validation));
    const low = min(LOW, max(LOWEST, floor(min(...exponents))));
    const high = max(HIGH, ceil(max(...exponents)));
    const [first, last] = [place(1), place(polynomial() ? MAX_DEGREE + 1 : MAX_WIDTH)];
    const edge = 0.025 * (last - first);
    below.setView([first - edge, last + edge], [low, high]);
    below.begin();
    below.clip(() => {
      const upright = (x, style) =>
        below.polyline(
          [
            [x, low],
            [x, high],
          ],
          style,
        );
      upright(place(now.points), { color: colors.muted, width: 1.5, dash: [2, 4] });
      if (now.noise > 0)
        below.polyline(
          [
            [first - 1, height(now.noise ** 2)],
            [last + 1, height(now.noise ** 2)],
          ],
          { color: colors.test, width: 1.5, dash: [6, 4] },
        );
      upright(place(current.size), { color: colors.ink, width: 1.5 });
      const line = (name, style) =>
        below.polyline(
          sweep.map((one) => [place(one.size), height(one[name])]),
          style,
        );
      line("training", { color: orange, width: 2, dash: [7, 4] });
      line("validation", { color: colors.classes[1], width: 2.5 });
      if (best)
        marker(below.ctx, "diamond", below.px(place(best.size)), below.py(height(best.validation)), 5, {
          fill: colors.surface,
          stroke: colors.classes[1],
          width: 2,
        });
      const at = (name, shape, color) =>
        marker(below.ctx, shape, below.px(place(current.size)), below.py(height(current[name])), 6, {
          fill: color,
          stroke: colors.surface,
        });
      at("training", "square", orange);
      at("validation", "circle", colors.classes[1]);
    });
    below.axes(colors, {
      x: polynomial()
        ? { label: "degree" }
        : { label: "width", values: () => [1, 2, 5, 10, 20, 50, 100, 200].map(log10), format: (v) => fmt(10 ** v) },
      y: { label: "mean squared error", format: power, values: powers },
    });
  });

  // Decompositions depend on the places of the points and the features alone, fits on all other settings.
  const known = new Map(); // by seed and size
  let [count, madeFor, fitsFor] = [0, "", ""];
  function fitOf(now, seed, size, budget) {
    const sampled = known.get(seed) ?? { made: new Map(), features: FEATURES[now.model](sample(now, seed).x) };
    known.set(seed, sampled);
    if (sampled.fitsFor !== fitsFor) Object.assign(sampled, sample(now, seed), { fitsFor });
    let one = sampled.made.get(size);
    if (!one) {
      if (budget?.left < 0) return null;
      const shorter = min(size, now.points);
      if (budget) budget.left -= shorter * shorter * (max(size, now.points) + shorter);
      one = decomposition(now, sampled.features, size);
      sampled.made.set(size, one);
      count += 1;
    }
    if (one.fitsFor !== fitsFor) Object.assign(one, fit(now, sampled.features, one, sampled.y), { fitsFor });
    return one;
  }

  function show() {
    cancelAnimationFrame(later);
    const now = settings();
    const { points: n, noise: sigma, ghosts, seed, regularization: chosen } = now;
    const features = JSON.stringify([now.model, n, chosen === "dropout" && now.dropout > 0]);
    if (features !== madeFor || count > KEPT) known.clear();
    if (!known.size) count = 0;
    madeFor = features;
    fitsFor = JSON.stringify([now.truth, sigma, chosen, now.penalty, now.steps, now.dropout]);
    const size = polynomial() ? now.degree + 1 : now.width;
    const current = fitOf(now, seed, size);
    const budget = { left: WORK };
    const others = Array.from({ length: ghosts }, (_, k) => fitOf(now, seed - k - 1, size, budget));
    const all = sizesOf(now).map((other) => fitOf(now, seed, other, budget));
    const [ghostly, sweep] = [others, all].map((fits) => fits.filter(Boolean));
    const whole = sweep.length === all.length;
    if (!whole || ghostly.length < ghosts) later = requestAnimationFrame(show);
    const best = whole && sweep.reduce((low, other) => (other.validation < low.validation ? other : low));
    const curves = [current, ...ghostly].map(({ curve }) => curve);
    const statistics = ghosts > 0 && curves.length === ghosts + 1 && spread(curves, now.truth);
    const { x, y } = known.get(seed);
    shown = { now, x, y, current, curves, statistics, sweep, best };

    truth.set(now.truth);
    kind.set(now.model);
    for (const [control, name] of [
      [degree, "degree"],
      [width, "width"],
      [points, "points"],
      [noise, "noise"],
      [penalty, "penalty"],
      [steps, "steps"],
      [dropout, "dropout"],
    ])
      control.set(now[name]);
    degree.el.hidden = !polynomial();
    width.el.hidden = polynomial();
    regularization.set(chosen);
    for (const [name, control] of Object.entries(strengths)) control.el.hidden = name !== chosen;
    truthShown.set(now.show_truth);
    clear.disable(ghosts === 0);
    const level = sigma ** 2;
    const full = mean(GRID.map((x) => TRUTHS[now.truth].f(x) ** 2)) + level;
    bars.training.set(current.training, level, full);
    bars.validation.set(current.validation, level, full);
    write(
      scale,
      `A full bar is ${fmt(full, 2)} or more, the error of a fit that is 0 everywhere${level ? "; the mark is the noise floor" : ""}. Validation is what infinitely many new points would give, to a few percent at the highest degrees.`,
    );
    keysAbove.replaceChildren(
      key("points", "points"),
      key("curve", "fit"),
      ...(now.show_truth ? [key("truth", "true curve")] : []),
      ...(ghosts ? [key("ghost", "ghosts: fits to earlier samples"), key("mean", "mean of all fits")] : []),
    );
    keysBelow.replaceChildren(
      key("training", "training"),
      key("curve", "validation"),
      ...(level ? [key("floor", "noise floor")] : []),
      ...(best ? [key("best", "lowest validation")] : []),
      key("equal", "as many coefficients as points"),
    );
    const axis = polynomial() ? "degree" : "width";
    write(hint, `Drag along the lower picture to change the ${axis}.`);

    const number = (other) => (polynomial() ? other - 1 : other);
    const named = `${polynomial() ? "Degree" : "Width"} ${number(size)} through ${n} points`;
    const through = current.training < 1e-9;
    const odds = now.dropout / (1 - now.dropout);
    const steepest = current.largest ** 2 / n; // eigenvalue, and 1/η
    const overSamples = () => {
      const { bias, variance } = statistics;
      const measured = bias > variance / (ghosts + 1);
      const total = fmt(bias + variance + level, 2);
      const squared = measured ? `about ${fmt(bias, 2)}` : "too small to be measured with so few";
      const sum = measured
        ? `Together they are the mean validation error, ${total}`
        : `The mean validation error is ${total}`;
      return `Over ${ghosts + 1} samples: squared bias ${squared}, variance ${fmt(variance, 2)}, noise ${fmt(level, 2)}. ${sum}.`;
    };
    const [lead, ...lines] = [
      `${named}: training error ${fmt(current.training, 2)}, validation ${fmt(current.validation, 2)}; noise floor ${fmt(level, 2)}.`,
      best
        ? `${polynomial() ? "Validation" : "Of the widths drawn, validation"} is lowest at ${axis} ${number(best.size)}: ${fmt(best.validation, 2)}.`
        : "",
      through
        ? `The curve goes through every point${size > n && chosen === "none" ? "; of all coefficients that make it do so, these have the smallest sum of squares" : ""}.`
        : "",
      {
        none: "",
        ridge: `The penalty adds α = ${String(now.penalty).replace("-", "−")} times the sum of squared coefficients to the training error.`,
        early_stopping: `Gradient descent from 0 stops after ${now.steps === 1 ? "one step" : `${now.steps.toLocaleString("en-US")} steps`}. Learning rate times steps, ηt, is ${fmt(now.steps / steepest)}: this acts much as a penalty α = 1/(ηt) = ${fmt(steepest / now.steps)} does.`,
        dropout: `Dropout, in expectation over all masks: for such a linear model, a ridge penalty of strength p/(1 − p) = ${fmt(odds)} on features of equal length.`,
      }[chosen],
      statistics ? overSamples() : "",
    ];
    frame.say([lead, ...lines]);
    above.describe(
      `${n} noisy points and the curve fitted to them over x from −1 to 1${now.show_truth ? `, beside the true curve, a ${TRUTHS[now.truth].label}` : ""}${ghosts ? `, and the fits to ${ghosts} earlier samples` : ""}. ${lead}`,
    );
    below.describe(
      `Training and validation error on a logarithmic axis over the ${axis}, with a line at ${axis} ${number(size)}. ${lead} ${lines[0]}`,
    );
    frame.redraw();
  }
  frame.table("Show the errors as a table", () => ({
    head: [polynomial() ? "degree" : "width", "training", "validation"],
    rows: shown.sweep.map((one) => [
      polynomial() ? one.size - 1 : one.size,
      fmt(one.training, 2),
      fmt(one.validation, 2),
    ]),
  }));
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

// Gradient descent on all points at once, whose sharpness rises to its limit and stays there.
//
// The traits are `rates` ([[step, learning rate], ...]), `momentum`, `degree`, `seed` and `steps`, how far the run has
// gone. Everything else is worked out from them.

import { button, element, select, slider, row } from "../shared/controls.js";
import { createFrame, createPlayer } from "../shared/frame.js";
import { createPlot, fmt, marker } from "../shared/plot.js";
import { power, tiny } from "../shared/powers.js";
import { createProgram } from "./code.js";
import { Descent, EVERY, MOST, PLACES, rateAt, target } from "./descent.js";
import { spoken, standing } from "./words.js";

const TRAITS = ["rates", "momentum", "degree", "seed", "steps"];
const CHANGES = 100; // of the rate in one run
const [LEAST, LARGEST] = [0.01, 2]; // rate
const SPANS = [500, 1000, 2000, 3000, 4500, MOST]; // steps that a plot shows
const SPEEDS = { 25: "slow", 250: "normal", 2500: "fast" }; // steps a second
const SLICE = 10; // milliseconds of work in a frame
const { ceil, floor, log10, max, min } = Math;

// The losses and the sharpness of a whole run.
export function descend(settings) {
  const run = new Descent(settings);
  while (run.made < settings.steps && !run.diverged) run.step(rateAt(settings.rates, run.made));
  return run;
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const settings = () => Object.fromEntries(TRAITS.map((name) => [name, get(name)]));
  const start = settings();
  // A link may say what Python would have refused.
  const rises = ([step, rate], k) => step === (k && Math.floor(step)) && rate >= LEAST && rate <= LARGEST;
  if (!start.rates.every(rises) || start.rates.some(([step], k) => k && step <= start.rates[k - 1][0]))
    throw new Error("these are no learning rates");
  let run = null;
  let [begun, gone] = ["", ""]; // the settings of the run, and the rates of the steps that it has made
  let pursuit = 0;

  const frame = createFrame({
    el,
    name: "edge",
    title: "The edge of stability",
    label: "The edge of stability: the sharpness of a loss during gradient descent",
    onReset() {
      player.pause();
      run = null;
      put(start);
      show();
    },
  });
  const key = (name, text) => element("span", {}, element("span", { class: `nn-edge-key nn-edge-${name}` }), text);
  const above = createPlot(frame.picture, { label: "", aspect: 1.4 });
  const legend = element("div", { class: "nn-legend" }, key("sharpness", "sharpness"), key("limit", "its limit"));
  frame.picture.append(legend);
  const below = createPlot(frame.picture, { label: "", aspect: 1.55 });

  // ---- controls

  const rate = slider({
    label: "Learning rate η",
    name: "rate",
    value: 0.4,
    min: 0.02,
    max: 1,
    step: 0.01,
    hardMin: LEAST,
    hardMax: LARGEST,
    log: true,
    onInput(v) {
      const [made, rates] = [get("steps"), get("rates")];
      const kept = rates.filter(([from]) => from < made);
      if (kept.length < CHANGES) put({ rates: [...kept, [made, v]] });
      else put({ rates: [[0, v]], steps: 0 });
    },
  });
  // What changes the run from its beginning.
  const anew = (changes) => put({ rates: [[0, rateAt(get("rates"), MOST)]], steps: 0, ...changes });
  const momentum = slider({
    label: "Momentum μ",
    name: "momentum",
    value: 0,
    min: 0,
    max: 0.95,
    step: 0.05,
    hardMin: 0,
    hardMax: 0.95,
    onInput: (v) => anew({ momentum: v }),
  });
  const degree = slider({
    label: "Degree of the curve",
    name: "degree",
    value: 4,
    min: 1,
    max: 6,
    step: 1,
    integer: true,
    hardMin: 1,
    hardMax: 6,
    onInput: (v) => anew({ degree: v }),
  });
  const speed = select({
    label: "Speed",
    name: "speed",
    value: "250",
    options: Object.entries(SPEEDS).map(([steps, name]) => [steps, `${name}: ${steps} steps a second`]),
    onChange() {},
  });

  const over = () => run.diverged || run.made >= MOST;
  let due = 0;
  const player = createPlayer(frame, {
    tick(seconds) {
      due += seconds * Number(speed.value);
      const wanted = floor(due);
      due -= wanted;
      if (wanted) {
        advance(min(MOST, run.made + wanted));
        put({ steps: run.made });
      }
      return !over();
    },
    onChange(playing) {
      play.setLabel(playing ? "Pause" : "Play");
    },
  });
  const play = button({
    label: "Play",
    name: "play",
    primary: true,
    onClick() {
      if (player.playing) return player.pause();
      due = 0;
      if (over()) anew({});
      player.play();
    },
  });
  const step = button({
    label: "Step",
    name: "step",
    onClick() {
      player.pause();
      put({ steps: get("steps") + 1 });
    },
  });
  const again = button({
    label: "To the start",
    name: "restart",
    onClick() {
      player.pause();
      anew({});
    },
  });
  const other = button({
    label: "Other first weights",
    name: "seed",
    onClick() {
      player.pause();
      anew({ seed: (get("seed") + 1) % 1e6 });
    },
  });
  frame.actions.prepend(play.el, step.el, again.el);
  frame.panel.append(rate.el, frame.actions, speed.el, frame.output, momentum.el, degree.el, row(other.el));
  const fit = createPlot(frame.panel, { label: "", aspect: 1.7 });

  // ---- the run

  // Up to `goal` steps, as far as the time of a frame allows.
  function advance(goal) {
    const rates = get("rates");
    const end = performance.now() + SLICE;
    while (run.made < goal && !run.diverged && performance.now() < end) run.step(rateAt(rates, run.made));
    gone = past(rates);
  }
  const past = (rates) => JSON.stringify(rates.filter(([from]) => from < run.made));

  // The steps that somebody else has asked for: Python, a link, or the button for one.
  function pursue() {
    pursuit = 0;
    advance(get("steps"));
    if (run.diverged) put({ steps: run.made });
    else if (run.made < get("steps")) pursuit = requestAnimationFrame(pursue);
    tell();
  }
  frame.addCleanup(() => cancelAnimationFrame(pursuit));

  function show() {
    const now = settings();
    const asked = JSON.stringify([now.degree, now.momentum, now.seed]);
    if (!run || asked !== begun || run.made > now.steps || past(now.rates) !== gone) {
      run = new Descent(now);
      [begun, gone] = [asked, past(now.rates)];
    }
    rate.set(rateAt(now.rates, MOST));
    momentum.set(now.momentum);
    degree.set(now.degree);
    cancelAnimationFrame(pursuit);
    pursue();
  }

  // ---- pictures and words

  const limitOf = (eta) => (2 * (1 + get("momentum"))) / eta;

  // The last line ends in a mark.
  function drawSteps(plot, colors, { y, axis, lines }) {
    const span = SPANS.find((n) => n >= run.made);
    plot.setView([-0.01 * span, 1.02 * span], y);
    plot.begin();
    plot.clip(() => {
      for (const [points, look] of lines) plot.polyline(points, look);
      const [points, { color }] = lines.at(-1);
      const [x, height] = points.at(-1);
      marker(plot.ctx, "circle", plot.px(x), plot.py(height), 4, { fill: color, stroke: colors.plot });
    });
    plot.axes(colors, { x: { label: "step" }, y: axis });
  }

  frame.onDraw((colors) => {
    const [rates, { losses, sharpness }] = [get("rates"), run];
    const span = SPANS.find((n) => n >= run.made);
    const used = rates.filter(([from]) => from <= run.made);
    const ends = used.slice(1).map(([from]) => from);
    const limits = used.flatMap(([from, eta], k) => [from, ends[k] ?? span].map((at) => [at, limitOf(eta)]));
    const top = max(limitOf(rateAt(rates, MOST)), ...sharpness.slice(-200), 1e-3);
    drawSteps(above, colors, {
      y: [0, 1.25 * top],
      axis: { label: "sharpness" },
      lines: [
        [limits, { color: colors.classes[0], width: 2, dash: [7, 5] }],
        [sharpness.map((value, k) => [EVERY * k, value]), { color: colors.classes[1], width: 2 }],
      ],
    });
    const heights = losses.map((loss, t) => [t, log10(min(1e30, max(loss, 1e-16)))]);
    const [low, high] = heights.reduce(([a, b], [, h]) => [min(a, h), max(b, h)], [-1, 0]);
    const wholes = (from, to, count) => {
      const gap = ceil((to - from) / max(2, count));
      return Array.from({ length: floor((floor(to) - ceil(from)) / gap) + 1 }, (_, k) => ceil(from) + k * gap);
    };
    drawSteps(below, colors, {
      y: [floor(low) - 0.1, min(high, 3) + 0.2],
      axis: { label: "loss", format: power, values: wholes },
      lines: [[heights, { color: colors.test, width: 1.3 }]],
    });
    drawFit(colors);
  });

  function drawFit(colors) {
    const { network } = run;
    const grid = Float64Array.from({ length: 121 }, (_, k) => -1 + k / 60);
    const learned = network.forward(grid, grid.length, network.workspace(grid.length));
    fit.setView([-1.08, 1.08], [-1.5, 1.5]);
    fit.begin();
    fit.clip(() => {
      if (!run.diverged)
        fit.polyline(
          Array.from(grid, (x, k) => [x, learned[k]]),
          { color: colors.classes[1], width: 2 },
        );
      for (const x of PLACES)
        marker(fit.ctx, "circle", fit.px(x), fit.py(target(get("degree"), x)), 3.5, {
          fill: colors.surface,
          stroke: colors.ink,
        });
    });
    fit.axes(colors, { x: { label: "x" }, y: { label: "y" } });
  }

  function tell() {
    const now = settings();
    step.disable(over());
    again.disable(run.made === 0 && now.rates.length === 1);
    const eta = rateAt(now.rates, MOST);
    const lines = standing(run, limitOf(eta), now.momentum);
    frame.say(lines);
    above.describe(`The sharpness after each step, and its limit as a dashed line. ${lines.slice(0, 2).join(" ")}`);
    below.describe(`The loss after each step, on a logarithmic axis. ${spoken(run)}`);
    fit.describe(`Twenty points of a polynomial of degree ${now.degree}, and the network’s curve through them.`);
    frame.redraw();
  }
  frame.table("Show the numbers as a table", () => {
    const [rates, { losses, sharpness, made }] = [get("rates"), run];
    const gap = EVERY * ceil(max(1, made / EVERY / 20));
    const shown = Array.from({ length: floor(made / gap) + 1 }, (_, k) => k * gap).filter(
      (t) => t / EVERY in sharpness,
    );
    return {
      head: ["step", "η", "limit", "sharpness", "loss"],
      rows: shown.map((t) => {
        const eta = rateAt(rates, t);
        return [t, fmt(eta), fmt(limitOf(eta)), fmt(sharpness[t / EVERY]), tiny(losses[t], 3)];
      }),
    };
  });
  createProgram(frame, settings);
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

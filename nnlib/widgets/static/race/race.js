// Optimizers that race downhill from one start, on the map of a loss of two weights.
//
// The traits are `surface`, `start`, `optimizers`, `rates` (of all four), `momentum`, `condition` and `angle` (of the
// ravine), `standardized` (of the line) and `steps`, how far the race has gone. Everything else is worked out from them.

import { button, checkbox, element, group, row, select, slider, write } from "../shared/controls.js";
import { createFrame, createPlayer } from "../shared/frame.js";
import { createPlot, fmt, marker, onDrag, ticks } from "../shared/plot.js";
import { power, tiny } from "../shared/powers.js";
import { createProgram } from "./code.js";
import { createContours, label } from "./contours.js";
import { MOST, OPTIMIZERS, STARTS, TARGET, arrival, descend, fastest, surfaceOf } from "./surfaces.js";
import { amount, directions, finish, predicted, round, standing } from "./words.js";

const TRAITS = ["surface", "start", "optimizers", "rates", "momentum", "condition", "angle", "standardized", "steps"];
const SURFACES = {
  bowl: "a round bowl",
  ravine: "a ravine",
  saddle: "a saddle",
  rosenbrock: "Rosenbrock’s valley",
  line: "fitting a line",
  network: "a network of one tanh unit",
};
const NAMES = Object.keys(OPTIMIZERS);
const LABELS = NAMES.map((name) => name[0].toUpperCase() + name.slice(1));
const SHAPES = ["circle", "square", "diamond", "triangle"];
const GLYPHS = "●■◆▲";
const DASHES = [[], [8, 4], [2, 4], [9, 4, 2, 4]];
const SPANS = [25, 50, 100, 200, 500]; // steps that a plot shows
const [PACE, GAIN] = [8, 1.5]; // steps a second at first, and by what that grows in a second
const [FLOOR, DONE] = [1e-8, 1e-7]; // what is below is drawn at the bottom; a run that has come there has arrived
const HINT = "Drag the ring, or click, to start elsewhere.";
const { abs, ceil, floor, hypot, log10, max, min } = Math;
const lowest = power(log10(FLOOR));

// The surface, and the run of each chosen optimizer: { name, k, rate, path, losses, end }.
export function race(settings) {
  const surface = surfaceOf(settings);
  const racers = NAMES.map((name, k) => ({ name, k, rate: settings.rates[k] }));
  const runs = racers
    .filter(({ name }) => settings.optimizers.includes(name))
    .map((racer) => ({ ...racer, ...descend(surface, racer.name, { ...settings, rate: racer.rate }) }));
  return { surface, runs };
}

// Each optimizer's best learning rate.
export function tuned(settings) {
  const surface = surfaceOf(settings);
  return NAMES.map((name, k) => fastest(surface, name, { ...settings, rate: settings.rates[k] }));
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const settings = () => Object.fromEntries(TRAITS.map((name) => [name, get(name)]));
  const start = settings();
  let surface = null;
  let runs = [];

  const frame = createFrame({
    el,
    name: "race",
    title: "Optimizer race",
    label: "Optimizer race: four ways down the map of a loss",
    onReset() {
      player.pause();
      put(start);
    },
  });
  const map = createPlot(frame.picture, { label: "", aspect: 1.32 });
  const note = element("div", { class: "nn-note", text: HINT });
  frame.picture.append(note);
  const below = createPlot(frame.picture, { label: "", aspect: 1.7 });
  frame.picture.append(element("div", { class: "nn-note", text: `What is below ${lowest} is drawn at ${lowest}.` }));
  const plots = element("div", { class: "nn-race-plots" });
  const part = () => {
    const place = element("div");
    plots.append(place);
    return { place, plot: createPlot(place, { label: "", aspect: 1.5 }) };
  };
  const fit = part();
  const errors = [part(), part()];
  const contours = createContours();

  // ---- controls

  const chosen = select({
    label: "Surface",
    name: "surface",
    value: "",
    options: Object.entries(SURFACES),
    onChange(name) {
      put({ surface: name, start: STARTS[name], steps: 0 });
      tune();
    },
  });
  const condition = slider({
    label: "Condition number",
    name: "condition",
    value: 25,
    min: 1,
    max: 1000,
    hardMin: 1,
    hardMax: 1000,
    log: true,
    onInput: (v) => put({ condition: v }),
  });
  const angle = slider({
    label: "Angle of its floor, °",
    name: "angle",
    value: 0,
    min: -90,
    max: 90,
    step: 1,
    hardMin: -90,
    hardMax: 90,
    onInput: (v) => put({ angle: v }),
  });
  const standardized = checkbox({
    label: "Standardize x: mean 0, standard deviation 1",
    name: "standardized",
    onChange(on) {
      put({ standardized: on }); // another shape, and so other best rates
      tune();
    },
  });
  const places = [0, 1].map((k) =>
    slider({
      label: "",
      name: `start${k + 1}`,
      value: 0,
      min: -4,
      max: 4,
      step: 0.05,
      hardMin: -10,
      hardMax: 10,
      onInput: (v) => put({ start: get("start").map((old, j) => (j === k ? v : old)) }),
    }),
  );
  const key = (k) => element("span", { class: `nn-race-${k}`, "aria-hidden": "true", text: `${GLYPHS[k]} ` });
  const shown = NAMES.map((name, k) => {
    const box = checkbox({
      label: LABELS[k],
      name: `show-${name}`,
      onChange: (on) => put({ optimizers: NAMES.filter((n) => (n === name ? on : get("optimizers").includes(n))) }),
    });
    box.el.lastChild.before(key(k));
    return box;
  });
  const rates = NAMES.map((name, k) => {
    const control = slider({
      label: `${LABELS[k]} η`,
      name: `rate-${name}`,
      value: 0.1,
      min: 1e-4,
      max: 10,
      step: 1e-4,
      hardMin: 1e-4,
      hardMax: 10,
      log: true,
      onInput: (v) => put({ rates: get("rates").map((old, j) => (j === k ? v : old)) }),
    });
    return control;
  });
  const momentum = slider({
    label: "Momentum μ",
    name: "momentum",
    value: 0.9,
    min: 0,
    max: 0.99,
    step: 0.01,
    hardMin: 0,
    hardMax: 0.999,
    onInput: (v) => put({ momentum: v }),
  });
  const steps = slider({
    label: "Step",
    name: "steps",
    value: 0,
    min: 0,
    max: MOST,
    step: 1,
    integer: true,
    hardMin: 0,
    hardMax: MOST,
    onInput(n) {
      player.pause();
      put({ steps: n });
    },
  });

  const over = (made) => made >= MOST || runs.every(({ losses, end }) => end <= made || losses[made] < DONE);
  let [due, pace] = [0, PACE];
  const player = createPlayer(frame, {
    tick(seconds) {
      due += seconds * pace;
      pace *= GAIN ** seconds;
      const wanted = floor(due);
      due -= wanted;
      for (let k = 0; k < wanted && !over(get("steps")); k++) model.set({ steps: get("steps") + 1 });
      if (wanted) model.save_changes();
      return !over(get("steps"));
    },
    onChange: (playing) => play.setLabel(playing ? "Pause" : "Play"),
  });
  const play = button({
    label: "Play",
    name: "play",
    primary: true,
    onClick() {
      if (player.playing) return player.pause();
      [due, pace] = [0, PACE];
      if (over(get("steps"))) put({ steps: 0 });
      player.play();
    },
  });
  const step = button({
    label: "Step",
    name: "step",
    onClick() {
      player.pause();
      put({ steps: min(MOST, get("steps") + 1) });
    },
  });
  const again = button({
    label: "To the start",
    name: "restart",
    onClick() {
      player.pause();
      put({ steps: 0 });
    },
  });
  const best = button({ label: "Best rates from here", name: "best", onClick: tune });
  frame.actions.prepend(play.el, step.el, again.el);
  const racers = group(
    "Learning rate η of each",
    ...shown.map(({ el: box }, k) => element("div", { class: "nn-race-row" }, box, rates[k].el)),
    momentum.el,
    row(best.el),
    element("div", {
      class: "nn-note",
      text: "Each step has the exact gradient, without the noise of batches. RMSprop has α = 0.99, Adam β = 0.9 and 0.999, the defaults of nnlib and PyTorch.",
    }),
  );
  const formula = element("div", { class: "nn-note" });
  frame.panel.append(
    chosen.el,
    formula,
    condition.el,
    angle.el,
    row(standardized.el),
    frame.actions,
    steps.el,
    racers,
    group("Start", ...places.map(({ el: control }) => control)),
  );
  frame.body.append(frame.output, plots);

  function tune() {
    put({ rates: tuned(settings()) });
  }

  // ---- the pictures

  const inside = ({ x, y }) => {
    const [a, b] = surface.view;
    return [min(a[1], max(a[0], x)), min(b[1], max(b[0], y))].map((v) => Number(v.toFixed(2)));
  };
  frame.addCleanup(
    onDrag(map, {
      hit(p) {
        const [x, y] = get("start");
        return hypot(p.px - map.px(x), p.py - map.py(y)) < 24 ? { dx: x - p.x, dy: y - p.y } : null;
      },
      move: ({ dx, dy }, p) => put({ start: inside({ x: p.x + dx, y: p.y + dy }) }),
      click: (p) => put({ start: inside(p) }),
      hover(p) {
        const [a, b] = surface.names;
        write(note, `${a} = ${fmt(p.x, 2)}, ${b} = ${fmt(p.y, 2)}: loss ${tiny(surface.loss(p.x, p.y), 2)}`);
      },
      leave: () => write(note, HINT),
    }),
  );

  const hues = (colors) => [colors.ink, ...colors.classes, colors.test];
  const mark = (ctx, k, x, y, radius, colors) =>
    marker(ctx, SHAPES[k], x, y, radius, { fill: hues(colors)[k], stroke: colors.plot, width: 1.5 });

  function drawMap(colors) {
    const { ctx } = map;
    const [x, y] = get("start");
    const [[x0, x1], [y0, y1]] = surface.view;
    map.setView([min(x0, x), max(x1, x)], [min(y0, y), max(y1, y)], { equal: true });
    map.begin();
    const axes = surface.modes && !round(surface.modes) ? surface.modes.map(axisOf) : [];
    map.clip(() => {
      contours.draw(map, colors, {
        key: TRAITS.slice(5, 8).concat("surface").map(get),
        height: (a, b) => log10(max(1e-4, surface.loss(a, b) - surface.least)),
        taken: axes.map(({ name }) => name),
      });
      for (const { ends } of axes) map.polyline(ends, { color: colors.muted, width: 1, dash: [3, 5] });
      axes.forEach(({ name }, k) => label(ctx, directions(surface.modes)[k].split(" ")[0], name.x, name.y, colors));
      contours.name(map, colors);
      for (const [a, b] of surface.minima) {
        ctx.fillStyle = colors.ink;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillText("✕", map.px(a), map.py(b) + 1);
      }
      for (const { k, path, end } of runs) {
        const trail = path.slice(0, 1 + min(get("steps"), end < Infinity ? lastSeen(path) + 1 : MOST));
        map.polyline(trail, { color: colors.plot, width: 4 });
        map.polyline(trail, { color: hues(colors)[k], width: 1.8 });
        if (trail.length < 150)
          for (const [a, b] of trail) marker(ctx, SHAPES[k], map.px(a), map.py(b), 2, { fill: hues(colors)[k] });
      }
      marker(ctx, "circle", map.px(x), map.py(y), 9, { stroke: colors.plot, width: 5 });
      marker(ctx, "circle", map.px(x), map.py(y), 9, { stroke: colors.ink, width: 2 });
      for (const { k, path } of runs) {
        const [a, b] = path[min(get("steps"), path.length - 1)];
        mark(ctx, k, map.px(a), map.py(b), 6, colors);
      }
    });
    const [a, b] = surface.names;
    map.axes(colors, { x: { label: a, values: (low, high, n) => ticks(low, high, max(5, n)) }, y: { label: b } });
  }

  // The last step of a run on the map: one that swings ever wider would blacken it.
  const lastSeen = (path) => {
    const { x, y } = map.view;
    return path.findLastIndex(([a, b]) => a >= x[0] && a <= x[1] && b >= y[0] && b <= y[1]);
  };

  // The line through the minimum in an eigendirection, and the place of its name, where it leaves the map to the right.
  function axisOf({ direction }) {
    const d = direction[0] < 0 ? direction.map((v) => -v) : direction;
    const [minimum] = surface.minima;
    const along = (far) => minimum.map((at, k) => at + far * d[k]);
    const { x, y } = map.view;
    const reach = [x, y].map((range, k) => (range[d[k] < 0 ? 0 : 1] - minimum[k]) / (d[k] || 1e-9));
    const [a, b] = along(0.8 * min(...reach.map(abs)));
    return { ends: [along(-20), along(20)], name: { x: map.px(a), y: map.py(b) } };
  }

  // A value of each run after each step, on a logarithmic axis.
  function drawSteps(plot, colors, label, of, goal) {
    const made = get("steps");
    const span = SPANS.find((n) => n >= made);
    const curves = runs.map((run) => ({
      k: run.k,
      points: run.path.slice(0, made + 1).map((w, t) => [t, log10(min(1e30, max(FLOOR, of(run, t, w))))]),
    }));
    const first = curves[0].points[0][1];
    const values = curves.flatMap(({ points }) => points.map(([, v]) => v));
    const low = floor(min(...values, first - 1, goal ?? 0)) - 0.2;
    plot.setView([-0.03 * span, 1.04 * span], [low, min(ceil(max(...values)), ceil(first) + 2) + 0.2]);
    plot.begin();
    plot.clip(() => {
      if (goal !== undefined)
        plot.polyline(
          [
            [0, goal],
            [span, goal],
          ],
          { color: colors.muted, width: 1, dash: [3, 5] },
        );
      for (const { k, points } of curves) plot.polyline(points, { color: hues(colors)[k], width: 2, dash: DASHES[k] });
      for (const { k, points } of curves) {
        const [t, v] = points.at(-1);
        mark(plot.ctx, k, plot.px(t), plot.py(v), 5, colors);
      }
    });
    const whole = (low_, high, count) => {
      const gap = ceil((high - low_) / max(2, count));
      return Array.from({ length: floor((floor(high) - ceil(low_)) / gap) + 1 }, (_, k) => ceil(low_) + k * gap);
    };
    plot.axes(colors, { x: { label: "step" }, y: { label, format: power, values: whole } });
  }

  function drawFit(colors) {
    const { plot } = fit;
    const { data, output } = surface;
    const [xs, ys] = [0, 1].map((k) => data.map((point) => point[k]));
    const around = (list) => {
      const [low, high] = [min(...list), max(...list)];
      return [low - 0.3 * (high - low), high + 0.3 * (high - low)];
    };
    const [x, y] = [around(xs), around(ys)];
    plot.setView(x, y);
    plot.begin();
    plot.clip(() => {
      const grid = Array.from({ length: 61 }, (_, k) => x[0] + ((x[1] - x[0]) * k) / 60);
      for (const { k, path } of runs) {
        const [a, b] = path[min(get("steps"), path.length - 1)];
        plot.polyline(
          grid.map((at) => [at, output(a, b, at)]),
          { color: hues(colors)[k], width: 2, dash: DASHES[k] },
        );
        mark(plot.ctx, k, plot.px(grid[57 - 3 * k]), plot.py(output(a, b, grid[57 - 3 * k])), 5, colors);
      }
      for (const [a, b] of data)
        marker(plot.ctx, "circle", plot.px(a), plot.py(b), 4, { fill: colors.surface, stroke: colors.ink });
    });
    plot.axes(colors, {
      x: { label: get("standardized") && get("surface") === "line" ? "x, standardized" : "x" },
      y: { label: "y", values: (low, high, n) => ticks(low, high, max(3, n)) },
    });
  }

  frame.onDraw((colors) => {
    drawMap(colors);
    const height = surface.least > 0 ? "loss − minimum" : "loss";
    drawSteps(below, colors, height, ({ losses }, t) => losses[t], log10(TARGET));
    if (surface.data) drawFit(colors);
    if (surface.modes)
      errors.forEach(({ plot }, k) =>
        drawSteps(plot, colors, `error, ${directions(surface.modes)[k]}`, (_, t, w) => along(w, k)),
      );
  });
  // The distance from the minimum along an eigendirection.
  const along = (w, k) => {
    const [minimum] = surface.minima;
    return abs(surface.modes[k].direction.reduce((sum, d, j) => sum + d * (w[j] - minimum[j]), 0));
  };

  let worked = "";
  function show() {
    const now = settings();
    const { steps: made, ...rest } = now;
    const asked = JSON.stringify(rest);
    if (asked !== worked) ({ surface, runs } = race(now));
    worked = asked;

    const ravine = now.surface === "ravine";
    chosen.set(now.surface);
    write(formula, `Loss: ${surface.formula}.`);
    condition.el.hidden = angle.el.hidden = !ravine;
    condition.set(now.condition);
    angle.set(now.angle);
    standardized.el.parentNode.hidden = now.surface !== "line";
    standardized.set(now.standardized);
    NAMES.forEach((name, k) => {
      const on = now.optimizers.includes(name);
      shown[k].set(on);
      shown[k].el.firstChild.disabled = on && runs.length === 1; // somebody must race
      rates[k].el.hidden = !on;
      rates[k].set(now.rates[k]);
    });
    momentum.el.hidden = !now.optimizers.includes("momentum");
    momentum.set(now.momentum);
    places.forEach((control, k) => {
      control.setLabel(surface.names[k]);
      control.setRange(...surface.view[k]);
      control.set(now.start[k]);
    });
    steps.set(made);
    step.disable(made >= MOST);
    again.disable(made === 0);
    fit.place.hidden = !surface.data;
    for (const { place } of errors) place.hidden = !surface.modes;

    const lines = [
      standing(runs, made, surface.least),
      finish(runs, made),
      ...(surface.modes ? predicted(runs, surface.modes, now.momentum) : []),
    ];
    frame.say(lines);
    const which = `${runs.length} optimizer${runs.length === 1 ? "" : "s"}`;
    const from = surface.names.map((name, k) => `${name} = ${fmt(now.start[k])}`).join(", ");
    const shape = ravine ? ` of condition number ${fmt(now.condition)} at an angle of ${fmt(now.angle)}°` : "";
    map.describe(
      `Contour map of ${SURFACES[now.surface]}${shape} with the paths of ${which} from ${from}. ${lines[0]}`,
    );
    below.describe(`The loss of each optimizer after each step, on a logarithmic axis. ${lines[0]} ${lines[1]}`);
    fit.plot.describe(`The points to fit, and what each optimizer has made of them. ${lines[0]}`);
    errors.forEach(({ plot }, k) => {
      const where = surface.modes ? directions(surface.modes)[k] : "";
      const each = surface.modes
        ? runs.map((run) => `${run.name} ${amount(along(run.path[min(made, run.path.length - 1)], k))}`)
        : [];
      plot.describe(`The error along the ${where} after each step, on a logarithmic axis. Now: ${each.join(", ")}.`);
    });
    frame.redraw();
  }
  frame.table("Show the numbers as a table", () => ({
    head: [
      "optimizer",
      "η",
      ...surface.names,
      surface.least > 0 ? "loss − minimum" : "loss",
      `below ${TARGET} from step`,
    ],
    rows: runs.map((run) => {
      const made = min(get("steps"), run.path.length - 1);
      const came = arrival(run);
      const w = run.path[made].map((v) => fmt(v));
      return [
        run.name,
        fmt(run.rate),
        ...w,
        amount(run.losses[made], 3),
        run.end <= made ? "diverged" : came <= made ? came : "not yet",
      ];
    }),
  }));
  createProgram(frame, settings, () => ({ surface, runs }));
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

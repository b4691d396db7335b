// One LSTM unit worked by hand, with a goal: remember the value of step 2 until step 12, and say nothing before.
//
// The traits are `weight_ih` (rows for the gates i, f, g, o; columns for x, the write flag and the read flag),
// `weight_hh`, `bias` and `x`. Everything else is worked out from them.

import { createFrame } from "../shared/frame.js";
import { createPlot, fmt, marker, onDrag, ramp } from "../shared/plot.js";
import { button, element, group, select, slider } from "../shared/controls.js";
import { sigmoid } from "../shared/activations.js";

const [STEPS, WRITE, READ, LIMIT] = [12, 2, 12, 20];
const GATES = ["i", "f", "g", "o"];
const NAMES = { i: "input gate i", f: "forget gate f", g: "candidate g", o: "output gate o" };
const INPUTS = ["x", "write flag", "read flag"];
const DISTRACTION = [0.6, 0, -0.8, 0.5, -0.3, 0.9, -0.6, 0.2, -0.9, 0.7, 0.4, -0.5];
// One that works: the flags open and close the gates, and in between the cell keeps what it has.
const SOLUTION = {
  weight_ih: [
    [0, 12, 0],
    [0, -12, 0],
    [3, 0, 0],
    [0, 0, 12],
  ],
  weight_hh: [0, 0, 0, 0],
  bias: [-6, 6, 0, -6],
};

const { abs, max, min, tanh } = Math;

// For each step the gates, the cell state and the output.
export function runCell({ weight_ih, weight_hh, bias, x }) {
  let [c, h] = [0, 0];
  return x.map((value, t) => {
    const inputs = [value, t === WRITE - 1 ? 1 : 0, t === READ - 1 ? 1 : 0];
    const z = GATES.map(
      (_, k) => bias[k] + weight_hh[k] * h + inputs.reduce((sum, v, j) => sum + weight_ih[k][j] * v, 0),
    );
    const [i, f, o] = [sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[3])];
    const g = tanh(z[2]);
    const before = c;
    c = f * c + i * g;
    h = o * tanh(c);
    return { z, i, f, g, o, before, c, h };
  });
}

// The goal is tried on sequences that the reader does not see: other values, other distractions.
export function goals(weights) {
  const trials = [1, -1, 0.6, -0.6].map((value, n) => {
    const x = DISTRACTION.map((v, t) => (t === WRITE - 1 ? value : n % 2 ? -v : v));
    return { value, steps: runCell({ ...weights, x }) };
  });
  const quiet = max(...trials.flatMap(({ steps }) => steps.slice(0, READ - 1).map(({ h }) => abs(h))));
  const wrong = trials.filter(({ value, steps }) => steps[READ - 1].h * value <= 0).length;
  const faint = min(...trials.map(({ steps }) => abs(steps[READ - 1].h)));
  return [
    {
      met: wrong === 0,
      text: wrong
        ? `The sign at step ${READ} is right for ${4 - wrong} of 4 values.`
        : `The sign at step ${READ} is right for 4 of 4 values.`,
    },
    {
      met: wrong === 0 && faint >= 0.5,
      text: `The output at step ${READ} is at least 0.5 in size (now ${fmt(faint, 2)} at its smallest).`,
    },
    { met: quiet <= 0.1, text: `Before, the output stays below 0.1 in size (now up to ${fmt(quiet, 2)}).` },
  ];
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const TRAITS = ["weight_ih", "weight_hh", "bias", "x"];
  const weights = () => Object.fromEntries(TRAITS.map((name) => [name, get(name)]));
  const start = weights();
  let gate = 1;
  let chosen = WRITE - 1;
  let steps = [];

  const frame = createFrame({
    el,
    name: "memory",
    title: "An LSTM cell, by hand",
    label: "LSTM cell by hand: set the gates so that it remembers",
    stacked: true,
    onReset() {
      [gate, chosen] = [1, WRITE - 1];
      put(start);
    },
  });
  const key = (name, text) =>
    element("span", {}, element("span", { class: `nn-memory-key nn-memory-${name}` }), ` ${text}`);
  const above = createPlot(frame.picture, { label: "", aspect: 2.5 });
  const strips = createPlot(frame.picture, { label: "", aspect: 3.4, axes: true });
  const below = createPlot(frame.picture, { label: "", aspect: 2 });
  frame.picture.append(
    element("div", { class: "nn-legend" }, key("x", "input x"), key("c", "cell state c"), key("h", "output h")),
    element("div", { class: "nn-note", text: "Click a step to see its numbers; drag a bar to change its input." }),
  );

  const goal = element("ul", { class: "nn-goal" });
  const which = select({
    label: "Gate",
    name: "gate",
    options: GATES.map((g, k) => [String(k), NAMES[g]]),
    value: "1",
    onChange: (k) => {
      gate = Number(k);
      show();
    },
  });
  const range = { value: 0, min: -12, max: 12, step: 0.1, hardMin: -LIMIT, hardMax: LIMIT };
  const bias = slider({
    ...range,
    label: "bias",
    name: "bias",
    onInput: (v) => put({ bias: get("bias").map((old, k) => (k === gate ? v : old)) }),
  });
  const fromInput = INPUTS.map((label, j) =>
    slider({
      ...range,
      label,
      name: `input${j}`,
      onInput: (v) =>
        put({ weight_ih: get("weight_ih").map((old, k) => (k === gate ? old.map((w, m) => (m === j ? v : w)) : old)) }),
    }),
  );
  const fromState = slider({
    ...range,
    label: "last output h",
    name: "state",
    onInput: (v) => put({ weight_hh: get("weight_hh").map((old, k) => (k === gate ? v : old)) }),
  });
  const step = slider({
    label: "Step t",
    name: "step",
    value: 2,
    min: 1,
    max: STEPS,
    step: 1,
    integer: true,
    hardMin: 1,
    hardMax: STEPS,
    onInput: (t) => choose(t - 1),
  });
  const value = slider({
    label: "x",
    name: "value",
    value: 0,
    min: -1,
    max: 1,
    step: 0.05,
    hardMin: -1,
    hardMax: 1,
    onInput: (v) => setInput(chosen, v),
  });
  const column = (...parts) => element("div", { class: "nn-memory-column" }, ...parts);
  frame.actions.prepend(button({ label: "Show a solution", name: "solve", onClick: () => put(SOLUTION) }).el);
  frame.panel.append(
    column(group(`Goal: keep step ${WRITE}’s value until step ${READ}`, goal), group("One step", step.el, value.el)),
    column(
      group("One gate: weights and bias", which.el, bias.el, ...fromInput.map((s) => s.el), fromState.el),
      frame.actions,
    ),
    frame.output,
  );

  function choose(t) {
    chosen = min(STEPS - 1, max(0, t));
    show();
  }
  function setInput(t, v) {
    put({ x: get("x").map((old, j) => (j === t ? v : old)) });
  }
  const stepAt = (p) => Math.round(p.x) - 1;
  for (const plot of [strips, below])
    frame.addCleanup(onDrag(plot, { hit: () => null, move() {}, click: (p) => choose(stepAt(p)) }));
  frame.addCleanup(
    onDrag(above, {
      hit(p) {
        const t = stepAt(p);
        if (t < 0 || t >= STEPS) return null;
        return abs(p.py - above.py(get("x")[t])) < 20 ? { t, offset: get("x")[t] - p.y } : null;
      },
      start: ({ t }) => choose(t),
      move: ({ t, offset }, p) => setInput(t, Number(min(1, max(-1, p.y + offset)).toFixed(2))),
      click: (p) => choose(stepAt(p)),
    }),
  );

  const span = [0.4, STEPS + 0.6];
  const shade = (plot, colors) => {
    plot.ctx.fillStyle = colors.line;
    plot.ctx.fillRect(
      plot.px(chosen + 0.55),
      plot.area.top,
      plot.px(chosen + 1.45) - plot.px(chosen + 0.55),
      plot.area.height,
    );
  };
  frame.onDraw((colors) => {
    const x = get("x");
    above.setView(span, [-1.2, 1.7]);
    above.begin();
    above.clip(() => {
      const { ctx } = above;
      shade(above, colors);
      above.polyline(
        [
          [0, 0],
          [STEPS + 1, 0],
        ],
        { color: colors.muted, width: 1 },
      );
      const half = (0.3 * above.area.width) / (STEPS + 0.2);
      x.forEach((v, t) => {
        const [y0, y1] = [above.py(0), above.py(v)];
        ctx.fillStyle = t === WRITE - 1 ? colors.classes[0] : colors.low;
        ctx.strokeStyle = colors.classes[0];
        ctx.lineWidth = 1;
        ctx.fillRect(above.px(t + 1) - half, min(y0, y1), 2 * half, abs(y1 - y0));
        ctx.strokeRect(above.px(t + 1) - half, min(y0, y1), 2 * half, max(1, abs(y1 - y0)));
      });
      ctx.fillStyle = colors.ink;
      ctx.textAlign = "center";
      ctx.textBaseline = "top";
      ctx.fillText("write", above.px(WRITE), above.area.top + 2);
      // Its column is the last, and may be narrower than the word.
      const room = above.px(READ + 0.55) - ctx.measureText("read").width / 2;
      ctx.fillText("read", min(above.px(READ), room), above.area.top + 2);
    });
    above.axes(colors, { y: { label: "input x" } });

    // Gates as shades from closed (0) to open (1), with their numbers where there is room.
    const rows = ["i", "f", "o"];
    const shades = ramp(colors.plot, colors.zero, colors.high);
    strips.setView(span, [3, 0]);
    strips.begin();
    strips.clip(() => {
      const { ctx } = strips;
      const width = strips.px(2) - strips.px(1);
      rows.forEach((name, r) =>
        steps.forEach((s, t) => {
          const [red, green, blue] = new Uint8Array(shades.buffer, 4 * Math.round(127.5 + 127.4 * s[name]), 3);
          ctx.fillStyle = `rgb(${red} ${green} ${blue})`;
          ctx.fillRect(strips.px(t + 0.5) + 1, strips.py(r) + 1, width - 2, strips.py(r + 1) - strips.py(r) - 2);
          ctx.fillStyle = colors.ink;
          ctx.textAlign = "center";
          ctx.textBaseline = "middle";
          if (width > 30) ctx.fillText(s[name].toFixed(2), strips.px(t + 1), strips.py(r + 0.5));
        }),
      );
      ctx.strokeStyle = colors.ink;
      ctx.lineWidth = 2;
      ctx.strokeRect(strips.px(chosen + 0.5), strips.area.top + 1, width, strips.area.height - 2);
    });
    strips.axes(colors, { y: { label: "gates", format: () => "" } });
    strips.ctx.fillStyle = colors.ink;
    strips.ctx.textAlign = "right";
    strips.ctx.textBaseline = "middle";
    rows.forEach((name, r) => strips.ctx.fillText(name, strips.area.left - 8, strips.py(r + 0.5)));

    const top = max(1.15, 1.1 * max(...steps.map(({ c }) => abs(c))));
    below.setView(span, [-top, top]);
    below.begin();
    below.clip(() => {
      shade(below, colors);
      below.polyline(
        [
          [0, 0],
          [STEPS + 1, 0],
        ],
        { color: colors.muted, width: 1 },
      );
      below.polyline(
        steps.map(({ c }, t) => [t + 1, c]),
        { color: colors.test, width: 2.5 },
      );
      below.polyline(
        steps.map(({ h }, t) => [t + 1, h]),
        { color: colors.classes[1], width: 2, dash: [6, 4] },
      );
      steps.forEach(({ c, h }, t) => {
        marker(below.ctx, "circle", below.px(t + 1), below.py(c), 4.5, { fill: colors.test });
        marker(below.ctx, "square", below.px(t + 1), below.py(h), 3.5, { fill: colors.classes[1] });
      });
    });
    below.axes(colors, { x: { label: "step t" }, y: { label: "c and h" } });
  });

  function show() {
    steps = runCell(weights());
    const met = goals(weights());
    goal.replaceChildren(...met.map(({ met: done, text }) => element("li", { text: `${done ? "✓" : "○"} ${text}` })));
    which.set(String(gate));
    bias.set(get("bias")[gate]);
    fromInput.forEach((s, j) => s.set(get("weight_ih")[gate][j]));
    fromState.set(get("weight_hh")[gate]);
    step.set(chosen + 1);
    value.set(get("x")[chosen]);
    const s = steps[chosen];
    const done = met.filter(({ met: d }) => d).length;
    const lines = [
      done === 3 ? "All three goals are met: the cell remembers." : `${done} of 3 goals met.`,
      `Step ${chosen + 1}: i = ${fmt(s.i)}, f = ${fmt(s.f)}, g = ${fmt(s.g)}, o = ${fmt(s.o)}.`,
      `c = f · c before + i · g = ${fmt(s.f)} · ${fmt(s.before)} + ${fmt(s.i)} · ${fmt(s.g)} = ${fmt(s.c)}.`,
      `h = o · tanh c = ${fmt(s.o)} · ${fmt(tanh(s.c))} = ${fmt(s.h)}.`,
      `At the end c is ${fmt(steps[STEPS - 1].c)} and h is ${fmt(steps[STEPS - 1].h)}.`,
    ];
    frame.say(lines);
    above.describe(
      `The inputs of twelve steps as bars; the one to remember, ${fmt(get("x")[WRITE - 1])}, is at step ${WRITE}. Step ${chosen + 1} is chosen, with input ${fmt(get("x")[chosen])}.`,
    );
    strips.describe(
      `The input, forget and output gate at each of twelve steps, as shades from closed to open. ${lines[1]}`,
    );
    below.describe(`The cell state and the output over twelve steps. ${lines.slice(2).join(" ")}`);
    frame.redraw();
  }
  frame.table("Show the numbers as a table", () => ({
    head: ["t", "x", "i", "f", "g", "o", "c", "h"],
    rows: steps.map((s, t) => [t + 1, fmt(get("x")[t]), ...GATES.map((g) => fmt(s[g])), fmt(s.c), fmt(s.h)]),
  }));
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

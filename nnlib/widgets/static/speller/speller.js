// A trained LSTM of letters: what it expects after each letter of a text, and its 32 units while it reads.
//
// The traits are `text`, `quantity` (what is shown of each unit), `temperature` and the trained `_weights`.

import { createFrame, createPlayer } from "../shared/frame.js";
import { createPlot, fmt, onDrag, ramp } from "../shared/plot.js";
import { button, element, group, select, slider } from "../shared/controls.js";
import { sigmoid, softmax } from "../shared/activations.js";
import { matrix, unpack } from "../shared/weights.js";

const ALPHABET = ".abcdefghijklmnopqrstuvwxyz";
const LONGEST = 20;
const QUANTITIES = { c: "cell state c", h: "output h", i: "input gate i", f: "forget gate f", o: "output gate o" };
const { abs, log2, max, min, tanh } = Math;
const symbol = (k) => (k === 0 ? "end" : ALPHABET[k]);

// Reads the dot and the letters of a text; after each, the gates and states of the units and the logits of the next
// letter.
export const unpackWeights = unpack; // for the test

export function read(weights, text) {
  const [into, back, out] = [matrix(weights.weight_ih), matrix(weights.weight_hh), matrix(weights.out_weight)];
  const [bias, outBias] = [weights.bias.data, weights.out_bias.data];
  const units = back[0].length;
  let h = new Float64Array(units);
  let c = new Float64Array(units);
  return [...`.${text}`].map((letter) => {
    const x = ALPHABET.indexOf(letter);
    const z = back.map((row, k) => {
      let sum = bias[k] + into[k][x];
      for (let j = 0; j < units; j++) sum += row[j] * h[j];
      return sum;
    });
    const step = { i: [], f: [], g: [], o: [], c: new Float64Array(units), h: new Float64Array(units) };
    for (let k = 0; k < units; k++) {
      step.i[k] = sigmoid(z[k]);
      step.f[k] = sigmoid(z[units + k]);
      step.g[k] = tanh(z[2 * units + k]);
      step.o[k] = sigmoid(z[3 * units + k]);
      step.c[k] = step.f[k] * c[k] + step.i[k] * step.g[k];
      step.h[k] = step.o[k] * tanh(step.c[k]);
    }
    [h, c] = [step.h, step.c];
    step.logits = out.map((row, k) => {
      let sum = outBias[k];
      for (let j = 0; j < units; j++) sum += row[j] * h[j];
      return sum;
    });
    return step;
  });
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const start = { text: get("text"), quantity: get("quantity"), temperature: get("temperature") };
  const weights = unpack(get("_weights"));
  let steps = [];
  let chosen = null; // a place in the text; null follows its end
  let unit = 0;

  const frame = createFrame({
    el,
    name: "speller",
    title: "A network that spells",
    label: "Trained character model: type letters and watch the network",
    onReset() {
      player.pause();
      [chosen, unit] = [null, 0];
      put(start);
    },
  });
  const chart = createPlot(frame.picture, { label: "", aspect: 2.1 });
  const map = createPlot(frame.picture, { label: "", aspect: 1.5 });
  frame.picture.append(
    element("div", {
      class: "nn-note",
      text: "Above, the next letter at the chosen place. Below, one row a unit, one column a letter: orange below zero, blue above; for gates, blue is open.",
    }),
  );

  const input = element("input", {
    type: "text",
    maxlength: LONGEST,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    id: `nn-speller-${Math.random().toString(36).slice(2)}`,
  });
  const problem = element("span", { class: "nn-problem", role: "alert" });
  const field = element(
    "div",
    { class: "nn-field", "data-control": "text" },
    element("label", { class: "nn-label", for: input.id, text: "Text" }),
    input,
    problem,
  );
  let typed = "";
  input.addEventListener("input", () => {
    const letters = (typed = input.value
      .toLowerCase()
      .replace(/[^a-z]/g, "")
      .slice(0, LONGEST));
    problem.textContent =
      letters === input.value.toLowerCase() ? "" : "Only the letters a to z were learned; others are left out.";
    if (letters !== input.value) input.value = letters;
    player.pause();
    chosen = null;
    put({ text: letters });
  });

  const draw = () => {
    const p = softmax(steps.at(-1).logits, get("temperature"));
    let left = Math.random();
    const k = p.findIndex((v) => (left -= v) < 0);
    return k < 0 ? p.indexOf(max(...p)) : k;
  };
  const append = (k) => {
    chosen = null;
    if (k === 0 || get("text").length >= LONGEST) return false;
    put({ text: get("text") + ALPHABET[k] });
    refresh();
    return true;
  };
  let since = 0;
  const player = createPlayer(frame, {
    tick(seconds) {
      since += seconds;
      if (since < 0.35) return true;
      since = 0;
      return append(draw());
    },
    onChange: (playing) => play.setLabel(playing ? "Pause" : "Write a name"),
  });
  const play = button({
    label: "Write a name",
    name: "play",
    primary: true,
    onClick() {
      if (player.playing) return player.pause();
      chosen = null;
      put({ text: "" });
      refresh();
      player.play();
    },
  });
  const likely = button({
    label: "Likeliest letter",
    name: "likely",
    onClick() {
      const { logits } = steps.at(-1);
      append(logits.indexOf(max(...logits)));
    },
  });
  const drawn = button({ label: "Draw a letter", name: "draw", onClick: () => append(draw()) });
  const erase = button({
    label: "Erase one",
    name: "erase",
    onClick: () => {
      chosen = null;
      put({ text: get("text").slice(0, -1) });
    },
  });
  frame.actions.prepend(play.el, drawn.el, likely.el, erase.el);
  const temperature = slider({
    label: "Temperature",
    name: "temperature",
    value: 1,
    min: 0.1,
    max: 3,
    step: 0.1,
    hardMin: 0.1,
    hardMax: 3,
    onInput: (t) => put({ temperature: t }),
  });
  const quantity = select({
    label: "Show",
    name: "quantity",
    options: Object.entries(QUANTITIES),
    value: "c",
    onChange: (q) => put({ quantity: q }),
  });
  const place = slider({
    label: "Place",
    name: "place",
    value: 0,
    min: 0,
    max: 1,
    step: 1,
    integer: true,
    hardMin: 0,
    hardMax: LONGEST,
    onInput: (t) => {
      chosen = min(t, steps.length - 1);
      refresh();
    },
  });
  const which = slider({
    label: "Unit",
    name: "unit",
    value: 1,
    min: 1,
    max: 32,
    step: 1,
    integer: true,
    hardMin: 1,
    hardMax: 32,
    onInput: (k) => {
      unit = k - 1;
      refresh();
    },
  });
  frame.panel.append(
    field,
    frame.actions,
    temperature.el,
    group("Look inside", quantity.el, place.el, which.el),
    frame.output,
  );

  frame.addCleanup(
    onDrag(map, {
      hit: () => null,
      move() {},
      click(p) {
        chosen = min(steps.length - 1, max(0, Math.floor(p.x)));
        unit = min(31, max(0, Math.floor(p.y)));
        refresh();
      },
    }),
  );

  const at = () => (chosen === null ? steps.length - 1 : min(chosen, steps.length - 1));
  const before = (t) => (t === 0 ? "the start" : `“${get("text").slice(0, t)}”`);

  frame.onDraw((colors) => {
    const p = softmax(steps[at()].logits, get("temperature"));
    const best = p.indexOf(max(...p));
    chart.setView([-0.6, 26.6], [0, max(0.25, 1.12 * max(...p))]);
    chart.begin();
    const { ctx } = chart;
    chart.clip(() =>
      p.forEach((v, k) => {
        ctx.fillStyle = k === best ? colors.classes[1] : colors.high;
        ctx.fillRect(chart.px(k - 0.4), chart.py(v), chart.px(k + 0.4) - chart.px(k - 0.4), chart.py(0) - chart.py(v));
      }),
    );
    chart.axes(colors, {
      x: { format: () => "", label: `next letter after ${before(at())}; · ends the name` },
      y: { label: "probability" },
    });
    ctx.fillStyle = colors.ink;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    if (chart.area.width < 330) ctx.font = ctx.font.replace("13px", "10px");
    p.forEach((_, k) => ctx.fillText(k ? ALPHABET[k] : "·", chart.px(k), chart.area.top + chart.area.height + 5));

    const name = get("quantity");
    const shades = ramp(colors.low, colors.zero, colors.high);
    const columns = max(10, steps.length);
    map.setView([0, columns], [32, 0]);
    map.begin();
    const top = name === "c" ? max(1, ...steps.flatMap((s) => Array.from(s.c, abs))) : 1;
    const gate = "ifo".includes(name);
    map.clip(() => {
      const width = map.px(1) - map.px(0);
      const height = map.py(1) - map.py(0);
      steps.forEach((s, t) =>
        Array.from(s[name]).forEach((v, k) => {
          const level = Math.round(127.5 + 127.4 * (gate ? 2 * v - 1 : v / top));
          const [r, g, b] = new Uint8Array(shades.buffer, 4 * level, 3);
          map.ctx.fillStyle = `rgb(${r} ${g} ${b})`;
          map.ctx.fillRect(map.px(t), map.py(k), width - 1, height + 0.5);
        }),
      );
      map.ctx.strokeStyle = colors.ink;
      map.ctx.lineWidth = 2;
      map.ctx.strokeRect(map.px(at()), map.area.top + 1, width - 1, map.area.height - 2);
      map.ctx.lineWidth = 1.5;
      map.ctx.strokeRect(map.px(0), map.py(unit), width * steps.length, height);
    });
    map.axes(colors, {
      x: { format: () => "", label: "letters read" },
      y: { label: `${QUANTITIES[name]} of 32 units`, format: () => "" },
    });
    map.ctx.fillStyle = colors.ink;
    map.ctx.textAlign = "center";
    map.ctx.textBaseline = "top";
    [..."·", ...get("text")].forEach((letter, t) =>
      map.ctx.fillText(letter, map.px(t + 0.5), map.area.top + map.area.height + 5),
    );
  });

  // How many bits each letter of the text cost, given those before it, at temperature 1.
  const costs = () => [...get("text")].map((letter, t) => -log2(softmax(steps[t].logits)[ALPHABET.indexOf(letter)]));

  function refresh() {
    const text = get("text");
    steps = read(weights, text);
    const t = at();
    const p = softmax(steps[t].logits, get("temperature"));
    const order = p
      .map((_, k) => k)
      .sort((a, b) => p[b] - p[a])
      .slice(0, 3);
    if (document.activeElement !== input || input.value.toLowerCase() !== text) input.value = text;
    if (text !== typed) problem.textContent = "";
    temperature.set(get("temperature"));
    quantity.set(get("quantity"));
    place.setRange(0, max(1, text.length));
    place.set(t);
    which.set(unit + 1);
    const bits = costs();
    const s = steps[t];
    const full = text.length >= LONGEST;
    for (const b of [drawn, likely]) b.disable(full);
    erase.disable(!text);
    const lines = [
      `After ${before(t)} it expects ${order.map((k) => `${symbol(k)} (${fmt(p[k], 2)})`).join(", ")}.`,
      bits.length
        ? `“${text}” cost ${fmt(bits.reduce((a, b) => a + b, 0))} bits, ${fmt(bits.reduce((a, b) => a + b, 0) / bits.length)} a letter; the greatest surprise was ${text[bits.indexOf(max(...bits))]} with ${fmt(max(...bits))}.`
        : "Type a letter, or let it write.",
      `Unit ${unit + 1} there: i ${fmt(s.i[unit], 2)}, f ${fmt(s.f[unit], 2)}, g ${fmt(s.g[unit], 2)}, o ${fmt(s.o[unit], 2)}, c ${fmt(s.c[unit], 2)}, h ${fmt(s.h[unit], 2)}.`,
      full ? `The text has ${LONGEST} letters, as many as fit.` : "",
    ];
    frame.say(lines);
    chart.describe(`Probabilities of the next letter. ${lines[0]}`);
    map.describe(
      `${QUANTITIES[get("quantity")]} of 32 units after each of ${steps.length} letters, as colors. ${lines[2]}`,
    );
    frame.redraw();
  }
  frame.table("Show the probabilities as a table", () => ({
    head: ["next letter", "probability"],
    rows: softmax(steps[at()].logits, get("temperature"))
      .map((v, k) => [k, v])
      .sort((a, b) => b[1] - a[1])
      .map(([k, v]) => [symbol(k), fmt(v)]),
  }));
  frame.follow(model, ["text", "quantity", "temperature"], refresh);
  refresh();
  return frame.ready();
}

export default { render };

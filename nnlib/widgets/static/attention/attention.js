// A trained network of attention alone: letters to edit, where its heads read, and what is lost without them.
//
// The traits are `text`, `layers`, `off` (names of heads that are switched off), `place` (the one that reads, from 1; 0 is
// the first whose next letter is determined) and the trained `_weights`.

import { softmax } from "../shared/activations.js";
import { button, checkbox, element, group, row, select, slider, write } from "../shared/controls.js";
import { createFrame } from "../shared/frame.js";
import { createPlot, fmt, onDrag } from "../shared/plot.js";
import { unpack } from "../shared/weights.js";
import { ALPHABET, LENGTH, LONGEST, SHORTEST, network, sequence } from "./model.js";
import { answer, determined, measured, reading } from "./words.js";

const TRAITS = ["text", "layers", "off", "place"];
const NAMES = ["1.1", "1.2", "2.1", "2.2"];
const TESTS = 200;
const SLICE = 10; // milliseconds of work in a frame
const MARKS = { right: "✓", wrong: "✗", open: "·" };
const { floor, max, min } = Math;

export { network, sequence };
export const unpackWeights = unpack; // for the test

const full = (name) => `layer ${name[0]}, head ${name[2]}`;

// How many of the places of a test sequence that are determined are right, and how many there are.
export function score(net, off, seed) {
  const { x, period } = sequence(seed);
  const { logits } = net(x, off);
  const asked = logits.slice(period, -1);
  const right = asked.filter((z, k) => z.indexOf(max(...z)) === x[period + k + 1]).length;
  return [right, asked.length];
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const settings = () => Object.fromEntries(TRAITS.map((name) => [name, get(name)]));
  const start = settings();
  const weights = unpack(get("_weights"));
  const nets = { 1: network(weights, 1), 2: network(weights, 2) };
  let guess = "";
  let result = null;
  let seed = TESTS; // those below are for the test

  const frame = createFrame({
    el,
    name: "attention",
    title: "Heads of a trained network",
    label: "Heads of a trained network: where they read, and what is lost without them",
    stacked: true,
    onReset() {
      [guess, seed] = ["", TESTS];
      put(start);
      show();
    },
  });
  const strip = createPlot(frame.picture, { label: "", aspect: 8, axes: false });
  const maps = createPlot(frame.picture, { label: "", aspect: 1, axes: false });

  // ---- controls

  const input = element("input", {
    type: "text",
    maxlength: LENGTH,
    autocapitalize: "none",
    spellcheck: "false",
    id: `nn-attention-${Math.random().toString(36).slice(2)}`,
  });
  const problem = element("span", { class: "nn-problem", role: "alert" });
  const field = element(
    "div",
    { class: "nn-field", "data-control": "text" },
    element("label", { class: "nn-label", for: input.id, text: "Letters" }),
    input,
    problem,
  );
  input.addEventListener("input", () => {
    const letters = input.value
      .toLowerCase()
      .replace(/[^a-l]/g, "")
      .slice(0, LENGTH);
    const known = letters === input.value.toLowerCase();
    write(problem, known ? "" : "The network knows the letters a to l; others are left out.");
    if (letters.length < 2) write(problem, "Two letters at least.");
    else {
      if (!known) input.value = letters;
      put({ text: letters });
    }
  });
  const period = slider({
    label: "Period",
    name: "period",
    value: 7,
    min: SHORTEST,
    max: LONGEST,
    step: 1,
    integer: true,
    hardMin: SHORTEST,
    hardMax: LONGEST,
    onInput: () => fresh(),
  });
  const another = button({
    label: "Another sequence",
    name: "another",
    onClick() {
      seed += 1;
      fresh();
    },
  });
  const fresh = () => {
    write(problem, "");
    put({
      text: sequence(seed, period.value)
        .x.map((k) => ALPHABET[k])
        .join(""),
      place: 0,
    });
  };
  const place = slider({
    label: "Place that reads",
    name: "place",
    value: 1,
    min: 1,
    max: LENGTH,
    step: 1,
    integer: true,
    hardMin: 1,
    hardMax: LENGTH,
    onInput: (t) => choose(t - 1),
  });
  const layers = select({
    label: "Network",
    name: "layers",
    value: "2",
    options: [
      ["2", "two layers"],
      ["1", "one layer"],
    ],
    onChange(n) {
      guess = "";
      put({ layers: Number(n), off: [] });
    },
  });
  const bet = select({
    label: "Which costs most, switched off alone?",
    name: "guess",
    value: "",
    options: [],
    onChange(name) {
      guess = name;
      show();
    },
  });
  const measure = button({ label: "Measure each alone", name: "measure", onClick: () => measureAlone() });
  const boxes = NAMES.map((name) =>
    checkbox({
      label: full(name),
      name: `head-${name}`,
      checked: true,
      onChange: (on) => put({ off: NAMES.filter((n) => (n === name ? !on : get("off").includes(n))) }),
    }),
  );
  const heads = group("Heads that are on", row(...boxes.map((box) => box.el)));
  const alone = element("div", { class: "nn-note", role: "status" });
  const betting = group("Your guess", bet.el, row(measure.el), alone);
  frame.actions.prepend(another.el);
  frame.panel.append(
    element(
      "div",
      { class: "nn-attention-columns" },
      element("div", {}, field, place.el),
      element("div", {}, layers.el, period.el),
    ),
    element("div", { class: "nn-attention-columns" }, betting, heads),
    frame.actions,
  );

  const at = () => {
    const text = get("text");
    const first = [...text].findIndex((letter, t) => text.indexOf(letter) < t);
    return min(get("place") ? get("place") - 1 : first < 0 ? Infinity : first, text.length - 1);
  };
  const choose = (t) => put({ place: t + 1 });

  // ---- accuracy on the test sequences, a slice of them in each frame

  const known = new Map(); // network and heads -> percent
  const key = (off) => `${get("layers")}: ${off}`;
  let queue = [];
  let request = 0;
  function work() {
    request = 0;
    const end = performance.now() + SLICE;
    while (queue.length && performance.now() < end) {
      const job = queue[0];
      const [right, asked] = score(nets[job.layers], job.off, job.done);
      job.right += right;
      job.asked += asked;
      job.done += 1;
      if (job.done < TESTS) continue;
      known.set(job.key, (100 * job.right) / job.asked);
      queue.shift();
      tell();
    }
    if (queue.length) request = requestAnimationFrame(work);
  }
  function ask(off) {
    if (known.has(key(off)) || queue.some((job) => job.key === key(off))) return;
    queue.push({ key: key(off), layers: get("layers"), off: [...off], done: 0, right: 0, asked: 0 });
    request ||= requestAnimationFrame(work);
  }
  frame.addCleanup(() => {
    queue = [];
    cancelAnimationFrame(request);
  });
  const names = () => NAMES.slice(0, 2 * get("layers"));
  const percent = (off) => known.get(key(off));
  let wanted = false; // the measurement of each head alone
  function measureAlone() {
    wanted = true;
    for (const name of names()) ask([name]);
    tell();
  }

  // ---- pictures

  const cellOf = () => (strip.width - 44) / LENGTH;
  frame.addCleanup(
    onDrag(strip, {
      hit: () => null,
      move() {},
      click(p) {
        const t = floor((p.px - 44) / cellOf());
        if (t >= 0 && t < get("text").length) choose(t);
      },
    }),
  );
  let panels = []; // { left, top, cell }
  frame.addCleanup(
    onDrag(maps, {
      hit: () => null,
      move() {},
      click(p) {
        for (const { left, top, cell } of panels) {
          const [column, t] = [floor((p.px - left) / cell), floor((p.py - top) / cell)];
          if (column >= 0 && column < LENGTH && t >= 0 && t < get("text").length) choose(t);
        }
      },
    }),
  );

  function drawStrip(colors) {
    const { ctx } = strip;
    const [text, cell] = [get("text"), cellOf()];
    const line = strip.height / 3;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillStyle = colors.muted;
    ctx.font = ctx.font.replace(/\d+px/, "12px");
    ["letter", "next?", ""].forEach((word, k) => ctx.fillText(word, 0, (k + 0.5) * line));
    ctx.font = ctx.font.replace(/\d+px/, `${min(17, max(11, floor(cell)))}px`);
    ctx.textAlign = "center";
    [...text].forEach((letter, t) => {
      const x = 44 + (t + 0.5) * cell;
      const { said, kind } = answer(text, result.probabilities, t);
      ctx.fillStyle = colors.ink;
      ctx.fillText(letter, x, 0.5 * line);
      ctx.fillStyle = kind === "right" ? colors.test : kind === "wrong" ? colors.alert : colors.muted;
      ctx.fillText(ALPHABET[said], x, 1.5 * line);
      ctx.fillText(MARKS[kind], x, 2.5 * line);
    });
    ctx.strokeStyle = colors.ink;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(44 + at() * cell + 1, 1, cell - 2, strip.height - 2);
  }

  function drawMaps(colors) {
    const { ctx } = maps;
    const text = get("text");
    const half = maps.width / 2;
    const cell = (half - 42) / LENGTH;
    panels = result.attention.flatMap((layer, i) =>
      layer.map((looks, j) => ({ looks, i, j, cell, left: j * half + 20, top: i * half + 34 })),
    );
    for (const { looks, i, j, left, top } of panels) {
      const off = get("off").includes(`${i + 1}.${j + 1}`);
      ctx.fillStyle = colors.ink;
      ctx.textAlign = "left";
      ctx.textBaseline = "top";
      ctx.fillText(`layer ${i + 1}, head ${j + 1}${off ? " (off)" : ""}`, left, top - 32);
      ctx.strokeStyle = colors.line;
      ctx.lineWidth = 1;
      ctx.strokeRect(left - 0.5, top - 0.5, LENGTH * cell + 1, LENGTH * cell + 1);
      ctx.fillStyle = colors.classes[1];
      looks.forEach((look, t) =>
        look.forEach((weight, s) => {
          ctx.globalAlpha = weight * (off ? 0.25 : 1);
          ctx.fillRect(left + s * cell, top + t * cell, cell, cell);
        }),
      );
      ctx.globalAlpha = 1;
      ctx.strokeStyle = colors.ink;
      ctx.strokeRect(left, top + at() * cell, cell * (at() + 1), cell);
      if (cell < 8) continue;
      ctx.fillStyle = colors.muted;
      ctx.font = ctx.font.replace(/\d+px/, `${min(13, floor(cell + 1))}px`);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      [...text].forEach((letter, t) => {
        ctx.fillText(letter, left + (t + 0.5) * cell, top - 8);
        ctx.fillText(letter, left - 9, top + (t + 0.5) * cell);
      });
      ctx.font = ctx.font.replace(/\d+px/, "13px");
    }
  }

  frame.onDraw((colors) => {
    maps.canvas.style.aspectRatio = get("layers") === 2 ? "1" : "2";
    strip.begin();
    drawStrip(colors);
    maps.begin();
    drawMaps(colors);
  });

  function tell() {
    const { text, layers: count, off } = settings();
    const t = at();
    const lines = [...reading(text, result, t, off), measured(percent([]), percent(off), off.map(full))];
    frame.say(lines);
    measure.disable(!guess);
    const costs = names().map((name) => (percent([name]) === undefined ? undefined : percent([]) - percent([name])));
    const ready = wanted && guess && costs.every((cost) => cost !== undefined);
    const worst = names()[costs.indexOf(max(...costs))];
    write(
      alone,
      ready
        ? `Points lost: ${names()
            .map((name, k) => `${full(name)} ${fmt(max(0, costs[k]), 2)}`)
            .join(
              "; ",
            )}. ${worst === guess ? "Your guess was right." : `You guessed ${full(guess)}; it is ${full(worst)}.`}`
        : wanted && guess
          ? "Measuring …"
          : "",
    );
    strip.describe(
      `${text.length} letters, ${[...text].join(" ")}, and what the network expects after each. ${lines[0]}`,
    );
    maps.describe(
      `Attention weights of ${2 * count} heads: a row for each place that reads, a column for each that is read. ${lines.slice(1).join(" ")}`,
    );
  }

  function show() {
    const { text, layers: count, off } = settings();
    const { attention, logits } = nets[count](
      [...text].map((letter) => ALPHABET.indexOf(letter)),
      off,
    );
    result = { attention, probabilities: logits.map((z) => softmax(z)) };
    if (document.activeElement !== input) input.value = text;
    period.set(determined(text)?.period ?? period.value);
    place.setRange(1, text.length);
    place.set(at() + 1);
    layers.set(String(count));
    bet.setOptions([["", "choose one"], ...names().map((name) => [name, full(name)])], guess);
    boxes.forEach((box, k) => {
      box.set(!off.includes(NAMES[k]));
      box.el.hidden = k >= 2 * count;
    });
    wanted &&= guess !== "";
    ask([]);
    ask(off);
    tell();
    frame.redraw();
  }
  frame.table("Show what the heads read as a table", () => ({
    head: ["place", "letter", ...names().map(full)],
    rows: [...get("text")].map((letter, t) => [
      t + 1,
      letter,
      ...result.attention.flat().map((looks) => {
        const s = looks[t].indexOf(max(...looks[t]));
        return `${fmt(looks[t][s], 2)} from place ${s + 1} (${get("text")[s]})`;
      }),
    ]),
  }));
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

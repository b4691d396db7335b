// A trained convolutional network that reads a digit while it is drawn: every feature map, and where a number comes
// from.
//
// The reader draws on 32 × 32 places, ink or none; the network gets the number of inked places in each block of 4 × 4,
// as the people who made the data set did it. The traits are that `image` of 8 × 8 counts, the unit that is worked out
// (`layer`, `channel`, `row`, `column`) and the trained `_weights`, which bring the examples with them.

import { createFrame } from "../shared/frame.js";
import { FINE, FULL, SIZE, createInk, inkOf } from "./ink.js";
import { softmax } from "../shared/activations.js";
import { at } from "../shared/layers.js";
import { LAYERS, NAMES, forward, origins, parameters, terms } from "./lenet.js";
import { createPlot, fmt, onDrag } from "../shared/plot.js";
import { shades } from "../shared/raster.js";
import { button, checkbox, element, group, select, slider } from "../shared/controls.js";
import { unpack } from "../shared/weights.js";

const USUAL = "2.3";
const BRUSHES = { 1.2: "thin", 2.3: "usual", 3.6: "thick" }; // radius in places
const { abs, floor, max, min, round } = Math;

export const parts = { forward, inkOf, origins, terms, unpack }; // for the test
const total = (numbers) => numbers.reduce((a, b) => a + b, 0);
const chance = (p) => (p > 0.995 ? "> 0.99" : p < 0.005 ? "< 0.01" : p.toFixed(2));

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const traits = ["image", "layer", "channel", "row", "column"];
  const start = Object.fromEntries(traits.map((name) => [name, get(name)]));
  const weights = unpack(get("_weights"));
  const examples = Array.from(weights.labels.data, (label, n) => {
    const own = Array.from(weights.examples.data.subarray(64 * n, 64 * n + 64));
    return { label, image: Array.from({ length: SIZE }, (_, i) => own.slice(SIZE * i, SIZE * i + SIZE)) };
  });
  const ink = createInk();
  let values, unit, p;

  const frame = createFrame({
    el,
    name: "digit",
    title: "A network reads your digit",
    label: "Trained convolutional network: draw a digit and see every feature map",
    stacked: true,
    onReset() {
      brush.set(USUAL);
      eraser.el.firstChild.checked = false;
      replace(start.image, start);
    },
  });
  const left = element("div", { class: "nn-digit-left" });
  const right = element("div", { class: "nn-digit-layers" });
  frame.picture.append(element("div", { class: "nn-digit" }, left, right));
  const title = (text, ...rest) => element("div", { class: "nn-digit-title" }, element("b", { text }), ...rest);
  left.append(title("Draw a digit here"));
  const pad = createPlot(left, { label: "", axes: false });
  pad.setView([0, FINE], [FINE, 0]);
  const clear = button({
    label: "Clear",
    name: "clear",
    primary: true,
    onClick: () => replace(start.image.map((row) => row.map(() => 0))),
  });
  const noise = button({
    label: "Random pixels",
    name: "noise",
    onClick: () => replace(start.image.map((row) => row.map(() => floor(Math.random() * (FULL + 1))))),
  });
  const fit = button({
    label: "Fit to frame",
    name: "fit",
    onClick() {
      ink.enlarge();
      recount();
    },
  });
  frame.actions.prepend(clear.el, noise.el, fit.el);
  const example = select({
    label: "Example",
    name: "example",
    options: [],
    value: "",
    onChange: (n) => replace(examples[n].image),
  });
  const brush = select({ label: "Pen", name: "brush", options: Object.entries(BRUSHES), value: USUAL });
  const eraser = checkbox({ label: "Eraser", name: "eraser" });
  left.append(
    frame.actions,
    element("div", { class: "nn-row nn-digit-pen" }, example.el, brush.el, eraser.el),
    title("Probabilities"),
  );
  const bars = createPlot(left, { label: "", axes: false });
  bars.canvas.style.aspectRatio = "auto";
  bars.canvas.classList.add("nn-digit-bars");
  const rows = NAMES.map((layer) => {
    const shape = element("span", { class: "nn-note" });
    const row = element("div", { class: `nn-digit-${layer}` });
    right.append(title(LAYERS[layer], " ", shape), row);
    return { layer, shape, row, plot: createPlot(row, { label: "", axes: false }) };
  });

  rows[0].row.append(
    element("div", {
      class: "nn-note",
      text: "Click a square in any map: its number is worked out below, and all that it comes from is outlined in green.",
    }),
  );
  const whole = (label, name, most, onInput) =>
    slider({ label, name, value: 0, min: 0, max: most, step: 1, integer: true, hardMin: 0, hardMax: most, onInput });
  const layer = select({
    label: "Layer",
    name: "layer",
    options: Object.entries(LAYERS),
    value: "input",
    onChange: (name) => put({ layer: name }),
  });
  const place = {
    channel: whole("Map", "channel", 11, (v) => put({ channel: v })),
    row: whole("Row", "row", 7, (v) => put({ row: v })),
    column: whole("Column", "column", 7, (v) => put({ column: v })),
  };
  const pen = {
    row: whole("Row", "pen-row", 7, show),
    column: whole("Column", "pen-column", 7, show),
    ink: whole("Ink", "pen-ink", FULL, (v) => set(pen.row.value, pen.column.value, v)),
  };
  const pixel = group("One block of the drawing", pen.row.el, pen.column.el, pen.ink.el);
  for (const event of ["focusin", "focusout"]) pixel.addEventListener(event, frame.redraw);
  frame.panel.append(
    frame.output,
    element(
      "div",
      { class: "nn-digit-groups" },
      group("A number to work out", layer.el, place.channel.el, place.row.el, place.column.el),
      pixel,
    ),
    element("p", {
      class: "nn-note",
      text: "A drawing has 32 × 32 places. The network gets how many of the 16 in each block of 4 × 4 have ink, divided by 16. It was trained on digits that fill the height of the frame and stand in its middle, and a drawing is not moved or resized unless Fit to frame is pressed. In the maps blue is positive and orange negative, the deepest color being the largest number of that layer; a green frame marks the chosen number and what it comes from. Maps, rows and columns are counted from 0.",
    }),
  );

  // A new image, whose ink is laid out anew.
  function replace(image, others = {}) {
    ink.clear();
    put({ ...others, image });
  }
  const set = (i, j, value) =>
    put({ image: get("image").map((row, a) => (a === i ? row.map((v, b) => (b === j ? value : v)) : row)) });
  const recount = () => put({ image: ink.counts(get("image")) });
  const stroke = (from, to) => {
    ink.stroke(from, to, Number(brush.value), !eraser.checked);
    recount();
  };
  frame.addCleanup(
    onDrag(pad, {
      hit: (q) => ({ x: q.x, y: q.y }),
      start: (last) => stroke(last, last),
      move(last, q) {
        stroke(last, q);
        [last.x, last.y] = [q.x, q.y];
      },
    }),
  );
  // Maps of a row share its width equally: six places, or twelve for more than six maps.
  const spots = ({ shape: [channels, height, width] }, total) => {
    const slots = channels > 6 ? 12 : channels > 1 ? 6 : 1;
    const gap = total > 400 ? 8 : 4;
    const side = (total + gap) / slots - gap;
    return {
      side,
      height: (side * height) / width,
      cell: side / width,
      x: (c) => c * (side + gap),
      channelAt: (x) => min(channels - 1, floor(x / (side + gap))),
    };
  };
  for (const { layer: name, plot } of rows) {
    frame.addCleanup(
      onDrag(plot, {
        hit: () => null,
        move() {},
        click({ px, py }) {
          const { cell, x, channelAt } = spots(values[name], plot.width);
          const channel = channelAt(px);
          const [, height, width] = values[name].shape;
          put({
            layer: name,
            channel,
            row: max(0, min(height - 1, floor(py / cell))),
            column: max(0, min(width - 1, floor((px - x(channel)) / cell))),
          });
        },
      }),
    );
  }

  const box = (ctx, [x, y, width, height], color, halo, line) => {
    ctx.lineJoin = "miter";
    for (const [style, size] of [
      [halo, line + 1.5],
      [color, line],
    ]) {
      Object.assign(ctx, { strokeStyle: style, lineWidth: size });
      ctx.strokeRect(x, y, width, height);
    }
  };
  frame.onDraw((colors) => {
    const gray = shades(colors.ink, colors.plot, colors.ink, [colors.ink]);
    const both = shades(colors.classes[0], colors.zero, colors.classes[1], [colors.ink, colors.surface]);
    const from = origins(values, unit);
    const { ctx } = pad;
    pad.begin();
    const whole = pad.width / SIZE;
    get("image").forEach((row, i) =>
      row.forEach((v, j) => {
        ctx.fillStyle = colors.line;
        ctx.fillRect(j * whole, i * whole, whole, whole);
        ctx.fillStyle = gray((0.3 * v) / FULL).fill;
        ctx.fillRect(j * whole + 0.5, i * whole + 0.5, whole - 1, whole - 1);
      }),
    );
    ctx.fillStyle = colors.ink;
    const edge = (k) => round((k * pad.width) / FINE); // no seams between places
    ink.places.forEach((on, k) => {
      const [i, j] = [floor(k / FINE), k % FINE];
      if (on) ctx.fillRect(edge(j), edge(i), edge(j + 1) - edge(j) + 0.5, edge(i + 1) - edge(i) + 0.5);
    });
    const around = ({ rows: [a, b], columns: [c, d] }, x, size) => [
      x + c * size + 1.5,
      a * size + 1.5,
      (d - c + 1) * size - 3,
      (b - a + 1) * size - 3,
    ];
    box(ctx, around(from.input, 0, whole), colors.test, colors.surface, 2.5);
    if (pixel.contains(document.activeElement)) {
      ctx.setLineDash([5, 4]);
      box(
        ctx,
        [pen.column.value * whole + 1, pen.row.value * whole + 1, whole - 2, whole - 2],
        colors.ink,
        colors.surface,
        2,
      );
      ctx.setLineDash([]);
    }

    for (const { layer: name, plot } of rows) {
      const {
        shape: [channels, height, width],
        data,
      } = values[name];
      const wide = spots(values[name], plot.canvas.clientWidth);
      plot.canvas.style.aspectRatio = `${plot.canvas.clientWidth} / ${wide.height}`;
      plot.begin();
      const top = max(...data.map(abs)) || 1;
      const shade = name === "input" ? gray : both;
      data.forEach((v, k) => {
        const [c, i, j] = [floor(k / height / width), floor(k / width) % height, k % width];
        plot.ctx.fillStyle = shade(v / top).fill;
        plot.ctx.fillRect(wide.x(c) + j * wide.cell, i * wide.cell, wide.cell + 0.3, wide.cell + 0.3);
      });
      for (let c = 0; c < channels; c++) {
        plot.ctx.lineWidth = 1;
        plot.ctx.strokeStyle = colors.muted;
        plot.ctx.strokeRect(wide.x(c) + 0.5, 0.5, wide.side - 1, wide.height - 1);
        if (name !== "out") continue;
        Object.assign(plot.ctx, { fillStyle: both(data[c] / top).ink, textAlign: "center", textBaseline: "middle" });
        plot.ctx.fillText(c, wide.x(c) + wide.side / 2, wide.height / 2 + 1);
      }
      if (!from[name]) continue;
      const own = name === unit.layer;
      for (let c = 0; c < channels; c++) {
        if (from[name].channel === null || from[name].channel === c)
          box(
            plot.ctx,
            around(from[name], wide.x(c), wide.cell),
            colors.test,
            own ? colors.surface : "transparent",
            own ? 3 : 1.5,
          );
      }
    }

    bars.begin();
    const step = bars.height / 10;
    const best = p.indexOf(max(...p));
    p.forEach((v, k) => {
      const y = (k + 0.5) * step;
      Object.assign(bars.ctx, {
        fillStyle: k === best ? colors.classes[1] : colors.high,
        textBaseline: "middle",
        textAlign: "left",
      });
      bars.ctx.fillRect(24, y - 0.36 * step, max(1, v * (bars.width - 82)), 0.72 * step);
      bars.ctx.fillStyle = colors.ink;
      if (k === best) bars.ctx.font = `bold ${bars.ctx.font}`;
      bars.ctx.fillText(k, 6, y + 1);
      bars.ctx.fillText(chance(v), 30 + v * (bars.width - 82), y + 1);
      bars.ctx.font = bars.ctx.font.replace("bold ", "");
    });
  });

  const span = (name, [a, b]) => (a === b ? `${name} ${a}` : `${name}s ${a} to ${b}`);
  // How the chosen number comes about, in words.
  function workedOut() {
    const { layer: name, channel, row, column } = unit;
    const value = at(values[name], channel, row, column);
    const where =
      name === "out"
        ? `Output ${channel}`
        : name === "input"
          ? `Input, row ${row}, column ${column},`
          : `${LAYERS[name]}, map ${channel}, row ${row}, column ${column},`;
    const list = terms(values, weights, unit);
    if (name === "input")
      return `${where} is ${fmt(value)}: ${fmt(FULL * value)} of the 16 places in this block have ink.`;
    if (name.startsWith("relu")) return `${where} is ${fmt(value)}: max(0, ${fmt(list[0].x)}).`;
    if (name === "pool1") return `${where} is ${fmt(value)}: the largest of ${list.map(({ x }) => fmt(x)).join(", ")}.`;
    const channels = values[NAMES[NAMES.indexOf(name) - 1]].shape[0];
    const bias = parameters(weights, name)[1].data[channel];
    const sums = Array.from({ length: channels }, (_, c) =>
      total(list.filter((t) => t.channel === c).map(({ x, w }) => x * w)),
    );
    const missing = name === "out" ? 0 : 9 * channels - list.length;
    const products =
      channels === 1
        ? `${list.length} products of a number and a weight sum to ${fmt(sums[0])}, and the bias ${fmt(bias)} is added`
        : `${list.length} products of a number and a weight, which for the maps from 0 to ${channels - 1} sum to ${sums.map((s) => fmt(s, 2)).join(", ")}, together ${fmt(total(sums))}, and the bias ${fmt(bias)} is added`;
    return `${where} is ${fmt(value)}: ${products}.${missing ? ` ${missing} more products are with the zeros around the image.` : ""}${name === "out" ? ` As a probability that is ${chance(p[channel])}.` : ""}`;
  }

  function show() {
    const image = get("image");
    ink.follow(image);
    values = forward(weights, image);
    p = softmax(values.out.data);
    const name = get("layer");
    const { shape } = values[name];
    unit = { layer: name };
    Object.entries(place).forEach(([axis, control], k) => {
      unit[axis] = min(get(axis), shape[k] - 1);
      control.setRange(0, max(1, shape[k] - 1));
      control.set(unit[axis]);
      for (const input of control.el.querySelectorAll("input")) input.disabled = shape[k] === 1;
    });
    place.channel.setLabel(name === "out" ? "Digit" : "Map");
    layer.set(name);
    const same = examples.findIndex((e) => JSON.stringify(e.image) === JSON.stringify(image));
    const options = examples.map(({ label }, n) => [String(n), n < 10 ? `${label}` : `${label}, misread`]);
    example.setOptions(same < 0 ? [...options, ["own", "your own"]] : options, same < 0 ? "own" : String(same));
    pen.ink.set(image[pen.row.value][pen.column.value]);
    const inked = total(ink.places);
    fit.disable(!inked);

    const [best, next] = p.map((_, k) => k).sort((a, b) => p[b] - p[a]);
    const said = `It says ${best} (${chance(p[best])}); next ${next} (${chance(p[next])}).`;
    const { rows: seenRows, columns: seenColumns } = origins(values, unit).input;
    const seen = `${span("row", seenRows)} and ${span("column", seenColumns)} of the input`;
    const worked = workedOut();
    frame.say([
      said,
      !inked && "Nothing is drawn: it has to say a digit all the same.",
      worked,
      name !== "input" && `What it sees: ${seen}.`,
    ]);
    pad.describe(`The drawing: ${inked} of 1024 places have ink. ${said} Outlined: ${seen}.`);
    bars.describe(`Bars for the probabilities of the ten digits: ${p.map((v, k) => `${k}: ${chance(v)}`).join(", ")}.`);
    for (const { layer: one, shape: text, plot } of rows) {
      const {
        shape: [channels, height, width],
        data,
      } = values[one];
      text.textContent =
        one === "out"
          ? "10 logits, one a digit"
          : channels === 1
            ? `${height} × ${width}`
            : `${channels} maps of ${height} × ${width}`;
      plot.describe(
        `${LAYERS[one]}, ${text.textContent}: as colors, numbers from ${fmt(min(...data))} to ${fmt(max(...data))}.${one === name ? ` ${worked}` : ""}`,
      );
    }
    frame.redraw();
  }
  frame.table("Show where the number comes from as a table", () => ({
    head: ["map", "row", "column", "number", "weight", "product"],
    rows: terms(values, weights, unit).map(({ channel, row, column, x, w }) => [
      channel,
      row,
      column,
      fmt(x),
      ...(w === undefined ? ["", ""] : [fmt(w), fmt(x * w)]),
    ]),
  }));
  frame.table("Show the image as a table", () => ({
    head: ["row", ...start.image.map((_, j) => `column ${j}`)],
    rows: get("image").map((row, i) => [i, ...row.map((v) => fmt(v))]),
  }));
  frame.follow(model, traits, show);
  show();
  return frame.ready();
}

export default { render };

// A kernel that steps across a small image: the window under it, the products, their sum, and where it goes in the
// feature map.
//
// All that Python shares is in the traits named in TRAITS; the place that is shown can also be the one under the
// pointer. The arithmetic is in convolve.js, what is said in convolution-words.js.

import { createFrame, createPlayer } from "../shared/frame.js";
import { inWords, reach, size } from "./words.js";
import { KERNELS, convolve, filled, preset, span, unused, windowAt } from "./convolve.js";
import { fmt, onDrag } from "../shared/plot.js";
import { cellsBetween, createRaster, numberGrid, shades } from "../shared/raster.js";
import { button, checkbox, element, group, row, select, slider } from "../shared/controls.js";

const TRAITS = ["image", "kernel", "bias", "stride", "padding", "dilation", "relu", "row", "column"];
const LEVELS = { ".": 0, "+": 0.5, "#": 1 };
const LARGEST = 1000; // of pixels and weights
const SPEEDS = { slow: 1.5, medium: 5, fast: 20 }; // places a second
const { floor, max, min } = Math;

const PICTURES = {
  cross: "Cross",
  ring: "Ring",
  edge: "Diagonal edge",
  digit: "Digit",
  micrograph: "Micrograph of two phases",
  empty: "Empty, to draw on",
};

function render({ model, el }) {
  const state = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = state();
  const pictures = model.get("_pictures"); // [[name, text], ...]
  const expand = (text) => text.split(" ").map((marks) => [...marks].map((mark) => LEVELS[mark]));
  let now, output, place, here, skipped; // worked out in show()
  let peek = null; // the place under the pointer

  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  // A change of what makes the map; the place stays on it.
  const change = (changes) => {
    const map = convolve({ ...state(), ...changes });
    const kept = map.length
      ? { row: min(model.get("row"), map.length - 1), column: min(model.get("column"), map[0].length - 1) }
      : {};
    put({ ...changes, ...kept });
  };

  const frame = createFrame({
    el,
    name: "convolution",
    title: "Convolution playground",
    label: "Convolution playground: step a kernel across an image",
    stacked: true,
    onReset() {
      player.pause();
      put(start);
    },
  });

  // Three panels: the input, the sum at one place, the feature map.
  const panel = (name) => {
    const title = element("div", { class: "nn-conv-title" });
    const node = element("div", { class: `nn-conv-${name}` }, title);
    frame.picture.append(node);
    return { node, title };
  };
  frame.picture.classList.add("nn-conv");
  const [left, middle, right] = ["input", "work", "map"].map(panel);
  const input = createRaster(left.node, { label: "" });
  const parts = element("div", { class: "nn-conv-parts" });
  const part = (title, ...content) => {
    const node = element(
      "div",
      { class: "nn-conv-part" },
      element("div", { class: "nn-note", text: title }),
      ...content,
    );
    parts.append(node);
    return node;
  };
  const window_ = createRaster(part("pixels in the window"), { label: "" });
  const weights = numberGrid({
    name: "kernel",
    title: "Kernel",
    low: -LARGEST,
    high: LARGEST,
    onInput: (i, j, value) =>
      put({ kernel: now.kernel.map((old, a) => old.map((w, b) => (a === i && b === j ? value : w))) }),
  });
  part("× kernel, yours to edit", weights.el);
  const products = createRaster(part("= products"), { label: "" });
  const result = element("div", { class: "nn-conv-result" });
  part("their sum", result);
  const terms = element("div", { class: "nn-conv-terms" });
  const nothing = element("div", { class: "nn-conv-nothing" });
  middle.node.append(parts, terms);
  const map = createRaster(right.node, { label: "" });
  const key = element("div", { class: "nn-note nn-conv-key" });
  const hint = element("div", {
    class: "nn-note nn-conv-key",
    text: "Point at a square to see where its number comes from.",
  });
  right.node.append(nothing, key, hint);

  // Stepping.
  const step = (by) => {
    if (!output.length) return;
    const [rows, columns] = [output.length, output[0].length];
    const at =
      (model.get("row") * columns + min(model.get("column"), columns - 1) + by + rows * columns) % (rows * columns);
    peek = null;
    put({ row: floor(at / columns), column: at % columns });
  };
  const last = () => output.length && place.i === output.length - 1 && place.j === output[0].length - 1;
  const stepping = (by) => () => {
    player.pause();
    step(by);
  };
  const back = button({ label: "Back", name: "back", onClick: stepping(-1) });
  const forth = button({ label: "Step", name: "step", primary: true, onClick: stepping(1) });
  const play = button({ label: "Play", name: "play", onClick: () => (player.playing ? player.pause() : begin()) });
  const speed = select({
    label: "Speed",
    name: "speed",
    options: Object.keys(SPEEDS).map((name) => [name, name]),
    value: "medium",
  });
  const at = (label, name) =>
    slider({
      label,
      name,
      value: 0,
      min: 0,
      max: 1,
      step: 1,
      integer: true,
      hardMin: 0,
      onInput: (v) => go({ [name]: v }),
    });
  const rowAt = at("Output row", "row");
  const columnAt = at("Output column", "column");
  const go = (where) => {
    player.pause();
    put({
      row: min(where.row ?? place.i, output.length - 1),
      column: min(where.column ?? place.j, output[0].length - 1),
    });
  };
  frame.actions.classList.add("nn-conv-actions");
  frame.actions.prepend(back.el, forth.el, play.el);
  frame.panel.before(frame.actions);

  // What can be set.
  const chosen = select({
    label: "Picture",
    name: "picture",
    options: [],
    value: "",
    onChange: (name) => change({ image: expand(pictures.find(([other]) => other === name)[1]) }),
  });
  const coarse = window.matchMedia("(pointer: coarse)").matches; // where drawing would be in the way of scrolling
  const drawing = checkbox({ label: "Draw with the pointer", name: "draw", checked: !coarse, onChange: () => show() });
  const pen = slider({
    label: "Pen",
    name: "pen",
    value: 1,
    min: 0,
    max: 1,
    step: 0.1,
    hardMin: -LARGEST,
    hardMax: LARGEST,
  });
  const along = (label, name) =>
    slider({
      label,
      name,
      value: 5,
      min: 0,
      max: 11,
      step: 1,
      integer: true,
      hardMin: 0,
      hardMax: 15,
      onInput: () => frame.redraw(),
    });
  const [penRow, penColumn] = [along("Pen row", "pen-row"), along("Pen column", "pen-column")];
  const spot = () => ({ i: min(penRow.value, now.image.length - 1), j: min(penColumn.value, now.image[0].length - 1) });
  const draw = button({ label: "Draw this pixel", name: "draw-pixel", onClick: () => paint([spot()], ink(spot())) });
  const clear = button({
    label: "Clear",
    name: "clear",
    onClick: () => change({ image: now.image.map((values) => values.map(() => 0)) }),
  });
  const byKeyboard = element(
    "details",
    { class: "nn-conv-pen" },
    element("summary", { text: "Draw without a pointer" }),
  );
  const penControls = element("div", {}, penRow.el, penColumn.el, row(draw.el));
  byKeyboard.addEventListener("toggle", () => {
    if (byKeyboard.open) byKeyboard.append(penControls);
    else penControls.remove();
    frame.redraw();
  });

  const kind = select({
    label: "Kernel",
    name: "preset",
    options: [],
    value: "",
    onChange: (name) => change({ kernel: preset(name, now.kernel.length) }),
  });
  const sizes = select({
    label: "Size",
    name: "size",
    options: [],
    value: "",
    onChange: (n) => change({ kernel: resized(Number(n)) }),
  });
  const bias = slider({
    label: "Bias",
    name: "bias",
    value: 0,
    min: -3,
    max: 3,
    step: 0.1,
    hardMin: -LARGEST,
    hardMax: LARGEST,
    onInput: (v) => put({ bias: v }),
  });
  const relu = checkbox({ label: "ReLU after the sum", name: "relu", onChange: (on) => put({ relu: on }) });
  const whole = (label, name, low, high) =>
    slider({
      label,
      name,
      value: low,
      min: low,
      max: high,
      step: 1,
      integer: true,
      hardMin: low,
      hardMax: high,
      onInput: (v) => change({ [name]: v }),
    });
  const [stride, padding, dilation] = [
    whole("Stride", "stride", 1, 4),
    whole("Padding", "padding", 0, 4),
    whole("Dilation", "dilation", 1, 4),
  ];
  const note = element("p", {
    class: "nn-note",
    text: "Rows and columns are counted from 0, as in Python. The kernel is laid on the picture as it stands, not turned over first: strictly this is a cross-correlation, which nnlib and PyTorch, like most, call convolution. When drawing is switched off, the window can be dragged instead.",
  });
  frame.panel.append(
    element("div", { class: "nn-columns" }, rowAt.el, columnAt.el, speed.el),
    frame.output,
    element(
      "div",
      { class: "nn-conv-groups" },
      group("Picture", chosen.el, drawing.el, pen.el, row(clear.el), byKeyboard),
      group("Kernel", kind.el, sizes.el, bias.el, relu.el),
      group("How it moves", stride.el, padding.el, dilation.el),
    ),
    note,
  );

  // The same kind of kernel in another size, or else the numbers of this one, about their middle.
  function resized(n) {
    const other = preset(kind.value, n);
    if (other) return other;
    const { kernel } = now;
    const [down, across] = [kernel.length, kernel[0].length].map((k) => floor((k - 1) / 2) - floor((n - 1) / 2));
    return filled(n, (a, b) => kernel[a + down]?.[b + across] ?? 0);
  }

  // A pixel that has the pen's value already is wiped.
  const ink = ({ i, j }) => (now.image[i][j] === pen.value ? 0 : pen.value);
  const paint = (cells, value) => {
    const image = model.get("image").map((values) => [...values]);
    for (const { i, j } of cells) if (j in (image[i] ?? [])) image[i][j] = value;
    put({ image });
  };
  const player = createPlayer(frame, {
    tick(seconds) {
      due += seconds * SPEEDS[speed.value];
      if (due < 1) return true;
      due = 0;
      if (last()) return false;
      step(1);
      return true;
    },
    onChange(playing) {
      play.setLabel(playing ? "Pause" : "Play");
      frame.redraw();
    },
  });
  let due = 0;
  const begin = () => {
    due = 0;
    if (last()) put({ row: 0, column: 0 });
    player.play();
  };

  // On the input the pointer draws, or, when that is off, moves the window.
  const pixelAt = (p) => {
    const { i, j } = input.at(p);
    return { i: i - now.padding, j: j - now.padding };
  };
  frame.addCleanup(
    onDrag(input.plot, {
      hit(p) {
        const cell = pixelAt(p);
        if (drawing.checked) return cell.j in (now.image[cell.i] ?? []) ? { cell, value: ink(cell) } : null;
        if (!here) return null;
        const [down, across] = [cell.i - here.top, cell.j - here.left];
        const inside =
          min(down, across) >= 0 && down < span(now.kernel.length, now) && across < span(now.kernel[0].length, now);
        return inside ? { down, across } : null;
      },
      start(thing) {
        if (thing.cell) paint([thing.cell], thing.value);
      },
      move(thing, p) {
        const cell = pixelAt(p);
        if (thing.cell) {
          if (cell.i === thing.cell.i && cell.j === thing.cell.j) return;
          paint(cellsBetween(thing.cell, cell), thing.value);
          thing.cell = cell;
        } else if (output.length) {
          const to = (pixel, count) => max(0, min(count - 1, Math.round((pixel + now.padding) / now.stride)));
          const [i, j] = [to(cell.i - thing.down, output.length), to(cell.j - thing.across, output[0].length)];
          if (i !== place.i || j !== place.j) go({ row: i, column: j });
        }
      },
    }),
  );
  const look = (cell) => {
    if (cell?.i === peek?.i && cell?.j === peek?.j) return;
    peek = cell;
    show();
  };
  const placeAt = (p) => {
    const { i, j } = map.at(p);
    return j in (output[i] ?? []) ? { i, j } : null;
  };
  frame.addCleanup(
    onDrag(map.plot, {
      hit: () => null,
      move() {},
      hover: (p) => {
        if (!player.playing) look(placeAt(p));
      },
      leave: () => look(null),
      click(p) {
        const cell = placeAt(p);
        if (cell) go({ row: cell.i, column: cell.j });
      },
    }),
  );

  frame.onDraw((colors) => {
    const { image, kernel } = now;
    const both = [colors.ink, colors.surface];
    const ofPixel = shades(colors.low, colors.plot, colors.muted, both);
    const ofNumber = shades(colors.low, colors.zero, colors.high, both);
    const mark = { color: colors.test, halo: colors.surface };
    const pixel = reach(image);

    const p = now.padding;
    const [rows, columns] = [image.length + 2 * p, image[0].length + 2 * p];
    const around = (i, j) => !(j - p in (image[i - p] ?? []));
    const padded = Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_, j) => image[i - p]?.[j - p] ?? 0),
    );
    input.begin(rows, columns);
    input.cells(padded, {
      line: colors.line,
      shade: (value, i, j) => (around(i, j) ? { fill: colors.zero, ink: colors.muted } : ofPixel(value / pixel)),
    });
    // Faded, with a stroke through it: a pixel that no window touches.
    const fade = (ctx, x, y, side) => {
      ctx.globalAlpha = 0.6;
      ctx.fillStyle = colors.surface;
      ctx.fillRect(x + 1, y + 1, side - 1, side - 1);
      ctx.globalAlpha = 1;
      ctx.strokeStyle = colors.muted;
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(x + 3, y + side - 3);
      ctx.lineTo(x + side - 3, y + 3);
      ctx.stroke();
    };
    image.forEach((values, i) =>
      values.forEach((_, j) => {
        if (skipped.rows.includes(i) || skipped.columns.includes(j)) input.mark(i + p, j + p, fade);
      }),
    );
    if (p) input.outline(p, p, image.length, image[0].length, { color: colors.muted, width: 1.5 });
    if (byKeyboard.open)
      input.outline(spot().i + p, spot().j + p, 1, 1, {
        color: colors.ink,
        halo: colors.surface,
        width: 2,
        dash: [4, 3],
      });

    const most = max(kernel.length, kernel[0].length);
    const largest = most > 3 ? min(32, floor(weights.el.parentElement.clientWidth / most)) : 42;
    middle.node.style.setProperty("--nn-cell", `${largest}px`);
    weights.show(kernel, (value) => ofNumber(value / reach(kernel)));
    if (!here) return;
    const spread = now.dilation > 1;
    input.outline(here.top + p, here.left + p, span(kernel.length, now), span(kernel[0].length, now), {
      ...mark,
      width: spread ? 1.5 : 3,
    });
    if (spread)
      kernel.forEach((values, a) =>
        values.forEach((_, b) =>
          input.outline(here.top + p + a * now.dilation, here.left + p + b * now.dilation, 1, 1, {
            ...mark,
            width: 2.5,
          }),
        ),
      );

    window_.begin(kernel.length, kernel[0].length, { largest });
    window_.cells(here.pixels, { line: colors.line, shade: (value) => ofPixel(value / pixel) });
    window_.outline(0, 0, kernel.length, kernel[0].length, { color: colors.test });
    products.begin(kernel.length, kernel[0].length, { largest });
    products.cells(here.products, { line: colors.line, shade: (value) => ofNumber(value / (pixel * reach(kernel))) });

    const top = reach(output);
    const reached = place.i * output[0].length + place.j;
    map.begin(output.length, output[0].length);
    map.cells(output, {
      line: colors.line,
      shade: (value) => ofNumber(value / top),
      paper: colors.surface,
      skip: (i, j) => player.playing && i * output[0].length + j > reached, // it fills as it plays
    });
    map.outline(place.i, place.j, 1, 1, mark);
    const chip = result.lastChild.lastChild;
    const { fill, ink } = ofNumber(output[place.i][place.j] / top);
    Object.assign(chip.style, { backgroundColor: fill, color: ink });
  });

  function show() {
    now = state();
    output = convolve(now);
    const { image, kernel } = now;
    const fits = output.length > 0;
    if (!fits) {
      player.pause();
      peek = null;
    }
    const clamp = (k, count) => max(0, min(k, count - 1));
    place = fits
      ? { i: clamp(peek?.i ?? now.row, output.length), j: clamp(peek?.j ?? now.column, output[0].length) }
      : { i: 0, j: 0 };
    here = fits ? windowAt(now, place.i, place.j) : null;
    skipped = fits
      ? { rows: unused(image.length, kernel.length, now), columns: unused(image[0].length, kernel[0].length, now) }
      : { rows: [], columns: [] };

    const like = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    const shown = pictures.find(([, text]) => like(expand(text), image))?.[0];
    chosen.setOptions(
      [...pictures.map(([name]) => [name, PICTURES[name] ?? name]), ...(shown ? [] : [["own", "Your own"]])],
      shown ?? "own",
    );
    const n = kernel.length;
    const square = n === kernel[0].length;
    const kinds = square ? Object.keys(KERNELS).filter((name) => preset(name, n)) : [];
    const match = kinds.find((name) => like(preset(name, n), kernel));
    kind.setOptions(
      [...kinds.map((name) => [name, KERNELS[name].label]), ...(match ? [] : [["own", "Your own"]])],
      match ?? "own",
    );
    const standard = [1, 2, 3, 5].map((k) => [String(k), `${k} × ${k}`]);
    const usual = square && standard.some(([k]) => k === String(n));
    sizes.setOptions([...standard, ...(usual ? [] : [["own", size(kernel)]])], usual ? String(n) : "own");
    for (const [name, control] of Object.entries({ bias, stride, padding, dilation })) control.set(now[name]);
    relu.el.firstChild.checked = now.relu;
    penRow.setRange(0, image.length - 1);
    penColumn.setRange(0, image[0].length - 1);
    rowAt.setRange(0, max(0, output.length - 1));
    columnAt.setRange(0, max(0, fits ? output[0].length - 1 : 0));
    rowAt.set(place.i);
    columnAt.set(place.j);
    for (const control of [
      back.el,
      forth.el,
      play.el,
      ...rowAt.el.querySelectorAll("input"),
      ...columnAt.el.querySelectorAll("input"),
    ])
      control.disabled = !fits;
    frame.root.classList.toggle("nn-conv-drawing", drawing.checked);

    const words = inWords({ now, output, place, here, skipped });
    for (const [k, { title }] of [left, middle, right].entries()) title.textContent = words.titles[k];
    for (const node of [
      terms,
      key,
      hint,
      window_.plot.canvas.parentNode,
      products.plot.canvas.parentNode,
      result.parentNode,
    ])
      node.hidden = !fits;
    map.plot.canvas.hidden = !fits;
    nothing.hidden = fits;
    nothing.textContent = words.nothing;
    result.replaceChildren(
      ...words.result.map(([name, value]) =>
        element("div", {}, element("span", { text: name }), element("span", { text: value })),
      ),
    );
    terms.replaceChildren(...words.terms.map((text) => element("div", { text })));
    key.textContent = words.key;
    frame.say(words.lines);
    for (const [k, raster] of [input, window_, products, map].entries()) raster.plot.describe(words.pictures[k]);
    frame.redraw();
  }
  const table = (rows) => ({
    head: ["row", ...(rows[0] ?? []).map((_, j) => `column ${j}`)],
    rows: rows.map((values, i) => [i, ...values.map((value) => fmt(value))]),
  });
  frame.table("Show the feature map as a table", () => table(output));
  frame.table("Show the input as a table", () => table(now.image));
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

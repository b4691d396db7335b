// The perceptron in the plane: move the boundary, move the points, or let the rule do it.
//
// w and b act on z = (x - center) / scale, which the reader sees as s (z is the score in the book). Where a data set is not
// standardized, z is x. The plot is drawn in z with equal
// units on both axes, so that the normal vector stands at a right angle to the boundary; the ticks show x.

import { createFrame, createPlayer } from "./frame.js";
import { arrow, createPlot, fmt, marker, onDrag, signed } from "./plot.js";
import { button, element, group, row, select, slider } from "./controls.js";
import { CLASS_SHAPES } from "./theme.js";

const RUN_LIMIT = 2000; // updates in one run
const sign = (s) => (s >= 0 ? 1 : -1);
const minus = (y) => (y > 0 ? "+1" : "−1");
const kind = (y) => (y > 0 ? 1 : 0); // index of the class's color and shape

export const score = (w, b, z) => w[0] * z[0] + w[1] * z[1] + b;

// The first misclassified point from `cursor` on, going round; -1 if there is none.
export function nextMistake(w, b, Z, y, cursor) {
  for (let k = 0; k < y.length; k++) {
    const i = (cursor + k) % y.length;
    if (sign(score(w, b, Z[i])) !== y[i]) return i;
  }
  return -1;
}

// The perceptron rule for one point on the wrong side.
export const update = (w, b, z, label, rate) => ({ w: [w[0] + rate * label * z[0], w[1] + rate * label * z[1]], b: b + rate * label });

const pair = (v) => `(${fmt(v[0])}, ${fmt(v[1])})`;
const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

function render({ model, el }) {
  let selected = 0;
  let picked = false; // the reader has chosen a point, so mark it
  let hovered = -1;
  let cause = -1; // the point behind the last update
  let before = null; // the boundary before it
  let story = ""; // what happened last, in words
  let dragging = false;
  let learning = false; // the change under way comes from the rule

  const get = (name) => model.get(name);
  const record = () => get("_datasets")[get("dataset")];
  const toZ = (x) => x.map((value, k) => (value - record().center[k]) / record().scale[k]);
  const standardized = () => record().scale.some((s) => s !== 1) || record().center.some((c) => c !== 0);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const forget = () => {
    cause = -1;
    before = null;
    story = "";
  };

  // ---- what is on screen, worked out from the traits

  function state() {
    const [w, b, y] = [get("w"), get("b"), get("y")];
    const Z = get("X").map(toZ);
    const scores = Z.map((z) => score(w, b, z));
    const length = Math.hypot(...w);
    const wrong = y.flatMap((label, i) => (sign(scores[i]) === label ? [] : [i]));
    const distances = scores.map((s, i) => (y[i] * s) / length);
    const margin = length ? Math.min(...distances) : NaN;
    return { w, b, y, Z, scores, length, wrong, margin, closest: distances.indexOf(margin) };
  }

  const pointName = (i) => (get("names")[i] ? `${get("names")[i]} (point ${i + 1})` : `point ${i + 1}`);

  function sentences(s) {
    const { symbols, center, scale, units } = record();
    const n = s.y.length;
    const named = s.wrong.slice(0, 4).map((i) => get("names")[i] || `${i + 1}`).join(", ") + (s.wrong.length > 4 ? ", …" : "");
    const lines = [
      s.wrong.length ? `Mistakes: ${s.wrong.length} of ${count(n, "point")} on the wrong side (${named}).` : `No mistakes: all ${count(n, "point")} on the right side.`,
    ];
    if (!s.length) lines.push(`w = (0, 0): there is no boundary. The score is b = ${fmt(s.b)} everywhere, so every point is predicted ${minus(sign(s.b))}.`);
    else {
      const z = standardized() ? ["s₁", "s₂"] : symbols;
      let line = `Boundary: ${fmt(s.w[0])} ${z[0]} ${signed(s.w[1])} ${z[1]} ${signed(s.b)} = 0`;
      if (standardized()) {
        const real = s.w.map((value, k) => value / scale[k]);
        const bias = s.b - real[0] * center[0] - real[1] * center[1];
        line += `, that is ${fmt(real[0])} ${symbols[0]} ${signed(real[1])} ${symbols[1]} ${signed(bias)} = 0 with ${symbols[1]} in ${units[1]}`;
      }
      const outside = plot.crosses ? "" : " It lies outside the picture.";
      lines.push(`${line}.${outside}`);
      const nearest = `${pointName(s.closest)}`;
      const unit = standardized() ? " in units of s" : "";
      lines.push(s.margin >= 0
        ? `Margin: ${fmt(s.margin)}${unit}, the distance from the boundary to the closest point, ${nearest}.`
        : `Margin: ${fmt(s.margin)}${unit}, negative because points are on the wrong side; the deepest is ${nearest}.`);
    }
    if (get("updates") && !story.startsWith("Update")) lines.push(`Updates so far: ${get("updates")}.`);
    if (story) lines.push(story);
    else if (s.wrong.length) {
      const i = nextMistake(s.w, s.b, s.Z, s.y, get("cursor"));
      const next = update(s.w, s.b, s.Z[i], s.y[i], get("learning_rate"));
      lines.push(`The rule would next correct ${pointName(i)}: w to ${pair(next.w)} and b to ${fmt(next.b)}.`);
    }
    return lines;
  }

  // ---- the rule

  // Make up to `limit` updates and show the last; returns how many there were to make.
  function learn(limit) {
    const { w: w0, b: b0, y, Z } = state();
    const rate = get("learning_rate");
    let [w, b, cursor, made] = [w0, b0, get("cursor"), 0];
    while (made < limit) {
      const i = nextMistake(w, b, Z, y, cursor);
      if (i < 0) break;
      before = { w, b };
      cause = i;
      ({ w, b } = update(w, b, Z[i], y[i], rate));
      cursor = (i + 1) % y.length;
      made++;
    }
    if (!made) {
      forget();
      story = "No point is on the wrong side, so the rule changes nothing.";
      show();
      return 0;
    }
    const times = y[cause] > 0 ? "+" : "−";
    const updates = get("updates") + made;
    story = `Update ${updates}: ${pointName(cause)} with y = ${minus(y[cause])} was on the wrong side (score ${fmt(score(before.w, before.b, Z[cause]))}). `
      + `w becomes ${pair(before.w)} ${times} ${fmt(rate)} · ${pair(Z[cause])} = ${pair(w)}, b becomes ${fmt(before.b)} ${times} ${fmt(rate)} = ${fmt(b)}.`;
    learning = true;
    put({ w, b, updates, cursor });
    learning = false;
    return made;
  }

  // ---- the parts

  const reset = () => {
    run.pause();
    forget();
    [selected, picked] = [0, false];
    const { X, y, names } = record();
    put({ X, y, names, ...get("_start"), updates: 0, cursor: 0 });
  };
  const frame = createFrame({ el, name: "perceptron", title: "Perceptron playground", label: "Perceptron playground", onReset: reset });
  const data = select({
    label: "Data", name: "dataset", value: get("dataset"),
    options: Object.entries(get("_datasets")).map(([key, { label }]) => [key, label]),
    onChange(dataset) {
      run.pause();
      forget();
      [selected, picked] = [0, false];
      const { X, y, names } = get("_datasets")[dataset];
      put({ dataset, X, y, names, w: get("_start").w, b: get("_start").b, updates: 0, cursor: 0 });
    },
  });
  frame.head.append(data.el);

  const plot = createPlot(frame.picture, { label: "" });
  const legend = element("div", { class: "nn-legend" });
  const hint = element("div", { class: "nn-note" });
  frame.picture.append(legend, hint);

  const weights = [0, 1].map((k) => slider({
    label: ["w₁", "w₂"][k], name: ["w1", "w2"][k], value: 0, min: -5, max: 5, step: 0.05,
    onInput: (v) => put({ w: get("w").map((old, j) => (j === k ? v : old)) }),
  }));
  const bias = slider({ label: "b", name: "b", value: 0, min: -5, max: 5, step: 0.05, onInput: (b) => put({ b }) });
  const note = element("div", { class: "nn-note" });

  const rate = slider({
    label: "Learning rate", name: "learning-rate", value: 0.5, min: 0.01, max: 10, hardMin: 1e-6, hardMax: 1e6, log: true,
    onInput: (learning_rate) => put({ learning_rate }),
  });
  const stepButton = button({ label: "Step", name: "step", onClick: () => { run.pause(); learn(1); } });
  const runButton = button({
    label: "Run", name: "run", primary: true,
    onClick: () => {
      if (run.playing) return run.pause();
      [due, pace, made] = [1, 3, 0];
      run.play();
    },
  });
  // A run starts slowly enough to follow each update and becomes faster, so that long runs end.
  let [due, pace, made] = [0, 0, 0];
  const run = createPlayer(frame, {
    tick(seconds) {
      due += seconds * pace;
      pace *= 1.8 ** seconds;
      const wanted = Math.min(Math.floor(due), RUN_LIMIT - made);
      if (!wanted) return true;
      due -= wanted;
      const done = learn(wanted);
      made += done;
      if (done === wanted && made < RUN_LIMIT) return true;
      if (made) {
        story = done < wanted
          ? `The rule has ended: after ${count(made, "update")} in this run no point is on the wrong side.`
          : `Stopped after ${RUN_LIMIT} updates in one run, and still there are mistakes. Perhaps no line separates these classes; Run goes on.`;
      }
      show();
      return false;
    },
    onChange: (playing) => runButton.setLabel(playing ? "Pause" : "Run"),
  });
  frame.actions.prepend(runButton.el, stepButton.el);

  const points = select({ label: "Point", name: "point", options: [], value: "0", onChange: (i) => { pick(Number(i)); show(); } });
  const coordinates = [0, 1].map((k) => slider({
    label: "x", name: ["x1", "x2"][k], value: 0, min: 0, max: 1, step: 0.1,
    onInput: (v) => movePoint(selected, get("X")[selected].map((old, j) => (j === k ? v : old))),
  }));
  const pick = (i) => { [selected, picked] = [i, true]; };
  const editData = (i, edit) => {
    const lists = { X: [...get("X")], y: [...get("y")], names: [...get("names")] };
    edit(lists, i);
    pick(Math.min(selected, lists.y.length - 1));
    put({ ...lists, cursor: 0 });
  };
  const movePoint = (i, x) => editData(i, ({ X, names }) => {
    X[i] = x;
    // A moved compound is no longer that compound.
    names[i] = "";
  });
  const addPoint = (label, x) => editData(-1, ({ X, y, names }) => {
    X.push(x);
    y.push(label);
    names.push("");
    selected = y.length - 1;
  });
  const round = (x) => x.map((value, k) => Number(value.toFixed(decimals(k))));
  const decimals = (k) => Math.max(0, 3 - Math.ceil(Math.log10(record().scale[k])));
  const fromZ = (z) => round(z.map((value, k) => record().center[k] + record().scale[k] * value));
  // New points appear in the middle, each beside the last.
  const middle = () => {
    const { x, y } = plot.view;
    const shift = (get("y").length % 7) * 0.03 * (x[1] - x[0]);
    return fromZ([(x[0] + x[1]) / 2 + shift, (y[0] + y[1]) / 2]);
  };
  const clickAdds = select({ label: "A click in the picture adds", name: "click", options: [["1", "y = +1"], ["-1", "y = −1"], ["0", "nothing"]], value: "1",
    onChange(label) {
      forget();
      story = label === "0" ? "A click in the picture adds nothing." : `A click in the picture adds a point with y = ${minus(Number(label))}.`;
      show();
    },
  });
  const buttons = {
    plus: button({ label: "Add +1", name: "add-plus", onClick: () => addPoint(1, middle()) }),
    minus: button({ label: "Add −1", name: "add-minus", onClick: () => addPoint(-1, middle()) }),
    flip: button({ label: "Flip class", name: "flip", onClick: () => editData(selected, ({ y }, i) => { y[i] = -y[i]; }) }),
    remove: button({
      label: "Remove", name: "remove",
      onClick: () => editData(selected, (lists, i) => { for (const list of Object.values(lists)) list.splice(i, 1); }),
    }),
  };

  const pointGroup = group(
    "Points",
    element("div", { class: "nn-columns" }, points.el, coordinates[0].el, coordinates[1].el),
    row(...Object.values(buttons).map((control) => control.el), clickAdds.el),
  );
  frame.panel.append(
    group("Weights and bias", weights[0].el, weights[1].el, bias.el, note),
    group("Perceptron rule", rate.el, frame.actions),
    frame.output,
  );
  frame.body.append(pointGroup);
  frame.table("Show the points as a table", () => {
    const s = state();
    const { symbols, units } = record();
    const head = symbols.map((symbol, k) => (units[k] ? `${symbol} (${units[k]})` : symbol));
    return {
      head: ["point", "name", ...head, "y", "score", "side"],
      rows: s.y.map((label, i) => [i + 1, get("names")[i], ...get("X")[i].map((v) => fmt(v, 5)), minus(label), fmt(s.scores[i]), sign(s.scores[i]) === label ? "right" : "wrong"]),
    };
  });

  // ---- the view: the data set as it comes, and whatever lies outside of it

  function setView() {
    if (dragging) return;
    const original = record().X.map(toZ);
    const box = [0, 1].map((k) => {
      const values = original.map((z) => z[k]);
      return [Math.min(...values), Math.max(...values)];
    });
    const half = 0.56 * Math.max(1e-6, ...box.map(([a, c]) => c - a));
    const wide = box.map(([a, c]) => [(a + c) / 2 - half, (a + c) / 2 + half]);
    for (const z of get("X").map(toZ)) {
      for (const k of [0, 1]) {
        if (z[k] < wide[k][0]) wide[k][0] = z[k] - 0.05 * half;
        if (z[k] > wide[k][1]) wide[k][1] = z[k] + 0.05 * half;
      }
    }
    plot.setView(wide[0], wide[1], { equal: true });
  }

  // ---- pointer

  // The point of the boundary that is closest to the middle of the picture, where the normal vector stands.
  function foot({ w, b, length }) {
    const { x, y } = plot.view;
    const middleOf = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
    const distance = score(w, b, middleOf) / length ** 2;
    return [middleOf[0] - w[0] * distance, middleOf[1] - w[1] * distance];
  }
  function arrowTip(s) {
    const [x, y] = foot(s);
    const [px, py] = [plot.px(x), plot.py(y)];
    return { px, py, tipX: px + (54 * s.w[0]) / s.length, tipY: py - (54 * s.w[1]) / s.length };
  }
  function hit(p, pointer) {
    const reach = pointer === "touch" ? 22 : 12;
    const s = state();
    const away = s.Z.map((z) => Math.hypot(plot.px(z[0]) - p.px, plot.py(z[1]) - p.py));
    const i = away.indexOf(Math.min(...away));
    if (away[i] <= reach) return { point: i };
    if (!s.length) return null;
    const { tipX, tipY } = arrowTip(s);
    if (Math.hypot(tipX - p.px, tipY - p.py) <= reach) return { turn: foot(s) };
    const across = Math.abs(score(s.w, s.b, [p.x, p.y])) / s.length / (plot.dataX(1) - plot.dataX(0));
    return across <= reach * 0.7 ? { shift: true } : null;
  }
  frame.addCleanup(onDrag(plot, {
    hit,
    start(thing) {
      run.pause();
      dragging = true;
      if (thing.point !== undefined) {
        pick(thing.point);
        show();
      }
    },
    move(thing, p) {
      const { x, y } = plot.view;
      const z = [Math.min(x[1], Math.max(x[0], p.x)), Math.min(y[1], Math.max(y[0], p.y))];
      const s = state();
      if (thing.point !== undefined) movePoint(thing.point, fromZ(z));
      else if (thing.turn) {
        const [dx, dy] = [z[0] - thing.turn[0], z[1] - thing.turn[1]];
        const size = Math.hypot(dx, dy);
        if (!size) return;
        const w = [(s.length * dx) / size, (s.length * dy) / size];
        put({ w, b: -(w[0] * thing.turn[0] + w[1] * thing.turn[1]) });
      } else put({ b: -(s.w[0] * z[0] + s.w[1] * z[1]) });
    },
    end() {
      dragging = false;
      show();
    },
    hover(p) {
      const thing = hit(p);
      const now = thing?.point ?? -1;
      if (now === hovered) return;
      hovered = now;
      frame.redraw();
    },
    leave() {
      hovered = -1;
      frame.redraw();
    },
    click(p) {
      const label = Number(clickAdds.value);
      const { left, top, width, height } = plot.area;
      if (label && p.px > left && p.px < left + width && p.py > top && p.py < top + height) addPoint(label, fromZ([p.x, p.y]));
    },
  }));

  // ---- drawing

  function halfPlane({ w, b }, side) {
    const { x, y } = plot.view;
    const corners = [[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]];
    const inside = [];
    corners.forEach((a, k) => {
      const c = corners[(k + 1) % 4];
      const [sa, sc] = [side * score(w, b, a), side * score(w, b, c)];
      if (sa >= 0) inside.push(a);
      if (sa * sc < 0) inside.push([0, 1].map((j) => a[j] + ((c[j] - a[j]) * sa) / (sa - sc)));
    });
    return inside;
  }
  function boundary(line, offset, style) {
    const length = Math.hypot(...line.w);
    if (!length) return;
    const [x, y] = foot({ ...line, length });
    const [nx, ny] = line.w.map((value) => value / length);
    const far = 3 * (plot.view.x[1] - plot.view.x[0]);
    const [cx, cy] = [x + nx * offset, y + ny * offset];
    plot.polyline([[cx - ny * far, cy + nx * far], [cx + ny * far, cy - nx * far]], style);
  }
  function drawHalfPlanes(colors, s) {
    const { ctx } = plot;
    for (const side of [-1, 1]) {
      const corners = halfPlane(s, side);
      if (!corners.length || (side < 0 && !s.length && s.b >= 0)) continue;
      ctx.globalAlpha = 0.42;
      ctx.fillStyle = side > 0 ? colors.high : colors.low;
      ctx.beginPath();
      for (const [x, y] of corners) ctx.lineTo(plot.px(x), plot.py(y));
      ctx.fill();
      ctx.globalAlpha = 1;
    }
  }
  function drawPoint(colors, s, i) {
    const { ctx } = plot;
    const [px, py] = [plot.px(s.Z[i][0]), plot.py(s.Z[i][1])];
    const size = Math.min(1, Math.max(0.75, plot.area.width / 450));
    if (i === cause) marker(ctx, "circle", px, py, 15 * size, { stroke: colors.accent, width: 4 });
    if (s.wrong.includes(i)) marker(ctx, "circle", px, py, 10.5 * size, { stroke: colors.alert, width: 1.8 });
    marker(ctx, CLASS_SHAPES[kind(s.y[i])], px, py, size * ((i === selected && picked) || i === hovered ? 8 : 6.5), { fill: colors.classes[kind(s.y[i])], stroke: colors.plot });
    if (i === selected && picked) marker(ctx, "square", px, py, 14 * size, { stroke: colors.ink, width: 1.2 });
  }
  function drawTip(colors, s, i) {
    const { ctx } = plot;
    const { symbols, units } = record();
    const x = get("X")[i];
    const name = get("names")[i];
    const lines = [
      `${name || `Point ${i + 1}`}, y = ${minus(s.y[i])}`,
      ...symbols.map((symbol, k) => `${symbol} = ${fmt(x[k], 4)} ${units[k]}`.trim()),
      i === cause ? `score ${fmt(score(before.w, before.b, s.Z[i]))} → ${fmt(s.scores[i])}` : `score ${fmt(s.scores[i])}`,
    ];
    const width = Math.max(...lines.map((text) => ctx.measureText(text).width)) + 16;
    const height = 17 * lines.length + 10;
    const [px, py] = [plot.px(s.Z[i][0]), plot.py(s.Z[i][1])];
    const { left, top, width: room } = plot.area;
    const x0 = px + 16 + width > left + room ? px - 16 - width : px + 16;
    const y0 = Math.max(top + 2, py - height - 8);
    ctx.fillStyle = colors.surface;
    ctx.strokeStyle = colors.muted;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.roundRect(x0, y0, width, height, 5);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = colors.ink;
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    lines.forEach((text, k) => ctx.fillText(text, x0 + 8, y0 + 7 + 17 * k));
  }
  function drawSideNames(colors, s) {
    const { ctx } = plot;
    const { left, top, width, height } = plot.area;
    ctx.fillStyle = colors.ink;
    ctx.strokeStyle = colors.plot;
    ctx.lineWidth = 4;
    for (const side of [-1, 1]) {
      const corners = [[8, 8, "left", "top"], [width - 8, 8, "right", "top"], [8, height - 8, "left", "bottom"], [width - 8, height - 8, "right", "bottom"]];
      const depth = ([x, y]) => side * score(s.w, s.b, [plot.dataX(left + x), plot.dataY(top + y)]);
      const deepest = corners.reduce((a, c) => (depth(c) > depth(a) ? c : a));
      if (depth(deepest) < 0 || (depth(deepest) === 0 && side < 0)) continue;
      [ctx.textAlign, ctx.textBaseline] = deepest.slice(2);
      const text = `predicted ${minus(side)}`;
      ctx.strokeText(text, left + deepest[0], top + deepest[1]);
      ctx.fillText(text, left + deepest[0], top + deepest[1]);
    }
  }

  frame.onDraw((colors) => {
    const s = state();
    const { center, scale, feature_names, units } = record();
    setView();
    plot.begin();
    const { ctx } = plot;
    ctx.fillStyle = colors.plot;
    ctx.fillRect(plot.area.left, plot.area.top, plot.area.width, plot.area.height);
    plot.clip(() => {
      drawHalfPlanes(colors, s);
      drawSideNames(colors, s);
      if (before) boundary(before, 0, { color: colors.muted, width: 1.5, dash: [2, 6] });
      if (s.margin > 0) for (const side of [-1, 1]) boundary(s, side * s.margin, { color: colors.muted, width: 1.2, dash: [6, 5] });
      boundary(s, 0, { color: colors.ink, width: 2.5 });
      s.y.forEach((_, i) => { if (i !== selected) drawPoint(colors, s, i); });
      drawPoint(colors, s, selected);
      if (s.length) {
        const { px, py, tipX, tipY } = arrowTip(s);
        arrow(ctx, px, py, tipX, tipY, { color: colors.ink, width: 2 });
        ctx.fillStyle = colors.ink;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillText("w", px + (tipX - px) * 1.22, py + (tipY - py) * 1.22);
      }
    });
    const axis = (k) => ({ label: units[k] ? `${feature_names[k]} (${units[k]})` : feature_names[k], center: center[k], scale: scale[k] });
    plot.axes(colors, { x: axis(0), y: axis(1) });
    const editing = pointGroup.contains(document.activeElement) && picked;
    const told = hovered >= 0 ? hovered : editing ? selected : run.playing ? -1 : cause;
    if (told >= 0 && told < s.y.length) drawTip(colors, s, told);
  });

  // ---- everything else that follows the traits

  function show() {
    const s = state();
    const { symbols, units, class_names, center, scale } = record();
    selected = Math.min(selected, s.y.length - 1);
    data.set(get("dataset"));
    const span = (v) => [5, 10, 20, 50, 100, 200, 500].find((top) => Math.abs(v) <= top) ?? 1000;
    const spanW = Math.max(...s.w.map(span));
    weights.forEach((control, k) => {
      control.setRange(-spanW, spanW);
      control.set(s.w[k]);
    });
    bias.setRange(-span(s.b), span(s.b));
    bias.set(s.b);
    rate.set(get("learning_rate"));
    note.hidden = !standardized();
    const z = symbols.map((symbol, k) => `s${"₁₂"[k]} = (${symbol} − ${fmt(center[k])}) / ${fmt(scale[k])}`);
    note.textContent = `The weights act on ${z.join(" and ")}, which are of like size; the axes show ${symbols.join(" and ")}.`;

    const options = s.y.map((label, i) => [String(i), `${i + 1}: ${get("names")[i] ? `${get("names")[i]}, ` : ""}y = ${minus(label)}`]);
    points.setOptions(options, String(selected));
    setView();
    coordinates.forEach((control, k) => {
      const [low, high] = k ? plot.view.y : plot.view.x;
      const step = 10 ** -Math.max(0, decimals(k) - 1);
      const ends = [low, high].map((z) => Number((center[k] + scale[k] * z).toFixed(decimals(k))));
      control.setLabel(units[k] ? `${symbols[k]} (${units[k]})` : symbols[k]);
      control.setRange(...ends, step);
      control.set(get("X")[selected][k]);
    });
    buttons.remove.disable(s.y.length === 1);
    legend.replaceChildren(...[-1, 1].map((label) => element(
      "span", {},
      element("span", { class: `nn-swatch-${kind(label)}`, "aria-hidden": "true", text: label > 0 ? "●" : "■" }),
      ` y = ${minus(label)}${class_names[kind(label)] ? `: ${class_names[kind(label)]}` : ""}`,
    )), element("span", {}, element("span", { class: "nn-ring", "aria-hidden": "true", text: "◯" }), ` on the wrong side: ${s.wrong.length}`));

    plot.crosses = s.length > 0 && halfPlane(s, 1).length > 0 && halfPlane(s, -1).length > 0;
    const lines = sentences(s);
    frame.say(lines);
    plot.describe(`${count(s.y.length, "point")} in the plane, ${s.y.filter((label) => label > 0).length} of them with y = +1. ${lines.slice(0, 3).join(" ")}`);
    frame.redraw();
  }
  const traits = ["X", "y", "names", "w", "b", "learning_rate", "dataset", "updates"];
  frame.listen(model, traits, () => { if (!learning) forget(); });
  frame.follow(model, traits, show);
  frame.root.addEventListener("focusin", frame.redraw);
  frame.root.addEventListener("focusout", frame.redraw);
  hint.textContent = "Drag a point, the line, or the tip of w. Click to add a point.";
  show();
  return frame.ready();
}

export default { render };

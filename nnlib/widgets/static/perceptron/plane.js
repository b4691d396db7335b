// The perceptron's picture: points, half-planes, boundary, margin and the arrow w; and the pointer that moves them.
//
//   const plane = createPlane({ frame, board, now, movePoint, addPoint, grab, drop })
//       now: what the parts share: { selected, picked, cause, before } ... of perceptron.js
//       grab(i) when a drag begins (i: the point, or -1 for the line), drop() when it ends
//   plane.plot .setView() .crosses(s) .draw(colors, told)    told: the point whose tip is shown, or a negative number

import { emptiest, foot, halfPlane, parallel, viewOf } from "./line.js";
import { arrow, createPlot, fmt, marker, onDrag } from "../shared/plot.js";
import { score } from "./rule.js";
import { CLASS_SHAPES } from "../shared/theme.js";
import { minus } from "./words.js";

const ARROW = 54; // pixels
const MOST_LABELS = 500; // points that are named; among more there is no room, and looking for it takes long
const kind = (y) => (y > 0 ? 1 : 0); // index of the class's color and shape

export function createPlane({ frame, board, now, movePoint, addPoint, grab, drop }) {
  const { get, record, toZ, fromZ } = board;
  const plot = createPlot(frame.picture, { label: "" });
  const { ctx } = plot;
  const at = (z) => [plot.px(z[0]), plot.py(z[1])];
  let drag = null; // the data under it, which a program may exchange meanwhile
  let hovered = -1;
  const same = () => drag?.dataset === get("dataset") && drag.count === get("y").length;

  // The view stays while something is dragged in it.
  function setView() {
    if (same()) return;
    drag = null;
    const { x, y } = viewOf(record().X.map(toZ), get("X").map(toZ));
    plot.setView(x, y, { equal: true });
  }
  const crosses = ({ w, b, length }) => length > 0 && [1, -1].every((side) => halfPlane(w, b, plot.view, side).length);

  // ---- pointer

  function arrowOf({ w, b, length }) {
    const [px, py] = at(foot(w, b, plot.view));
    return { px, py, tipX: px + (ARROW * w[0]) / length, tipY: py - (ARROW * w[1]) / length };
  }
  // What the arrow and its letter cover.
  function boxesOfArrow(s) {
    if (!s.length) return [];
    const { px, py, tipX, tipY } = arrowOf(s);
    return [0, 0.25, 0.5, 0.75, 1, 1.22].map((part) => [
      px + (tipX - px) * part - 9,
      py + (tipY - py) * part - 9,
      18,
      18,
    ]);
  }
  function hit(p, pointer) {
    const reach = pointer === "touch" ? 22 : 12;
    const s = board.state();
    const away = s.Z.map((z) => Math.hypot(plot.px(z[0]) - p.px, plot.py(z[1]) - p.py));
    const i = away.indexOf(Math.min(...away));
    if (away[i] <= reach) return { point: i };
    if (!s.length) return null;
    const { tipX, tipY } = arrowOf(s);
    if (Math.hypot(tipX - p.px, tipY - p.py) <= reach) return { turn: foot(s.w, s.b, plot.view) };
    const across = Math.abs(score(s.w, s.b, [p.x, p.y])) / s.length / (plot.dataX(1) - plot.dataX(0));
    return across <= reach * 0.7 ? { shift: true } : null;
  }
  frame.addCleanup(
    onDrag(plot, {
      hit,
      start(thing) {
        drag = { dataset: get("dataset"), count: get("y").length };
        grab(thing.point ?? -1);
      },
      move(thing, p) {
        if (!same()) return;
        const { x, y } = plot.view;
        const z = [Math.min(x[1], Math.max(x[0], p.x)), Math.min(y[1], Math.max(y[0], p.y))];
        const { w, length } = board.state();
        if (thing.point !== undefined) movePoint(thing.point, fromZ(z));
        else if (thing.turn) {
          const [dx, dy] = [z[0] - thing.turn[0], z[1] - thing.turn[1]];
          const size = Math.hypot(dx, dy);
          if (!size) return;
          const turned = [(length * dx) / size, (length * dy) / size];
          board.put({ w: turned, b: -(turned[0] * thing.turn[0] + turned[1] * thing.turn[1]) });
        } else board.put({ b: -(w[0] * z[0] + w[1] * z[1]) });
      },
      end() {
        drag = null;
        drop();
      },
      hover(p) {
        const over = hit(p)?.point ?? -1;
        if (over === hovered) return;
        hovered = over;
        frame.redraw();
      },
      leave() {
        hovered = -1;
        frame.redraw();
      },
      click(p) {
        const { left, top, width, height } = plot.area;
        if (p.px > left && p.px < left + width && p.py > top && p.py < top + height) addPoint(fromZ([p.x, p.y]));
      },
    }),
  );

  // ---- drawing

  const boundary = ({ w, b }, offset, style) => {
    if (Math.hypot(...w)) plot.polyline(parallel(w, b, offset, plot.view), style);
  };

  function drawHalfPlanes(colors, s) {
    for (const side of [-1, 1]) {
      const corners = halfPlane(s.w, s.b, plot.view, side);
      if (!corners.length || (side < 0 && !s.length && s.b >= 0)) continue;
      ctx.globalAlpha = 0.42;
      ctx.fillStyle = side > 0 ? colors.high : colors.low;
      ctx.beginPath();
      for (const corner of corners) ctx.lineTo(...at(corner));
      ctx.fill();
      ctx.globalAlpha = 1;
    }
  }

  // Returns the boxes of what it writes.
  function drawSideNames(colors, s) {
    const boxes = [];
    const { left, top, width, height } = plot.area;
    Object.assign(ctx, {
      fillStyle: colors.ink,
      strokeStyle: colors.plot,
      lineWidth: 4,
      textAlign: "left",
      textBaseline: "top",
    });
    for (const side of [-1, 1]) {
      const text = `predicted ${minus(side)}`;
      const wide = ctx.measureText(text).width;
      const [x0, x1, y0, y1] = [left + 8, left + width - 8 - wide, top + 8, top + height - 22];
      // The corner deepest in the half-plane, or another one, or the middle of an edge, if the arrow is there.
      const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
      const spots = [
        [x0, y0],
        [x1, y0],
        [x0, y1],
        [x1, y1],
        [mx, y0],
        [mx, y1],
        [x0, my],
        [x1, my],
      ]
        .map(([x, y]) => ({
          box: [x, y, wide, 14],
          depth: side * score(s.w, s.b, [plot.dataX(x + wide / 2), plot.dataY(y + 7)]),
        }))
        .filter(({ depth }) => depth > 0 || (depth === 0 && side > 0))
        .sort((a, c) => c.depth - a.depth);
      if (!spots.length) continue;
      const { box } = emptiest(
        spots.map((spot) => spot.box),
        boxesOfArrow(s),
        plot.area,
      );
      ctx.strokeText(text, box[0], box[1]);
      ctx.fillText(text, box[0], box[1]);
      boxes.push(box);
    }
    return boxes;
  }

  const scaleOfPoints = () => Math.min(1, Math.max(0.75, plot.area.width / 450));

  function drawPoint(colors, s, i, wrong) {
    const [px, py] = at(s.Z[i]);
    const size = scaleOfPoints();
    const chosen = i === now.selected && now.picked;
    if (i === now.cause) marker(ctx, "circle", px, py, 15 * size, { stroke: colors.accent, width: 4 });
    if (wrong.has(i)) marker(ctx, "circle", px, py, 10.5 * size, { stroke: colors.alert, width: 1.8 });
    marker(ctx, CLASS_SHAPES[kind(s.y[i])], px, py, size * (chosen || i === hovered ? 8 : 6.5), {
      fill: colors.classes[kind(s.y[i])],
      stroke: colors.plot,
    });
    if (chosen) marker(ctx, "square", px, py, 14 * size, { stroke: colors.ink, width: 1.2 });
  }

  // The number or name of each point beside it, where there is room.
  function drawLabels(colors, s, others) {
    const spots = s.Z.map(at);
    const size = 10.5 * scaleOfPoints(); // outside of a ring
    const taken = [...others, ...spots.map(([x, y]) => [x - size, y - size, 2 * size, 2 * size])];
    const font = ctx.font;
    if (s.y.length > MOST_LABELS) return;
    ctx.font = font.replace(/^\d+px/, "11px");
    Object.assign(ctx, {
      fillStyle: colors.muted,
      strokeStyle: colors.plot,
      lineWidth: 2.5,
      textAlign: "left",
      textBaseline: "middle",
    });
    spots.forEach(([x, y], i) => {
      const text = board.label(i);
      const width = ctx.measureText(text).width;
      const away = size + 1;
      const places = [
        [x + away, y - 6],
        [x - away - width, y - 6],
        [x - width / 2, y - away - 11],
        [x - width / 2, y + away],
      ];
      const { box, covered } = emptiest(
        places.map(([a, b]) => [a, b, width, 12]),
        taken,
        plot.area,
      );
      if (covered > 0) return;
      taken.push(box);
      ctx.globalAlpha = 0.8;
      ctx.strokeText(text, box[0], box[1] + 6.5);
      ctx.globalAlpha = 1;
      ctx.fillText(text, box[0], box[1] + 6.5);
    });
    ctx.font = font;
  }

  function drawArrow(colors, s) {
    const { px, py, tipX, tipY } = arrowOf(s);
    arrow(ctx, px, py, tipX, tipY, { color: colors.ink, width: 2 });
    Object.assign(ctx, {
      fillStyle: colors.ink,
      strokeStyle: colors.plot,
      lineWidth: 4,
      textAlign: "center",
      textBaseline: "middle",
    });
    const [x, y] = [px + (tipX - px) * 1.22, py + (tipY - py) * 1.22];
    ctx.strokeText("w", x, y);
    ctx.fillText("w", x, y);
  }

  function drawTip(colors, s, i) {
    const { symbols, units } = record();
    const x = get("X")[i];
    const name = get("names")[i];
    const lines = [
      `${name || `Point ${i + 1}`}, y = ${minus(s.y[i])}`,
      ...symbols.map((symbol, k) => `${symbol} = ${fmt(x[k], 4)} ${units[k]}`.trim()),
      i === now.cause
        ? `score ${fmt(score(now.before.w, now.before.b, s.Z[i]))} → ${fmt(s.scores[i])}`
        : `score ${fmt(s.scores[i])}`,
    ];
    const width = Math.max(...lines.map((text) => ctx.measureText(text).width)) + 16;
    const height = 17 * lines.length + 10;
    const [px, py] = at(s.Z[i]);
    // Beside the point or, on a small picture, in a corner: where it covers neither the point nor the arrow.
    const taken = [[px - 14, py - 14, 28, 28], ...boxesOfArrow(s)];
    const places = [
      [px + 16, py - height - 8],
      [px - 16 - width, py - height - 8],
      [px + 16, py + 8],
      [px - 16 - width, py + 8],
      [px - width / 2, py - height - 20],
      [px - width / 2, py + 20],
    ];
    const { left, top, width: room, height: depth } = plot.area;
    for (const x of [left, left + room]) for (const y of [top, top + depth]) places.push([x, y]);
    const within = (low, value, high) => Math.max(low, Math.min(value, high));
    const inside = places.map(([a, b]) => [
      within(left + 2, a, left + room - width - 2),
      within(top + 2, b, top + depth - height - 2),
      width,
      height,
    ]);
    const {
      box: [x0, y0],
    } = emptiest(inside, taken, plot.area);
    Object.assign(ctx, { fillStyle: colors.surface, strokeStyle: colors.muted, lineWidth: 1 });
    ctx.beginPath();
    ctx.roundRect(x0, y0, width, height, 5);
    ctx.fill();
    ctx.stroke();
    Object.assign(ctx, { fillStyle: colors.ink, textAlign: "left", textBaseline: "top" });
    lines.forEach((text, k) => ctx.fillText(text, x0 + 8, y0 + 7 + 17 * k));
  }

  return {
    plot,
    setView,
    crosses,
    draw(colors, told) {
      const s = board.state();
      const { center, scale, feature_names, units } = record();
      setView();
      plot.begin();
      ctx.fillStyle = colors.plot;
      ctx.fillRect(plot.area.left, plot.area.top, plot.area.width, plot.area.height);
      plot.clip(() => {
        drawHalfPlanes(colors, s);
        const names = drawSideNames(colors, s);
        const wrong = new Set(s.wrong);
        if (now.before) boundary(now.before, 0, { color: colors.muted, width: 1.5, dash: [2, 6] });
        if (s.margin > 0)
          for (const side of [-1, 1]) boundary(s, side * s.margin, { color: colors.muted, width: 1.2, dash: [6, 5] });
        boundary(s, 0, { color: colors.ink, width: 2.5 });
        s.y.forEach((_, i) => {
          if (i !== now.selected) drawPoint(colors, s, i, wrong);
        });
        drawPoint(colors, s, now.selected, wrong);
        drawLabels(colors, s, names);
        if (s.length) drawArrow(colors, s);
      });
      const axis = (k) => ({
        label: units[k] ? `${feature_names[k]} (${units[k]})` : feature_names[k],
        center: center[k],
        scale: scale[k],
      });
      plot.axes(colors, { x: axis(0), y: axis(1) });
      const shown = hovered >= 0 ? hovered : told;
      if (shown >= 0 && shown < s.y.length) drawTip(colors, s, shown);
    },
  };
}

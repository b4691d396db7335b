// A plot on a canvas, sharp at any device pixel ratio, and the few things our pictures need.
//
//   const plot = createPlot(parent, { label, aspect: 1, axes: true })   appends <canvas role="img">; aspect is width /
//                                                                       height
//   plot.setView([x0, x1], [y0, y1], { equal: true })   what is visible; equal: one unit is as long on both axes
//   plot.begin()                                        call first in each draw: sizes and clears; then plot.ctx draws
//                                                       in CSS pixels
//   plot.axes(colors, { x: { label, center, scale, format, values }, y: {...} })    ticks and labels; a tick shows center
//                                                       + scale * position; values(low, high, count) in place of ticks
//   plot.px(x) plot.py(y) plot.dataX(px) plot.dataY(py) plot.area           data to pixels and back; the plotting
//                                                                           rectangle
//   plot.clip(() => ...)                                draw inside the plotting rectangle only
//       both also on another context of the plot's size, as a last argument
//   plot.polyline(points, { color, width, dash })       points: [[x, y], ...] in data units
//   plot.describe(text)                                 the text alternative, follows the state
//   marker(ctx, shape, x, y, radius, { fill, stroke, width })   "square" "circle" "diamond" "triangle"
//   arrow(ctx, x0, y0, x1, y1, { color, width })
//   ramp(low, zero, high)                256 colors for a map, from hex strings
//   ticks(low, high, count = 6)         round numbers from low to high, about `count` of them
//   fmt(value, digits = 3)               a number for readers, with a real minus sign
//   signed(value, digits)                the same for the middle of a sum: "+ 1.2" or "− 1.2"
//   const stop = onDrag(plot, { hit, start, move, end, hover, leave, click, sideways })
//       hit(p) returns what may be dragged at p or null; move(thing, p); click(p) where nothing was hit; p = { x, y,
//         px, py };
//       mouse, pen and touch; a touch that hits nothing still scrolls the page. sideways: true where all of the picture
//         can be dragged: a finger that begins up or down scrolls, and end(thing, true) says that it was no drag

import { element } from "./controls.js";

const MARGINS = { left: 52, right: 10, top: 8, bottom: 42 }; // room for ticks and labels, in pixels

export function fmt(value, digits = 3) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size < 1e-12) return "0"; // what rounding leaves of 0.1 + 0.2 − 0.3
  const text = size >= 1e6 || size < 1e-4 ? value.toExponential(digits - 1) : String(Number(value.toPrecision(digits)));
  return text.replace(/-/g, "−");
}

export function signed(value, digits = 3) {
  return value < 0 ? `− ${fmt(-value, digits)}` : `+ ${fmt(value, digits)}`;
}

export function ticks(low, high, count = 6) {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((m) => m * power >= rough * 0.999) * power;
  const values = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= high / step + 1e-9; k++)
    values.push(Number((k * step).toPrecision(12)));
  return values;
}

export function createPlot(parent, { label, aspect = 1, axes = true }) {
  const canvas = element("canvas", {
    role: "img",
    "aria-label": label,
    class: "nn-canvas",
    style: `aspect-ratio: ${aspect}`,
  });
  parent.append(canvas);
  const ctx = canvas.getContext("2d");
  let asked = { x: [0, 1], y: [0, 1], equal: false };
  let x0, x1, y0, y1;
  const plot = {
    canvas,
    ctx,
    width: 0,
    height: 0,
    area: { left: 0, top: 0, width: 1, height: 1 },
    get view() {
      return { x: [x0, x1], y: [y0, y1] };
    },
    setView(x, y, { equal = false } = {}) {
      asked = { x, y, equal };
      fit();
    },
    begin() {
      const ratio = window.devicePixelRatio || 1;
      // Read first: after a new size is set, each reading would lay out the whole page again.
      const { clientWidth: width, clientHeight: height } = canvas;
      const { fontFamily } = getComputedStyle(canvas);
      const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
      plot.width = width;
      plot.height = height;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, width, height);
      ctx.font = `13px ${fontFamily}`;
      ctx.lineJoin = ctx.lineCap = "round";
      const { left, right, top, bottom } = axes ? MARGINS : { left: 0, right: 0, top: 0, bottom: 0 };
      plot.area = { left, top, width: Math.max(1, width - left - right), height: Math.max(1, height - top - bottom) };
      fit();
    },
    px: (x) => plot.area.left + ((x - x0) / (x1 - x0)) * plot.area.width,
    py: (y) => plot.area.top + ((y1 - y) / (y1 - y0)) * plot.area.height,
    dataX: (px) => x0 + ((px - plot.area.left) / plot.area.width) * (x1 - x0),
    dataY: (py) => y1 - ((py - plot.area.top) / plot.area.height) * (y1 - y0),
    at(event) {
      const box = canvas.getBoundingClientRect();
      const [px, py] = [event.clientX - box.left, event.clientY - box.top];
      return { px, py, x: plot.dataX(px), y: plot.dataY(py) };
    },
    clip(fn, ctx = plot.ctx) {
      const { left, top, width, height } = plot.area;
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, width, height);
      ctx.clip();
      fn();
      ctx.restore();
    },
    polyline(points, { color, width = 2, dash = [] }) {
      ctx.save();
      ctx.strokeStyle = color;
      ctx.lineWidth = width;
      ctx.setLineDash(dash);
      ctx.beginPath();
      points.forEach(([x, y], k) => (k ? ctx.lineTo(plot.px(x), plot.py(y)) : ctx.moveTo(plot.px(x), plot.py(y))));
      ctx.stroke();
      ctx.restore();
    },
    axes(colors, { x = {}, y = {} } = {}, ctx = plot.ctx) {
      const { left, top, width, height } = plot.area;
      ctx.save();
      ctx.strokeStyle = colors.muted;
      ctx.lineWidth = 1;
      ctx.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
      ctx.fillStyle = colors.muted;
      ctx.textAlign = "center";
      ctx.textBaseline = "top";
      const shown = (axis, low, high, room) => {
        const { center = 0, scale = 1, format = (value) => fmt(value, 6), values: between = ticks } = axis;
        const values = between(center + scale * low, center + scale * high, Math.max(2, Math.floor(room)));
        return values.map((value) => [(value - center) / scale, format(value)]);
      };
      for (const [at, text] of shown(x, x0, x1, width / 64)) {
        const px = Math.round(plot.px(at)) + 0.5;
        line(ctx, px, top + height, px, top + height - 5);
        const half = ctx.measureText(text).width / 2;
        ctx.fillText(text, Math.min(px, plot.width - half), top + height + 5);
      }
      ctx.textAlign = "right";
      ctx.textBaseline = "middle";
      for (const [at, text] of shown(y, y0, y1, height / 48)) {
        const py = Math.round(plot.py(at)) + 0.5;
        line(ctx, left, py, left + 5, py);
        ctx.fillText(text, left - 5, py);
      }
      ctx.fillStyle = colors.ink;
      ctx.textAlign = "center";
      ctx.textBaseline = "alphabetic";
      ctx.fillText(x.label ?? "", left + width / 2, plot.height - 5, width);
      ctx.translate(13, top + height / 2);
      ctx.rotate(-Math.PI / 2);
      ctx.fillText(y.label ?? "", 0, 0, height);
      ctx.restore();
    },
    describe(text) {
      if (canvas.getAttribute("aria-label") !== text) canvas.setAttribute("aria-label", text);
    },
  };
  function fit() {
    [x0, x1] = asked.x;
    [y0, y1] = asked.y;
    if (!asked.equal) return;
    const unit = Math.max((x1 - x0) / plot.area.width, (y1 - y0) / plot.area.height);
    const [padX, padY] = [(unit * plot.area.width - (x1 - x0)) / 2, (unit * plot.area.height - (y1 - y0)) / 2];
    [x0, x1, y0, y1] = [x0 - padX, x1 + padX, y0 - padY, y1 + padY];
  }
  return plot;
}

function line(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

function polygon(ctx, x, y, radius, corners, turn) {
  for (let k = 0; k < corners; k++) {
    const angle = turn + (2 * Math.PI * k) / corners;
    ctx.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  ctx.closePath();
}

export function marker(ctx, shape, x, y, radius, { fill, stroke, width = 1.5 }) {
  ctx.beginPath();
  // Radii are chosen so that all shapes look about as large.
  if (shape === "square") ctx.rect(x - 0.9 * radius, y - 0.9 * radius, 1.8 * radius, 1.8 * radius);
  else if (shape === "diamond") polygon(ctx, x, y, 1.25 * radius, 4, 0);
  else if (shape === "triangle") polygon(ctx, x, y + 0.15 * radius, 1.35 * radius, 3, -Math.PI / 2);
  else ctx.arc(x, y, radius, 0, 2 * Math.PI);
  if (fill) {
    ctx.fillStyle = fill;
    ctx.fill();
  }
  if (stroke) {
    ctx.strokeStyle = stroke;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

export function arrow(ctx, x0, y0, x1, y1, { color, width = 2 }) {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  ctx.strokeStyle = ctx.fillStyle = color;
  ctx.lineWidth = width;
  line(ctx, x0, y0, x1 - 6 * Math.cos(angle), y1 - 6 * Math.sin(angle));
  ctx.beginPath();
  polygon(ctx, x1 - 6 * Math.cos(angle), y1 - 6 * Math.sin(angle), 8, 3, angle);
  ctx.fill();
}

const channels = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));

export function ramp(low, zero, high) {
  const [a, b, c] = [low, zero, high].map(channels);
  const colors = new Uint8ClampedArray(256 * 4);
  for (let k = 0; k < 256; k++) {
    const t = (k - 127.5) / 127.5;
    const end = t < 0 ? a : c;
    for (let i = 0; i < 3; i++) colors[4 * k + i] = b[i] + (end[i] - b[i]) * Math.abs(t);
    colors[4 * k + 3] = 255;
  }
  return new Uint32Array(colors.buffer);
}

export function onDrag(
  plot,
  {
    hit,
    start = () => {},
    move,
    end = () => {},
    hover = () => {},
    leave = () => {},
    click = () => {},
    sideways = false,
  },
) {
  const { canvas } = plot;
  if (sideways) canvas.style.touchAction = "pan-y pinch-zoom";
  let thing = null;
  let pressed = null;
  let owner = null; // the finger or mouse that came first; others wait until it is gone
  const handlers = {
    pointerdown(event) {
      if (event.button !== 0 || owner !== null) return;
      owner = event.pointerId;
      canvas.setPointerCapture(owner);
      const p = plot.at(event);
      thing = hit(p, event.pointerType);
      pressed = thing ? null : p;
      if (thing) start(thing, p);
    },
    pointermove(event) {
      if (owner !== null && event.pointerId !== owner) return;
      const p = plot.at(event);
      if (thing) return move(thing, p);
      if (pressed && Math.hypot(p.px - pressed.px, p.py - pressed.py) > 6) pressed = null;
      canvas.style.cursor = hit(p, event.pointerType) ? "grab" : "";
      hover(p);
    },
    pointerup(event) {
      if (event.pointerId !== owner) return;
      owner = null;
      const dropped = thing;
      thing = null;
      if (dropped) end(dropped, false);
      else if (pressed) click(plot.at(event));
      pressed = null;
    },
    pointercancel(event) {
      if (event.pointerId !== owner) return;
      owner = null;
      const dropped = thing;
      thing = pressed = null;
      if (dropped) end(dropped, true);
    },
    pointerleave() {
      if (!thing) leave();
    },
    // Only this event can keep a touch from scrolling, and only where there is something to drag.
    touchstart(event) {
      if (!sideways && hit(plot.at(event.touches[0]), "touch")) event.preventDefault();
    },
  };
  for (const [name, handler] of Object.entries(handlers)) canvas.addEventListener(name, handler, { passive: false });
  return () => {
    for (const [name, handler] of Object.entries(handlers)) canvas.removeEventListener(name, handler);
  };
}

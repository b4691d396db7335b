// The diagram's connections: cubic curves that leave and arrive level, thicker for a larger weight, dashed for a
// negative one.
//
// Of all pictures these cost the browser most, so they are to be painted on a layer (layer.js).

export const NODE = 34; // side of a unit's map, in pixels

export const thickness = (w) => (Number.isFinite(w) ? 0.6 + 5 * Math.tanh(Math.abs(w) / 2.5) : 0.6);

export function curve(a, b) {
  const x0 = a.x + NODE / 2,
    x1 = b.x - NODE / 2;
  return { x0, y0: a.y, x1, y1: b.y, middle: (x0 + x1) / 2 };
}

export function pointOnCurve(a, b, t) {
  const { x0, y0, x1, y1, middle } = curve(a, b);
  const s = 1 - t;
  return {
    x: s * s * s * x0 + 3 * s * s * t * middle + 3 * s * t * t * middle + t * t * t * x1,
    y: (s * s * s + 3 * s * s * t) * y0 + (3 * s * t * t + t * t * t) * y1,
  };
}

export function strokeCurve(ctx, a, b) {
  const { x0, y0, x1, y1, middle } = curve(a, b);
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.bezierCurveTo(middle, y0, middle, y1, x1, y1);
  ctx.stroke();
}

// One width a connection, below 0 for a negative weight.
export function connectionWidths(units, weightOf) {
  const widths = [];
  each(units, (_a, _b, name) => {
    const w = weightOf(name);
    widths.push(w < 0 ? -thickness(w) : thickness(w));
  });
  return widths;
}

export function paintConnections(ctx, units, widths, colors) {
  const [negative, positive] = colors.classes;
  ctx.save();
  ctx.lineCap = "butt";
  each(units, (a, b, _, k) => {
    const width = Math.abs(widths[k]);
    ctx.strokeStyle = widths[k] < 0 ? negative : positive;
    ctx.lineWidth = width;
    ctx.globalAlpha = 0.35 + 0.65 * Math.min(1, width / 2.5);
    ctx.setLineDash(widths[k] < 0 ? [5, 3.5] : []);
    strokeCurve(ctx, a, b);
  });
  ctx.restore();
}

function each(units, visit) {
  let k = 0;
  for (let layer = 0; layer + 1 < units.length; layer++) {
    for (const [to, b] of units[layer + 1].entries()) {
      for (const [from, a] of units[layer].entries()) visit(a, b, { layer, to, from }, k++);
    }
  }
}

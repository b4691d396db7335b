// The map of a loss: shades and contour lines, worked out once for a surface, a size and a theme.
//
//   const contours = createContours()
//   contours.draw(plot, colors, { key, height, taken })
//                                                     height(x, y) is the logarithm (base 10) of the loss above its
//                                                     least; key changes with it; taken, [{ x, y }, ...] in pixels, are
//                                                     the places of other names
//   contours.name(plot, colors)                       the numbers on the lines, over what was drawn since
//   label(ctx, text, x, y, colors)

import { element } from "../shared/controls.js";
import { ramp } from "../shared/plot.js";
import { power } from "../shared/powers.js";
import { pieces } from "./pieces.js";

const CELL = 4; // pixels
const LOWEST = -2; // exponent of the first contour line; there are two for each power of ten
const { ceil, hypot, max, min, round } = Math;

// A word or a number on the map, with a rim of the map's color.
export function label(ctx, text, x, y, colors) {
  ctx.save();
  ctx.font = ctx.font.replace(/\d+px/, "12px");
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 4;
  ctx.strokeStyle = colors.plot;
  ctx.fillStyle = colors.muted;
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
  ctx.restore();
}

export function createContours() {
  let known = "";
  let shades, lines, labels;

  function work(plot, colors, height, taken) {
    const { left, top, width, height: tall } = plot.area;
    const [columns, rows] = [ceil(width / CELL) + 1, ceil(tall / CELL) + 1];
    const values = new Float64Array(columns * rows);
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++)
        values[j * columns + i] = height(plot.dataX(left + i * CELL), plot.dataY(top + j * CELL));
    const highest = values.reduce((a, b) => max(a, b));

    const table = ramp(colors.plot, colors.zero, colors.line);
    const shade = (v) => table[round(255 * min(1, max(0, (v - LOWEST) / (highest - LOWEST))))];
    const image = new ImageData(columns, rows);
    new Uint32Array(image.data.buffer).set(Array.from(values, shade));
    shades = element("canvas", { width: columns, height: rows });
    shades.getContext("2d").putImageData(image, 0, 0);

    lines = new Path2D();
    labels = [];
    const apart = (a, b) => hypot(a.x - b.x, 2 * (a.y - b.y)) > 44;
    for (let level = LOWEST; level < highest; level += 0.5) {
      let best = null;
      for (const [x0, y0, x1, y1] of pieces(values, columns, rows, level)) {
        lines.moveTo(left + x0 * CELL, top + y0 * CELL);
        lines.lineTo(left + x1 * CELL, top + y1 * CELL);
        if (!Number.isInteger(level)) continue;
        const [x, y] = [x0 * CELL, y0 * CELL];
        const inside = x > 24 && x < width - 24 && y > 12 && y < tall - 12;
        const here = { x: left + x, y: top + y, text: power(level) };
        if (inside && !(best?.y < here.y) && taken.every((name) => apart(name, here))) best = here;
      }
      // Where lines are close, only some can be named.
      if (best && labels.every((other) => apart(other, best))) labels.push(best);
    }
  }

  return {
    draw(plot, colors, { key, height, taken }) {
      const { ctx } = plot;
      const { left, top, width, height: tall } = plot.area;
      const now = [key, width, tall, colors.plot, Object.values(plot.view)].join();
      if (now !== known) work(plot, colors, height, taken);
      known = now;
      const half = CELL / 2; // a shade is of the middle of its pixel
      ctx.drawImage(shades, left - half, top - half, shades.width * CELL, shades.height * CELL);
      ctx.save();
      ctx.strokeStyle = colors.muted;
      ctx.globalAlpha = 0.55;
      ctx.lineWidth = 1;
      ctx.stroke(lines);
      ctx.restore();
    },
    name({ ctx }, colors) {
      for (const { x, y, text } of labels) label(ctx, text, x, y, colors);
    },
  };
}

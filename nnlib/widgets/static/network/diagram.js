// The picture of the network: where units and connections stand, how they are drawn, and which one is under a pointer.
//
// A connection or a bias is named { layer, to, from }: layer 0 leads into the first hidden layer (or the output), `to`
// and `from` count units, and from = -1 means the bias of unit `to`.

import {
  NODE,
  connectionWidths,
  curve,
  paintConnections,
  pointOnCurve,
  strokeCurve,
  thickness,
} from "./connections.js";
import { createLayer } from "./layer.js";
import { fmt } from "../shared/plot.js";

// A finger needs 44 pixels.
export const COARSE = matchMedia("(pointer: coarse)").matches;
const ROW = COARSE ? 46 : 43;
export const LOOSE = 1.3; // how many times as far the rows stand apart where there is room
const COLUMN = 58; // least distance between two layers

// What the diagram needs: its height, and the width below which it scrolls.
export function diagramSize(rows, layers, labelWidth, header) {
  return { height: header + Math.max(3, rows) * ROW + 8, minWidth: labelWidth + NODE + COLUMN * layers + 26 };
}

// Centers of all units: `inputs` is a column of every input on show, the others are the network's layers.
export function placeUnits(width, height, inputs, layers, labelWidth, header) {
  const left = labelWidth + NODE / 2,
    right = width - NODE / 2 - 6;
  const column = (count, x) =>
    Array.from({ length: count }, (_, k) => ({
      x,
      y:
        header +
        (height - header - 8) / 2 +
        (k - (count - 1) / 2) * Math.min(ROW * LOOSE, (height - header - 8) / count),
    }));
  return [
    column(inputs, left),
    ...layers.map((count, l) => column(count, left + ((right - left) * (l + 1)) / layers.length)),
  ];
}

const biasMark = (unit) => ({ x: unit.x - NODE / 2 + 1, y: unit.y + NODE / 2 - 1 });

// The connection or bias nearest to (x, y), or null beyond `reach` pixels. A unit itself stands for its bias.
export function findWeight(units, x, y, reach) {
  for (let layer = 0; layer + 1 < units.length; layer++) {
    for (const [to, unit] of units[layer + 1].entries()) {
      const mark = biasMark(unit);
      const inside = Math.max(Math.abs(x - unit.x), Math.abs(y - unit.y)) <= NODE / 2;
      if (inside || Math.hypot(x - mark.x, y - mark.y) <= 9) return { layer, to, from: -1 };
    }
  }
  let best = null,
    least = reach;
  for (let layer = 0; layer + 1 < units.length; layer++) {
    for (const [to, b] of units[layer + 1].entries()) {
      for (const [from, a] of units[layer].entries()) {
        const { x0, y0, x1, y1 } = curve(a, b);
        if (x < x0 - reach || x > x1 + reach || y < Math.min(y0, y1) - reach || y > Math.max(y0, y1) + reach) continue;
        let before = pointOnCurve(a, b, 0);
        for (let k = 1; k <= 16; k++) {
          const after = pointOnCurve(a, b, k / 16);
          const distance = toSegment(x, y, before, after);
          if (distance < least) [best, least] = [{ layer, to, from }, distance];
          before = after;
        }
      }
    }
  }
  return best;
}

function toSegment(x, y, a, b) {
  const dx = b.x - a.x,
    dy = b.y - a.y;
  const t = Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - a.x - t * dx, y - a.y - t * dy);
}

// Which unit's map is under (x, y): { column, k } or null.
export function findUnit(units, x, y) {
  for (const [column, list] of units.entries()) {
    for (const [k, unit] of list.entries()) {
      if (Math.max(Math.abs(x - unit.x), Math.abs(y - unit.y)) <= NODE / 2) return { column, k };
    }
  }
  return null;
}

// The weight that an arrow key leads to from `name`, in a network of `sizes` units a layer (the inputs first): up and
// down through the sources of a unit and its bias, then on to the next unit; left and right to the layer before and
// after.
export function neighbor(name, key, sizes) {
  const { layer, to, from } = name;
  const [inputs, outputs] = [sizes[layer], sizes[layer + 1]];
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const other = Math.max(0, Math.min(sizes.length - 2, layer + (key === "ArrowLeft" ? -1 : 1)));
    return { layer: other, to: Math.min(to, sizes[other + 1] - 1), from: Math.min(from, sizes[other] - 1) };
  }
  // In order: all sources of unit 0, its bias, all sources of unit 1, ...
  const count = outputs * (inputs + 1);
  const place = to * (inputs + 1) + (from < 0 ? inputs : from);
  const next = (place + (key === "ArrowUp" ? -1 : 1) + count) % count;
  const source = next % (inputs + 1);
  return { layer, to: Math.floor(next / (inputs + 1)), from: source === inputs ? -1 : source };
}

export const same = (a, b) => Boolean(a && b && a.layer === b.layer && a.to === b.to && a.from === b.from);

// diagram.draw(plot, { ... }) paints units: columns of centers, the first holding the inputs in use; fieldOf(column, k) is
// what to paint in a unit; idle: [{ x, y, field }] inputs on show but not in use; weightOf(name) reads a weight. Lines and
// disks are exact to `tolerance` pixels. As long as nothing moves, `units` must be the same object, and so must `inputMaps`
// as long as the fields of the inputs show the same.
export function createDiagram() {
  const [below, above] = [createLayer(), createLayer()]; // the fields of the units

  function draw(
    plot,
    { units, weightOf, fieldOf, idle, captions, labels, selected, hovered, shown, colors, inputMaps, tolerance },
  ) {
    const { ctx } = plot;
    const half = NODE / 2;
    const marked = [selected, hovered].map((name) => name && Object.values(name).join());
    const box = (ctx, x, y, color, width, grow = 0) => {
      ctx.strokeStyle = color;
      ctx.lineWidth = width;
      ctx.beginPath();
      ctx.roundRect(x - half - grow, y - half - grow, NODE + 2 * grow, NODE + 2 * grow, 2 + grow);
      ctx.stroke();
    };
    const fields = (ctx, column) =>
      units[column].forEach(({ x, y }, k) => {
        fieldOf(column, k).draw(ctx, x - half, y - half, NODE, NODE);
      });

    const widths = connectionWidths(units, weightOf);
    below.draw(plot, { of: [units, colors, inputMaps, ...marked], sizes: widths, tolerance }, (ctx) => {
      ctx.lineCap = "butt";
      for (const name of [selected, hovered]) {
        if (!name || name.from < 0) continue;
        ctx.strokeStyle = name === selected ? colors.accent : colors.line;
        ctx.lineWidth = thickness(weightOf(name)) + 8;
        ctx.globalAlpha = 0.35;
        strokeCurve(ctx, units[name.layer][name.from], units[name.layer + 1][name.to]);
        ctx.globalAlpha = 1;
      }
      paintConnections(ctx, units, widths, colors);
      for (const { x, y, field } of idle) {
        ctx.globalAlpha = 0.3;
        field.draw(ctx, x - half, y - half, NODE, NODE);
        box(ctx, x, y, colors.muted, 1);
        ctx.globalAlpha = 1;
      }
      fields(ctx, 0);
    });
    for (let column = 1; column < units.length; column++) fields(ctx, column);

    const biasOf = (column, k) => weightOf({ layer: column - 1, to: k, from: -1 });
    const biases = units.slice(1).flatMap((list, l) => list.map((_, k) => signedSize(biasOf(l + 1, k))));
    above.draw(plot, { of: [units, colors, ...marked, shown?.column, shown?.k], sizes: biases, tolerance }, (ctx) => {
      ctx.lineCap = "butt";
      for (const [column, list] of units.entries()) {
        for (const [k, { x, y }] of list.entries()) {
          box(ctx, x, y, colors.ink, 1.3);
          if (shown && shown.column === column && shown.k === k) box(ctx, x, y, colors.ink, 1.5, 3);
          if (column === 0) continue;
          const name = { layer: column - 1, to: k, from: -1 };
          if (same(name, selected)) box(ctx, x, y, colors.accent, 3, 3);
          else if (same(name, hovered)) box(ctx, x, y, colors.muted, 2, 3);
          drawBias(ctx, biasMark({ x, y }), biasOf(column, k), colors);
        }
      }
      ctx.fillStyle = colors.muted;
      ctx.textAlign = "center";
      ctx.textBaseline = "alphabetic";
      ctx.font = ctx.font.replace(/^\d+px/, "12px");
      for (const { text, x, y } of captions) ctx.fillText(text, x, y);
      ctx.textAlign = "right";
      ctx.textBaseline = "middle";
      ctx.fillStyle = colors.ink;
      ctx.font = ctx.font.replace(/^\d+px/, "14px");
      for (const { text, x, y } of labels) ctx.fillText(text, x, y);
    });

    ctx.textBaseline = "middle";
    for (const name of [selected, same(selected, hovered) ? null : hovered]) {
      if (!name) continue;
      const unit = units[name.layer + 1][name.to];
      const at =
        name.from < 0 ? { x: unit.x, y: unit.y + half + 10 } : pointOnCurve(units[name.layer][name.from], unit, 0.5);
      const text = fmt(weightOf(name));
      ctx.font = ctx.font.replace(/^\d+px/, "12px");
      const width = ctx.measureText(text).width + 10;
      const x = Math.max(width / 2 + 1, Math.min(units.at(-1)[0].x + half + 5 - width / 2, at.x));
      ctx.fillStyle = colors.surface;
      ctx.strokeStyle = name === selected ? colors.accent : colors.muted;
      ctx.lineWidth = 1.5;
      ctx.beginPath();
      ctx.roundRect(x - width / 2, at.y - 9, width, 18, 5);
      ctx.fill();
      ctx.stroke();
      ctx.fillStyle = colors.ink;
      ctx.textAlign = "center";
      ctx.fillText(text, x, at.y + 1);
    }
  }
  return { draw };
}

const biasSize = (b) => 4.5 + 2 * Math.tanh(Math.abs(b) / 2.5);
const signedSize = (b) => (b < 0 ? -biasSize(b) : biasSize(b));

// The bias: a small disk that grows with it, with a plus or a minus, since color alone would not do.
function drawBias(ctx, { x, y }, b, colors) {
  const [negative, positive] = colors.classes;
  ctx.fillStyle = b < 0 ? negative : positive;
  ctx.strokeStyle = colors.surface;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.arc(x, y, biasSize(b), 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x - 2.5, y);
  ctx.lineTo(x + 2.5, y);
  if (!(b < 0)) {
    ctx.moveTo(x, y - 2.5);
    ctx.lineTo(x, y + 2.5);
  }
  ctx.stroke();
}

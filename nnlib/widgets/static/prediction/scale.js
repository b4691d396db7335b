// An axis, linear or logarithmic, as shares of its length: 0 is its low end, 1 its high end, and both go on beyond.
//
//   const axis = scaleOf({ label, low, high, unit, log })
//       axis.share(value) axis.value(share)
//       axis.said(share, digits), axis.bare(share, digits)   the value in words, with its unit and without
//       axis.log, axis.apart(difference)   how far apart two shares are, in words: a factor where the axis is logarithmic
//       axis.range                         the axis in words
//       axis.drawn                         the axis for plot.axes
//   pathOf(points, smooth)    [[share, share], ...] through the points: straight, or a smooth curve that turns only at
//                             points (Fritsch and Carlson's monotone cubic, for points that are equally far apart)

import { fmt, ticks } from "../shared/plot.js";

const [SMALL, LARGE] = [1e-4, 1e6]; // what lies between them is written without a power of ten
const SEGMENT = 16; // samples between two points of a smooth curve

function logTicks(low, high, count) {
  const powers = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, k) => Math.floor(low) + k);
  const every = (factors) =>
    powers
      .flatMap((power) => factors.map((factor) => power + Math.log10(factor)))
      .filter((v) => v > low - 1e-9 && v < high + 1e-9);
  const [fine, coarse] = [every([1, 2, 5]), every([1])];
  if (fine.length <= count + 1) return fine;
  const step = Math.ceil(coarse.length / count);
  return coarse.filter((_, k) => k % step === 0);
}

const raised = (v) => v.replace(/[-\d]/g, (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]));

// A logarithmic axis may reach values that elsewhere are no more than rounding.
function inPowers(value, digits) {
  if (value >= SMALL && value < LARGE) return fmt(value, digits);
  const [factor, exponent] = value.toExponential(digits - 1).split("e");
  const power = `10${raised(exponent.replace("+", ""))}`;
  return Number(factor) === 1 ? power : `${Number(factor)} · ${power}`;
}

export function scaleOf({ label, low, high, unit, log }) {
  const to = log ? Math.log10 : Number;
  const from = log ? (v) => 10 ** v : Number;
  const write = log ? inPowers : fmt;
  const start = to(low);
  const length = to(high) - start;
  const value = (share) => from(start + share * length);
  const bare = (share, digits = 3) => write(Number(value(share).toPrecision(12)), digits);
  const withUnit = (text) => (unit ? `${text} ${unit}` : text);
  return {
    label,
    value,
    share: (v) => (to(v) - start) / length,
    bare,
    said: (share, digits) => withUnit(bare(share, digits)),
    apart(difference) {
      const size = Math.abs(difference) * length;
      if (!log) return withUnit(fmt(size, 2));
      return `a factor of ${fmt(10 ** size, 10 ** size < 1.1 ? 3 : 2)}`;
    },
    log,
    range: `${label} from ${write(low, 3)} to ${write(high, 3)}${log ? ", logarithmic" : ""}`,
    drawn: {
      label,
      center: start,
      scale: length,
      values: log ? logTicks : ticks,
      format: (v) => write(Number(from(v).toPrecision(6)), 6),
    },
  };
}

// The slope at each point is the harmonic mean of those beside it, or 0 where the curve turns.
function slopes(y) {
  const rises = y.slice(1).map((v, k) => v - y[k]);
  const inner = (a, b) => (a * b > 0 ? (2 * a * b) / (a + b) : 0);
  const outer = (a, b) => {
    const slope = (3 * a - b) / 2;
    if (slope * a <= 0) return 0;
    return a * b < 0 && Math.abs(slope) > 3 * Math.abs(a) ? 3 * a : slope;
  };
  const last = rises.length - 1;
  return y.map((_, k) => {
    if (k === 0) return outer(rises[0], rises[1]);
    if (k > last) return outer(rises[last], rises[last - 1]);
    return inner(rises[k - 1], rises[k]);
  });
}

export function pathOf(points, smooth) {
  if (!smooth) return points;
  const slope = slopes(points.map(([, y]) => y));
  return points.flatMap(([x, y], k) => {
    if (k === points.length - 1) return [[x, y]];
    const [nextX, nextY] = points[k + 1];
    return Array.from({ length: SEGMENT }, (_, i) => {
      const t = i / SEGMENT;
      const s = 1 - t;
      const height = s * s * ((1 + 2 * t) * y + t * slope[k]) + t * t * ((3 - 2 * t) * nextY - s * slope[k + 1]);
      return [x + t * (nextX - x), height];
    });
  });
}

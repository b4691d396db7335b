// An axis, linear or logarithmic, as shares of its length: 0 is its low end, 1 its high end, and both go on beyond.
//
//   const axis = scaleOf({ label, low, high, unit, log })
//       axis.share(value) axis.value(share)
//       axis.number(share, digits)         the value as it is written: 0.05, 10⁻¹²
//       axis.said(share, digits)           the value in words, with its unit
//       axis.log, axis.apart(difference)   how far apart two shares are, in words: a factor where the axis is logarithmic
//       axis.range                         the axis in words
//       axis.drawn                         the axis for plot.axes
//   pathOf(points, smooth)    [[share, share], ...] through the points: straight, or a smooth curve that turns only at
//                             points (Fritsch and Carlson's monotone cubic, for points that are equally far apart)

import { fmt, ticks } from "../shared/plot.js";
import { raised } from "../shared/powers.js";

const SEGMENT = 16; // samples between two points of a smooth curve

// 1.5e−12 as 1.5·10⁻¹², and 1e+6 as 10⁶.
const powers = (text) =>
  text.replace(/([\d.]+)e([+−-])(\d+)$/, (_, factor, sign, power) => {
    const exponent = raised(sign === "+" ? power : -power);
    return `${Number(factor) === 1 ? "" : `${Number(factor)}·`}10${exponent}`;
  });
// A logarithmic axis may reach values that elsewhere are no more than rounding.
const written = (value, log, digits = 3) =>
  powers(log && value < 1e-4 ? value.toExponential(digits - 1) : fmt(value, digits));

// On a logarithmic axis, 10⁻³ takes less room than 0.001.
function tick(v, value, log) {
  return log && (v < -2.5 || v > 3.5) ? powers(value.toExponential(5)) : written(value, log, 6);
}

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

export function scaleOf({ label, low, high, unit, log }) {
  const to = log ? Math.log10 : Number;
  const from = log ? (v) => 10 ** v : Number;
  const start = to(low);
  const length = to(high) - start;
  const value = (share) => from(start + share * length);
  // "1 round", "2 rounds", and never apart at the end of a line.
  const withUnit = (text, what = unit) => {
    const named = text === "1" ? what.replace(/([a-z]{3})s$/, "$1") : what;
    return named ? `${text}\u00a0${named}` : text;
  };
  const number = (share, digits = 3) => written(Number(value(share).toPrecision(12)), log, digits);
  return {
    label,
    value,
    share: (v) => (to(v) - start) / length,
    number,
    said: (share, digits) => withUnit(number(share, digits)),
    apart(difference) {
      const size = Math.abs(difference) * length;
      const text = written(size, false, 2);
      if (!log) return withUnit(text, unit === "%" ? "percentage points" : unit);
      return `a factor of ${written(10 ** size, false, 10 ** size < 1.1 ? 3 : 2)}`;
    },
    log,
    range: `${label} from ${written(low, log)} to ${written(high, log)}${log ? ", logarithmic" : ""}`,
    drawn: {
      label,
      center: start,
      scale: length,
      values: log ? logTicks : ticks,
      format: (v) => tick(v, Number(from(v).toPrecision(6)), log),
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

// How a drawn curve differs from the measured one, in words.
//
//   compare({ x, y, feature, level, guess, measured, at })    two sentences, on the feature and on the mean distance
//       x and y are axes of scale.js; guess and measured are [[share, share], ...] from left to right; level is a share;
//       `at` are the positions where they are compared, or nothing for a curve, which is compared everywhere
//
// Both are looked at where both are: from the later start to the earlier end.

const CLOSE = 0.05; // of an axis
const LEVEL = 0.1; // what a trend must rise or fall, of the axis, to be one
const FLAT = 1e-9;
const GRID = 100;

function at(curve, x) {
  const k = curve.findIndex(([place]) => place >= x);
  if (k <= 0) return k ? curve[curve.length - 1][1] : curve[0][1];
  const [[x0, y0], [x1, y1]] = [curve[k - 1], curve[k]];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;

// By the straight line with the least squares; the places are equally far apart.
function trend(grid, curve) {
  const weights = grid.map((_, k) => k - GRID / 2);
  const rise = (GRID * mean(grid.map((x, k) => weights[k] * at(curve, x)))) / mean(weights.map((w) => w * w));
  return Math.abs(rise) < LEVEL ? 0 : Math.sign(rise);
}

function crossing(curve, level) {
  if (curve[0][1] === level) return curve[0][0];
  const k = curve.findIndex(([, y], i) => i && (curve[i - 1][1] - level) * (y - level) <= 0);
  if (k < 0) return null;
  const [[x0, y0], [x1, y1]] = [curve[k - 1], curve[k]];
  return x0 + ((level - y0) / (y1 - y0)) * (x1 - x0);
}

const joined = (close, first, second) => `${first}${close ? ", and" : ";"} ${second}.`;

function extreme(sign, { x, guess, measured }) {
  const name = sign > 0 ? "maximum" : "minimum";
  const place = (curve) => curve.reduce((best, [, y], k) => (sign * y > sign * curve[best][1] ? k : best), 0);
  const [mine, theirs] = [place(guess), place(measured)];
  const heights = guess.map(([, y]) => y);
  const lies = `lies at ${x.said(measured[theirs][0])}`;
  if (Math.max(...heights) - Math.min(...heights) < FLAT) return `Your curve is flat; the ${name} ${lies}.`;
  const close = Math.abs(guess[mine][0] - measured[theirs][0]) < CLOSE;
  const where = x.said(guess[mine][0]);
  if (mine > 0 && mine < guess.length - 1) return joined(close, `You expected a ${name} near ${where}`, `it ${lies}`);
  const end = mine ? "end" : "start";
  return joined(
    close,
    `Your curve is ${sign > 0 ? "highest" : "lowest"} at its ${end}, ${where}`,
    `the ${name} ${lies}`,
  );
}

function heights(what, { y }, mine, theirs) {
  const first = `You expected ${y.said(mine, 2)} ${what}`;
  const second = `it is ${y.said(theirs, 2)}`;
  if (Math.abs(theirs - mine) < CLOSE) return joined(true, first, second);
  const [side, apart] = [theirs < mine ? "lower" : "higher", y.apart(theirs - mine)];
  return joined(false, first, `${second}, ${y.log ? `${side} by ${apart}` : `${apart} ${side}`}`);
}

const FEATURES = {
  minimum: (given) => extreme(-1, given),
  maximum: (given) => extreme(1, given),
  end(given, grid) {
    const last = grid[GRID];
    return heights(`at ${given.x.said(last)}`, given, at(given.guess, last), at(given.measured, last));
  },
  plateau(given, grid) {
    const level = (curve) =>
      grid
        .slice(76)
        .map((x) => at(curve, x))
        .sort((a, b) => a - b)[12];
    return heights("toward the end", given, level(given.guess), level(given.measured));
  },
  slope({ guess, measured }, grid) {
    const [mine, theirs] = [trend(grid, guess), trend(grid, measured)];
    const does = { 1: "rises", 0: "stays level", "-1": "falls" }[theirs];
    if (mine === theirs) return `The curve ${does}, as you expected.`;
    return `You expected the curve to ${{ 1: "rise", 0: "stay level", "-1": "fall" }[mine]}; it ${does}.`;
  },
  crossing({ x, y, level, guess, measured }) {
    const [mine, theirs] = [crossing(guess, level), crossing(measured, level)];
    const what = y.said(level);
    if (theirs === null && mine === null) return `The curve never reaches ${what}, as you expected.`;
    if (mine === null) return `You expected the curve never to reach ${what}; it does at ${x.said(theirs)}.`;
    const first = `You expected the curve to reach ${what} near ${x.said(mine)}`;
    if (theirs === null) return `${first}; it never does.`;
    return joined(Math.abs(mine - theirs) < CLOSE, first, `it does at ${x.said(theirs)}`);
  },
};

export function compare(given) {
  const { y, feature, guess, measured, at: places } = given;
  const start = Math.max(guess[0][0], measured[0][0]);
  const end = Math.min(guess[guess.length - 1][0], measured[measured.length - 1][0]);
  const grid = Array.from({ length: GRID + 1 }, (_, k) => start + (k / GRID) * (end - start));
  const where = places?.filter((x) => x > start - FLAT && x < end + FLAT) ?? grid;
  const distance = mean(where.map((x) => Math.abs(at(guess, x) - at(measured, x))));
  return [FEATURES[feature](given, grid), `On average your curve is off by ${y.apart(distance)}.`];
}

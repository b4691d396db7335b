// Noisy points of a known curve, and linear models of features fitted to them; nnlib/widgets/fit.py has the same.
//
//   sample(settings, seed)                   { x, y } of the noisy points
//   FEATURES[model](x)                       all features at x, an array for each
//   decomposition(settings, features, size)  singular values and vectors of the first of them, which no change of y,
//                                            penalty or steps makes anew
//   fit(settings, features, decomposition, y)    { training, validation, curve: the fit on GRID }
//   sizesOf(settings)                        the numbers of features for which the errors are drawn

import { normal, random } from "../shared/random.js";

const { PI, abs, exp, expm1, floor, log1p, max, sin, sqrt } = Math;
const STREAMS = { places: 1, noise: 2, features: 3 };
const SWEEP = 21;
const EPSILON = 2 ** -52;
export const MAX_DEGREE = 40;
export const MAX_WIDTH = 200;
export const GRID = Float64Array.from({ length: 300 }, (_, k) => -1 + (2 * k + 1) / 300);
export const TRUTHS = {
  sine: { label: "sine wave", f: (x) => sin(1.5 * PI * x) },
  bump: { label: "bump", f: (x) => 1.5 * exp(-12 * x * x) - 0.5 },
  kink: { label: "line with a kink", f: (x) => 1.4 * abs(x + 0.2) - 0.7 },
};

const meanSquare = (values) => values.reduce((sum, v) => sum + v * v, 0) / values.length;

export function sample({ truth, points, noise }, seed) {
  const [place, drawn] = [random(seed, STREAMS.places), random(seed, STREAMS.noise)];
  const x = Float64Array.from({ length: points }, (_, k) => -1 + (2 * (k + place())) / points);
  return { x, y: x.map((v) => TRUTHS[truth].f(v) + noise * normal(drawn)) };
}

const uniform = random(0, STREAMS.features);
const UNITS = Array.from({ length: MAX_WIDTH }, () => ({ sign: uniform() < 0.5 ? -1 : 1, kink: 2 * uniform() - 1 }));

export const FEATURES = {
  // Legendre polynomials whose mean square on [-1, 1] is 1.
  polynomial(x) {
    const P = [x.map(() => 1), x];
    for (let k = 1; k < MAX_DEGREE; k++)
      P.push(x.map((v, i) => ((2 * k + 1) * v * P[k][i] - k * P[k - 1][i]) / (k + 1)));
    return P.map((values, k) => values.map((v) => v * sqrt(2 * k + 1)));
  },
  relu: (x) => UNITS.map(({ sign, kink }) => x.map((v) => max(0, sign * (v - kink)))),
};
const ON_GRID = { polynomial: FEATURES.polynomial(GRID), relu: FEATURES.relu(GRID) };

export function sizesOf({ model, points }) {
  if (model === "polynomial") return ON_GRID.polynomial.map((_, k) => k + 1);
  const sizes = Array.from({ length: SWEEP }, (_, k) => floor(MAX_WIDTH ** (k / (SWEEP - 1)) + 0.5));
  return [...new Set([...sizes, points])].sort((a, b) => a - b);
}

// One-sided Jacobi rotations (Hestenes) of the columns, or of the rows if these are fewer. Small singular values,
// which make the peak, come out as exact as large ones; the squares of the features would lose them.
export function decomposition({ model, regularization, dropout }, features, size) {
  const n = features[0].length;
  // Each feature is divided by one: of a sum of many random ones the size stays, and dropout is a ridge penalty on
  // features of equal length.
  const equal = regularization === "dropout" && dropout > 0;
  const scales = features.slice(0, size).map((feature) => {
    if (equal) return sqrt(feature.reduce((sum, v) => sum + v * v, 0)) || 1;
    return model === "relu" ? sqrt(size) : 1;
  });
  const tall = size <= n;
  const [count, length] = tall ? [size, n] : [n, size];
  const all = length + count;
  // Behind each vector stands what it is made of, and its squared length.
  const vectors = Array.from({ length: count }, (_, k) => {
    const vector = new Float64Array(all + 1);
    for (let i = 0; i < length; i++) {
      const [row, column] = tall ? [i, k] : [k, i];
      vector[i] = features[column][row] / scales[column];
    }
    vector[length + k] = 1;
    return vector;
  });
  const dot = (a, b) => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += a[i] * b[i];
    return sum;
  };
  for (let turned = true, sweeps = 0; turned && sweeps < 30; sweeps++) {
    turned = false;
    for (const vector of vectors) vector[all] = dot(vector, vector);
    vectors.sort((a, b) => b[all] - a[all]);
    for (let p = 0; p < count; p++)
      for (let q = p + 1; q < count; q++) {
        const [a, b] = [vectors[p], vectors[q]];
        const c = dot(a, b);
        if (!(abs(c) > 4 * EPSILON * sqrt(a[all] * b[all]))) continue;
        turned = true;
        const half = (b[all] - a[all]) / (2 * c);
        const tangent = (half < 0 ? -1 : 1) / (abs(half) + sqrt(1 + half * half));
        const cosine = 1 / sqrt(1 + tangent * tangent);
        const sine = cosine * tangent;
        for (let i = 0; i < all; i++) {
          const old = a[i];
          a[i] = cosine * old - sine * b[i];
          b[i] = sine * old + cosine * b[i];
        }
        a[all] -= tangent * c;
        b[all] += tangent * c;
      }
  }
  const largest = sqrt(vectors[0][all]);
  const parts = vectors.map((vector) => ({
    s: sqrt(vector[all]),
    left: tall ? vector.subarray(0, n) : vector.subarray(size, all),
    right: tall ? vector.subarray(n, all) : vector.subarray(0, size),
  }));
  return { size, scales, parts: parts.filter(({ s }) => s > largest * max(n, size) * EPSILON), largest };
}

// How much of the least-squares fit along a singular direction the regularization leaves.
function kept({ regularization, penalty, steps, dropout }, n, largest) {
  const shrunk = (ridge) => (s) => (s * s) / (s * s + ridge);
  if (regularization === "ridge") return shrunk(n * penalty);
  if (regularization === "dropout") return shrunk(dropout / (1 - dropout));
  if (regularization === "early_stopping") return (s) => -expm1(steps * log1p(-((s / largest) ** 2)));
  return () => 1;
}

export function fit(settings, features, { size, scales, parts, largest }, y) {
  const { model, truth, noise } = settings;
  const n = y.length;
  const keep = kept(settings, n, largest);
  const a = new Float64Array(size);
  for (const { s, left, right } of parts) {
    let along = 0;
    for (let i = 0; i < n; i++) along += left[i] * y[i];
    const amount = (keep(s) * along) / (s * s);
    for (let j = 0; j < size; j++) a[j] += (amount * right[j]) / scales[j];
  }
  const sum = (of) => {
    const total = new Float64Array(of[0].length);
    for (let j = 0; j < size; j++) for (let k = 0; k < total.length; k++) total[k] += a[j] * of[j][k];
    return total;
  };
  const [curve, reached] = [sum(ON_GRID[model]), sum(features)];
  const { f } = TRUTHS[truth];
  return {
    curve,
    training: meanSquare(reached.map((v, k) => v - y[k])),
    validation: meanSquare(curve.map((v, k) => v - f(GRID[k]))) + noise * noise,
  };
}

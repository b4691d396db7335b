// Models that are honest for few rows, and how far off they are on rows that they have not seen. composition.py has the
// same in Python.
//
//   fit(name, X, y, { alpha, neighbors })      a function of one row of features; name: "mean", "ridge" or "nearest"
//   randomFolds(count)  systemFolds(systems)   the fold of each row, from 0; null where there are too few systems
//   crossValidate(name, X, y, folds, settings) the prediction for each row by a model that has not seen its fold
//   meanError(y, predicted)

import { random, shuffle } from "../shared/random.js";

export const FOLDS = 5;
const EPSILON = 2 ** -52;

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

// Columns to mean 0 and standard deviation 1; a constant one to 0, as scikit-learn's StandardScaler has it.
function scaler(X) {
  const n = X.length;
  const center = X[0].map((_, k) => mean(X.map((row) => row[k])));
  const scale = center.map((c, k) => {
    const variance = mean(X.map((row) => (row[k] - c) ** 2));
    return variance <= n * EPSILON * variance + (n * c * EPSILON) ** 2 ? 1 : Math.sqrt(variance);
  });
  return (row) => row.map((v, k) => (v - center[k]) / scale[k]);
}

// The solution of A w = b for a symmetric, positive definite A, by its Cholesky factor.
function solve(A, b) {
  const n = b.length;
  const L = A.map((row) => [...row]);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let s = L[i][j];
      for (let k = 0; k < j; k++) s -= L[i][k] * L[j][k];
      L[i][j] = i === j ? Math.sqrt(s) : s / L[j][j];
    }
  }
  const w = [...b];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) w[i] -= L[i][k] * w[k];
    w[i] /= L[i][i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) w[i] -= L[k][i] * w[k];
    w[i] /= L[i][i];
  }
  return w;
}

// Least squares with alpha Σ w² added, of standardized features; the intercept is free.
function ridge(X, y, { alpha }) {
  const scaled = scaler(X);
  const Z = X.map(scaled); // of mean 0 each, so the intercept is the mean of y
  const offset = mean(y);
  const count = Z[0].length;
  const A = Array.from({ length: count }, (_, i) => {
    const row = new Array(count).fill(0);
    row[i] = alpha;
    return row;
  });
  const b = new Array(count).fill(0);
  Z.forEach((z, n) => {
    for (let i = 0; i < count; i++) {
      b[i] += z[i] * (y[n] - offset);
      for (let j = 0; j <= i; j++) A[i][j] += z[i] * z[j];
    }
  });
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) A[j][i] = A[i][j];
  const w = solve(A, b);
  return (row) => scaled(row).reduce((total, z, i) => total + z * w[i], offset);
}

// The mean of the nearest rows, by the distance between standardized features; the earlier of two equally near ones.
function nearest(X, y, { neighbors }) {
  const scaled = scaler(X);
  const Z = X.map(scaled);
  return (row) => {
    const at = scaled(row);
    const away = Z.map((z, n) => [z.reduce((total, v, k) => total + (v - at[k]) ** 2, 0), n]);
    away.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return mean(away.slice(0, neighbors).map(([, n]) => y[n]));
  };
}

const MODELS = {
  mean(_, y) {
    const value = mean(y);
    return () => value;
  },
  ridge,
  nearest,
};

export const fit = (name, X, y, settings) => MODELS[name](X, y, settings);

export function randomFolds(count) {
  const order = shuffle(
    Array.from({ length: count }, (_, n) => n),
    random(0),
  );
  const folds = new Array(count);
  order.forEach((n, place) => {
    folds[n] = place % FOLDS;
  });
  return folds;
}

// The largest systems first, each to the fold that has the fewest rows.
export function systemFolds(systems) {
  const sizes = new Map();
  for (const system of systems) sizes.set(system, (sizes.get(system) ?? 0) + 1);
  if (sizes.size < 2) return null;
  const rows = new Array(Math.min(FOLDS, sizes.size)).fill(0);
  const place = new Map();
  for (const [system, size] of [...sizes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
    const fold = rows.indexOf(Math.min(...rows));
    rows[fold] += size;
    place.set(system, fold);
  }
  return systems.map((system) => place.get(system));
}

export function crossValidate(name, X, y, folds, settings) {
  const predicted = new Array(y.length);
  for (let fold = 0; fold <= Math.max(...folds); fold++) {
    const known = y.map((_, n) => n).filter((n) => folds[n] !== fold);
    const model = fit(
      name,
      known.map((n) => X[n]),
      known.map((n) => y[n]),
      settings,
    );
    folds.forEach((of, n) => {
      if (of === fold) predicted[n] = model(X[n]);
    });
  }
  return predicted;
}

export const meanError = (y, predicted) => mean(y.map((v, n) => Math.abs(v - predicted[n])));

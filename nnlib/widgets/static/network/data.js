// The playground's data sets and first weights. nnlib/widgets/data.py is the same in Python, number for number, so that
// a seed means the same on both sides.

import { normal, random, shuffle } from "../shared/random.js";

// Independent streams of one seed: changing the noise must not change the first weights.
export const STREAMS = { data: 1, split: 2, weights: 3, batches: 4 };

const between = (uniform, low, high) => low + (high - low) * uniform();

// Bumps of the Gaussian mixture: center and sign.
const BUMPS = [
  [-3, -2.5, 1],
  [0, -2, -1],
  [3, -2.5, 1],
  [-1.5, 2.5, -1],
  [2.5, 2.5, 1],
];

// Each draws one point [x1, x2, target] before noise; n counts the points, so classes alternate.
const draw = {
  circles(n, uniform) {
    const inner = n % 2;
    const radius = inner ? between(uniform, 0, 2.2) : between(uniform, 3.6, 5);
    const angle = between(uniform, 0, 2 * Math.PI);
    return [radius * Math.cos(angle), radius * Math.sin(angle), inner];
  },
  xor(n, uniform) {
    const x1 = between(uniform, 0.4, 5) * (uniform() < 0.5 ? -1 : 1);
    const x2 = between(uniform, 0.4, 5) * (uniform() < 0.5 ? -1 : 1);
    return [x1, x2, x1 * x2 < 0 ? 1 : 0];
  },
  blobs(n, uniform) {
    const center = n % 2 ? 2 : -2;
    return [center + 0.8 * normal(uniform), center + 0.8 * normal(uniform), n % 2];
  },
  moons(n, uniform) {
    const angle = between(uniform, 0, Math.PI);
    return n % 2
      ? [1.5 - 3 * Math.cos(angle), 0.75 - 3 * Math.sin(angle), 1]
      : [-1.5 + 3 * Math.cos(angle), -0.75 + 3 * Math.sin(angle), 0];
  },
  spirals(n, uniform) {
    const t = Math.sqrt(uniform());
    const angle = 3 * Math.PI * t + Math.PI * (n % 2);
    return [5 * t * Math.sin(angle), 5 * t * Math.cos(angle), n % 2];
  },
  plane(n, uniform) {
    const x1 = between(uniform, -5, 5),
      x2 = between(uniform, -5, 5);
    return [x1, x2, (x1 + x2) / 10];
  },
  gaussians(n, uniform) {
    const x1 = between(uniform, -5, 5),
      x2 = between(uniform, -5, 5);
    let y = 0;
    for (const [c1, c2, sign] of BUMPS) y += sign * Math.exp(-((x1 - c1) ** 2 + (x2 - c2) ** 2) / 3);
    return [x1, x2, y];
  },
};

export const DATASETS = {
  circles: { label: "circles", task: "classification" },
  xor: { label: "XOR", task: "classification" },
  blobs: { label: "blobs", task: "classification" },
  moons: { label: "moons", task: "classification" },
  spirals: { label: "spirals", task: "classification" },
  plane: { label: "plane", task: "regression" },
  gaussians: { label: "Gaussian mix", task: "regression" },
};

// `count` points [x1, x2, target]. Noise moves a point after its target is fixed: a normal step of that standard
// deviation along each axis.
export function generate(name, count, noise, seed) {
  const uniform = random(seed, STREAMS.data);
  const points = [];
  for (let n = 0; n < count; n++) {
    const [x1, x2, y] = draw[name](n, uniform);
    points.push([x1 + noise * normal(uniform), x2 + noise * normal(uniform), y]);
  }
  return points;
}

// Which points are held out for testing: true for a random share of them.
export function heldOut(count, share, seed) {
  const held = Math.min(count - 1, Math.max(1, Math.round(count * share))); // neither part may be empty
  const mask = new Array(count).fill(false);
  const order = Array.from(mask, (_, n) => n);
  shuffle(order, random(seed, STREAMS.split))
    .slice(0, held)
    .forEach((n) => {
      mask[n] = true;
    });
  return mask;
}

export const FEATURES = {
  x1: { label: "x₁", of: (x1) => x1 },
  x2: { label: "x₂", of: (x1, x2) => x2 },
  "x1^2": { label: "x₁²", of: (x1) => x1 * x1 },
  "x2^2": { label: "x₂²", of: (x1, x2) => x2 * x2 },
  "x1*x2": { label: "x₁x₂", of: (x1, x2) => x1 * x2 },
  "sin x1": { label: "sin x₁", of: (x1) => Math.sin(x1) },
  "sin x2": { label: "sin x₂", of: (x1, x2) => Math.sin(x2) },
};

// The network's input for points [x1, x2, ...], feature by feature: (features x count).
export function featureMatrix(names, points) {
  const matrix = new Float64Array(names.length * points.length);
  names.forEach((name, i) => {
    const { of } = FEATURES[name];
    points.forEach((point, n) => {
      matrix[i * points.length + n] = of(point[0], point[1]);
    });
  });
  return matrix;
}

// First weights and biases, uniform in ±1/√inputs as in PyTorch's and nnlib's Linear, written into `network`.
export function initialize(network, seed) {
  const uniform = random(seed, STREAMS.weights);
  for (const { inputs, outputs, weight, bias } of network.layers) {
    const bound = 1 / Math.sqrt(inputs);
    for (let k = weight; k < bias + outputs; k++) network.parameters[k] = between(uniform, -bound, bound);
  }
}

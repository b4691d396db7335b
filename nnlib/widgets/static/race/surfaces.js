// Losses of two weights, with their gradients, and the optimizers that go down on them. race.py has the same surfaces.
//
//   const surface = surfaceOf({ surface, condition, angle, standardized })
//       .loss(a, b), .gradient(a, b) -> [da, db]; .least, the smallest loss, and .minima, where; .names of the weights;
//       .view, [[low, high], [low, high]] of the map; .formula in words; .modes, steep first, where the curvature is the
//       same everywhere: { value, direction }; .data, [[x, y], ...], and .output(a, b, x), where points are fitted
//   descend(surface, optimizer, { start, rate, momentum }, steps)
//       { path, losses, end }: the weights and the loss above the least after 0, 1, ... steps; end is the step at which
//       it has diverged, or Infinity
//   arrival(run)                                the step from which a run of MOST steps stays below TARGET, or Infinity
//   fastest(surface, optimizer, settings)       the learning rate that is below TARGET soonest and stays so, without
//                                               ever being above the start

export const MOST = 500; // steps
export const TARGET = 0.01; // above the least loss
export const OUTSIDE = 100; // a weight beyond has diverged: 25 times as far as the map reaches
const STEEP = 10; // the ravine's larger eigenvalue
export const STARTS = {
  bowl: [-3, 2],
  ravine: [-3, 0.5],
  saddle: [0.05, 2.5],
  rosenbrock: [-1.5, 2],
  line: [1.5, 2.8],
  network: [-2.5, 1.5],
};
const LINE = [
  [1, 0.25],
  [1.3, 0.5],
  [1.6, 1],
  [1.9, 1.2],
  [2.2, 1.75],
  [2.5, 1.95],
  [2.8, 2.3],
  [3.1, 2.8],
];
const { PI, abs, cos, hypot, max, min, sin, sqrt, tanh } = Math;
const UNIT = Array.from({ length: 9 }, (_, k) => [k / 2 - 2, 1.5 * tanh(1.2 * (k / 2 - 2))]);
const WIDE = [
  [-4, 4],
  [-3, 3],
];
const mean = (list) => list.reduce((sum, v) => sum + v, 0) / list.length;

// ½ (w − minimum)ᵀ H (w − minimum) + least, with H = [[p, q], [q, r]].
function quadratic([p, q, r], minimum = [0, 0], least = 0) {
  const [middle, apart] = [(p + r) / 2, hypot((p - r) / 2, q)];
  const values = [middle + apart, middle - apart];
  const [x, y] = abs(values[0] - p) > abs(values[0] - r) ? [q, values[0] - p] : [values[0] - r, q];
  const length = hypot(x, y);
  const steep = length > 1e-9 ? [x / length, y / length] : [1, 0];
  const gradient = (a, b) => {
    const [da, db] = [a - minimum[0], b - minimum[1]];
    return [p * da + q * db, q * da + r * db];
  };
  return {
    gradient,
    loss(a, b) {
      const [ga, gb] = gradient(a, b);
      return least + 0.5 * (ga * (a - minimum[0]) + gb * (b - minimum[1]));
    },
    least,
    minima: [minimum],
    modes: [
      { value: values[0], direction: steep },
      { value: values[1], direction: [-steep[1], steep[0]] },
    ],
  };
}

// Mean squared error; slopes(a, b, x) are the derivatives of the output.
const fitted = (data, output, slopes) => ({
  data,
  output,
  loss: (a, b) => mean(data.map(([x, y]) => (output(a, b, x) - y) ** 2)),
  gradient(a, b) {
    const sum = [0, 0];
    for (const [x, y] of data) {
      const error = (2 * (output(a, b, x) - y)) / data.length;
      slopes(a, b, x).forEach((slope, k) => (sum[k] += error * slope));
    }
    return sum;
  },
});

const MAKERS = {
  bowl: () => ({ ...quadratic([1, 0, 1]), formula: "½ (w₁² + w₂²)" }),
  ravine({ condition, angle }) {
    const [c, s, flat] = [cos((angle * PI) / 180), sin((angle * PI) / 180), STEEP / condition];
    const H = [STEEP + (flat - STEEP) * c * c, (flat - STEEP) * c * s, STEEP + (flat - STEEP) * s * s];
    return { ...quadratic(H), formula: "½ (λ₁ e₁² + λ₂ e₂²), e along the dashed lines" };
  },
  saddle: () => ({
    loss: (a, b) => (a * a - 4) ** 2 / 16 + 0.5 * b * b,
    gradient: (a, b) => [(a * a - 4) * a * 0.25, b],
    minima: [
      [-2, 0],
      [2, 0],
    ],
    formula: "(w₁² − 4)²/16 + ½ w₂²; the saddle is at (0, 0)",
  }),
  rosenbrock: () => ({
    loss: (a, b) => (1 - a) ** 2 + 100 * (b - a * a) ** 2,
    gradient: (a, b) => [-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)],
    minima: [[1, 1]],
    view: [
      [-2.2, 2.2],
      [-0.8, 2.6],
    ],
    formula: "(1 − w₁)² + 100 (w₂ − w₁²)²",
  }),
  line({ standardized }) {
    const [xs, y] = [0, 1].map((k) => mean(LINE.map((point) => point[k])));
    const spread = sqrt(mean(LINE.map(([x]) => (x - xs) ** 2)));
    const data = standardized ? LINE.map(([x, t]) => [(x - xs) / spread, t]) : LINE;
    const own = fitted(
      data,
      (w, b, x) => w * x + b,
      (w, b, x) => [x, 1],
    );
    const center = mean(data.map(([x]) => x));
    const w = mean(data.map(([x, t]) => (x - center) * (t - y))) / mean(data.map(([x]) => (x - center) ** 2));
    const best = [w, y - w * center];
    const H = [2 * mean(data.map(([x]) => x * x)), 2 * center, 2];
    return {
      ...quadratic(H, best, own.loss(...best)),
      ...own,
      names: ["w", "b"],
      formula: "the mean of (w x + b − y)² over eight points",
    };
  },
  network: () => ({
    ...fitted(
      UNIT,
      (u, v, x) => v * tanh(u * x),
      (u, v, x) => {
        const h = tanh(u * x);
        return [v * (1 - h * h) * x, h];
      },
    ),
    minima: [
      [1.2, 1.5],
      [-1.2, -1.5],
    ],
    formula: "the mean of (w₂ tanh(w₁ x) − y)² over nine points",
  }),
};

export const surfaceOf = (settings) => ({
  least: 0,
  names: ["w₁", "w₂"],
  view: WIDE,
  ...MAKERS[settings.surface](settings),
});

// For each optimizer a function of the momentum that returns a new step: a function of the gradient and the step's
// number that gives what the learning rate is multiplied by. The numbers are nnlib's and PyTorch's defaults.
const EPS = 1e-8;
export const OPTIMIZERS = {
  SGD: () => (g) => g,
  momentum(mu) {
    const v = [0, 0];
    return (g) => g.map((slope, k) => (v[k] = mu * v[k] + slope));
  },
  RMSprop() {
    const v = [0, 0];
    return (g) =>
      g.map((slope, k) => {
        v[k] = 0.99 * v[k] + 0.01 * slope * slope;
        return slope / (sqrt(v[k]) + EPS);
      });
  },
  Adam() {
    const [m, v] = [
      [0, 0],
      [0, 0],
    ];
    return (g, t) =>
      g.map((slope, k) => {
        m[k] = 0.9 * m[k] + 0.1 * slope;
        v[k] = 0.999 * v[k] + 0.001 * slope * slope;
        return m[k] / (1 - 0.9 ** t) / (sqrt(v[k] / (1 - 0.999 ** t)) + EPS);
      });
  },
};

export function descend(surface, optimizer, { start, rate, momentum }, steps = MOST) {
  const step = OPTIMIZERS[optimizer](momentum);
  let w = start;
  const path = [w];
  while (path.length <= steps && max(...w.map(abs)) <= OUTSIDE) {
    const direction = step(surface.gradient(...w), path.length);
    w = w.map((value, k) => value - rate * direction[k]);
    path.push(w);
  }
  const diverged = !(max(...w.map(abs)) <= OUTSIDE);
  return {
    path,
    losses: path.map((at) => max(0, surface.loss(...at) - surface.least)),
    end: diverged ? path.length - 1 : Infinity,
  };
}

// A loss that swings can be below by chance, so only what stays below counts.
export function arrival({ losses }) {
  const above = losses.findLastIndex((loss) => !(loss < TARGET));
  return above < MOST && losses.length > MOST ? above + 1 : Infinity;
}

export function fastest(surface, optimizer, settings) {
  let [best, least] = [settings.rate, Infinity];
  for (let k = -80; k <= 20; k++) {
    const rate = Number((10 ** (k / 20)).toPrecision(2));
    const { losses } = descend(surface, optimizer, { ...settings, rate });
    if (losses.length <= MOST || losses.some((loss) => loss > losses[0])) continue;
    // Where none gets there, the one that comes nearest.
    const score = min(arrival({ losses }), MOST + losses[MOST]);
    if (score < least) [best, least] = [rate, score];
  }
  return best;
}

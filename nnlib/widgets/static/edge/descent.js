// Gradient descent on all points at once, and the sharpness of the loss on the way.
//
// Points, first weights and arithmetic are those of nnlib/widgets/edge.py. The loss is half the mean squared error.

import { Network } from "../network/engine.js";
import { normal, random } from "../shared/random.js";

export const MOST = 6000;
export const EVERY = 10;
const [POINTS, HIDDEN] = [20, 20];
const [FIRST, LATER, EPSILON] = [30, 4, 1e-4];

export const PLACES = Float64Array.from({ length: POINTS }, (_, k) => -1 + (2 * k) / (POINTS - 1));
// The Chebyshev polynomial of a degree.
export const target = (degree, x) => Math.cos(degree * Math.acos(Math.min(1, Math.max(-1, x))));

// The learning rate of a step; rates: [[step from which it holds, learning rate], ...].
export const rateAt = (rates, step) => rates.findLast(([from]) => from <= step)[1];

export class Descent {
  constructor({ degree, momentum, seed }) {
    this.momentum = momentum;
    this.goals = PLACES.map((x) => target(degree, x));
    this.network = new Network([1, HIDDEN, HIDDEN, 1], "tanh");
    const { parameters, layers } = this.network;
    const uniform = random(seed, 1);
    for (const { inputs, outputs, weight } of layers) {
      const reach = inputs ** -0.5;
      for (let k = weight; k < weight + (inputs + 1) * outputs; k++) parameters[k] = reach * (2 * uniform() - 1);
    }
    const more = random(seed, 2);
    this.direction = parameters.map(() => normal(more));
    scale(this.direction, length(this.direction));
    this.velocity = new Float64Array(parameters.length);
    this.sharpness = [this.measure(FIRST)]; // at step 0, EVERY, 2 EVERY, ...
    this.losses = [this.gradient()]; // after 0, 1, 2, ... steps
    this.diverged = false;
  }

  get made() {
    return this.losses.length - 1;
  }

  // The loss; its gradient is in network.gradients.
  gradient() {
    const loss = this.network.backward(PLACES, this.goals, POINTS, "mean_squared_error") / 2;
    scale(this.network.gradients, 2);
    return loss;
  }

  // The largest eigenvalue of the Hessian H by power iteration; H v is the difference of two gradients.
  measure(iterations) {
    const { parameters, gradients } = this.network;
    const w = parameters.slice();
    let value = 0;
    for (let k = 0; k < iterations; k++) {
      const v = this.direction;
      const at = (side) => {
        for (let i = 0; i < w.length; i++) parameters[i] = w[i] + side * EPSILON * v[i];
        this.gradient();
        return gradients.slice();
      };
      const [ahead, behind] = [at(1), at(-1)];
      const product = ahead.map((g, i) => (g - behind[i]) / (2 * EPSILON));
      value = product.reduce((sum, h, i) => sum + h * v[i], 0);
      const size = length(product);
      if (size > 0) this.direction = scale(product, size);
    }
    parameters.set(w);
    return value;
  }

  step(rate) {
    const { network, velocity, momentum } = this;
    const { parameters, gradients } = network;
    for (let i = 0; i < parameters.length; i++) {
      velocity[i] = momentum * velocity[i] + gradients[i];
      parameters[i] -= rate * velocity[i];
    }
    this.losses.push(this.gradient());
    if (!network.isFinite()) {
      this.diverged = true;
    } else if (this.made % EVERY === 0) {
      this.sharpness.push(this.measure(LATER));
      this.gradient();
    }
  }
}

const length = (v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
const scale = (v, by) => {
  for (let i = 0; i < v.length; i++) v[i] /= by;
  return v;
};

// Activation functions with their slopes, the same as nnlib's.
//
//   ACTIVATIONS[name]    { label, f(z), slope(z), steepest }    steepest: the largest slope that there is

import { sigmoid } from "./activations.js";

const { PI, abs, exp, max, sqrt, tanh } = Math;

const density = (z) => exp(-z * z * 0.5) / sqrt(2 * PI);

// The normal distribution function by its series (Marsaglia, 2004); beyond 8 it is 0 or 1 to the last digit.
function phi(z) {
  if (abs(z) > 8) return z > 0 ? 1 : 0;
  let [sum, term, last] = [z, z, 0];
  for (let k = 3; sum !== last; k += 2) {
    last = sum;
    sum += term *= (z * z) / k;
  }
  return 0.5 + sum * density(z);
}

const silu = (z) => z * sigmoid(z);

export const ACTIVATIONS = {
  sigmoid: { label: "sigmoid", f: sigmoid, slope: (z) => sigmoid(z) * (1 - sigmoid(z)), steepest: 0.25 },
  tanh: { label: "tanh", f: tanh, slope: (z) => 1 - tanh(z) ** 2, steepest: 1 },
  relu: { label: "ReLU", f: (z) => max(0, z), slope: (z) => (z > 0 ? 1 : 0), steepest: 1 },
  leaky_relu: {
    label: "leaky ReLU",
    f: (z) => (z > 0 ? z : 0.01 * z),
    slope: (z) => (z > 0 ? 1 : 0.01),
    steepest: 1,
  },
  gelu: { label: "GELU", f: (z) => z * phi(z), slope: (z) => phi(z) + z * density(z), steepest: 1.128904 },
  silu: {
    label: "SiLU",
    f: silu,
    slope: (z) => sigmoid(z) + silu(z) * (1 - sigmoid(z)),
    steepest: 1.099839,
  },
};

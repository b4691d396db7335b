// A small fully connected network on typed arrays: what the playground trains and draws, in the page itself.
//
// The arithmetic is nnlib's (and PyTorch's), in the same order: y = x Wᵀ + b with W of shape (out, in),
// all parameters in one array in the order of `state_dict`: W1 (row by row), b1, W2, b2, ...
// A batch is stored feature by feature, (features x count), so that the inner loops run over points.

import { shuffle } from "../shared/random.js";

export const ACTIVATIONS = ["tanh", "relu", "sigmoid", "linear"];

// A weight beyond this has left the range in which training means anything; training stops there.
export const WEIGHT_LIMIT = 1e6;

export const exact = {
  // 1 - 2 / (exp(2z) + 1) costs half of Math.tanh and is as exact in absolute terms.
  tanh: (z, start, end) => {
    for (let n = start; n < end; n++) z[n] = 1 - 2 / (Math.exp(2 * z[n]) + 1);
  },
  relu: (z, start, end) => {
    for (let n = start; n < end; n++) if (z[n] < 0) z[n] = 0;
  },
  sigmoid: (z, start, end) => {
    for (let n = start; n < end; n++) z[n] = 1 / (1 + Math.exp(-z[n]));
  },
  linear: () => {},
};

// Each derivative is written with the activation's own value a, so z need not be kept.
const multiplyByDerivative = {
  tanh: (delta, a, length) => {
    for (let n = 0; n < length; n++) delta[n] *= 1 - a[n] * a[n];
  },
  relu: (delta, a, length) => {
    for (let n = 0; n < length; n++) if (a[n] <= 0) delta[n] = 0;
  },
  sigmoid: (delta, a, length) => {
    for (let n = 0; n < length; n++) delta[n] *= a[n] * (1 - a[n]);
  },
  linear: () => {},
};

// Each loss is a mean over the points of a batch; `delta` receives its derivative by the network's output.
const losses = {
  // log(1 + exp(z)) - y z, without overflow for large |z|
  binary_cross_entropy(output, target, count, delta) {
    let sum = 0;
    for (let n = 0; n < count; n++) {
      const z = output[n],
        small = Math.exp(-Math.abs(z));
      sum += Math.max(z, 0) - z * target[n] + Math.log1p(small);
      if (delta) delta[n] = ((z >= 0 ? 1 / (1 + small) : small / (1 + small)) - target[n]) / count;
    }
    return sum / count;
  },
  mean_squared_error(output, target, count, delta) {
    let sum = 0;
    for (let n = 0; n < count; n++) {
      const error = output[n] - target[n];
      sum += error * error;
      if (delta) delta[n] = (2 * error) / count;
    }
    return sum / count;
  },
};

// z = W x + b for `count` points and the units from `first` up to `end`; four inputs at a time spare passes over z,
// and two units at a time reading x twice.
function affine(parameters, layer, input, output, count, first, end) {
  const { inputs, weight, bias } = layer;
  let j = first;
  for (; j + 1 < end; j += 2) {
    const row = j * count,
      next = row + count,
      w = weight + j * inputs,
      v = w + inputs,
      b = parameters[bias + j],
      c = parameters[bias + j + 1];
    for (let n = 0; n < count; n++) {
      output[row + n] = b;
      output[next + n] = c;
    }
    let i = 0;
    for (; i + 3 < inputs; i += 4) {
      const w0 = parameters[w + i],
        w1 = parameters[w + i + 1],
        w2 = parameters[w + i + 2],
        w3 = parameters[w + i + 3];
      const v0 = parameters[v + i],
        v1 = parameters[v + i + 1],
        v2 = parameters[v + i + 2],
        v3 = parameters[v + i + 3];
      const at = i * count;
      for (let n = 0; n < count; n++) {
        const x0 = input[at + n],
          x1 = input[at + count + n],
          x2 = input[at + 2 * count + n],
          x3 = input[at + 3 * count + n];
        output[row + n] += w0 * x0 + w1 * x1 + w2 * x2 + w3 * x3;
        output[next + n] += v0 * x0 + v1 * x1 + v2 * x2 + v3 * x3;
      }
    }
    for (; i < inputs; i++) {
      const w0 = parameters[w + i],
        v0 = parameters[v + i],
        at = i * count;
      for (let n = 0; n < count; n++) {
        output[row + n] += w0 * input[at + n];
        output[next + n] += v0 * input[at + n];
      }
    }
  }
  for (; j < end; j++) {
    const row = j * count,
      w = weight + j * inputs,
      b = parameters[bias + j];
    for (let n = 0; n < count; n++) output[row + n] = b;
    let i = 0;
    for (; i + 3 < inputs; i += 4) {
      const w0 = parameters[w + i],
        w1 = parameters[w + i + 1];
      const w2 = parameters[w + i + 2],
        w3 = parameters[w + i + 3];
      const x0 = i * count,
        x1 = x0 + count,
        x2 = x1 + count,
        x3 = x2 + count;
      for (let n = 0; n < count; n++) {
        output[row + n] += w0 * input[x0 + n] + w1 * input[x1 + n] + w2 * input[x2 + n] + w3 * input[x3 + n];
      }
    }
    for (; i < inputs; i++) {
      const w0 = parameters[w + i],
        x0 = i * count;
      for (let n = 0; n < count; n++) output[row + n] += w0 * input[x0 + n];
    }
  }
}

export class Network {
  // sizes: inputs, hidden layers, output, for example [2, 4, 2, 1]
  constructor(sizes, activation) {
    this.sizes = sizes;
    this.activation = activation;
    this.layers = [];
    let offset = 0;
    for (let l = 1; l < sizes.length; l++) {
      const [inputs, outputs] = [sizes[l - 1], sizes[l]];
      this.layers.push({ inputs, outputs, weight: offset, bias: offset + inputs * outputs });
      offset += (inputs + 1) * outputs;
    }
    this.parameters = new Float64Array(offset);
    this.gradients = new Float64Array(offset);
    this.batch = { count: 0 };
  }

  // One array of values per layer for `count` points: the hidden activations, and last the output.
  workspace(count) {
    return this.layers.map((layer) => new Float64Array(layer.outputs * count));
  }

  // input: (features x count). Fills `values` with what every unit of every layer says at every point,
  // and returns the output, a logit or a regression value. After a change of one unit's weights alone,
  // `layer` and `unit` name it: what comes before and beside it in `values` still holds. `activations` may be others
  // than the exact ones.
  forward(input, count, values, { layer = 0, unit = -1 } = {}, activations = exact) {
    const last = this.layers.length - 1;
    for (let l = layer; l <= last; l++) {
      const [first, end] = l === layer && unit >= 0 ? [unit, unit + 1] : [0, this.layers[l].outputs];
      affine(this.parameters, this.layers[l], l ? values[l - 1] : input, values[l], count, first, end);
      if (l < last) activations[this.activation](values[l], first * count, end * count);
    }
    return values[last];
  }

  loss(output, target, count, kind) {
    return losses[kind](output, target, count, null);
  }

  // Mean loss of a batch; leaves its derivative by every parameter in `gradients`.
  backward(input, target, count, kind) {
    if (this.batch.count !== count) {
      this.batch = { count, values: this.workspace(count), deltas: this.workspace(count) };
    }
    const { values, deltas } = this.batch;
    const { parameters, gradients, layers } = this;
    const last = layers.length - 1;
    const loss = losses[kind](this.forward(input, count, values), target, count, deltas[last]);
    for (let l = last; l >= 0; l--) {
      const { inputs, outputs, weight, bias } = layers[l];
      const delta = deltas[l],
        below = l ? values[l - 1] : input;
      // dL/dW = delta xᵀ, dL/db = sum of delta
      for (let j = 0; j < outputs; j++) {
        const row = j * count;
        let sum = 0;
        for (let n = 0; n < count; n++) sum += delta[row + n];
        gradients[bias + j] = sum;
        for (let i = 0; i < inputs; i++) {
          const column = i * count;
          sum = 0;
          for (let n = 0; n < count; n++) sum += delta[row + n] * below[column + n];
          gradients[weight + j * inputs + i] = sum;
        }
      }
      if (l === 0) break;
      // dL/dx = Wᵀ delta, then through the activation
      const lower = deltas[l - 1];
      for (let i = 0; i < inputs; i++) {
        const column = i * count;
        for (let n = 0; n < count; n++) lower[column + n] = 0;
        for (let j = 0; j < outputs; j++) {
          const w = parameters[weight + j * inputs + i],
            row = j * count;
          for (let n = 0; n < count; n++) lower[column + n] += w * delta[row + n];
        }
      }
      multiplyByDerivative[this.activation](lower, below, inputs * count);
    }
    return loss;
  }

  // Adds the derivative of l1 Σ|w| + l2/2 Σw² to `gradients`. Weights alone: a bias only shifts, so it stays free.
  addPenalty(l1, l2) {
    if (!l1 && !l2) return;
    for (const { weight, bias } of this.layers) {
      for (let k = weight; k < bias; k++) {
        const w = this.parameters[k];
        this.gradients[k] += l1 * Math.sign(w) + l2 * w;
      }
    }
  }

  isFinite() {
    for (const w of this.parameters) if (!(Math.abs(w) <= WEIGHT_LIMIT)) return false;
    return true;
  }

  // Nested lists [W1, b1, W2, b2, ...], the form in which Python sees the weights, and back.
  toLists() {
    const lists = [];
    for (const { inputs, outputs, weight, bias } of this.layers) {
      const rows = [];
      for (let j = 0; j < outputs; j++) {
        rows.push(Array.from(this.parameters.subarray(weight + j * inputs, weight + (j + 1) * inputs)));
      }
      lists.push(rows, Array.from(this.parameters.subarray(bias, bias + outputs)));
    }
    return lists;
  }

  fromLists(lists) {
    this.parameters.set(lists.flat(2));
  }
}

export class SGD {
  step(network, learningRate) {
    const { parameters, gradients } = network;
    for (let k = 0; k < parameters.length; k++) parameters[k] -= learningRate * gradients[k];
  }
}

export class Adam {
  constructor(length, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8) {
    Object.assign(this, { beta1, beta2, epsilon, steps: 0 });
    this.mean = new Float64Array(length);
    this.square = new Float64Array(length);
  }

  step(network, learningRate) {
    const { parameters, gradients } = network;
    const { mean, square, beta1, beta2, epsilon } = this;
    this.steps += 1;
    const rate = learningRate / (1 - beta1 ** this.steps);
    const correction = Math.sqrt(1 - beta2 ** this.steps);
    for (let k = 0; k < parameters.length; k++) {
      const g = gradients[k];
      mean[k] = beta1 * mean[k] + (1 - beta1) * g;
      square[k] = beta2 * square[k] + (1 - beta2) * g * g;
      parameters[k] -= (rate * mean[k]) / (Math.sqrt(square[k]) / correction + epsilon);
    }
  }
}

// Goes through shuffled mini-batches, as many as the time allows, so that a page never blocks.
export class Trainer {
  // data: { input (features x count), target, count }; random: a function that returns numbers in [0, 1)
  constructor(network, data, loss, random) {
    Object.assign(this, { network, data, loss, random, epoch: 0, position: 0 });
    this.order = Int32Array.from({ length: data.count }, (_, n) => n);
    this.setOptimizer("SGD");
  }

  setOptimizer(name) {
    this.optimizer = name === "Adam" ? new Adam(this.network.parameters.length) : new SGD();
  }

  batch({ batchSize, learningRate, l1, l2 }) {
    const { network, data, order } = this;
    const features = network.sizes[0];
    if (this.position === 0) shuffle(order, this.random);
    const count = Math.min(batchSize, data.count - this.position);
    if (!this.input || this.input.length < features * count) {
      this.input = new Float64Array(features * count);
      this.target = new Float64Array(count);
    }
    for (let n = 0; n < count; n++) {
      const point = order[this.position + n];
      this.target[n] = data.target[point];
      for (let i = 0; i < features; i++) this.input[i * count + n] = data.input[i * data.count + point];
    }
    network.backward(this.input, this.target, count, this.loss);
    network.addPenalty(l1, l2);
    this.optimizer.step(network, learningRate);
    this.position += count;
    if (this.position >= data.count) {
      this.position = 0;
      this.epoch += 1;
    }
  }

  // Trains up to `epochs` whole epochs, but no longer than `milliseconds`; `eachEpoch` runs at the end of each and
  // may return false to stop. Returns the number of epochs that were completed.
  run(settings, epochs, milliseconds, eachEpoch = () => true) {
    const end = performance.now() + milliseconds;
    let done = 0;
    while (done < epochs) {
      this.batch(settings);
      if (this.position === 0) {
        done += 1;
        if (eachEpoch() === false) break;
      }
      if (performance.now() > end) break;
    }
    return done;
  }
}

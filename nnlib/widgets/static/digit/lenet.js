// The network that reads digits, the same as in digit.py: what it computes, and where each number comes from. Nothing
// here draws.
//
//   forward(weights, image)           { input, conv1, ... out }: tensors of layers.js; image is 8 rows of 8 counts from
//                                     0 to 16
//   origins(values, unit)             what the number of a unit { layer, channel, row, column } comes from, in its
//                                     layer and each before it: { rows: [first, last], columns: [first, last],
//                                     channel }; channel null is all
//   terms(values, weights, unit)      the numbers it is computed from, [{ channel, row, column, x, w }, ...]; w where
//                                     there are weights
//   parameters(weights, layer)        [weight, bias]

import { at, conv2d, linear, maxPool2d, relu } from "../shared/layers.js";

export const LAYERS = {
  input: "Input",
  conv1: "Convolution 1",
  relu1: "ReLU 1",
  pool1: "Pooling",
  conv2: "Convolution 2",
  relu2: "ReLU 2",
  out: "Output",
};
export const NAMES = Object.keys(LAYERS);
const MODULES = { conv1: 0, conv2: 3, out: 6 }; // places in nnlib's Sequential, after which the weights are called
const LARGEST = 16;
const { max, min } = Math;

export const parameters = (weights, layer) => [weights[`${MODULES[layer]}.weight`], weights[`${MODULES[layer]}.bias`]];

export function forward(weights, image) {
  const input = {
    shape: [1, image.length, image[0].length],
    data: Float64Array.from(image.flat(), (count) => count / LARGEST),
  };
  const conv1 = conv2d(input, ...parameters(weights, "conv1"), { padding: 1 });
  const relu1 = relu(conv1);
  const pool1 = maxPool2d(relu1, 2);
  const conv2 = conv2d(pool1, ...parameters(weights, "conv2"), { padding: 1 });
  const relu2 = relu(conv2);
  return { input, conv1, relu1, pool1, conv2, relu2, out: linear(relu2, ...parameters(weights, "out")) };
}

export function origins(values, { layer, channel, row, column }) {
  let part = { channel, rows: [row, row], columns: [column, column] };
  const found = { [layer]: part };
  for (let k = NAMES.indexOf(layer); k > 0; k--) {
    const [, height, width] = values[NAMES[k - 1]].shape;
    const widen = {
      conv: ([a, b], n) => [max(0, a - 1), min(n - 1, b + 1)],
      relu: (span) => span,
      pool: ([a, b]) => [2 * a, 2 * b + 1],
      out: (_, n) => [0, n - 1],
    }[NAMES[k].replace(/\d/, "")];
    const mixes = NAMES[k] in MODULES;
    part = {
      channel: mixes ? null : part.channel,
      rows: widen(part.rows, height),
      columns: widen(part.columns, width),
    };
    found[NAMES[k - 1]] = part;
  }
  return found;
}

export function terms(values, weights, unit) {
  const { layer, channel, row, column } = unit;
  if (layer === "input") return [];
  const before = NAMES[NAMES.indexOf(layer) - 1];
  const { channel: only, rows, columns } = origins(values, unit)[before];
  const list = [];
  for (let c = only ?? 0; c <= (only ?? values[before].shape[0] - 1); c++) {
    for (let i = rows[0]; i <= rows[1]; i++) {
      for (let j = columns[0]; j <= columns[1]; j++)
        list.push({ channel: c, row: i, column: j, x: at(values[before], c, i, j) });
    }
  }
  if (!(layer in MODULES)) return list;
  const [{ shape, data }] = parameters(weights, layer);
  const each = data.length / shape[0]; // weights of one channel
  list.forEach((term, k) => {
    const place = layer === "out" ? k : 9 * term.channel + 3 * (term.row - row + 1) + term.column - column + 1;
    term.w = data[channel * each + place];
  });
  return list;
}

// What the layers of a convolutional network compute, as nnlib and PyTorch define them, for one image.
//
// A tensor is { shape: [channels, height, width], data: Float64Array }; weights are { shape, data } as from weights.js.
//
//   conv2d(x, weight, bias, { stride = 1, padding = 0 })    weight [out, in, kh, kw], bias [out]
//   relu(x)
//   maxPool2d(x, size)                  windows of size × size side by side; what is left over at the edge is dropped
//   linear(x, weight, bias)             of all numbers of x in their order; weight [out, in]; returns [out, 1, 1]
//   at(x, channel, row, column)         one number; 0 outside, as the padding

export const tensor = (shape) => ({ shape, data: new Float64Array(shape.reduce((a, b) => a * b)) });

export function at({ shape: [, height, width], data }, channel, row, column) {
  if (row < 0 || column < 0 || row >= height || column >= width) return 0;
  return data[(channel * height + row) * width + column];
}

export function conv2d(x, weight, bias, { stride = 1, padding = 0 } = {}) {
  const [channels, height, width] = x.shape;
  const [filters, , kh, kw] = weight.shape;
  const [rows, columns] = [
    [height, kh],
    [width, kw],
  ].map(([n, k]) => Math.floor((n + 2 * padding - k) / stride) + 1);
  const y = tensor([filters, rows, columns]);
  let n = 0;
  for (let f = 0; f < filters; f++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = bias.data[f];
        let w = f * channels * kh * kw;
        for (let c = 0; c < channels; c++) {
          for (let a = 0; a < kh; a++) {
            for (let b = 0; b < kw; b++)
              sum += weight.data[w++] * at(x, c, i * stride - padding + a, j * stride - padding + b);
          }
        }
        y.data[n++] = sum;
      }
    }
  }
  return y;
}

export const relu = ({ shape, data }) => ({ shape, data: data.map((v) => Math.max(0, v)) });

export function maxPool2d(x, size) {
  const [channels, height, width] = x.shape;
  const y = tensor([channels, Math.floor(height / size), Math.floor(width / size)]);
  let n = 0;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < y.shape[1]; i++) {
      for (let j = 0; j < y.shape[2]; j++) {
        let top = -Infinity;
        for (let a = 0; a < size; a++) {
          for (let b = 0; b < size; b++) top = Math.max(top, at(x, c, i * size + a, j * size + b));
        }
        y.data[n++] = top;
      }
    }
  }
  return y;
}

export function linear({ data }, weight, bias) {
  const [outputs, inputs] = weight.shape;
  const y = tensor([outputs, 1, 1]);
  for (let k = 0; k < outputs; k++) {
    let sum = bias.data[k];
    for (let j = 0; j < inputs; j++) sum += weight.data[k * inputs + j] * data[j];
    y.data[k] = sum;
  }
  return y;
}

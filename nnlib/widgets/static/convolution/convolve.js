// What a convolution computes, and the kernels to begin with. Nothing here draws.
//
// `settings` has image and kernel (lists of rows), bias, stride, padding, dilation and relu.
//
//   convolve(settings)             the feature map, a list of rows; empty where the kernel does not fit
//   windowAt(settings, i, j)       { top, left, pixels, products, sum } at row i, column j of the map; top and left in
//                                  the image
//   places(n, k, settings)         how many places k numbers of a kernel have along n pixels (below 1: none)
//   span(k, settings)              how many pixels they span
//   formula(n, k, settings)        the formula of `places`, filled with the numbers
//   unused(n, k, settings)         the rows (or columns) of an image of n that no window touches
//   preset(name, n)                the kernel of KERNELS in size n x n, or null where there is none of the kind
//   filled(n, f)                   n rows of n numbers f(a, b)

const { abs, floor, max, min, sign } = Math;

export const filled = (n, f) => Array.from({ length: n }, (_, a) => Array.from({ length: n }, (_, b) => f(a, b)));
// For a size n: the kernel, or null where there is none of the kind. m is the middle.
export const KERNELS = {
  vertical: { label: "Vertical edge", of: (n) => (n > 1 ? filled(n, (a, b) => sign(b - (n - 1) / 2)) : null) },
  horizontal: { label: "Horizontal edge", of: (n) => (n > 1 ? filled(n, (a) => sign(a - (n - 1) / 2)) : null) },
  corner: { label: "Corner, upper left", of: (n, m) => (n > 2 ? filled(n, (a, b) => (min(a, b) < m ? -1 : 1)) : null) },
  outline: {
    label: "Outline",
    of: (n, m) => (n % 2 && n > 1 ? filled(n, (a, b) => (a === m && b === m ? n * n - 1 : -1)) : null),
  },
  blur: { label: "Blur", of: (n) => (n > 1 ? filled(n, () => 1 / (n * n)) : null) },
  sharpen: {
    label: "Sharpen",
    of: (n, m) => (n % 2 && n > 1 ? filled(n, (a, b) => [5, -1][abs(a - m) + abs(b - m)] ?? 0) : null),
  },
  identity: { label: "Identity", of: (n, m) => filled(n, (a, b) => (a === m && b === m ? 1 : 0)) },
};
export const preset = (name, n) => KERNELS[name]?.of(n, floor((n - 1) / 2)) ?? null;

export const span = (k, { dilation }) => dilation * (k - 1) + 1;
export const places = (n, k, s) => floor((n + 2 * s.padding - span(k, s)) / s.stride) + 1;

export function windowAt({ image, kernel, stride, padding, dilation }, i, j) {
  const [top, left] = [i * stride - padding, j * stride - padding];
  const pixels = kernel.map((weights, a) =>
    weights.map((_, b) => image[top + a * dilation]?.[left + b * dilation] ?? 0),
  );
  const products = kernel.map((weights, a) => weights.map((w, b) => w * pixels[a][b]));
  return { top, left, pixels, products, sum: products.flat().reduce((total, product) => total + product, 0) };
}

export function convolve(settings) {
  const { image, kernel, bias, relu } = settings;
  const [rows, columns] = [
    places(image.length, kernel.length, settings),
    places(image[0].length, kernel[0].length, settings),
  ];
  if (rows < 1 || columns < 1) return [];
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => {
      const y = windowAt(settings, i, j).sum + bias;
      return relu ? max(0, y) : y;
    }),
  );
}

export function unused(n, k, settings) {
  const touched = new Set();
  for (let i = 0; i < places(n, k, settings); i++) {
    for (let a = 0; a < k; a++) touched.add(i * settings.stride - settings.padding + a * settings.dilation);
  }
  return Array.from({ length: n }, (_, y) => y).filter((y) => !touched.has(y));
}

export const formula = (n, k, s) =>
  `⌊(${n} + 2·${s.padding} − ${s.dilation}·(${k} − 1) − 1)/${s.stride}⌋ + 1 = ${String(places(n, k, s)).replace("-", "−")}`;

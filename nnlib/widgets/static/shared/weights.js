// Trained weights that came with the page as half-precision numbers.
//
//   const W = unpack(model.get("_weights"))    { name: { shape, data: Float64Array }, ... }, from what
//                                              weights/__init__.py packed
//   const rows = matrix(W.name)               the rows of a weight of two axes, as subarrays

function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

export function unpack(packed) {
  return Object.fromEntries(
    Object.entries(packed).map(([name, { shape, float16 }]) => {
      const data = new Float64Array(float16.byteLength / 2);
      for (let k = 0; k < data.length; k++) data[k] = half(float16.getUint16(2 * k, true));
      return [name, { shape, data }];
    }),
  );
}

export function matrix({ shape: [rows, columns], data }) {
  return Array.from({ length: rows }, (_, k) => data.subarray(k * columns, (k + 1) * columns));
}

// Alloys as fractions of their elements: those that are known, how far apart two are, and an ensemble that predicts
// their energies.
//
//   unpackKnown(model.get("_known"), elements)    [{ x, energy, prototype, held }, ...] from what mixer.py packed;
//                                                 energies in eV/atom
//   distance(a, b, from = 0)                      what share of its atoms one must exchange to turn a into the alloy at
//                                                 `from` in b
//   predict(weights, which, x)                    what each member of ensemble number `which` says of the fractions x,
//                                                 eV/atom
//   formulaOf(elements, amounts)                  a formula as the table of the known alloys writes it
//   sum(values) mean(values) spread(values)       the spread is the standard deviation with divisor n − 1

const UNIT = 1e-5; // eV/atom, in which the energies come
const LAYERS = ["0", "2", "4"]; // the linear ones; tanh stands between them

export const CELL = 32; // atoms, of which the fractions are counted
export const sum = (values) => values.reduce((a, b) => a + b, 0);
export const mean = (values) => sum(values) / values.length;
export const spread = (values) => Math.sqrt(sum(values.map((v) => (v - mean(values)) ** 2)) / (values.length - 1));

export function predict(weights, which, x) {
  const members = weights["0.bias"].shape[1];
  return Array.from(
    { length: members },
    (_, m) =>
      LAYERS.reduce((input, layer, depth) => {
        const [
          {
            shape: [, , units, inputs],
            data,
          },
          bias,
        ] = [weights[`${layer}.weight`], weights[`${layer}.bias`].data];
        const first = (which * members + m) * units;
        return Array.from({ length: units }, (_, k) => {
          let z = bias[first + k];
          for (let j = 0; j < inputs; j++) z += data[(first + k) * inputs + j] * input[j];
          return depth < LAYERS.length - 1 ? Math.tanh(z) : z;
        });
      }, x)[0],
  );
}

export function unpackKnown({ atoms, energy, held_out: held, prototypes }, elements) {
  const names = prototypes.flatMap(([name, rows]) => Array(rows).fill(name));
  return names.map((prototype, row) => {
    let code = atoms.getUint32(4 * row, true);
    const counts = elements.slice(1).map(() => {
      const count = code % (CELL + 1);
      code = (code - count) / (CELL + 1);
      return count;
    });
    counts.push(CELL - sum(counts));
    return {
      x: counts.map((n) => n / CELL),
      energy: energy.getInt16(2 * row, true) * UNIT,
      prototype,
      held: Boolean((held.getUint8(row >> 3) >> (row & 7)) & 1),
    };
  });
}

// The symbols in alphabetical order; whole amounts are reduced, as in CuPt from 16 atoms of each.
export function formulaOf(elements, amounts) {
  const divisor = amounts.every(Number.isInteger)
    ? amounts.reduce((a, b) => {
        while (b) [a, b] = [b, a % b];
        return a;
      })
    : 1;
  const parts = elements
    .map((symbol, k) => [symbol, amounts[k] / divisor])
    .filter(([, n]) => n > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.map(([symbol, n]) => (n === 1 ? symbol : symbol + n)).join("");
}

export function distance(a, b, from = 0) {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += Math.abs(a[k] - b[from + k]);
  return total / 2;
}

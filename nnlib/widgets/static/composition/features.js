// Statistics of the elements' properties over a formula, as composition_features of nnlib.materials has them.
//
//   featuresOf(amounts, table)     [mean, deviation, minimum, maximum, range, mode, of each property]; null where an element
//                                  has none of a property; table: { symbols, values: [[of each property], ...] }
//   systemOf(amounts)              its chemical system, "Al-Ni"

const sum = (values) => values.reduce((a, b) => a + b, 0);

export function featuresOf(amounts, { symbols, values }) {
  const rows = Object.keys(amounts).map((symbol) => values[symbols.indexOf(symbol)]);
  const parts = Object.values(amounts);
  const most = Math.max(...parts);
  const total = sum(parts.map((n) => n / most)); // so that no sum of large amounts overflows
  const f = parts.map((n) => n / most / total);
  const top = Math.max(...f);
  const abundant = f.map((x) => Math.abs(x - top) <= 1e-8 + 1e-5 * top);
  const features = values[0].flatMap((_, k) => {
    const p = rows.map((row) => row[k]);
    if (p.includes(null)) return [null];
    const mean = sum(p.map((v, i) => f[i] * v));
    const [low, high] = [Math.min(...p), Math.max(...p)];
    const deviation = sum(p.map((v, i) => f[i] * Math.abs(v - mean)));
    return [mean, deviation, low, high, high - low, Math.min(...p.filter((_, i) => abundant[i]))];
  });
  return features.includes(null) ? null : features;
}

export const systemOf = (amounts) => Object.keys(amounts).sort().join("-");

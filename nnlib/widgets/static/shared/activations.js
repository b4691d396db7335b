// The two activations that turn numbers into shares.
//
//   sigmoid(z)
//   softmax(logits, temperature = 1)    a list or typed array of numbers, as a plain array that sums to 1

export const sigmoid = (z) => 1 / (1 + Math.exp(-z));

export function softmax(logits, temperature = 1) {
  const top = Math.max(...logits);
  const p = Array.from(logits, (z) => Math.exp((z - top) / temperature));
  const total = p.reduce((a, b) => a + b);
  return p.map((v) => v / total);
}

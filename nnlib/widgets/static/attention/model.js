// A network of attention alone, as nnlib computes it, and the sequences on which it is tested.
//
//   const net = network(weights, 2)             of two layers; weights as from ../shared/weights.js
//   net(x, off)                                 { attention: [layer][head][t] = weights over places 0 ... t,
//                                               logits: [t] }; off: names of heads, "1.2" is head 2 of layer 1
//   sequence(seed, period)                      { x, period }: 24 letters as numbers

import { softmax } from "../shared/activations.js";
import { random, shuffle } from "../shared/random.js";
import { matrix } from "../shared/weights.js";

export const ALPHABET = "abcdefghijkl";
export const LENGTH = 24;
export const SHORTEST = 5;
export const LONGEST = 11;
const HEADS = 2;

export function sequence(seed, period) {
  const uniform = random(seed);
  const drawn = SHORTEST + Math.floor(uniform() * (LONGEST - SHORTEST + 1));
  const order = shuffle(
    Array.from(ALPHABET, (_, k) => k),
    uniform,
  );
  const n = period ?? drawn;
  return { x: Array.from({ length: LENGTH }, (_, t) => order[t % n]), period: n };
}

// y = W x + b, of a vector
function affine(rows, bias, x) {
  return Float64Array.from(rows, (row, k) => {
    let sum = bias[k];
    for (let j = 0; j < x.length; j++) sum += row[j] * x[j];
    return sum;
  });
}

export function network(weights, layers) {
  const part = (name) => weights[`${layers}.${name}`];
  const [letter, position, out] = ["letter.weight", "position.weight", "out.weight"].map((name) => matrix(part(name)));
  const stack = ["first", "second"].slice(0, layers).map((name) => ({
    into: matrix(part(`${name}.in_proj_weight`)),
    intoBias: part(`${name}.in_proj_bias`).data,
    mix: matrix(part(`${name}.out_proj.weight`)),
    mixBias: part(`${name}.out_proj.bias`).data,
  }));
  const width = letter[0].length;
  const size = width / HEADS;

  // What a head reads at each place: its weights over the places up to that one, and the mean of their values.
  function attend(joined, head) {
    const [q, k, v] = [0, 1, 2].map((which) => which * width + head * size);
    const weightsOf = (t) =>
      softmax(
        Array.from({ length: t + 1 }, (_, s) => {
          let score = 0;
          for (let i = 0; i < size; i++) score += joined[t][q + i] * joined[s][k + i];
          return score / Math.sqrt(size);
        }),
      );
    const looks = joined.map((_, t) => weightsOf(t));
    const read = looks.map((look) => {
      const y = new Float64Array(size);
      look.forEach((weight, s) => {
        for (let i = 0; i < size; i++) y[i] += weight * joined[s][v + i];
      });
      return y;
    });
    return { looks, read };
  }

  return (x, off = []) => {
    let stream = x.map((k, t) => letter[k].map((value, i) => value + position[t][i]));
    const attention = stack.map(({ into, intoBias, mix, mixBias }, layer) => {
      const joined = stream.map((h) => affine(into, intoBias, h));
      const heads = Array.from({ length: HEADS }, (_, head) => attend(joined, head));
      const brought = (head, t) =>
        off.includes(`${layer + 1}.${head + 1}`) ? new Float64Array(size) : heads[head].read[t];
      stream = stream.map((h, t) => {
        const side = Float64Array.from([...brought(0, t), ...brought(1, t)]);
        return affine(mix, mixBias, side).map((value, i) => value + h[i]);
      });
      return heads.map(({ looks }) => looks);
    });
    return { attention, logits: stream.map((h) => affine(out, part("out.bias").data, h)) };
  };
}

// The perceptron's arithmetic. Nothing here draws.
//
//   score(w, b, z)                      of a point z
//   sign(s)                             the answer for a score: +1 or −1
//   nextMistake(w, b, Z, y, cursor)     the first misclassified point from `cursor` on, going round; -1 if there is
//                                       none
//   update(w, b, z, label, rate)        { w, b } after the perceptron rule for one point on the wrong side
//   judge(w, b, Z, y)                   { scores, length of w, wrong: [points], margin, closest: the point it is
//                                       measured at }

export const sign = (s) => (s >= 0 ? 1 : -1);

export const score = (w, b, z) => w[0] * z[0] + w[1] * z[1] + b;

export function nextMistake(w, b, Z, y, cursor) {
  for (let k = 0; k < y.length; k++) {
    const i = (cursor + k) % y.length;
    if (sign(score(w, b, Z[i])) !== y[i]) return i;
  }
  return -1;
}

export const update = (w, b, z, label, rate) => ({
  w: [w[0] + rate * label * z[0], w[1] + rate * label * z[1]],
  b: b + rate * label,
});

export function judge(w, b, Z, y) {
  const scores = Z.map((z) => score(w, b, z));
  const length = Math.hypot(...w);
  const wrong = y.flatMap((label, i) => (sign(scores[i]) === label ? [] : [i]));
  const distances = scores.map((s, i) => (y[i] * s) / length);
  const margin = length ? Math.min(...distances) : NaN;
  return { scores, length, wrong, margin, closest: distances.indexOf(margin) };
}

// Attention of one query to some keys of the plane.

// The vector [x, y] turned counterclockwise by an angle in degrees.
export function turn([x, y], degrees) {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [x * c - y * s, x * s + y * c];
}

// The query and the keys as they are compared: each turned by the angle times its place.
export function vectorsOf({ query, key, angle, places }) {
  return [query, ...key].map((v, k) => turn(v, (angle * places[k]) % 360));
}

// { products, scores, weights, answer }
export function attend(settings) {
  const [[a, b], ...keys] = vectorsOf(settings);
  const products = keys.map(([x, y]) => a * x + b * y);
  const scores = products.map((product) => (settings.scaled ? product / Math.SQRT2 : product));
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  const weights = powers.map((power) => power / sum);
  const answer = weights.reduce((total, weight, k) => total + weight * settings.value[k], 0);
  return { products, scores, weights, answer };
}

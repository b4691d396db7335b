// Ink on 32 × 32 places, and how much of it is in each block of 4 × 4: what a drawn digit is to the network.
//
//   const ink = createInk()
//   ink.places                             a Uint8Array of 1024, row by row: 1 where there is ink
//   ink.clear()
//   ink.stroke(from, to, radius, on)       a line of the pen between two points { x, y }, or of the eraser
//   ink.enlarge()                          as the digits of the data set are: as large as fits the frame, in its middle
//   ink.counts(image)                      8 rows of 8 counts; numbers of `image` that round to the count stay as they
//                                          are
//   ink.follow(image)                      gives each block as much ink as the image says; blocks that have it stay
//   inkOf(image, i, j)                     where that ink is laid in block i, j: there first, where the counts, taken
//                                          as those of the blocks' middles, are highest in between

export const SIZE = 8;
export const FULL = 16;
const BLOCK = 4;
export const FINE = SIZE * BLOCK;
const { ceil, floor, hypot, max, min, round } = Math;

const placeOf = (i, j, k) => FINE * (BLOCK * i + floor(k / BLOCK)) + BLOCK * j + (k % BLOCK);

export function inkOf(image, i, j) {
  const count = (a, b) => image[min(SIZE - 1, max(0, a))][min(SIZE - 1, max(0, b))];
  const places = Array.from({ length: FULL }, (_, k) => {
    const [u, v] = [i + (floor(k / BLOCK) + 0.5) / BLOCK - 0.5, j + ((k % BLOCK) + 0.5) / BLOCK - 0.5];
    const [a, b] = [floor(u), floor(v)];
    const mix = (low, high, t) => low + (high - low) * t;
    return {
      place: placeOf(i, j, k),
      level: mix(mix(count(a, b), count(a, b + 1), v - b), mix(count(a + 1, b), count(a + 1, b + 1), v - b), u - a),
    };
  });
  return places
    .sort((p, q) => q.level - p.level)
    .slice(0, round(image[i][j]))
    .map(({ place }) => place);
}

export function createInk() {
  const places = new Uint8Array(FINE * FINE);
  const count = (i, j) => {
    let n = 0;
    for (let k = 0; k < FULL; k++) n += places[placeOf(i, j, k)];
    return n;
  };
  return {
    places,
    clear: () => places.fill(0),
    stroke(from, to, radius, on) {
      const steps = ceil(2 * hypot(to.x - from.x, to.y - from.y)) || 1;
      for (let s = 0; s <= steps; s++) {
        const [x, y] = [from.x + ((to.x - from.x) * s) / steps, from.y + ((to.y - from.y) * s) / steps];
        for (let i = max(0, floor(y - radius)); i < min(FINE, y + radius); i++) {
          for (let j = max(0, floor(x - radius)); j < min(FINE, x + radius); j++) {
            if (hypot(i + 0.5 - y, j + 0.5 - x) <= radius) places[FINE * i + j] = on ? 1 : 0;
          }
        }
      }
    },
    enlarge() {
      const on = [...places.keys()].filter((k) => places[k]);
      const span = (list) => [min(...list), max(...list) + 1];
      const [[top, bottom], [left, right]] = [span(on.map((k) => floor(k / FINE))), span(on.map((k) => k % FINE))];
      const scale = min(FINE / (bottom - top), FINE / (right - left));
      const old = places.slice();
      const back = (k, low, high) => floor((k + 0.5 - FINE / 2) / scale + (low + high) / 2);
      places.forEach((_, k) => {
        const [i, j] = [back(floor(k / FINE), top, bottom), back(k % FINE, left, right)];
        places[k] = min(i, j) < 0 || max(i, j) >= FINE ? 0 : old[FINE * i + j];
      });
    },
    counts: (image) => image.map((row, i) => row.map((v, j) => (round(v) === count(i, j) ? v : count(i, j)))),
    follow(image) {
      image.forEach((row, i) =>
        row.forEach((v, j) => {
          if (count(i, j) === round(v)) return;
          for (let k = 0; k < FULL; k++) places[placeOf(i, j, k)] = 0;
          for (const place of inkOf(image, i, j)) places[place] = 1;
        }),
      );
    },
  };
}

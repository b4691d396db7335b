// Crystals as periodic graphs: where atoms are, which are neighbors, and messages between them. Nothing here draws.
//
// A crystal has cell (three lattice vectors as rows, in Å), elements (a symbol per atom) and fractions (fractional
// coordinates per atom, in 0 ... 1). A site is { atom, shift, at }: an atom of the unit cell, in the cell `shift` cells
// away.
//
//   site(crystal, atom, shift)            with its position `at` in Å
//   block(crystal, n)                     the sites of n cells along each axis, with those on all faces of the block
//   outline(crystal, n)                   the rim of that block, a line [from, to] in Å for each cell along it
//   findEdges(crystal, cutoff)            edges { source, target, shift, distance } in the order of
//                                         nnlib.widgets.crystal
//   weight(distance, cutoff)              1 at 0, falling smoothly to 0 at the cutoff
//   passMessages(edges, numbers, cutoff)  { message (per edge), sum, updated (per atom) }
//   shellsOf(crystal, edges, atom)        [{ element, distance, count, source }], from near to far
//   turned([turn, tilt], [x, y, z])       [to the right, up, toward the eye], for angles in degrees; z stands upright

const { PI, cos, floor, hypot, min, sin } = Math;
const TAU = 1e-9; // Å: rounding does not decide whether an atom at the cutoff is a neighbor
export const SHARE = 0.1; // of the neighbors' sum, in the update

const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const add = (a, b) => a.map((x, k) => x + b[k]);
export const minus = (a, b) => a.map((x, k) => x - b[k]);
export const inCell = (cell, f) => [0, 1, 2].map((k) => f[0] * cell[0][k] + f[1] * cell[1][k] + f[2] * cell[2][k]);
const span = (low, high) => Array.from({ length: high - low + 1 }, (_, k) => low + k);
const grid = ([a, b, c]) => a.flatMap((i) => b.flatMap((j) => c.map((k) => [i, j, k])));

export const site = (crystal, atom, shift) => ({
  atom,
  shift,
  at: inCell(crystal.cell, add(crystal.fractions[atom], shift)),
});

export function block(crystal, n) {
  const within = (f) => f.every((x) => x < n + TAU);
  return crystal.fractions.flatMap((f, atom) =>
    grid([0, 0, 0].map(() => span(0, n)))
      .filter((shift) => within(add(f, shift)))
      .map((shift) => site(crystal, atom, shift)),
  );
}

export const outline = ({ cell }, n) =>
  [0, 1, 2].flatMap((axis) =>
    [
      [0, 0],
      [0, n],
      [n, 0],
      [n, n],
    ].flatMap(([b, c]) =>
      span(0, n - 1).map((a) => {
        const ends = [a, a + 1].map((along) =>
          [0, 1, 2].map((k) => (k === axis ? along : k === (axis + 1) % 3 ? b : c)),
        );
        return ends.map((f) => inCell(cell, f));
      }),
    ),
  );

export function findEdges({ cell, fractions }, cutoff) {
  const volume = dot(cell[0], cross(cell[1], cell[2]));
  // Planes of the lattice are volume / area apart, and fractions differ by less than 1.
  const most = [0, 1, 2].map((k) => {
    const area = hypot(...cross(cell[(k + 1) % 3], cell[(k + 2) % 3]));
    return floor((cutoff * area) / volume + TAU) + 1;
  });
  const shifts = grid(most.map((n) => span(-n, n)));
  return fractions.flatMap((to, target) => {
    const near = [];
    fractions.forEach((from, source) => {
      for (const shift of shifts) {
        const distance = hypot(...inCell(cell, add(minus(from, to), shift)));
        if (distance > TAU && distance <= cutoff + TAU) near.push({ source, target, shift, distance });
      }
    });
    const place = (edge) => Math.round(edge.distance * 1e6);
    return near.sort((a, b) => place(a) - place(b)); // stable: equal ones stay by source and shift
  });
}

export const weight = (distance, cutoff) => 0.5 * (1 + cos(PI * min(distance / cutoff, 1)));

export function passMessages(edges, numbers, cutoff) {
  const message = edges.map(({ source, distance }) => weight(distance, cutoff) * numbers[source]);
  const sum = numbers.map(() => 0);
  edges.forEach(({ target }, e) => {
    sum[target] += message[e];
  });
  return { message, sum, updated: numbers.map((h, k) => h + SHARE * sum[k]) };
}

export function shellsOf({ elements }, edges, atom) {
  const shells = new Map();
  for (const { source, target, distance } of edges) {
    if (target !== atom) continue;
    const key = `${elements[source]} ${distance.toFixed(3)}`;
    if (!shells.has(key)) shells.set(key, { element: elements[source], distance, source, count: 0 });
    shells.get(key).count++;
  }
  return [...shells.values()];
}

export function turned([turn, tilt], [x, y, z]) {
  const [t, u] = [(turn * PI) / 180, (tilt * PI) / 180];
  const back = x * sin(t) + y * cos(t);
  return [x * cos(t) - y * sin(t), z * cos(u) + back * sin(u), z * sin(u) - back * cos(u)];
}

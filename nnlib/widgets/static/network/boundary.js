// The lines on which a function over a square grid is 0, by marching squares: lists of points [column, row].
//
// Whole lines, since the browser strokes one long line in half the time of its many pieces.

// An edge of the grid leads from point k to the right, and is 2k, or down, and is 2k + 1.
export function boundary(z, grid) {
  const crossed = []; // edges
  const joined = new Int32Array(4 * grid * grid).fill(-1); // of each edge the two others that its line leads to, or -1
  const join = (a, b) => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ]) {
      const known = joined[2 * from] >= 0;
      if (!known) crossed.push(from);
      joined[2 * from + known] = to;
    }
  };
  for (let j = 0; j + 1 < grid; j++) {
    for (let k = j * grid; k + 1 < (j + 1) * grid; k++) {
      const a = z[k] > 0,
        b = z[k + 1] > 0,
        c = z[k + grid + 1] > 0,
        d = z[k + grid] > 0;
      if (a === b && b === c && c === d) continue;
      const cuts = [];
      if (a !== b) cuts.push(2 * k);
      if (b !== c) cuts.push(2 * k + 3);
      if (d !== c) cuts.push(2 * (k + grid));
      if (a !== d) cuts.push(2 * k + 1);
      join(cuts[0], cuts[1]);
      if (cuts.length > 2) join(cuts[2], cuts[3]);
    }
  }

  const point = (edge) => {
    const k = edge >> 1;
    const down = edge & 1;
    const share = z[k] / (z[k] - z[down ? k + grid : k + 1]);
    const [i, j] = [k % grid, Math.floor(k / grid)];
    return down ? [i, j + share] : [i + share, j];
  };
  const done = new Set();
  const follow = (first) => {
    const line = [];
    let [before, at] = [-1, first];
    while (at >= 0 && !done.has(at)) {
      done.add(at);
      line.push(point(at));
      const one = joined[2 * at],
        other = joined[2 * at + 1];
      [before, at] = [at, one === before ? other : one];
    }
    if (at === first) line.push(line[0]); // it goes round
    return line;
  };
  const ends = crossed.filter((edge) => joined[2 * edge + 1] < 0);
  const lines = [];
  for (const edge of [...ends, ...crossed]) if (!done.has(edge)) lines.push(follow(edge));
  return lines;
}

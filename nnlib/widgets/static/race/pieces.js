// Contour lines on a grid, by marching squares.

// The pieces of the line on which the values, on a grid, cross the level: [x0, y0, x1, y1] in cells.
export function pieces(values, columns, rows, level) {
  const found = [];
  for (let j = 0; j + 1 < rows; j++)
    for (let i = 0; i + 1 < columns; i++) {
      const at = j * columns + i;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]];
      const below = a < level;
      if (b < level === below && c < level === below && d < level === below) continue; // most cells
      const corners = [a, b, c, d];
      const places = [
        [i, j],
        [i + 1, j],
        [i + 1, j + 1],
        [i, j + 1],
      ];
      const crossed = [];
      for (let k = 0; k < 4; k++) {
        const [here, next] = [corners[k], corners[(k + 1) % 4]];
        if (here < level === next < level) continue;
        const [[x0, y0], [x1, y1]] = [places[k], places[(k + 1) % 4]];
        const part = (level - here) / (next - here);
        crossed.push(x0 + part * (x1 - x0), y0 + part * (y1 - y0));
      }
      for (let k = 0; k < crossed.length; k += 4) found.push(crossed.slice(k, k + 4));
    }
  return found;
}

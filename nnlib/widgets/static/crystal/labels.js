// Where the numbers beside the atoms go, so that they lie on no other atom and no other number. Nothing here draws.
//
//   placeLabels(labels, balls, lines, [width, height])   the center [x, y] of each label { ball, width, height, gap }, in
//                                                        pixels; a ball is { x, y, r }, a line [from, to] with { x, y },
//                                                        gap what is free between a label and its ball

const { abs, hypot, max, min } = Math;
// Of two that are as good, the first: below where there is room.
const SIDES = [
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
];
const SWEEPS = 4; // a label that came early may move once the others have their places

const beside = ({ ball, width, height, gap }, [right, down]) => {
  const away = (ball.r + gap) * (right && down ? Math.SQRT1_2 : 1);
  return [ball.x + right * (away + width / 2), ball.y + down * (away + height / 2)];
};

// How deep a ball reaches into a label about (x, y).
const depth = (label, [x, y], ball) =>
  max(0, ball.r - hypot(max(0, abs(ball.x - x) - label.width / 2), max(0, abs(ball.y - y) - label.height / 2)));

const overlap = (one, [x, y], other, [u, v]) =>
  min(max(0, (one.width + other.width) / 2 - abs(x - u)), max(0, (one.height + other.height) / 2 - abs(y - v)));

// Whether a line crosses a label; one that ends at a number would look like a minus sign.
function crosses({ width, height }, [x, y], [from, to]) {
  let [first, last] = [0, 1];
  for (const [at, way, half] of [
    [from.x - x, to.x - from.x, width / 2 + 3],
    [from.y - y, to.y - from.y, height / 2],
  ]) {
    const [enter, leave] = [(-half - at) / way, (half - at) / way].sort((a, b) => a - b); // ±∞ along the axis
    first = max(first, enter);
    last = min(last, leave);
  }
  return first < last;
}

export function placeLabels(labels, balls, lines, [width, height]) {
  const places = [];
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    labels.forEach((label, k) => {
      let least = Infinity;
      for (const side of SIDES) {
        const at = beside(label, side);
        let cost = 4 * max(0, label.width / 2 - min(at[0], width - at[0]));
        cost += 4 * max(0, label.height / 2 - min(at[1], height - at[1]));
        for (const ball of balls) if (ball !== label.ball) cost += depth(label, at, ball);
        for (const line of lines) if (crosses(label, at, line)) cost += 1;
        places.forEach((place, j) => {
          if (j !== k) cost += 2 * overlap(label, at, labels[j], place);
        });
        if (cost < least) {
          least = cost;
          places[k] = at;
        }
      }
    });
  }
  return places;
}

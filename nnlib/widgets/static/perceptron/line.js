// Geometry of the perceptron's picture. A view is { x: [low, high], y: [low, high] }; a box is [x, y, width, height] in
// pixels.
//
//   viewOf(original, all)             the view of a data set as it comes, widened to hold all its points
//   foot(w, b, view)                  the point of the line closest to the middle of the view, where the normal vector
//                                     stands
//   halfPlane(w, b, view, side)       corners of the part of the view where the score has the sign of `side`
//   parallel(w, b, offset, view)      two points far outside the view, on the line moved by `offset` along w
//   emptiest(boxes, taken, area)      the first of the boxes inside the area that covers least of the taken ones

import { score } from "./rule.js";

export function viewOf(original, all) {
  const box = [0, 1].map((k) => {
    const values = original.map((z) => z[k]);
    return [Math.min(...values), Math.max(...values)];
  });
  const half = 0.56 * Math.max(1e-6, ...box.map(([a, c]) => c - a));
  const [x, y] = box.map(([a, c], k) => {
    const ends = [(a + c) / 2 - half, (a + c) / 2 + half];
    for (const z of all) {
      if (z[k] < ends[0]) ends[0] = z[k] - 0.05 * half;
      if (z[k] > ends[1]) ends[1] = z[k] + 0.05 * half;
    }
    return ends;
  });
  return { x, y };
}

export function foot(w, b, { x, y }) {
  const middle = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  const distance = score(w, b, middle) / Math.hypot(...w) ** 2;
  return [middle[0] - w[0] * distance, middle[1] - w[1] * distance];
}

export function halfPlane(w, b, { x, y }, side) {
  const corners = [
    [x[0], y[0]],
    [x[1], y[0]],
    [x[1], y[1]],
    [x[0], y[1]],
  ];
  const inside = [];
  corners.forEach((a, k) => {
    const c = corners[(k + 1) % 4];
    const [sa, sc] = [side * score(w, b, a), side * score(w, b, c)];
    if (sa >= 0) inside.push(a);
    if (sa * sc < 0) inside.push([0, 1].map((j) => a[j] + ((c[j] - a[j]) * sa) / (sa - sc)));
  });
  return inside;
}

export function parallel(w, b, offset, view) {
  const length = Math.hypot(...w);
  const [x, y] = foot(w, b, view);
  const [nx, ny] = w.map((value) => value / length);
  const far = 3 * (view.x[1] - view.x[0]);
  const [cx, cy] = [x + nx * offset, y + ny * offset];
  return [
    [cx - ny * far, cy + nx * far],
    [cx + ny * far, cy - nx * far],
  ];
}

const common = ([a, b, c, d], [x, y, width, height]) =>
  Math.max(0, Math.min(a + c, x + width) - Math.max(a, x)) * Math.max(0, Math.min(b + d, y + height) - Math.max(b, y));

export function emptiest(boxes, taken, { left, top, width, height }) {
  const covered = (box) => {
    const outside = box[2] * box[3] - common(box, [left, top, width, height]);
    return 4 * outside + taken.reduce((sum, other) => sum + common(box, other), 0);
  };
  const costs = boxes.map(covered);
  const least = Math.min(...costs);
  return { box: boxes[costs.indexOf(least)], covered: least };
}

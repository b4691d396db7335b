// What is said of a graph after some rounds.

import { fmt } from "../shared/plot.js";

export const letter = (color) => (color < 26 ? String.fromCharCode(65 + color) : String(color));
const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

// "A 4, B 2": how many nodes have each color.
function counted(colors) {
  const counts = new Map();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([color, n]) => `${letter(color)} ${n}`)
    .join(", ");
}

// The nodes left and right of the middle, compared as if they were two graphs; "" if an edge joins them.
function compared(colors, nodes, edges) {
  const right = nodes.map(([x]) => x >= 0);
  if (right.every((side) => side === right[0]) || edges.some(([i, j]) => right[i] !== right[j])) return "";
  const [here, there] = [false, true].map((side) => counted(colors.filter((_, k) => right[k] === side)));
  return here === there
    ? `Left and right of the middle, the colors are the same, ${here}: the two are not told apart.`
    : `Left of the middle there is ${here}, right of it ${there}: the two are told apart.`;
}

export function standing({ nodes, edges, update, rounds, node, values, far, part, links, first }) {
  const after = `After ${plural(rounds, "round")}`;
  const heard = far.filter((steps) => steps <= rounds).length;
  const reach = `node ${node + 1} has heard from ${heard} of ${plural(far.length, "node")}, itself included`;
  const shape = `Node ${node + 1} has ${plural(links[node].length, "neighbor")}.`;
  const pieces = Math.max(...part) + 1;
  const apart = pieces > 1 ? `The graph has ${pieces} parts, and no message goes from one to another.` : "";
  if (update === "colors") {
    const kinds = new Set(values).size;
    return [
      `${after}: ${plural(kinds, "color")} (${counted(values)}).`,
      compared(values, nodes, edges) || `${after}, ${reach}.`,
      `${shape} Its color is ${letter(values[node])}.`,
    ];
  }
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [start, now] = [first, values].map((numbers) => Math.max(...numbers) - Math.min(...numbers));
  const left = start > 0 && rounds > 0 ? `, ${fmt((100 * now) / start, 2)} % of what it was at the start` : "";
  return [
    `${after}, node ${node + 1} has ${fmt(values[node])}; ${reach.replace(`node ${node + 1}`, "it")}.`,
    `The numbers run from ${fmt(low)} to ${fmt(high)}, a difference of ${fmt(now)}${left}.`,
    `${shape} ${apart}`,
  ];
}

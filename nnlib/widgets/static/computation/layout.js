// Where the nodes of a computation graph stand, and the lines between them: in layers, inputs first.
//
//   const { places, lines, height, down } = layOut(graph, { width, size: [w, h] })
//       places[k]: [x, y] of the upper left corner of node k; lines: { from, to, place, points }, one for each use, with
//         the points that it goes through; down: whether the layers lie below one another, else from left to right
//
// A node stands as near to its users as it can. A layer takes no more nodes than fit; what is too many for one goes a
// layer earlier. A line that crosses layers gets a place of its own in each (Sugiyama's method), and the order within
// the layers is that with the fewest crossings that sweeping back and forth has found.

import { usersOf } from "./graph.js";

const GAP = 14; // between neighbors of a layer
const [ACROSS, DOWN] = [26, 30]; // between layers
const BEND = [5, 16]; // least and most that a line takes in a layer that it crosses
const SWEEPS = 12;

function layersOf(graph, most) {
  const users = usersOf(graph);
  const filled = [];
  const layer = [];
  const put = (k) => {
    let at = Math.max(-1, ...users[k].map(([user]) => layer[user])) + 1;
    while ((filled[at] ?? 0) >= most) at++;
    filled[at] = (filled[at] ?? 0) + 1;
    layer[k] = at;
  };
  const isInput = (k) => !graph.nodes[k].inputs.length;
  for (let k = graph.nodes.length - 1; k >= 0; k--) {
    if (isInput(k)) continue;
    put(k);
    // Inputs that nobody else waits for come at once, before others take the places beside their users.
    for (const at of new Set(graph.nodes[k].inputs))
      if (isInput(at) && users[at].every(([user]) => layer[user] !== undefined)) put(at);
  }
  const last = Math.max(...layer);
  return layer.map((at) => last - at);
}

// Items of each layer: nodes { node }, and the places { line } of lines that cross it; and the chains of the lines.
function itemsOf(graph, layer) {
  const rows = Array.from({ length: Math.max(...layer) + 1 }, () => []);
  const own = graph.nodes.map((_, k) => ({ node: k, layer: layer[k], before: [], after: [] }));
  for (const item of own) rows[item.layer].push(item);
  const chains = [];
  graph.nodes.forEach(({ inputs }, to) => {
    inputs.forEach((from, place) => {
      const chain = [own[from]];
      for (let at = layer[from] + 1; at < layer[to]; at++) {
        const item = { layer: at, before: [], after: [] };
        rows[at].push(item);
        chain.push(item);
      }
      chain.push(own[to]);
      for (let i = 1; i < chain.length; i++) {
        chain[i].before.push(chain[i - 1]);
        chain[i - 1].after.push(chain[i]);
      }
      chains.push({ from, to, place, chain });
    });
  });
  return { rows, chains };
}

function crossings(rows) {
  let count = 0;
  for (const row of rows) {
    const ends = row.flatMap((item, k) => item.after.map((next) => [k, next.rank]));
    for (let i = 0; i < ends.length; i++)
      for (let j = 0; j < i; j++) if ((ends[i][0] - ends[j][0]) * (ends[i][1] - ends[j][1]) < 0) count++;
  }
  return count;
}

const mean = (list) => list.reduce((sum, v) => sum + v, 0) / list.length;

function order(rows) {
  const rank = () => {
    for (const row of rows)
      row.forEach((item, k) => {
        item.rank = k;
      });
  };
  rank();
  let best = rows.map((row) => [...row]);
  let fewest = crossings(rows);
  for (let sweep = 0; sweep < SWEEPS && fewest; sweep++) {
    const forward = sweep % 2 === 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[forward ? k : rows.length - 1 - k];
      for (const item of row) {
        const next = forward ? item.before : item.after;
        item.wish = next.length ? mean(next.map((one) => one.rank)) : item.rank;
      }
      row.sort((a, b) => a.wish - b.wish || a.rank - b.rank);
      row.forEach((item, i) => {
        item.rank = i;
      });
    }
    const now = crossings(rows);
    if (now >= fewest) continue;
    fewest = now;
    best = rows.map((row) => [...row]);
  }
  rows.splice(0, rows.length, ...best);
  rank();
}

// Centers along the layers: each item is drawn to its neighbors, and keeps its distance from those beside it.
function spread(rows, sizeOf, room) {
  const apart = (a, b) => (sizeOf(a) + sizeOf(b)) / 2;
  for (const row of rows) {
    const total = row.reduce((sum, item) => sum + sizeOf(item), 0);
    let at = (room - total) / 2;
    for (const item of row) {
      item.at = at + sizeOf(item) / 2;
      at += sizeOf(item);
    }
  }
  const push = (row, wishes) => {
    const up = [];
    const back = [];
    row.forEach((item, k) => {
      up[k] = k ? Math.max(wishes[k], up[k - 1] + apart(item, row[k - 1])) : wishes[k];
    });
    for (let k = row.length - 1; k >= 0; k--)
      back[k] = k < row.length - 1 ? Math.min(wishes[k], back[k + 1] - apart(row[k], row[k + 1])) : wishes[k];
    row.forEach((item, k) => {
      item.at = (up[k] + back[k]) / 2;
    });
    // Inside of the picture, from one end and then from the other.
    let least = sizeOf(row[0]) / 2;
    row.forEach((item, k) => {
      item.at = Math.max(item.at, least);
      if (k < row.length - 1) least = item.at + apart(item, row[k + 1]);
    });
    let most = room - sizeOf(row.at(-1)) / 2;
    for (let k = row.length - 1; k >= 0; k--) {
      row[k].at = Math.min(row[k].at, most);
      if (k) most = row[k].at - apart(row[k], row[k - 1]);
    }
  };
  for (let sweep = 0; sweep < 8; sweep++)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[sweep % 2 ? rows.length - 1 - k : k];
      push(
        row,
        row.map((item) => {
          const next = [...item.before, ...item.after].map((one) => one.at);
          return next.length ? mean(next) : item.at;
        }),
      );
    }
  const low = Math.min(...rows.flat().map((item) => item.at - sizeOf(item) / 2));
  const high = Math.max(...rows.flat().map((item) => item.at + sizeOf(item) / 2));
  for (const item of rows.flat()) item.at += (room - low - high) / 2;
}

export function layOut(graph, { width, size: [w, h] }) {
  const isNode = (item) => item.node !== undefined;
  const lay = (most, node, room) => {
    const { rows, chains } = itemsOf(graph, layersOf(graph, most));
    order(rows);
    const left = rows.map((row) => {
      const nodes = row.filter(isNode).length;
      return row.length > nodes ? (room - nodes * (node + GAP)) / (row.length - nodes) : Infinity;
    });
    const bend = Math.min(BEND[1], ...left);
    const sizeOf = (item) => (isNode(item) ? node + GAP : Math.max(bend, 1));
    return { rows, chains, sizeOf, bend };
  };
  const needed = ({ rows, sizeOf }) => Math.max(...rows.map((row) => row.reduce((sum, one) => sum + sizeOf(one), 0)));

  // From left to right where the layers fit beside one another, else from top to bottom.
  let found = lay(5, h, Infinity);
  const step = (width - w) / (found.rows.length - 1);
  const down = step < w + ACROSS;
  if (down) {
    const fitting = Math.max(1, Math.floor((width + GAP) / (w + GAP)));
    const tried = Array.from({ length: fitting }, (_, k) => lay(fitting - k, w, width + GAP));
    found = tried.find(({ bend }) => bend >= BEND[0]) ?? tried.sort((a, b) => b.bend - a.bend)[0];
  }
  const { rows, chains, sizeOf } = found;
  const room = down ? width + GAP : needed(found);
  spread(rows, sizeOf, room);
  const thick = down ? h : w;
  const apart = down ? h + DOWN : Math.min(step, w + 90);
  const inset = down ? 0 : Math.max(0, (width - w - apart * (rows.length - 1)) / 2);
  const point = (item, part) => {
    const along = inset + item.layer * apart + part * thick;
    return down ? [item.at - GAP / 2, along] : [along, item.at - GAP / 2];
  };
  // Out of a node at its end, through a layer from end to end, and into a node at its beginning.
  const pointsOf = (item, k, { length }) => [
    ...(k ? [point(item, 0)] : []),
    ...(k < length - 1 ? [point(item, 1)] : []),
  ];
  const places = [];
  for (const item of rows.flat().filter(isNode)) {
    const [x, y] = point(item, 0);
    places[item.node] = down ? [x - w / 2, y] : [x, y - h / 2];
  }
  const lines = chains.map(({ from, to, place, chain }) => ({ from, to, place, points: chain.flatMap(pointsOf) }));
  return { places, lines, down, height: down ? (rows.length - 1) * apart + thick : room - GAP };
}

// What rounds of messages make of the numbers, or of the colors, on a graph.
//
//   const links = neighbors(n, edges)           for each node, the nodes it is linked to
//   spread(links, starts, update, rounds)       the numbers after 0, 1, ... rounds: [[...], ...]
//   refine(links, starts, rounds)               the colors after 0, 1, ... rounds, numbered as they first come
//   distances(links, node)                      steps from a node to each; Infinity where no way leads
//   parts(links)                                the part of each node, from 0: no way leads between two parts

export function neighbors(n, edges) {
  const links = Array.from({ length: n }, () => []);
  for (const [i, j] of edges) {
    links[i].push(j);
    links[j].push(i);
  }
  return links;
}

export function spread(links, starts, update, rounds) {
  const degree = links.map((others) => others.length + 1); // a node hears itself too
  const weight = {
    sum: () => 1,
    mean: (i) => 1 / degree[i],
    normalized: (i, j) => 1 / Math.sqrt(degree[i] * degree[j]),
  }[update];
  const numbers = [[...starts]];
  for (let k = 0; k < rounds; k++) {
    const before = numbers[k];
    numbers.push(links.map((others, i) => [i, ...others].reduce((sum, j) => sum + weight(i, j) * before[j], 0)));
  }
  return numbers;
}

// Equal texts as equal numbers, counted in the order in which they first come.
function byFirst(seen) {
  const known = new Map();
  return seen.map((one) => {
    if (!known.has(one)) known.set(one, known.size);
    return known.get(one);
  });
}

export function refine(links, starts, rounds) {
  const colors = [byFirst(starts)];
  for (let k = 0; k < rounds; k++) {
    const before = colors[k];
    const sorted = (others) => others.map((j) => before[j]).sort((a, b) => a - b);
    colors.push(byFirst(links.map((others, i) => [before[i], ...sorted(others)].join())));
  }
  return colors;
}

export function distances(links, node) {
  const far = links.map(() => Infinity);
  far[node] = 0;
  for (const queue = [node]; queue.length; ) {
    const i = queue.shift();
    for (const j of links[i])
      if (far[j] === Infinity) {
        far[j] = far[i] + 1;
        queue.push(j);
      }
  }
  return far;
}

export function parts(links) {
  const found = links.map(() => -1);
  let count = 0;
  links.forEach((_, i) => {
    if (found[i] >= 0) return;
    distances(links, i).forEach((steps, j) => {
      if (steps < Infinity) found[j] = count;
    });
    count += 1;
  });
  return found;
}

// The points and the line as the traits have them. w and b act on z = (x - center) / scale, which the reader sees as s
// (z is the score in the book); where a data set is not standardized, z is x.
//
//   const board = createBoard(model)    .get(name) .put(changes) .record(): the entry of the data set, or of
//                                     one by its name
//       .toZ(x) .fromZ(z) .decimals(k)  to z and back, rounded to what the axis k can tell
//       .standardized .label(i)         whether z differs from x; what the picture calls point i, "AgI" or "7"
//       .pointName(i)                   the same in a sentence
//       .state()                        { w, b, y, Z } and what rule.js's judge says of them
//   LARGEST                             what a coordinate, a weight or the bias may be set to here

import { judge } from "./rule.js";

export const LARGEST = 1e9; // products of much larger numbers overflow

export function createBoard(model) {
  const get = (name) => model.get(name);
  const record = (wanted = get("dataset")) => get("_datasets").find(([name]) => name === wanted)[1];
  const board = {
    get,
    record,
    put(changes) {
      model.set(changes);
      model.save_changes();
    },
    toZ: (x) => x.map((value, k) => (value - record().center[k]) / record().scale[k]),
    fromZ: (z) =>
      z.map((value, k) => Number((record().center[k] + record().scale[k] * value).toFixed(board.decimals(k)))),
    decimals: (k) => Math.max(0, 3 - Math.ceil(Math.log10(record().scale[k]))),
    get standardized() {
      return record().scale.some((s) => s !== 1) || record().center.some((c) => c !== 0);
    },
    label: (i) => get("names")[i] || String(i + 1),
    pointName: (i) => (get("names")[i] ? `${get("names")[i]} (point ${i + 1})` : `point ${i + 1}`),
    state() {
      const [w, b, y] = [get("w"), get("b"), get("y")];
      const Z = get("X").map(board.toZ);
      return { w, b, y, Z, ...judge(w, b, Z, y) };
    },
  };
  return board;
}

// What the perceptron playground says, in words.
//
//   minus(label)                      "+1" or "−1"
//   count(n, noun)                    "1 point", "2 points"
//   sentences(board, s, told)         the lines of the readout for the state s; told: { story, crosses } (what happened
//                                     last;
//                                     whether the boundary crosses the picture)
//   ofUpdate(board, z, what)          an update in words; what: { number, i, before, after, rate }

import { fmt, signed } from "../shared/plot.js";
import { nextMistake, score, sign, update } from "./rule.js";

export const minus = (y) => (y > 0 ? "+1" : "−1");
export const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
const pair = (v) => `(${fmt(v[0])}, ${fmt(v[1])})`;

function ofMistakes(board, { wrong, y }) {
  const points = count(y.length, "point");
  if (!wrong.length) return `No mistakes: all ${points} on the right side.`;
  const named = wrong.slice(0, 4).map(board.label).join(", ") + (wrong.length > 4 ? ", …" : "");
  return `Mistakes: ${wrong.length} of ${points} on the wrong side (${named}).`;
}

function ofBoundary(board, { w, b }, crosses) {
  const { symbols, feature_names, center, scale, units } = board.record();
  const z = board.standardized ? ["s₁", "s₂"] : symbols;
  let line = `Boundary: ${fmt(w[0])} ${z[0]} ${signed(w[1])} ${z[1]} ${signed(b)} = 0`;
  if (board.standardized) {
    const real = w.map((value, k) => value / scale[k]);
    const bias = b - real[0] * center[0] - real[1] * center[1];
    line += `, that is ${fmt(real[0])} ${symbols[0]} ${signed(real[1])} ${symbols[1]} ${signed(bias)} = 0${units[1] ? ` with ${symbols[1]} in ${units[1]}` : ""}`;
  }
  // Columns of the reader's own table.
  const called = board.record().source || !units.some(Boolean) ? feature_names : symbols;
  const named = called.every((name, k) => name === symbols[k])
    ? ""
    : `, where ${symbols.map((symbol, k) => `${symbol} is ${called[k]}`).join(" and ")}`;
  return `${line}${named}.${crosses ? "" : " It lies outside the picture."}`;
}

function ofMargin(board, { margin, closest }) {
  const size = `Margin: ${fmt(margin)}${board.standardized ? " in units of s" : ""}`;
  const nearest = board.pointName(closest);
  return margin >= 0
    ? `${size}, the distance from the boundary to the closest point, ${nearest}.`
    : `${size}, negative because points are on the wrong side; the deepest is ${nearest}.`;
}

export function sentences(board, s, { story, crosses }) {
  const lines = [ofMistakes(board, s)];
  if (s.length) lines.push(ofBoundary(board, s, crosses), ofMargin(board, s));
  else
    lines.push(
      `w = (0, 0): there is no boundary. The score is b = ${fmt(s.b)} everywhere, so every point is predicted ${minus(sign(s.b))}.`,
    );
  const updates = board.get("updates");
  if (updates && !story.startsWith("Update")) lines.push(`Updates so far: ${updates}.`);
  if (story) return [...lines, story];
  const i = nextMistake(s.w, s.b, s.Z, s.y, board.get("cursor"));
  if (i < 0) return lines;
  const next = update(s.w, s.b, s.Z[i], s.y[i], board.get("learning_rate"));
  return [...lines, `The rule would next correct ${board.pointName(i)}: w to ${pair(next.w)} and b to ${fmt(next.b)}.`];
}

export function ofUpdate(board, z, { number, i, before, after, rate }) {
  const label = board.get("y")[i];
  const times = label > 0 ? "+" : "−";
  return (
    `Update ${number}: ${board.pointName(i)} with y = ${minus(label)} was on the wrong side (score ${fmt(score(before.w, before.b, z))}). ` +
    `w becomes ${pair(before.w)} ${times} ${fmt(rate)} · ${pair(z)} = ${pair(after.w)}, b becomes ${fmt(before.b)} ${times} ${fmt(rate)} = ${fmt(after.b)}.`
  );
}

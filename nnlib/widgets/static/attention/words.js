// What is said of a sequence, of where heads read in it, and of their worth.

import { fmt } from "../shared/plot.js";
import { ALPHABET } from "./model.js";

const percent = (value) => `${fmt(value, value > 99.5 ? 3 : 2)} %`;
const capital = (text) => text[0].toUpperCase() + text.slice(1);

// The period of a text that repeats from its beginning, { period }; null if it does not.
export function determined(text) {
  for (let n = 1; n < text.length; n++)
    if ([...text].every((letter, t) => letter === text[t % n])) return { period: n };
  return null;
}

// What the network expects after place t: { said, probability, kind: "right", "wrong" or "open" }. Open is what the
// letters so far do not determine: the letter at t has not come before.
export function answer(text, probabilities, t) {
  const p = probabilities[t];
  const said = p.indexOf(Math.max(...p));
  const before = text.lastIndexOf(text[t], t - 1);
  if (t === 0 || before < 0) return { said, probability: p[said], kind: "open" };
  const rule = ALPHABET.indexOf(text[before + 1]); // what followed it the last time
  return { said, probability: p[said], kind: said === rule ? "right" : "wrong", rule };
}

// Why a head may have read place s from place t.
function why(text, s, t) {
  if (s === t) return "the place itself";
  if (s > 0 && text[s - 1] === text[t]) return `which follows an earlier ${text[t]}`;
  if (s === t - 1) return "one place back";
  if (text[s] === text[t]) return `an earlier ${text[t]}`;
  return `${t - s} places back`;
}

export function reading(text, { attention, probabilities }, t, off) {
  const { said, probability, kind, rule } = answer(text, probabilities, t);
  const verdict = {
    open: `${text[t]} has not come before, so nothing determines what is next.`,
    right: `That is what followed the last ${text[t]}.`,
    wrong: `But ${ALPHABET[rule]} followed the last ${text[t]}.`,
  }[kind];
  const heads = attention.flatMap((layer, i) =>
    layer.map((looks, j) => {
      const s = looks[t].indexOf(Math.max(...looks[t]));
      const name = `layer ${i + 1}, head ${j + 1}${off.includes(`${i + 1}.${j + 1}`) ? " (off)" : ""}`;
      return `${capital(name)}: ${looks[t][s].toFixed(2)} from place ${s + 1} (${text[s]}), ${why(text, s, t)}.`;
    }),
  );
  return [
    `Place ${t + 1} (${text[t]}): the network expects ${ALPHABET[said]} with probability ${probability.toFixed(2)}. ${verdict}`,
    ...heads,
  ];
}

export function measured(whole, without, off) {
  if (whole === undefined || without === undefined) return "On 200 new sequences: measuring …";
  const all = `On 200 new sequences, the network is right in ${percent(whole)} of the places that are determined`;
  return off.length ? `${all}; without ${off.join(" and ")}, in ${percent(without)}.` : `${all}.`;
}

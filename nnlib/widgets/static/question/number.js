// Reads a number as people type one, in the world's ways: 0.5 and 0,5, 1 000 and 1,000.5, 1/3, 10⁻³, 4 eV, 4×, 50 %.
//
//   readNumber(text, unit)    a finite number; throws an Error in words

import { parseExpression, signs } from "../shared/expression.js";

const NUMERAL = /\d[\d.,' ’_]*\d/g;
const FRACTION = /(\d*) ?([¼-¾⅐-⅞])/g;

const TIMES = /([\p{N}.)])\s*(?:[x×]|times|-?fold)\s*$/iu;

// 4 pixel for pixels, 4 ev for eV; but meV is not MeV. Some signs are there twice, such as the µ of µm.
const spelled = (unit) => unit.normalize("NFKC").replace(/[^mM]/g, (c) => c.toLowerCase());
function withoutUnit(text, unit) {
  const names = [unit, unit.replace(/(..)s$/, "$1")].map(spelled);
  const name = names.find((one) => spelled(text).endsWith(one));
  return name ? text.slice(0, -name.length).trimEnd() : text;
}

// One numeral, with a full stop for its decimals and nothing between its groups of digits.
function plain(numeral) {
  let text = numeral;
  for (const gap of [" ", "'", "’", "_"])
    if (new RegExp(`^\\d{1,3}(?:${gap}\\d{3})+(?:[.,]\\d+)?$`).test(text)) text = text.replaceAll(gap, "");
  // Behind a decimal comma nobody writes zeros alone, but for 1,000, where it may say how exact a number is.
  if (/^[1-9](?:\d{0,2},(?!000)\d{3}|,000)$/.test(text))
    throw new Error(`Is ${text} above a thousand? Write ${text.replace(",", "")}, or ${text.replace(",", ".")}.`);
  if (/^[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$/.test(text)) return text.replaceAll(",", "");
  if (/^\d{1,3}(?:\.\d{3})+,\d+$|^\d{1,3}(?:\.\d{3}){2,}$/.test(text)) text = text.replaceAll(".", "");
  return /^\d+,\d+$/.test(text) ? text.replace(",", ".") : text;
}

export function readNumber(typed, unit) {
  let text = signs(unit ? typed : typed.replace(TIMES, "$1"))
    .trim()
    .replace(/^[≈~=] */, "");
  if (!text) throw new Error("Write a number.");
  if (unit) text = withoutUnit(text, unit);
  const factor = text.endsWith("%") ? 0.01 : 1;
  text = text
    .replace(/%$/, "")
    .replace(/(\d) ?e ?([-+]? ?\d)/gi, (_, digit, exponent) => `${digit}e${exponent.replace(" ", "")}`)
    .replace(/(\d) ?x ?(?=\d)/gi, "$1*")
    .replace(NUMERAL, plain)
    .replace(/^\.?,(?=\d)/, ".")
    .replace(FRACTION, (_, whole, part) => `(${whole || 0}+${signs(part.normalize("NFKC"))})`);
  const power = text.match(/\* ?10 ?- ?(\d+)$/)?.[1]; // a raised −3 that was copied as plain text
  if (power) throw new Error(`Is 10-${power} a power of ten? Write 10^-${power}.`);
  let value;
  try {
    value = parseExpression(text, []).value({}) * factor;
  } catch (error) {
    throw new Error(`${error.message} Write a number such as 0.5 or −3${unit ? `, in ${unit}` : ""}.`);
  }
  if (!Number.isFinite(value)) throw new Error("This is not a finite number.");
  return value;
}

// Reads a number as people type one, in the world's ways: 0.5 and 0,5, 1 000 and 1,000.5, 1/3, 10⁻³, 4 eV, 50 %.
//
//   readNumber(text, unit)    a finite number; throws an Error in words

import { parseExpression, signs } from "../shared/expression.js";

const FRACTIONS = { "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8" };
const NUMERAL = /\d[\d.,' ’_\u202f]*\d/g;

// One numeral, with a full stop for its decimals and nothing between its groups of three digits.
function plain(numeral) {
  let text = numeral;
  for (const gap of [" ", "'", "’", "_"])
    if (new RegExp(`^\\d{1,3}(?:${gap}\\d{3})+(?:[.,]\\d+)?$`).test(text)) text = text.replaceAll(gap, "");
  if (/^[1-9]\d{0,2},\d{3}$/.test(text))
    throw new Error(`Is ${text} above a thousand? Write ${text.replace(",", "")}, or ${text.replace(",", ".")}.`);
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) && !text.startsWith("0")) return text.replaceAll(",", "");
  if (/^\d{1,3}(?:\.\d{3})+,\d+$|^\d{1,3}(?:\.\d{3}){2,}$/.test(text)) text = text.replaceAll(".", "");
  return /^\d+,\d+$/.test(text) ? text.replace(",", ".") : text;
}

export function readNumber(typed, unit) {
  let text = signs(typed)
    .trim()
    .replace(/^[≈~=] */, "");
  if (!text) throw new Error("Write a number.");
  let factor = 1;
  if (unit && text.toLowerCase().endsWith(unit.toLowerCase())) text = text.slice(0, -unit.length).trimEnd();
  else if (text.endsWith("%")) {
    text = text.slice(0, -1);
    factor = 0.01;
  }
  const fraction = new RegExp(`(\\d*) ?([${Object.keys(FRACTIONS).join("")}])`, "g");
  text = text
    .replace(/(\d) ?e ?([-+]? ?\d)/gi, (_, digit, exponent) => `${digit}e${exponent.replace(" ", "")}`)
    .replace(/(\d) ?x ?(?=\d)/gi, "$1*")
    .replace(NUMERAL, plain)
    .replace(/^\.?,(?=\d)/, ".")
    .replace(fraction, (_, whole, part) => `(${whole || 0}+${FRACTIONS[part]})`);
  let value;
  try {
    value = parseExpression(text, []).value({}) * factor;
  } catch (error) {
    throw new Error(`${error.message} Write a number such as 0.5 or −3${unit ? `, in ${unit}` : ""}.`);
  }
  if (!Number.isFinite(value)) throw new Error("This is not a finite number.");
  return value;
}

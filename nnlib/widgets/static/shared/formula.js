// A chemical formula read and written, by the rules and with the words of nnlib.materials.parse_formula.
//
//   parseFormula("Ba(NO3)2", symbols)    { Ba: 1, N: 2, O: 6 }, in the order of first appearance, also from "Ba(NO₃)₂";
//                                        `symbols` are
//       the elements there are; throws an Error with the position, counted from 1, of whatever cannot be read; its
//         `unfinished` is
//       true where more typing may still make a formula of it, as of "Ba(NO", "Fe0." and "X"
//   writeFormula({ Ni: 3, Al: 1 })       "Ni3Al"

const CLOSING = { "(": ")", "[": "]", "{": "}" };
const TOKEN = /([A-Z][a-z]?)|([([{])|([)\]}])|(\d+\.?\d*|\.\d+)/y;

// A text in quotes as Python writes it.
const quoted = (text) => {
  const slashed = text.replace(/\\/g, "\\\\");
  return text.includes("'") && !text.includes('"') ? `"${slashed}"` : `'${slashed.replace(/'/g, "\\'")}'`;
};

export function parseFormula(written, symbols) {
  const formula = written.replace(/[₀-₉]/g, (digit) => String("₀₁₂₃₄₅₆₇₈₉".indexOf(digit)));
  const refuse = (what, start, unfinished = false) =>
    Object.assign(new Error(`formula: ${what} at position ${start + 1} of ${quoted(formula)}`), { unfinished });
  const add = (amounts, more) => {
    for (const [symbol, n] of Object.entries(more)) amounts[symbol] = (amounts[symbol] ?? 0) + n;
  };
  // Which element may have been meant: letters in the wrong case, or up to three symbols that share a letter, the
  // shorter and then the later in the alphabet first. For two letters this is what Python's difflib finds.
  const advice = (start) => {
    const letters = /^[A-Za-z]{0,2}/.exec(formula.slice(start))[0];
    const fixed = letters.charAt(0).toUpperCase() + letters.slice(1).toLowerCase();
    const alike = (symbol) => /^[A-Z]/.test(letters) && [...symbol].some((c) => letters.includes(c));
    const order = (a, b) => a.length - b.length || (a < b ? 1 : -1);
    const near = symbols.includes(fixed) ? [fixed] : symbols.filter(alike).sort(order).slice(0, 3);
    return near.length ? ` (did you mean ${near.join(" or ")}?)` : "";
  };
  // What each open bracket began. A group that was closed stays as `latest`, until the number behind it, if any, has
  // been read.
  const stack = [{ opened: "", where: 0, amounts: {} }];
  let latest = {};
  let mayCount = false;
  for (let start = 0; start < formula.length; start = TOKEN.lastIndex) {
    TOKEN.lastIndex = start;
    const token = TOKEN.exec(formula);
    const last = (token ? TOKEN.lastIndex : start + 1) === formula.length;
    if (!token)
      throw refuse(
        `unexpected ${quoted(String.fromCodePoint(formula.codePointAt(start)))}${advice(start)}`,
        start,
        last && mayCount && formula[start] === ".",
      );
    const [text, element, open, , amount] = token;
    if (amount) {
      if (!mayCount) throw refuse(`expected an element or a group before ${quoted(text)}`, start);
      if (!(Number(text) > 0 && Number(text) < Infinity))
        throw refuse(
          `expected an amount ${Number(text) ? "below 1.8e308" : "above zero"}, got ${quoted(text)}`,
          start,
          last && Number(text) === 0,
        );
      latest = Object.fromEntries(Object.entries(latest).map(([symbol, n]) => [symbol, n * Number(text)]));
      mayCount = false;
      continue;
    }
    add(stack.at(-1).amounts, latest);
    [latest, mayCount] = [{}, !open];
    if (element) {
      if (!symbols.includes(element))
        throw refuse(
          `unknown element ${quoted(element)}${advice(start)}`,
          start,
          last && symbols.some((symbol) => symbol.startsWith(element)),
        );
      latest = { [element]: 1 };
    } else if (open) {
      stack.push({ opened: open, where: start, amounts: {} });
    } else {
      const { opened, where, amounts } = stack.pop();
      if (!stack.length) throw refuse(`${quoted(text)} closes nothing`, start);
      if (text !== CLOSING[opened]) throw refuse(`expected ${quoted(CLOSING[opened])}, got ${quoted(text)}`, start);
      if (!Object.keys(amounts).length) throw refuse("an empty group", where);
      latest = amounts;
    }
  }
  const { opened, where, amounts } = stack.pop();
  if (stack.length) throw refuse(`${quoted(opened)} is never closed`, where, true);
  add(amounts, latest);
  const values = Object.values(amounts);
  if (!values.length)
    throw Object.assign(new Error(`formula: expected at least one element, got ${quoted(formula)}`), {
      unfinished: true,
    });
  if (!values.every((n) => n > 0 && n < Infinity))
    throw new Error(`formula: expected amounts above zero and below 1.8e308, got ${quoted(formula)}`);
  return amounts;
}

export function writeFormula(amounts, digits = 3) {
  return Object.entries(amounts)
    .filter(([, n]) => n > 0)
    .map(([symbol, n]) => (n === 1 ? symbol : symbol + Number(n.toPrecision(digits))))
    .join("");
}

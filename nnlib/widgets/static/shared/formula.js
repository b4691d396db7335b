// A chemical formula read and written, by the rules and with the words of nnlib/formulas.py, which says more about them.
//
//   parseFormula("Ba(NO3)2", symbols)    { Ba: 1, N: 2, O: 6 }, in the order of first appearance; `symbols` are the
//       elements there are; throws an Error with the position, counted from 1, of whatever cannot be read; its
//       `unfinished` is true where more typing may still make a formula of it, as of "Ba(NO", "Fe0." and "X"
//   writeFormula({ Ni: 3, Al: 1 })       "Ni3Al", which parseFormula reads back
//   amountsOf(model)                     { get, put } for the traits of a model whose `composition` is such an object
//       here; it travels as pairs, since the keys of an object come sorted to the built page

const CLOSING = { "(": ")", "[": "]", "{": "}" };
const DOTS = "·\u0387•●‧∙⋅・･⸱*∗×";
const DASHES = "\\-−–—‐‑‒";

const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\ufe00-\ufe0f]/g;
const SPACES = /[ \t\n\v\f\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const STYLED = /[₀-ₜ！-～Ⅰ-ⅿ\u{1d400}-\u{1d7ff}]|(?<![0-9.])[¼-¾⅐-⅞]/gu;

const NUMERAL = "(?:0|I{1,3}|IV|VI{0,3}|IX)";
const NUMERALS = `${NUMERAL}(?:[,/]${NUMERAL})*`;
const TOKEN = new RegExp(
  [
    `(?<dot> ?(?:[${DOTS}]|\\.\\.+|\\.(?= |[A-Za-z([{])) ?)`,
    "(?<space> )",
    `(?<oxidation>\\(${NUMERALS}\\)|\\[${NUMERALS}\\])`,
    "(?<element>[A-Z][a-z]?)",
    "(?<opening>[([{])",
    "(?<closing>[)\\]}])",
    "(?<amount>\\d+/\\d+(?![\\d.])|(?:\\d+(?:\\.\\d+|\\.(?=$|[)\\]}]))?|\\.\\d+)(?:[eE][-+−]?\\d+)?)",
  ].join("|"),
  "y",
);
const ROMAN = new RegExp(`(?!VI[\\d.]+(?: ?[${DOTS}]|[)\\]}]|$))[IV]{2,}(?![a-z])`, "y");
const TWICE = /(?:II|VV)(?![a-z])/y;
const TWOFOLD = new RegExp(
  `(\\d*)([./])([1-9]\\d?)((?:[A-Z][a-z]?\\d*|\\((?:[A-Z][a-z]?\\d*)+\\)\\d*)+)(?=$|[ )\\]}${DOTS}])`,
  "y",
);
const CRYSTAL_WATER = ["H2O", "(H2O)", "D2O", "(D2O)", "NH3", "(NH3)"];

const END = `(?= ?(?:$|[)\\]}${DOTS}]))`;
const UNREADABLE = [
  [`e[${DASHES}⁻]`, "an electron, which is no element: leave it out"],
  ["(?<=\\()(?:s|l|g|aq|am|cr|gas)(?=\\))", "a state of matter: leave it out"],
  [`^(?:[a-z]{1,4}(?=[${DASHES}])|[α-ω])`, "a prefix that names a structure: leave it out"],
  [
    `[${DASHES}+±] ?(?:[a-z](?![a-z])|[α-ω])|(?<=.)[mnxyz](?![a-z])|[mnxyz](?=[A-Z([{])`,
    "an unknown amount: write the number that is meant",
  ],
  ["[α-ω]", "an unknown amount or the name of a structure: write the number, or leave it out"],
  [`(?:\\++|[${DASHES}]+|\\+ ?[0-9]+)${END}`, "a charge: leave it out, with its number"],
  ["\\+", "a charge or a sum: leave a charge out, join the parts of a sum with ·"],
  [`[${DASHES}] ?[0-9.]+${END}`, "a charge, a range or an isotope: leave it out, or write the number that is meant"],
  [`[${DASHES}]`, "a dash: write one formula with the amounts of atoms, its parts joined with ·"],
  ["[⁰¹²³⁴-⁹⁺⁻ⁿ^]", "a superscript, of a charge or an isotope: leave it out"],
  ["[_$\\\\<>&]", "markup: write the formula alone"],
  ["(?<=[0-9]),(?=[0-9])", "a decimal comma: write a full stop"],
  [",", "elements in unknown proportions: give each its amount, as in (Mg0.5Fe0.5)2SiO4"],
  ["[/:@|]", "parts in unknown proportions: give each its amount, and join them with ·"],
  ["%", "a percentage: write the amounts of atoms"],
  ["[□◻▢]", "a vacancy: leave it out"],
  ["['\"`´ʹ‘’“”′″‴]", "a prime or a quotation mark: leave it out"],
  ["[¼-¾⅐-⅞]", "a fraction behind a number: write a decimal"],
].map(([pattern, words]) => [new RegExp(pattern, "y"), words]);
const NO_ELEMENTS = {
  D: "deuterium, an isotope of hydrogen: write H",
  T: "tritium, an isotope of hydrogen: write H",
  Me: "methyl: write CH3",
  Et: "ethyl: write C2H5",
  Bu: "butyl: write C4H9",
  Ph: "phenyl: write C6H5",
  Cp: "cyclopentadienyl: write C5H5",
};
const DIGITS = "nubtqphsoe";
const FROM_100 = "Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og".split(" ");
const MISSING = ["nan", "NaN", "NaT", "None", "none", "null", "NULL", "NA", "N/A", "n/a", "<NA>"];
const LONG = 60;
// What more typing may make a number of: "Fe1." "Fe1/" "Fe1e" "Fe1e-".
const HALF_A_NUMBER = /(?:[A-Za-z\d)\]}]\.|\d\/|\d[eE][-+−]?)$/;

const at = (pattern, text, start) => {
  pattern.lastIndex = start;
  return pattern.exec(text);
};
// A text in quotes as Python writes it.
const quoted = (text) => {
  const escaped = (c) => {
    const code = c.codePointAt(0);
    const hex = code.toString(16);
    if ("\t\n\r".includes(c)) return { "\t": "\\t", "\n": "\\n", "\r": "\\r" }[c];
    if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
    return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
  };
  const slashed = text.replace(/\\/g, "\\\\").replace(/(?! )[\p{C}\p{Z}]/gu, escaped);
  return text.includes("'") && !text.includes('"') ? `"${slashed}"` : `'${slashed.replace(/'/g, "\\'")}'`;
};
const length = (text) => [...text].length;
const excerpt = (text, start = 0) => {
  const all = [...text];
  if (all.length <= LONG) return text;
  const place = length(text.slice(0, start));
  const [first, last] = [Math.max(0, place - LONG / 3), place + LONG / 3];
  return (first ? "…" : "") + all.slice(first, last).join("") + (last < all.length ? "…" : "");
};
const plain = (written) =>
  written
    .replace(INVISIBLE, "")
    .replace(STYLED, (c) => c.normalize("NFKC"))
    .replace(/[⁄∕]/g, "/")
    .replace(SPACES, " ")
    .replace(/^ | $/g, "");
const numberOf = (text) => {
  const [numerator, denominator = "1"] = text.replace("−", "-").split("/").map(Number);
  return Number(denominator) ? numerator / denominator : Infinity;
};
const add = (amounts, more, factor = 1) => {
  for (const [symbol, n] of Object.entries(more)) amounts[symbol] = (amounts[symbol] ?? 0) + factor * n;
};

export function parseFormula(written, symbols) {
  const text = plain(written);
  const fail = (message, unfinished) => Object.assign(new Error(`formula: ${message}`), { unfinished });
  if (MISSING.includes(text))
    throw fail(`expected a formula, got ${quoted(text)}, which stands for a missing value`, true);
  const refuse = (what, start, unfinished = false) =>
    fail(`${what} at position ${length(text.slice(0, start)) + 1} of ${quoted(excerpt(text, start))}`, unfinished);
  const twoReadings = (what, first, second, start, unfinished) => {
    const [one, other] = [first, second].map((reading) => quoted(excerpt(reading, start)));
    return refuse(`${what} can be read in two ways, write ${one} or ${other}`, start, unfinished);
  };

  // What each open bracket began: the amounts of its complete parts, the current part and its coefficient, and the dot
  // or coefficient, [text, position], that an element has to follow.
  const levels = [{ opened: "", where: 0, amounts: {}, part: {}, factor: 1, asked: null }];
  // The element or group that was read last and that an amount would multiply, and what was read last.
  let unit = {};
  let unitStart = 0;
  let after = "dot";

  const beginUnit = (amounts, start) => {
    add(levels.at(-1).part, unit);
    [unit, unitStart, after] = [amounts, start, "unit"];
  };
  const endPart = () => {
    const level = levels.at(-1);
    add(level.part, unit);
    unit = {};
    if (level.asked && !Object.keys(level.part).length) {
      const [asked, where] = level.asked;
      throw refuse(`expected an element or a group behind ${quoted(excerpt(asked))}`, where, levels.length === 1);
    }
    add(level.amounts, level.part, level.factor);
    Object.assign(level, { part: {}, factor: 1, asked: null });
  };
  // Refuse 4.5 in CuSO4.5H2O, but not in MgCl4.5Br1.5, where no part could follow a dot.
  const refuseTwofold = (start) => {
    const found = at(TWOFOLD, text, start);
    if (!found || /^0+$/.test(found[1])) return; // 0.5 is nothing but a number
    const [, whole, , coefficient, rest] = found;
    const before = { ...levels.at(-1).part, ...unit };
    const behind = rest.match(/[A-Z][a-z]?/g);
    const molecule = CRYSTAL_WATER.includes(rest) || (behind.includes("C") && behind.includes("H"));
    if (!molecule && (whole === "1" || !behind.some((symbol) => symbol in before))) return;
    const sign = start + whole.length;
    const end = sign + 1 + coefficient.length;
    throw twoReadings(
      quoted(text.slice(start, end)),
      `${text.slice(0, sign)}·${text.slice(sign + 1)}`,
      `${text.slice(0, unitStart)}(${text.slice(unitStart, end)})${text.slice(end)}`,
      start,
    );
  };

  // Which element may have been meant: letters in the wrong case, or up to three symbols that share a letter, the
  // shorter and then the later in the alphabet first. For two letters this is what Python's difflib finds.
  const advice = (start) => {
    const letters = /^[A-Za-z]{0,2}/.exec(text.slice(start, start + 2))[0];
    const fixed = letters.charAt(0).toUpperCase() + letters.slice(1).toLowerCase();
    const alike = (symbol) => /^[A-Z]/.test(letters) && [...symbol].some((c) => letters.includes(c));
    const order = (a, b) => a.length - b.length || (a < b ? 1 : -1);
    const near = symbols.includes(fixed) ? [fixed] : symbols.filter(alike).sort(order).slice(0, 3);
    return near.length ? ` (did you mean ${near.join(" or ")}?)` : "";
  };
  const unreadable = (start) => {
    for (const [pattern, words] of UNREADABLE) {
      const found = at(pattern, text, start);
      if (found) return `unexpected ${quoted(found[0])} (${words})`;
    }
    const character = String.fromCodePoint(text.codePointAt(start));
    const foreign = /^\p{L}/u.test(character) && character > "\x7f";
    return `unexpected ${quoted(character)}${foreign ? " (not one of the letters A to Z)" : advice(start)}`;
  };
  const unknown = (symbol, start) => {
    const provisional = /^U[nubtqphsoe]{2}(?![a-z])/.exec(text.slice(start, start + 4))?.[0];
    if (provisional) {
      const k = 10 * DIGITS.indexOf(provisional[1]) + DIGITS.indexOf(provisional[2]);
      const now = FROM_100[k] ? `: write ${FROM_100[k]}` : ", not yet made";
      return `${quoted(provisional)} (the provisional symbol of element ${100 + k}${now})`;
    }
    if (symbol in NO_ELEMENTS) return `${quoted(symbol)} (${NO_ELEMENTS[symbol]})`;
    if (/^.[mnxyz]$/.test(symbol) && symbols.includes(symbol[0]))
      return `${quoted(symbol)} (${symbol[0]} with an unknown amount: write the number that is meant)`;
    return `${quoted(symbol)}${advice(start)}`;
  };

  const read = {
    space(_, start) {
      if ((after === "unit" || after === "amount") && /^\.?\d/.test(text.slice(start + 1, start + 3)))
        throw refuse(
          "white space before a number (write an amount directly behind its element, · before the water of a hydrate, and no charge)",
          start,
        );
    },
    element(symbol, start) {
      const end = start + symbol.length;
      if (!symbols.includes(symbol))
        throw refuse(
          `unknown element ${unknown(symbol, start)}`,
          start,
          end === text.length && symbols.some((other) => other.startsWith(symbol)),
        );
      const roman = at(ROMAN, text, end)?.[0];
      if (roman) {
        const [head, rest] = [text.slice(0, end), text.slice(end + roman.length)];
        const counted = /^[0-9.]/.test(rest)
          ? [...roman].join("1")
          : [...new Set(roman)].map((c) => c + (roman.split(c).length - 1)).join("");
        throw twoReadings(
          `${quoted(roman)} behind ${quoted(symbol)}`,
          `${head}(${roman})${rest}`,
          `${head}${counted}${rest}`,
          end,
          !rest,
        );
      }
      const twice = at(TWICE, text, start)?.[0];
      if (twice)
        throw refuse(
          `expected an element before ${quoted(twice)}, an oxidation state (of atoms: ${symbol}2)`,
          start,
          start + 2 === text.length,
        );
      beginUnit({ [symbol]: 1 }, start);
    },
    oxidation(numerals, start) {
      const behindElement = (after === "unit" || after === "amount") && /[A-Z]/.test(text[unitStart]);
      if (["I", "V"].includes(numerals.slice(1, -1))) {
        const [head, rest] = [text.slice(0, start), text.slice(start + 3)];
        const iodide = `${head}${head.endsWith(numerals[1]) ? "1" : ""}${numerals[1]}${rest}`;
        if (behindElement) throw twoReadings(`${quoted(numerals)} behind an element`, head + rest, iodide, start);
        read.opening(numerals[0], start);
        read.element(numerals[1], start + 1);
        read.closing(numerals[2], start + 2);
      } else if (!behindElement)
        throw refuse(`expected an element before ${quoted(numerals)}, an oxidation state`, start);
    },
    opening(bracket, start) {
      add(levels.at(-1).part, unit);
      unit = {};
      levels.push({ opened: bracket, where: start, amounts: {}, part: {}, factor: 1, asked: null });
      after = "opening";
    },
    closing(bracket, start) {
      const { opened, where, amounts } = levels.at(-1);
      if (!opened) throw refuse(`${quoted(bracket)} closes nothing`, start);
      if (bracket !== CLOSING[opened])
        throw refuse(`expected ${quoted(CLOSING[opened])}, got ${quoted(bracket)}`, start);
      if (after === "opening") throw refuse("an empty group", where);
      endPart();
      levels.pop();
      beginUnit(amounts, where);
    },
    amount(written, start) {
      if (after !== "dot" && after !== "unit") {
        const twice = after === "amount" && written[0] === ".";
        const why =
          after === "opening"
            ? " (an isotope, an oxidation state or an uncertainty: leave it out)"
            : twice
              ? " (two full stops in one number)"
              : "";
        throw refuse(`expected an element or a group before ${quoted(excerpt(written))}${why}`, start);
      }
      const number = numberOf(written);
      if (!(number > 0 && number < Infinity)) {
        const end = start + written.length;
        if (!number && end < text.length && !at(TOKEN, text, end)) throw refuse(unreadable(end), end);
        throw refuse(
          `expected an amount ${number ? "below 1.8e308" : "above zero"}, got ${quoted(excerpt(written))}`,
          start,
          end === text.length && !number,
        );
      }
      if (after === "dot") {
        Object.assign(levels.at(-1), { factor: number, asked: [written, start] });
        after = "coefficient";
      } else {
        refuseTwofold(start);
        unit = Object.fromEntries(Object.entries(unit).map(([symbol, n]) => [symbol, n * number]));
        after = "amount";
      }
    },
    dot(written, start) {
      const dot = written.trim();
      if ((after === "dot" || after === "opening") && !levels.at(-1).asked)
        throw refuse(`expected an element or a group before ${quoted(dot)}`, start);
      endPart();
      levels.at(-1).asked = [dot, start];
      after = "dot";
    },
  };
  for (let start = 0; start < text.length; ) {
    const token = at(TOKEN, text, start);
    if (!token) throw refuse(unreadable(start), start, start >= text.search(HALF_A_NUMBER) && HALF_A_NUMBER.test(text));
    const [kind, found] = Object.entries(token.groups).find(([, value]) => value !== undefined);
    read[kind](found, start);
    start += found.length;
  }
  const { opened, where, amounts } = levels.at(-1);
  if (opened) throw refuse(`${quoted(opened)} is never closed`, where, true);
  endPart();
  const values = Object.values(amounts);
  if (!values.length) throw fail(`expected at least one element, got ${quoted(text)}`, true);
  if (!values.every((n) => n > 0 && n < Infinity))
    throw fail(`expected amounts above zero and below 1.8e308, got ${quoted(excerpt(text))}`);
  return amounts;
}

export function amountsOf(model) {
  return {
    get: (name) => (name === "composition" ? Object.fromEntries(model.get(name)) : model.get(name)),
    put({ composition, ...changes }) {
      model.set(composition ? { ...changes, composition: Object.entries(composition) } : changes);
      model.save_changes();
    },
  };
}

export function writeFormula(amounts, digits = 3) {
  const parts = Object.entries(amounts)
    .filter(([, n]) => n > 0)
    .map(([symbol, n]) => [symbol, String(Number(n.toPrecision(digits)))]);
  const short = parts.map(([symbol, n]) => (n === "1" ? symbol : symbol + n)).join("");
  try {
    parseFormula(short, Object.keys(amounts));
    return short;
  } catch {
    // FeVI and MgCl2.6H2O could be read in another way.
    return parts.map(([symbol, n]) => (n.includes(".") ? `(${symbol}${n})` : symbol + n)).join("");
  }
}

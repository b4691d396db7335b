// Reads a formula as people type one, and computes it. What has two readings is refused, with both in words.
//
//   const { value, text, tree } = parseExpression("2x^2 − ln y", [["x", "x"], ["y", "y"]])
//       value({ x: 1, y: 2 }) is a number, NaN where there is none; text is how the formula was read; throws an Error
//       that says what is wrong and where. Variables are pairs: the name, and another that is the same, such as Greek.
//       tree is the formula in its parts: a number, the name of a variable, [sign, left, right], ["negative", inner] or
//       [function, inner]
//   namesIn(text)  the letters in a text, each with its index, that are no function and no constant: ["x", "w1"]
//   signs(text)    the text with one sign for all minuses, multiplications and blanks, character by character

export const FUNCTIONS = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  exp: Math.exp,
  ln: Math.log,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  relu: (z) => Math.max(0, z),
};
const CONSTANTS = { e: Math.E, pi: Math.PI };
const ALIASES = { sqrt: "√", sigmoid: "σ", pi: "π" };
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";
// Keyboards, other programs and other scripts have their own: dashes, what does not show (such as the marks that a
// calculator copies with its number), the wide ASCII of Chinese and Japanese, and digits.
const DASH = /[\u2010-\u2015\u02d7\u2043−➖﹘﹣ー]/g;
const BLANK = /[\s\p{Cf}]/gu;
const WIDE = /[！-～]/g;
const DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९";
const SIGNS = { "·": "*", "⋅": "*", "×": "*", "∙": "*", "÷": "/", "⁄": "/", "٫": ".", "。": ".", "٬": ",", "٪": "%" };
const ADVICE = {
  ",": "write a decimal with a full stop",
  "=": "write the right side alone",
  "%": "write 0.05 for 5 %",
  "|": "write abs(…)",
  "[": "write round parentheses",
  "{": "write round parentheses",
  ":": "write / for a division",
  "!": "there is no factorial here",
};

export const signs = (text) =>
  text
    .replace(WIDE, (c) => String.fromCharCode(c.charCodeAt() - 0xfee0))
    .replace(DASH, "-")
    .replace(BLANK, " ")
    .replace(/[^\0-~]/g, (c) => SIGNS[c] ?? (DIGITS.includes(c) ? DIGITS.indexOf(c) % 10 : c));

const problem = (words, at) => new Error(`${words} at position ${at + 1}.`);

function tokenize(source, variables) {
  const known = [
    ...variables.map((names) => ["variable", names]),
    ...Object.keys(FUNCTIONS).map((name) => ["function", [name, ALIASES[name] ?? name]]),
    ...Object.keys(CONSTANTS).map((name) => ["constant", [name, ALIASES[name] ?? name]]),
  ].flatMap(([kind, [name, other]]) => [...new Set([name, other])].map((written) => ({ kind, name, written })));
  known.sort((a, b) => b.written.length - a.written.length);
  // An index may be typed as w1, w_1 or w₁.
  for (const one of known)
    one.pattern = one.written.replace(/\d/g, (d) => `[${d}${LOWERED[d]}]`).replace(/^([A-Za-z]+)\[/, "$1_?[");
  const at = (pattern, flags = "y") => {
    const regexp = new RegExp(pattern, flags);
    regexp.lastIndex = place;
    return regexp.exec(text)?.[0];
  };
  const text = signs(source);
  const tokens = [];
  let place = 0;
  while (place < text.length) {
    let found;
    const start = place;
    const add = (token) => {
      tokens.push({ at: start, text: found, spaced: text[start - 1] === " ", ...token });
      place += found.length;
    };
    if (text[place] === " ") place++;
    else if ((found = at("(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?"))) add({ kind: "number", value: Number(found) });
    else if ((found = at("\\*\\*|[-+*/^()]"))) add({ kind: found === "**" ? "^" : found });
    else if ((found = at(`⁻?[${RAISED}]+`)))
      add({ kind: "raised", value: Number(found.replace("⁻", "-").replace(/[^-]/g, (c) => RAISED.indexOf(c))) });
    else {
      const one = known.find(({ pattern }) => at(pattern)) ?? known.find(({ pattern }) => at(pattern, "yi"));
      found = one && at(one.pattern, "yi");
      if (!one) {
        const [sign] = text.slice(place);
        const names = variables.map(([name]) => name).join(" and ");
        // The whole word, of which a name may have been read: “pixel”, not “xel” behind π.
        const before = /[\p{L}_]*$/u.exec(text.slice(0, place))[0];
        const word = at("[\\p{L}_\\d]+", "yu");
        if (word)
          throw problem(
            `“${before}${word}” means nothing here${names && `; the formula is in ${names}`}`,
            place - before.length,
          );
        throw problem(`“${sign}” does not belong here${ADVICE[sign] ? `: ${ADVICE[sign]};` : ""}`, place);
      }
      add({ kind: one.kind, name: one.name });
    }
  }
  return tokens;
}

export function namesIn(source) {
  const names = new Set();
  const words = Object.keys(FUNCTIONS).sort((a, b) => b.length - a.length);
  for (const run of signs(source).match(/[A-Za-z][A-Za-z0-9_₀-₉]*|[\d.]+(?:[eE][-+]?\d+)?/g) ?? []) {
    for (let k = 0; /[A-Za-z]/.test(run[0]) && k < run.length; ) {
      const word = words.find((one) => run.slice(k).toLowerCase().startsWith(one)) ?? (run.startsWith("pi", k) && "pi");
      const [found] = word ? [word] : run.slice(k).match(/^[A-Za-z](?:_?[0-9₀-₉]+)?|^./);
      k += found.length;
      if (word || found in CONSTANTS || !/[A-Za-z]/.test(found)) continue;
      names.add(found.replace("_", "").replace(/[₀-₉]/g, (d) => LOWERED.indexOf(d)));
    }
  }
  return [...names];
}

// A node is [what shows it, how tightly it binds, how it is computed, its tree].
const wrap = ([text, binds], least) => (binds < least ? `(${text})` : text);
const binary = (sign, binds, compute) => (a, b) => [
  `${wrap(a, binds)}${sign}${wrap(b, binds + 1)}`,
  binds,
  (v) => compute(a[2](v), b[2](v)),
  [sign.trim().replace("−", "-").replace("·", "*"), a[3], b[3]],
];
const OPERATIONS = {
  "+": binary(" + ", 1, (a, b) => a + b),
  "-": binary(" − ", 1, (a, b) => a - b),
  "*": binary("·", 2, (a, b) => a * b),
  "/": binary("/", 2, (a, b) => a / b),
  "^": (a, b) => [`${wrap(a, 5)}^${wrap(b, 4)}`, 4, (v) => a[2](v) ** b[2](v), ["^", a[3], b[3]]],
};
const number = (value) => [String(value), 5, () => value, value];

export function parseExpression(source, variables) {
  const tokens = tokenize(source, variables);
  let k = 0;
  const is = (...kinds) => kinds.includes(tokens[k]?.kind);
  const beginsFactor = () => is("variable", "function", "constant", "(");
  const end = source.trimEnd().length;
  const where = () => tokens[k]?.at ?? end;

  function sum() {
    let left = product();
    while (is("+", "-")) left = OPERATIONS[tokens[k++].kind](left, product());
    return left;
  }
  function product() {
    let left = signed();
    for (;;) {
      if (is("*", "/")) {
        const { kind, at } = tokens[k++];
        left = OPERATIONS[kind](left, signed());
        if (kind === "/" && beginsFactor()) throw problem("This has two readings: write 1/(2*x) or (1/2)*x,", at);
      } else if (beginsFactor()) {
        const { at, kind, spaced } = tokens[k];
        if (tokens[k - 1].power && !spaced && kind !== "(")
          throw problem("This has two readings: write e^(2*x) or e^2*x,", at);
        left = OPERATIONS["*"](left, power());
      } else if (is("number", "raised")) {
        throw problem(`Expected a sign such as + or * before “${tokens[k].text}”`, where());
      } else return left;
    }
  }
  function signed() {
    if (!is("-", "+")) return power();
    const { kind } = tokens[k++];
    const inner = signed();
    return kind === "+" ? inner : [`−${wrap(inner, 3)}`, 3, (v) => -inner[2](v), ["negative", inner[3]]];
  }
  function power() {
    const base = atom();
    if (is("raised")) return OPERATIONS["^"](base, number(tokens[k++].value));
    if (!is("^")) return base;
    k++;
    const exponent = signed();
    tokens[k - 1].power = tokens[k - 1].kind !== ")";
    return OPERATIONS["^"](base, exponent);
  }
  function closed() {
    const { at } = tokens[k++];
    const inner = sum();
    if (!is(")")) {
      if (tokens[k]) throw problem(`Expected a sign before “${tokens[k].text}”`, where());
      throw problem("No ) for the (", at);
    }
    k++;
    return inner;
  }
  function atom() {
    const token = tokens[k];
    if (is("(")) return closed();
    if (is("number")) return number(tokens[k++].value);
    if (is("variable")) return [tokens[k++].name, 5, (v) => v[token.name], token.name];
    if (is("constant"))
      return [tokens[k++].name === "pi" ? "π" : "e", 5, () => CONSTANTS[token.name], CONSTANTS[token.name]];
    if (is("function")) {
      k++;
      let inner;
      if (is("(")) inner = closed();
      else if (is("variable", "constant", "number")) {
        inner = atom();
        if (beginsFactor() || is("^", "*", "/", "raised", "number")) inner = null;
      }
      if (!inner) throw problem(`Of what? Put it into parentheses, as in ${token.name}(…),`, token.at);
      return [`${token.name}(${inner[0]})`, 5, (v) => FUNCTIONS[token.name](inner[2](v)), [token.name, inner[3]]];
    }
    if (!token) throw problem("Something is missing", end);
    throw problem(`Expected a number or a name before “${token.text}”`, token.at);
  }

  if (!tokens.length) throw new Error("Nothing is written yet.");
  const [text, , value, tree] = sum();
  if (k < tokens.length)
    throw is(")") ? problem("No ( for the )", where()) : problem(`Expected a sign before “${tokens[k].text}”`, where());
  return { value, text, tree };
}

// A computation graph: read from formulas, computed forward, differentiated backward.
//
//   const graph = readGraph("c = a*b; y = c + 2c")    throws an Error in words
//       graph.nodes: { name, op, inputs, constants, text }, each after its inputs, which are numbers of nodes;
//         the last one is the output; op "input" has no inputs
//       graph.inputs: the names of those, in the order of the formulas; graph.formula: the formulas, as Python reads them
//   const { values, locals } = compute(graph, { a: 1, b: 2 })
//       values[k] of node k; locals[k][i] is its derivative with respect to its input i
//   usersOf(graph)                         for each node [[user, place among its inputs], ...]
//   gradientsOf(graph, locals, passed)     d(output)/d(node) for each node; with passed(k), only what has come when these
//                                          nodes have passed their gradients on
//   ruleOf(graph, k)                       how the local derivatives of a node are found, in words
//
// Sums are one node with all their terms, and constants are part of the node that uses them.

import { raised } from "../shared/powers.js";
import { FUNCTIONS, namesIn, parseExpression, signs } from "../shared/expression.js";

const STATEMENT = /^\s*([A-Za-z](?:_?[0-9₀-₉]+)?)\s*=(.*)$/;
const { abs, cos, log, LN2, LN10, sign, sin, tan } = Math;

// dy/dx for y = f(x); nnlib takes the same values at kinks.
const SLOPES = {
  sin: (x) => cos(x),
  cos: (x) => -sin(x),
  tan: (x) => 1 + tan(x) ** 2,
  tanh: (x, y) => 1 - y * y,
  exp: (x, y) => y,
  ln: (x) => 1 / x,
  log: (x) => 1 / x,
  log2: (x) => 1 / (x * LN2),
  log10: (x) => 1 / (x * LN10),
  sqrt: (x, y) => 0.5 / y,
  abs: (x) => sign(x),
  sigmoid: (x, y) => y * (1 - y),
  relu: (x) => (x > 0 ? 1 : 0),
};

const number = (v) => String(Number(v.toPrecision(6))).replace("-", "−");

// What each operation computes, its local derivatives, how it is written with the names of its inputs, and a rule.
const OPERATIONS = {
  sum: {
    value: (x, { offset, factors }) => x.reduce((total, v, i) => total + factors[i] * v, offset),
    local: (x, y, { factors }) => factors,
    text: (names, { offset, factors }) => {
      const terms = names.map((name, i) => [factors[i], name]);
      const leads = factors.indexOf(1);
      if (offset && leads < 0) terms.unshift([offset, number(abs(offset))]);
      else {
        if (leads > 0) terms.unshift(...terms.splice(leads, 1));
        if (offset) terms.push([offset, number(abs(offset))]);
      }
      return terms.map(([f, name], i) => `${i ? (f < 0 ? " − " : " + ") : f < 0 ? "−" : ""}${name}`).join("");
    },
    rule: "A sum changes as much as each of its terms, and against those that are subtracted.",
  },
  product: {
    value: ([a, b]) => a * b,
    local: ([a, b]) => [b, a],
    text: ([a, b]) => `${a} · ${b}`,
    rule: "Hold one factor still. How much does the product change when the other grows by 1?",
  },
  scale: {
    value: ([x], { k }) => k * x,
    local: (x, y, { k }) => [k],
    text: ([a], { k }) => (abs(k) === 1 ? `${k < 0 ? "−" : ""}${a}` : `${number(k)} · ${a}`),
    rule: "What multiplies the input multiplies each change of it.",
  },
  quotient: {
    value: ([a, b]) => a / b,
    local: ([, b], y) => [1 / b, -y / b],
    text: ([a, b]) => `${a} / ${b}`,
    rule: "a / b has the derivatives 1 / b by a, and −a / b² by b.",
  },
  over: {
    value: ([x], { k }) => k / x,
    local: ([x], y) => [-y / x],
    text: ([a], { k }) => `${number(k)} / ${a}`,
    rule: "1 / x has the derivative −1 / x².",
  },
  power: {
    value: ([x], { k }) => x ** k,
    local: ([x], y, { k }) => [k ? k * x ** (k - 1) : 0],
    text: ([a], { k }) => (Number.isInteger(k) && k > 0 && k < 100 ? `${a}${raised(k)}` : `${a}^${number(k)}`),
    rule: "The exponent comes to the front, and the power is one less.",
  },
  exponential: {
    value: ([x], { k }) => k ** x,
    local: (x, y, { k }) => [y * log(k)],
    text: ([a], { k }) => `${number(k)}^${a}`,
    rule: "The value itself, times the natural logarithm of the base.",
  },
  raise: {
    value: ([a, b]) => a ** b,
    local: ([a, b], y) => [b * a ** (b - 1), y * log(a)],
    text: ([a, b]) => `${a}^${b}`,
    rule: "By the base as in a power, by the exponent as in an exponential.",
  },
};
const RULES = {
  tanh: "1 minus the square of the value that comes out.",
  sigmoid: "The value s that comes out, times 1 − s.",
  relu: "1 where what comes in is positive, else 0.",
  exp: "The value that comes out.",
  sin: "The cosine of what comes in.",
  cos: "Minus the sine of what comes in.",
  ln: "1 divided by what comes in.",
  sqrt: "1 divided by twice the root.",
};
for (const [name, value] of Object.entries(FUNCTIONS))
  OPERATIONS[name] = {
    value: ([x]) => value(x),
    local: ([x], y) => [SLOPES[name](x, y)],
    text: ([a]) => `${name}(${a})`,
    rule: RULES[name] ?? "The slope of the function, at what comes in.",
  };

const CONSTANT = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
};

export function readGraph(source) {
  const statements = source.split(/[;\n]/).filter((text) => text.trim());
  if (!statements.length) throw new Error("Write a formula, such as a*b + c.");
  const read = statements.map((text) => {
    const found = signs(text).match(STATEMENT);
    const name = found?.[1].replace("_", "").replace(/[₀-₉]/g, (d) => "₀₁₂₃₄₅₆₇₈₉".indexOf(d));
    return { name, right: found ? found[2] : text };
  });
  const steps = read.map(({ name }) => name);
  const inputs = [];
  const nodes = [];
  const places = new Map(); // of inputs and of named steps
  const used = new Set(steps.filter(Boolean));

  read.forEach(({ name, right }, k) => {
    if (!name && k < read.length - 1) throw new Error("Give every step but the last a name, as in c = a*b.");
    if (name && steps.indexOf(name) < k)
      throw new Error(`${name} is computed twice. Give the second one another name.`);
    for (const one of namesIn(right)) {
      used.add(one);
      if (steps.indexOf(one) >= k) throw new Error(`${one} is used before it is computed.`);
      if (!steps.includes(one) && !inputs.includes(one)) inputs.push(one);
    }
  });
  const free = (letters) => {
    for (let round = 0; ; round++) {
      for (const letter of letters) {
        const name = round ? letter + round : letter;
        if (!used.has(name)) {
          used.add(name);
          return name;
        }
      }
    }
  };
  const letter = [..."vuqsprkmgn"].find((one) => ![...used].some((name) => name[0] === one)) ?? "v";
  let count = 0;
  const unnamed = () => {
    do count++;
    while (used.has(letter + count));
    return letter + count;
  };

  const add = (op, from, constants = {}) => nodes.push({ op, inputs: from, constants }) - 1;
  const isNode = (part) => typeof part === "object";
  const node = (at) => ({ at });
  for (const name of inputs) places.set(name, nodes.push({ op: "input", inputs: [], constants: {}, name }) - 1);

  // A number, or { at: the number of a node }.
  function build(tree) {
    if (typeof tree === "number") return tree;
    if (typeof tree === "string") return node(places.get(tree));
    const [op, ...parts] = tree;
    if (op === "+" || op === "-" || op === "negative") return sum(tree);
    if (!CONSTANT[op]) {
      const inner = build(parts[0]);
      return isNode(inner) ? node(add(op, [inner.at])) : FUNCTIONS[op](inner);
    }
    const [a, b] = parts.map(build);
    if (!isNode(a) && !isNode(b)) return CONSTANT[op](a, b);
    if (op === "*" && isNode(a) && isNode(b)) return node(add("product", [a.at, b.at]));
    if (op === "*") return node(add("scale", [isNode(a) ? a.at : b.at], { k: isNode(a) ? b : a }));
    if (op === "/" && !isNode(b)) return node(add("scale", [a.at], { k: 1 / b }));
    if (op === "/") return node(isNode(a) ? add("quotient", [a.at, b.at]) : add("over", [b.at], { k: a }));
    if (!isNode(b)) return node(add("power", [a.at], { k: b }));
    return node(isNode(a) ? add("raise", [a.at, b.at]) : add("exponential", [b.at], { k: a }));
  }
  function sum(tree) {
    const terms = [];
    const collect = (part, factor) => {
      const [op, ...inner] = Array.isArray(part) ? part : [];
      if (op === "+" || op === "-") {
        collect(inner[0], factor);
        collect(inner[1], op === "+" ? factor : -factor);
      } else if (op === "negative") collect(inner[0], -factor);
      else terms.push([factor, build(part)]);
    };
    collect(tree, 1);
    const offset = terms.reduce((total, [factor, part]) => (isNode(part) ? total : total + factor * part), 0);
    const rest = terms.filter(([, part]) => isNode(part));
    if (!rest.length) return offset;
    const [factor, only] = rest[0];
    if (rest.length === 1 && !offset) return factor > 0 ? only : node(add("scale", [only.at], { k: -1 }));
    const constants = { offset, factors: rest.map(([one]) => one) };
    return node(
      add(
        "sum",
        rest.map(([, part]) => part.at),
        constants,
      ),
    );
  }

  const known = [...inputs];
  const canonical = [];
  read.forEach(({ name, right }, k) => {
    const { tree, text } = parseExpression(
      right,
      known.map((one) => [one, one]),
    );
    const before = nodes.length;
    const result = build(tree);
    const label = name ?? free("yLzo");
    if (!isNode(result))
      throw new Error(`${name ?? "The formula"} has no variable in it, so there is nothing to differentiate.`);
    // A new name for what has one, as in y = x.
    const at = result.at < before ? add("scale", [result.at], { k: 1 }) : result.at;
    nodes[at].name = label;
    places.set(label, at);
    known.push(label);
    const plain = text.replaceAll("·", "*").replaceAll("−", "-").replaceAll("π", "pi");
    canonical.push(name || k < read.length - 1 ? `${label} = ${plain}` : plain);
  });
  for (const one of nodes) one.name ??= unnamed();
  for (const one of nodes)
    if (one.op !== "input")
      one.text = OPERATIONS[one.op].text(
        one.inputs.map((k) => nodes[k].name),
        one.constants,
      );
  const users = usersOf({ nodes });
  nodes.forEach((one, k) => {
    if (k < nodes.length - 1 && !users[k].length) throw new Error(`${one.name} is not used by what follows.`);
  });
  return { nodes, inputs, formula: canonical.join("; ") };
}

export function compute({ nodes }, given) {
  const values = [];
  const locals = nodes.map(({ op, inputs, constants, name }, k) => {
    const x = inputs.map((at) => values[at]);
    values[k] = op === "input" ? given[name] : OPERATIONS[op].value(x, constants);
    return op === "input" ? [] : OPERATIONS[op].local(x, values[k], constants);
  });
  return { values, locals };
}

export function usersOf({ nodes }) {
  const users = nodes.map(() => []);
  nodes.forEach(({ inputs }, user) => inputs.forEach((at, place) => users[at].push([user, place])));
  return users;
}

export function gradientsOf({ nodes }, locals, passed = () => true) {
  const gradients = nodes.map((_, k) => (k === nodes.length - 1 ? 1 : 0));
  for (let k = nodes.length - 1; k >= 0; k--)
    if (passed(k))
      nodes[k].inputs.forEach((at, place) => {
        gradients[at] += gradients[k] * locals[k][place];
      });
  return gradients;
}

export const ruleOf = ({ nodes }, k) => OPERATIONS[nodes[k].op].rule;

// A computation graph: the reader lets its nodes pass their gradients on, in an order of their own.
//
// The traits are `formula`, `values` (of the inputs, in the order in which the formula names them) and `nudge`. Which
// nodes have been fired, and which local derivatives are filled in, belongs to this view alone.

import { createFrame } from "../shared/frame.js";
import { fmt } from "../shared/plot.js";
import { button, checkbox, element, explainer, followTyping, group, row, select, slider } from "../shared/controls.js";
import { compute, gradientsOf, readGraph, ruleOf, usersOf } from "./graph.js";
import { layOut } from "./layout.js";

const LIMIT = 10;
const [LONGEST, MOST] = [200, 12];
const DEFAULTS = [2, -1, 0.5, 3, 1.5, -2]; // of inputs without a value, as in computation.py
const MARGIN = 4; // around the graph, for the outline of a node in focus

const svg = (tag, attributes, ...children) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const listed = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);
const times = (a, b) => `${fmt(a)} · ${b < 0 ? `(${fmt(b)})` : fmt(b)}`;

// A smooth line through points, which leaves and enters each layer along the direction of the graph, and the place of
// a part of its last piece.
const turned = ([x, y], down) => (down ? [x, y] : [y, x]);
function path(points, down) {
  const at = (across, along) =>
    turned([across, along], down)
      .map((v) => v.toFixed(1))
      .join(" ");
  return points.reduce((text, point, k) => {
    const [x1, y1] = turned(point, down);
    if (!k) return `M${at(x1, y1)}`;
    const [x0, y0] = turned(points[k - 1], down);
    const middle = (y0 + y1) / 2;
    return `${text}C${at(x0, middle)} ${at(x1, middle)} ${at(x1, y1)}`;
  }, "");
}
function along(points, down, t) {
  const [[x0, y0], [x1, y1]] = points.slice(-2).map((point) => turned(point, down));
  const [across, middle] = [x0 + (3 - 2 * t) * t * t * (x1 - x0), (y0 + y1) / 2];
  const s = 1 - t;
  return turned([across, s ** 3 * y0 + 3 * s * t * middle + t ** 3 * y1], down);
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const start = Object.fromEntries(["formula", "values", "nudge"].map((name) => [name, get(name)]));
  const examples = get("_examples");

  let graph = readGraph(get("formula"));
  let users = usersOf(graph);
  let values = [];
  let locals = [];
  let fired = new Set();
  let missing = []; // [user, place] of the lines that a node fired too early lacks
  let early = -1;
  let selected = -1;
  let chosen = graph.inputs[0];
  let event = "";
  let filled = new Set(); // `${node} ${place}`
  let laidOut = null;

  const frame = createFrame({
    el,
    name: "computation",
    title: "A computation graph, backward",
    label: "Computation graph: order of the backward pass",
    stacked: true,
    onReset() {
      fill.set(false);
      filled = new Set();
      forget();
      put(start);
      show();
    },
  });

  // ---- The formula ---------------------------------------------------------------------------------------------------

  const example = select({
    label: "Example",
    name: "example",
    options: [],
    onChange: (k) => k && put({ formula: examples[k][1], values: examples[k][2] }),
  });
  const id = `nn-computation-${Math.random().toString(36).slice(2)}`;
  const field = element("input", { type: "text", id, maxlength: LONGEST, autocapitalize: "none", spellcheck: "false" });
  const problem = element("span", { class: "nn-problem", role: "alert", id: `${id}-problem` });
  const explain = explainer(field, problem);
  const formula = element(
    "div",
    { class: "nn-field", "data-control": "formula" },
    element("label", { class: "nn-label", for: id, text: "Formula" }),
    field,
    problem,
  );
  const valuesOf = () => graph.inputs.map((_, k) => get("values")[k] ?? DEFAULTS[k % DEFAULTS.length]);
  field.addEventListener("change", () => {
    try {
      const next = readGraph(field.value);
      if (next.formula.length > LONGEST) throw new Error(`Use at most ${LONGEST} characters.`);
      if (next.inputs.length > MOST)
        throw new Error(`There may be ${MOST} inputs, and here are ${next.inputs.length}.`);
      explain("");
      const known = new Map(graph.inputs.map((name, k) => [name, valuesOf()[k]]));
      put({
        formula: next.formula,
        values: next.inputs.map((name, k) => known.get(name) ?? DEFAULTS[k % DEFAULTS.length]),
      });
      field.value = get("formula");
    } catch (error) {
      explain(`${error.message} The graph stays as it is.`);
    }
  });

  // ---- The graph -----------------------------------------------------------------------------------------------------

  const lines = svg("svg", { class: "nn-lines", role: "img" });
  const stage = element("div", { class: "nn-graph" }, lines);
  let buttons = [];
  const legend = element("p", {
    class: "nn-note",
    text: "Tap a node, and it passes its gradient on to its inputs. On each line stands the local derivative. Thick lines have passed a gradient on; a dashed one is missing where a node was tapped too early.",
  });

  let gradients = [];
  const addUp = () => {
    gradients = gradientsOf(graph, locals, (k) => fired.has(k));
  };
  const waitsFor = (k) => [...new Set(users[k].map(([user]) => user))].filter((user) => !fired.has(user));
  const isInput = (k) => graph.nodes[k].op === "input";
  const nameOf = (k) => graph.nodes[k].name;
  const open = (k) => graph.nodes[k].inputs.some((_, place) => !filled.has(`${k} ${place}`));
  const toFire = () => graph.nodes.flatMap((_, k) => (isInput(k) || fired.has(k) ? [] : [k]));

  function state(k) {
    if (k === early) return "early";
    if (fired.has(k)) return "fired";
    if (waitsFor(k).length) return users[k].some(([user]) => fired.has(user)) ? "partial" : "waiting";
    return isInput(k) ? "fired" : "ready";
  }
  const shares = (k) =>
    graph.nodes[k].inputs.map((to, place) => {
      const passed = gradients[k] * locals[k][place];
      return `${times(locals[k][place], gradients[k])} = ${fmt(passed)} to ${nameOf(to)}`;
    });

  function passOn(k) {
    fired.add(k);
    addUp();
    early = -1;
    missing = [];
    event = `${nameOf(k)} passes on ${listed(shares(k))}.`;
    if (!toFire().length) {
      const all = graph.inputs.map((name, i) => `${name} ${fmt(gradients[i])}`);
      event += ` All gradients are complete${all.length > 5 ? "" : `: ${listed(all)}`}.`;
    }
  }
  function tap(k) {
    selected = k;
    early = -1;
    missing = [];
    const waiting = waitsFor(k);
    if (fired.has(k)) {
      event = `${nameOf(k)} has passed its gradient on. A second time would count it twice.`;
    } else if (waiting.length) {
      early = k;
      missing = users[k].filter(([user]) => !fired.has(user));
      const has = users[k].some(([user]) => fired.has(user))
        ? `It has ${fmt(gradients[k])} so far, and what comes through ${listed(waiting.map(nameOf))} is missing`
        : "It has got nothing yet";
      const wrong = isInput(k) ? "" : " Whatever it passed on now would be wrong in all nodes before it.";
      event = `Too early: ${nameOf(k)} waits for ${listed(waiting.map(nameOf))}. ${has}.${wrong}`;
    } else if (isInput(k)) {
      event = `${nameOf(k)} is an input and passes nothing on. Its gradient is complete: ${fmt(gradients[k])}.`;
    } else if (fill.checked && open(k)) {
      event = `${nameOf(k)} is complete. Fill in its local derivatives below the graph; then tap it again.`;
    } else passOn(k);
    if (isInput(k)) chosen = nameOf(k);
    show();
  }
  function forget() {
    fired = new Set();
    early = selected = -1;
    missing = [];
    event = "";
  }
  function step() {
    const ready = toFire().filter((k) => !waitsFor(k).length);
    if (!ready.length) return;
    selected = ready.at(-1);
    for (const place of graph.nodes[selected].inputs.keys()) filled.add(`${selected} ${place}`);
    passOn(selected);
  }

  function makeNodes() {
    for (const one of buttons) one.el.remove();
    buttons = graph.nodes.map((node, k) => {
      const made = element("span", { class: "nn-made", text: node.text ? `${node.name} = ${node.text}` : node.name });
      const value = element("span", { class: "nn-value" });
      const grad = element("span", { class: "nn-grad" });
      const one = element("button", { type: "button", class: "nn-node", "data-node": node.name }, made, value, grad);
      one.addEventListener("click", () => tap(k));
      return { el: one, value, grad };
    });
    stage.append(...buttons.map((one) => one.el));
    laidOut = null;
  }

  // ---- Local derivatives and inputs ----------------------------------------------------------------------------------

  const fill = checkbox({
    label: "I fill in the local derivatives",
    name: "fill",
    onChange: () => {
      filled = new Set();
      show();
    },
  });
  const blanks = element("div", { class: "nn-blanks" });
  const localGroup = group("Local derivatives", fill.el, blanks);
  const localLegend = localGroup.firstChild;
  let asked = "";

  function why(k, place, typed) {
    const right = locals[k][place];
    const inputs = graph.nodes[k].inputs;
    const near = (v) => Math.abs(typed - v) <= 0.02 * Math.abs(v) + 0.001;
    const rule = ruleOf(graph, k);
    if (near(-right)) return "The size is right. Look at the sign.";
    if (near(values[inputs[place]])) return `This is the value of ${nameOf(inputs[place])} itself. ${rule}`;
    if (near(values[k])) return `This is the value of ${nameOf(k)}. ${rule}`;
    if (near(right * gradients[k]))
      return "This is the contribution already. The local derivative comes without the gradient.";
    return rule;
  }
  function blank(k, place) {
    const to = graph.nodes[k].inputs[place];
    const twice = graph.nodes[k].inputs.indexOf(to) !== graph.nodes[k].inputs.lastIndexOf(to);
    const label = `∂${nameOf(k)}/∂${nameOf(to)}${twice ? `, use ${place + 1}` : ""}`;
    const key = `${k} ${place}`;
    const input = element("input", { type: "number", step: "any", id: `${id}-blank-${place}` });
    const said = element("span", { class: "nn-problem", role: "alert", id: `${id}-blank-${place}-problem` });
    const tell = explainer(input, said);
    const unfinished = followTyping(input);
    const right = element("span", { class: "nn-right", role: "status" });
    const look = () => {
      const typed = input.valueAsNumber;
      const good = Math.abs(typed - locals[k][place]) <= 0.02 * Math.abs(locals[k][place]) + 0.001;
      right.textContent = good ? "right" : "";
      if (good) {
        filled.add(key);
        tell("");
        if (!open(k)) event = `Right. ${nameOf(k)} can pass its gradient on: tap it.`;
        show();
      } else tell(unfinished() ? "" : why(k, place, typed));
    };
    input.addEventListener("change", look);
    if (filled.has(key)) {
      input.value = Number(locals[k][place].toPrecision(3));
      right.textContent = "right";
    }
    return element(
      "div",
      { class: "nn-blank", "data-control": `local-${place + 1}` },
      element("label", { class: "nn-label", for: input.id, text: label }),
      input,
      right,
      said,
    );
  }
  function showBlanks() {
    const shown = selected >= 0 && !isInput(selected);
    localLegend.textContent = shown ? `Local derivatives of ${nameOf(selected)}` : "Local derivatives";
    const key = [get("formula"), selected, fill.checked, fill.checked && get("values")].join();
    if (key === asked) return;
    asked = key;
    if (!shown) {
      blanks.replaceChildren(
        element("p", { class: "nn-note", text: "Tap a node that is computed, and its own stand here." }),
      );
    } else if (fill.checked) {
      const note = element("p", {
        class: "nn-note",
        text: "Two digits are enough. Enter, or leaving the field, checks it.",
      });
      blanks.replaceChildren(...graph.nodes[selected].inputs.map((_, place) => blank(selected, place)), note);
    } else blanks.replaceChildren(element("p", { class: "nn-note", text: ruleOf(graph, selected) }));
  }

  const input = select({
    label: "Input",
    name: "input",
    options: [],
    onChange: (name) => {
      chosen = name;
      show();
    },
  });
  const value = slider({
    label: "Value",
    name: "value",
    value: 0,
    min: -3,
    max: 3,
    step: 0.1,
    hardMin: -LIMIT,
    hardMax: LIMIT,
    onInput: (v) => {
      filled = new Set();
      put({ values: valuesOf().map((old, k) => (graph.inputs[k] === chosen ? v : old)) });
    },
  });
  const nudge = slider({
    label: "Nudge",
    name: "nudge",
    value: 0.1,
    min: -1,
    max: 1,
    step: 0.01,
    hardMin: -2,
    hardMax: 2,
    onInput: (v) => put({ nudge: v }),
  });

  frame.actions.prepend(
    button({
      label: "One step",
      name: "step",
      primary: true,
      onClick: () => {
        step();
        show();
      },
    }).el,
    button({
      label: "All steps",
      name: "all",
      onClick: () => {
        while (toFire().length) step();
        show();
      },
    }).el,
    button({
      label: "Forget the gradients",
      name: "forget",
      onClick: () => {
        forget();
        show();
      },
    }).el,
  );
  frame.picture.append(row(example.el, formula), frame.output, stage, legend, frame.actions);
  const inputGroup = group("Inputs", input.el, value.el, nudge.el);
  frame.panel.append(element("div", { class: "nn-columns" }, inputGroup, localGroup));

  // ---- Showing it ----------------------------------------------------------------------------------------------------

  function place() {
    const width = stage.clientWidth - 2 * MARGIN;
    const texts = buttons.map((one) => one.el.textContent).join();
    if (laidOut?.width === width && laidOut.texts === texts) return;
    const across = Math.min(112, Math.floor((width - 44) / 3));
    for (const one of buttons) Object.assign(one.el.style, { width: `${across}px`, height: "auto" });
    const high = Math.max(...buttons.map((one) => one.el.offsetHeight));
    const found = layOut(graph, { width, size: [across, high] });
    laidOut = { ...found, width, texts };
    buttons.forEach((one, k) => {
      const [x, y] = found.places[k];
      Object.assign(one.el.style, { left: `${x + MARGIN}px`, top: `${y + MARGIN}px`, height: `${high}px` });
    });
    stage.style.height = `${found.height + 2 * MARGIN}px`;
    lines.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${found.height + 2 * MARGIN}`);
  }

  frame.onDraw((colors) => {
    place();
    const drawn = [];
    const words = [];
    const boxes = [];
    for (const { from, to, place: use, points } of laidOut.lines) {
      const lacks = missing.some(([user, at]) => user === to && at === use && from === early);
      const passed = fired.has(to);
      const color = lacks ? colors.alert : passed ? colors.classes[0] : colors.muted;
      drawn.push(
        svg("path", {
          d: path(points, laidOut.down),
          fill: "none",
          stroke: color,
          "stroke-width": lacks || passed ? 2.6 : 1.2,
          ...(lacks && { "stroke-dasharray": "6 4" }),
        }),
      );
      const known = !fill.checked || filled.has(`${to} ${use}`);
      const text = known ? fmt(locals[to][use], 2) : "?";
      const half = 3.7 * text.length + 2;
      // Where it lies on no other label, if there is such a place.
      const free = ([x, y]) =>
        boxes.every((box) => Math.abs(box.x - x) >= box.half + half || Math.abs(box.y - y) >= 15);
      const tried = [0.6, 0.45, 0.75, 0.3, 0.2].map((t) => along(points, laidOut.down, t));
      const [x, y] = tried.find(free) ?? tried[0];
      boxes.push({ x, y, half });
      const place = { x: x - half, y: y - 8, width: 2 * half, height: 16, fill: colors.surface };
      const label = svg("text", {
        x,
        y: y + 4,
        "text-anchor": "middle",
        "font-size": 12.5,
        "font-weight": lacks || passed ? 650 : 400,
        fill: lacks || passed ? color : colors.ink,
      });
      label.textContent = text;
      words.push(svg("rect", place), label);
    }
    lines.replaceChildren(...drawn, ...words);
  });

  function show() {
    const now = get("formula");
    if (now !== graph.formula) {
      const next = readGraph(now);
      if (next.formula !== graph.formula || !buttons.length) {
        graph = next;
        users = usersOf(graph);
        filled = new Set();
        forget();
        if (!graph.inputs.includes(chosen)) [chosen] = graph.inputs;
        makeNodes();
      }
    }
    if (!buttons.length) makeNodes();
    const given = valuesOf();
    ({ values, locals } = compute(graph, Object.fromEntries(graph.inputs.map((name, k) => [name, given[k]]))));
    addUp();
    const shown = examples.findIndex(([, text]) => readGraph(text).formula === graph.formula);
    example.setOptions(
      [...(shown < 0 ? [["", "your own"]] : []), ...examples.map(([name], k) => [String(k), name])],
      shown < 0 ? "" : String(shown),
    );
    if (document.activeElement !== field) field.value = now;
    input.setOptions(
      graph.inputs.map((name) => [name, name]),
      chosen,
    );
    value.setLabel(`Value of ${chosen}`);
    value.set(given[graph.inputs.indexOf(chosen)]);
    nudge.set(get("nudge"));
    showBlanks();

    graph.nodes.forEach((_, k) => {
      const { el: one, value: shownValue, grad } = buttons[k];
      const is = state(k);
      one.dataset.state = is;
      shownValue.textContent = fmt(values[k]);
      const some = users[k].some(([user]) => fired.has(user));
      const complete = !waitsFor(k).length;
      grad.textContent = complete ? `grad ${fmt(gradients[k])}` : some ? `grad ${fmt(gradients[k])} + ?` : "grad ?";
    });

    const output = graph.nodes.length - 1;
    const at = graph.inputs.indexOf(chosen);
    const moved = given.map((v, k) => (k === at ? v + get("nudge") : v));
    const after = compute(graph, Object.fromEntries(graph.inputs.map((name, k) => [name, moved[k]]))).values[output];
    const linear = waitsFor(at).length
      ? `the gradient of ${chosen} is not complete yet`
      : `gradient · nudge is ${times(gradients[at], get("nudge"))} = ${fmt(gradients[at] * get("nudge"))}`;
    const bad = values.findIndex((v) => !Number.isFinite(v));
    const count = graph.nodes.filter(({ op }) => op !== "input").length;
    const text = [
      event || `Forward pass: ${nameOf(output)} = ${fmt(values[output])}. Which node passes its gradient on first?`,
      bad < 0 ? "" : `${nameOf(bad)} has no finite value here. Choose other inputs.`,
      `${fired.size} of ${count} nodes have passed theirs on.`,
      `Nudge ${chosen} by ${fmt(get("nudge"))}: ${nameOf(output)} changes by ${fmt(after - values[output])}; ${linear}.`,
    ];
    frame.say(text);
    const ready = toFire().filter((k) => !waitsFor(k).length);
    lines.setAttribute(
      "aria-label",
      `A graph of ${graph.nodes.length} nodes, from the inputs ${listed(graph.inputs)} to ${nameOf(output)} = ${fmt(values[output])}. ` +
        `Values: ${graph.nodes.map((_, k) => `${nameOf(k)} ${fmt(values[k])}`).join(", ")}. ` +
        (fired.size ? `Passed on: ${listed([...fired].map(nameOf))}.` : "No node has passed its gradient on."),
    );
    for (const k of graph.nodes.keys()) buttons[k].el.classList.toggle("nn-next", ready.includes(k));
    frame.redraw();
  }
  frame.table("Show the numbers as a table", () => ({
    head: ["node", "computed as", "value", "gradient so far", "waits for"],
    rows: graph.nodes.map((node, k) => [
      node.name,
      node.text ?? "input",
      fmt(values[k]),
      users[k].some(([user]) => fired.has(user)) || !users[k].length ? fmt(gradients[k]) : "",
      waitsFor(k).map(nameOf).join(", "),
    ]),
  }));
  frame.follow(model, ["formula", "values", "nudge"], show);
  show();
  return frame.ready();
}

export default { render };

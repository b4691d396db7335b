// An alloy mixer: an ensemble of five networks predicts the formation energy of a mixture of seven metals, along a line
// through all mixtures, beside the energies of known alloys, and says when it is asked about what it cannot know.
//
// The traits are `composition` ([[symbol, parts], ...]), `trained_on`, `line` (the element whose fraction runs along the
// picture) and the trained `_weights`. A mixture x is an array of seven fractions.

import { createFrame } from "../shared/frame.js";
import { createPlot, fmt, marker, onDrag } from "../shared/plot.js";
import { element, group, select, slider } from "../shared/controls.js";
import { amountsOf, parseFormula, writeFormula } from "../shared/formula.js";
import { formulaField } from "../shared/formulafield.js";
import { CELL, distance, formulaOf, mean, predict, spread, sum, unpackKnown } from "./alloys.js";
import { unpack } from "../shared/weights.js";

const [LEAST, MOST, STEPS] = [1e-6, 1000, 100]; // parts of an element in the mixture, and of the line
const TRAITS = ["composition", "trained_on", "line"];
const PRESETS = [
  ["Cu3Pt", "Cu₃Pt, lower when in order"],
  ["AgPd", "AgPd, where order hardly matters"],
  ["Ni3Pt", "Ni₃Pt, in order the lowest of all"],
  ["Ni3Al", "Ni₃Al, of the wrong sign by EMT"],
  ["Cu2NiPt", "Cu₂NiPt, between known ones"],
  ["AlNiCuPdAg", "Five metals in equal parts"],
  ["AlNiCuPdAgPtAu", "All seven in equal parts"],
];
const SHORT = { L1_2: "L1₂", L1_0: "L1₀", fcc: "pure", random: "random" };
const LONG = { L1_2: "in order (L1₂)", L1_0: "in order (L1₀)", fcc: "for the pure metal", random: "placed at random" };
const { abs, hypot, max, min, round } = Math;
const ev = (value) => (abs(value) < 0.0005 ? "0.000" : `${value < 0 ? "−" : "+"}${abs(value).toFixed(3)}`);
const all = (symbols) => symbols.join(symbols.length === 2 ? " and " : ", ");

function render({ model, el }) {
  const { get, put } = amountsOf(model);
  const start = Object.fromEntries(TRAITS.map((name) => [name, get(name)]));
  const elements = get("_elements");
  const groups = ["all", ...elements.map((symbol) => `without ${symbol}`)];
  const weights = unpack(get("_weights"));
  const known = unpackKnown(get("_known"), elements);
  let others = null; // proportions of the elements beside the line's, kept where only that one is left
  let chosen = { name: "" }; // the ensemble: what it was trained on and what follows from that
  let path = { of: "" }; // the line and what is drawn along it
  let now = null; // the mixture and what is said of it

  const partsOf = (composition) => elements.map((symbol) => composition[symbol] ?? 0);
  const fractionsOf = (composition) => {
    const parts = partsOf(composition);
    return parts.map((n) => n / sum(parts));
  };

  const frame = createFrame({
    el,
    name: "mixer",
    title: "An alloy mixer",
    label: "Alloy mixer: predicted formation energy of a mixture of seven metals",
    onReset() {
      others = null;
      field.forget();
      put(start);
    },
  });
  frame.picture.append(element("div", { class: "nn-note", text: "Formation energy by EMT, eV/atom" }));
  const plot = createPlot(frame.picture, { label: "", aspect: 1.3 });
  const key = (name, text) =>
    element("span", {}, element("span", { class: `nn-mixer-key nn-mixer-${name}` }), ` ${text}`);
  const legend = element(
    "div",
    { class: "nn-legend" },
    key("mean", "mean"),
    key("band", "± 2 s"),
    key("member", "single networks"),
    key("here", "the mixture"),
    key("trained", "trained on"),
    key("unseen", "not trained on"),
    key("outside", "outside the domain"),
  );
  frame.body.insertBefore(
    element(
      "div",
      { class: "nn-mixer-legend" },
      legend,
      element("div", {
        class: "nn-note",
        text: `Drag the diamond. Markers are known alloys at most one atom in ${CELL} off the line, filled where ordered or pure.`,
      }),
    ),
    frame.panel,
  );

  const field = formulaField({
    elements,
    range: [LEAST, MOST],
    maxlength: 60,
    composition: () => get("composition"),
    // Iron is known, but is none of the seven.
    inWords: (reason, formula) =>
      `${reason.replace(/^unknown element/, "not one of the seven metals:")}. The metals are ${all(elements)}; the mixture stays ${formula}.`,
    onInput: (composition) => put({ composition }),
  });

  const preset = select({
    label: "Try",
    name: "preset",
    options: [["", ""]],
    value: "",
    onChange: (formula) => formula && put({ composition: parseFormula(formula, elements) }),
  });
  const trained = select({
    label: "Trained on",
    name: "trained_on",
    options: groups.map((name) => [name, name === "all" ? "alloys of all seven" : `alloys ${name}`]),
    value: "all",
    onChange: (name) => put({ trained_on: name }),
  });
  const line = select({
    label: "Element",
    name: "line",
    options: elements.map((symbol) => [symbol, symbol]),
    value: elements[0],
    onChange: (symbol) => put({ line: symbol }),
  });
  const share = slider({
    label: "Fraction",
    name: "fraction",
    value: 0,
    min: 0,
    max: 1,
    step: 0.01,
    hardMin: 0,
    hardMax: 1,
    onInput: (t) => moveTo(t),
  });
  const parts = elements.map((symbol, k) =>
    slider({
      label: symbol,
      name: symbol,
      value: 0,
      min: 0,
      max: 4,
      step: 0.1,
      hardMin: 0,
      hardMax: MOST,
      onInput: (n) =>
        mix(Object.fromEntries(elements.map((other, j) => [other, j === k ? n : partsOf(get("composition"))[j]]))),
    }),
  );
  const empty = element("span", { class: "nn-problem", role: "alert" });
  frame.panel.append(
    preset.el,
    field.el,
    trained.el,
    group("Along the picture", line.el, share.el),
    group("Parts of each", ...parts.map((p) => p.el), empty),
    frame.actions,
  );

  const nearby = element("table");
  const nearest = element(
    "div",
    { class: "nn-mixer-nearest" },
    element(
      "div",
      {},
      element("span", { class: "nn-label", text: "Nearest known alloys" }),
      element("span", { class: "nn-note", text: " distance: share of atoms to exchange; energy: EMT, eV/atom" }),
    ),
    element("div", { class: "nn-scroll", tabindex: 0, role: "group", "aria-label": "Nearest known alloys" }, nearby),
  );
  frame.body.append(frame.output, nearest);

  // Elements keep their order in the formula; what has become 0, or less than can be written, leaves it.
  function mix(amounts) {
    const order = [...new Set([...Object.keys(get("composition")), ...elements])];
    const composition = Object.fromEntries(
      order.filter((symbol) => amounts[symbol] >= LEAST).map((symbol) => [symbol, amounts[symbol]]),
    );
    const nothing = !Object.keys(composition).length;
    empty.textContent = nothing ? "Something must be in the mixture: raise another metal first." : "";
    if (!nothing) put({ composition });
    if (nothing || Object.values(amounts).some((n) => n > 0 && n < LEAST)) show();
  }
  function moveTo(t) {
    const x = now.along(t);
    // The sum of the parts stays, unless a part would be more than there may be, or all of them next to nothing.
    const total = min(max(sum(partsOf(get("composition"))), 0.01), MOST / max(...x));
    mix(Object.fromEntries(x.map((x, k) => [elements[k], Number((total * x).toPrecision(6))])));
  }

  frame.addCleanup(
    onDrag(plot, {
      hit: ({ px, py }) =>
        hypot(px - plot.px(now.t), py - plot.py(now.mean)) < 26 ? { offset: now.t - plot.dataX(px) } : null,
      move: ({ offset }, p) => moveTo(round(1000 * min(1, max(0, p.x + offset))) / 1000),
      click: (p) => moveTo(round(100 * min(1, max(0, p.x))) / 100),
    }),
  );

  frame.onDraw((colors) => {
    const { curve, onLine, low, high, label } = path;
    const { ctx } = plot;
    plot.setView([-0.03, 1.03], [low, high]);
    plot.begin();
    plot.clip(() => {
      ctx.fillStyle = colors.alert;
      for (let i = 0; i <= STEPS; i++) {
        if (!curve[i].outside) continue;
        const from = i;
        while (i < STEPS && curve[i + 1].outside) i++;
        const left = plot.px((from - 0.5) / STEPS);
        const width = plot.px((i + 0.5) / STEPS) - left;
        ctx.globalAlpha = 0.09;
        ctx.fillRect(left, plot.area.top, width, plot.area.height);
        ctx.globalAlpha = 1;
        ctx.fillRect(left, plot.area.top, width, 5);
      }
      plot.polyline(
        [
          [-1, 0],
          [2, 0],
        ],
        { color: colors.muted, width: 1, dash: [2, 4] },
      );
      ctx.fillStyle = colors.high;
      ctx.globalAlpha = 0.6;
      ctx.beginPath();
      for (const c of curve) ctx.lineTo(plot.px(c.t), plot.py(c.mean + 2 * c.spread));
      for (const c of [...curve].reverse()) ctx.lineTo(plot.px(c.t), plot.py(c.mean - 2 * c.spread));
      ctx.fill();
      ctx.globalAlpha = 1;
      curve[0].members.forEach((_, m) =>
        plot.polyline(
          curve.map((c) => [c.t, c.members[m]]),
          { color: colors.muted, width: 0.8 },
        ),
      );
      plot.polyline(
        curve.map((c) => [c.t, c.mean]),
        { color: colors.ink, width: 2.5 },
      );
      for (const { alloy, at } of onLine) {
        const trainedOn = chosen.isTrained(alloy);
        const color = colors.classes[trainedOn ? 1 : 0];
        const ordered = alloy.prototype !== "random";
        marker(ctx, trainedOn ? "circle" : "square", plot.px(at), plot.py(alloy.energy), ordered ? 6 : 4.5, {
          fill: ordered ? color : undefined,
          stroke: color,
          width: 1.6,
        });
      }
      const [x, y0, y1] = [plot.px(now.t), plot.py(now.mean - 2 * now.spread), plot.py(now.mean + 2 * now.spread)];
      ctx.strokeStyle = colors.alert;
      ctx.lineWidth = 3;
      ctx.beginPath();
      for (const y of [y0, y1]) {
        ctx.moveTo(x, y0);
        ctx.lineTo(x, y1);
        ctx.moveTo(x - 6, y);
        ctx.lineTo(x + 6, y);
      }
      ctx.stroke();
      marker(ctx, "diamond", x, plot.py(now.mean), 7.5, { fill: colors.alert, stroke: colors.surface, width: 2 });
    });
    plot.axes(colors, { x: { label }, y: {} });
  });

  // Of one mixture: what the ensemble says and what speaks for caution.
  function ask(x) {
    const { which, places, covered, most, limit } = chosen;
    const members = predict(weights, which, x);
    let away = 1;
    for (let from = 0; from < places.length; from += x.length) away = min(away, distance(x, places, from));
    const fresh = elements.filter((_, k) => x[k] > 0 && !covered[k]);
    const count = x.filter((n) => n > 0).length;
    const outside = fresh.length > 0 || count > most || away > limit + 1e-9;
    return { members, mean: mean(members), spread: spread(members), away, fresh, count, outside };
  }

  function choose(name) {
    const which = groups.indexOf(name);
    const isTrained = ({ x, held }) => !held && (which === 0 || x[which - 1] === 0);
    const training = known.filter(isTrained).map(({ x }) => x);
    return {
      name,
      which,
      isTrained,
      places: Float64Array.from(training.flat()),
      limit: weights.limit.data[which],
      covered: elements.map((_, k) => training.some((x) => x[k] > 0)),
      most: max(...training.map((x) => x.filter((n) => n > 0).length)),
    };
  }

  const onTheLine = (k, ratio, t) => ratio.map((r, j) => (j === k ? t : (1 - t) * r));
  function drawnAlong(k, ratio) {
    const curve = Array.from({ length: STEPS + 1 }, (_, i) => ({
      t: i / STEPS,
      ...ask(onTheLine(k, ratio, i / STEPS)),
    }));
    const onLine = known
      .filter(({ x }) => distance(x, onTheLine(k, ratio, x[k])) < 1.01 / CELL)
      .map((alloy) => ({ alloy, at: alloy.x[k] }))
      .sort((a, b) => a.at - b.at);
    const heights = [
      0,
      ...curve.flatMap((c) => [c.mean - 2 * c.spread, c.mean + 2 * c.spread]),
      ...onLine.map(({ alloy }) => alloy.energy),
    ];
    const room = 0.08 * max(0.05, max(...heights) - min(...heights));
    const least = min(...ratio.filter((r) => r > 0));
    const amounts = ratio.map((r) => Number((r / least).toFixed(2)));
    const rest = formulaOf(elements, amounts);
    const simple = amounts.every(Number.isInteger) && rest.length <= 8; // on a phone, more would be squeezed
    return {
      curve,
      onLine,
      low: min(...heights) - room,
      high: max(...heights) + room,
      label: `fraction of ${elements[k]}, the rest ${simple ? `is ${rest}` : "as mixed"}`,
    };
  }

  function show() {
    const [composition, k] = [get("composition"), elements.indexOf(get("line"))];
    const x = fractionsOf(composition);
    const rest = x.map((n, j) => (j === k ? 0 : n));
    if (sum(rest) > 1e-9) others = rest;
    else if (!others || sum(others) - others[k] < 1e-9)
      others = rest.map((_, j) => Number(j === (k + 1) % elements.length));
    const ratio = others.map((n, j) => (j === k ? 0 : n / (sum(others) - others[k])));
    if (chosen.name !== get("trained_on")) chosen = choose(get("trained_on"));
    // While the mixture moves along the line, the line stays.
    const of = [chosen.name, k, ...ratio.map((r) => r.toFixed(5))].join();
    if (path.of !== of) path = { of, ...drawnAlong(k, ratio) };
    now = { x, t: x[k], along: (t) => onTheLine(k, ratio, t), name: writeFormula(composition), ...ask(x) };
    now.near = known
      .map((alloy, row) => ({ alloy, row, away: distance(x, alloy.x) }))
      .sort((a, b) => round(1e9 * (a.away - b.away)) || a.row - b.row)
      .slice(0, 5);

    field.show();
    const same =
      PRESETS.find(([formula]) => distance(fractionsOf(parseFormula(formula, elements)), x) < 1e-9)?.[0] ?? "";
    preset.setOptions([...(same ? [] : [["", "your own mixture"]]), ...PRESETS], same);
    trained.set(get("trained_on"));
    line.set(get("line"));
    share.set(x[k]);
    const top = max(4, ...partsOf(composition));
    const step = top > 100 ? 10 : top > 10 ? 1 : 0.1;
    parts.forEach((part, j) => {
      part.setRange(0, top, step);
      part.set(partsOf(composition)[j]);
    });
    nearby.replaceChildren(
      ...tableOf(
        HEAD,
        now.near.map(({ alloy, away }) => [
          nameOf(alloy),
          SHORT[alloy.prototype],
          away.toFixed(3),
          ev(alloy.energy),
          trainedOn(alloy),
        ]),
      ),
    );
    const lines = inWords();
    frame.say(lines);
    plot.describe(
      `Formation energy over the ${path.label}, from ${ev(path.curve[0].mean)} at 0 to ${ev(path.curve[STEPS].mean)} eV/atom at 1, with ${path.onLine.length} known alloys. ${lines.join(" ")}`,
    );
    frame.redraw();
  }

  const trainedOn = (alloy) => (chosen.isTrained(alloy) ? "yes" : "no");
  const HEAD = ["alloy", "order", "distance", "energy", "trained"];
  const nameOf = ({ x }) =>
    formulaOf(
      elements,
      x.map((n) => round(CELL * n)),
    );
  // On a phone a long formula breaks, but only before an element.
  const breakable = (text) => text.split(/(?=[A-Z])/).flatMap((part, k) => (k ? [element("wbr"), part] : [part]));
  const tableOf = (head, rows) => [
    element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col", text })))),
    element(
      "tbody",
      {},
      ...rows.map((cells) => element("tr", {}, ...cells.map((text) => element("td", {}, ...breakable(text))))),
    ),
  ];

  function inWords() {
    const { x, mean: m, spread: s, members, near, fresh, count, away } = now;
    const { limit, most } = chosen;
    const percent = Object.keys(get("composition")).map(
      (symbol) => `${fmt(100 * x[elements.indexOf(symbol)])} % ${symbol}`,
    );
    const here = known.filter((alloy) => distance(alloy.x, x) < 1e-9);
    const energies = [...new Set(here.map(({ prototype }) => prototype))].map((name) => {
      const found = here.filter(({ prototype }) => prototype === name).map(({ energy }) => energy);
      return `${ev(mean(found))} ${LONG[name]}${found.length > 1 ? `, mean of ${found.length} cells` : ""}, ${fmt(abs(m - mean(found)) / s, 2)} times s from the prediction`;
    });
    const warnings = [
      fresh.length &&
        `Warning: no training alloy has ${all(fresh)}; the first weights for ${fresh.length > 1 ? "them" : "it"} are still the random ones.`,
      count > most && `Warning: ${count} elements, and no training alloy has more than ${most}.`,
      away > limit + 1e-9 &&
        `Warning: the nearest training alloy is ${away.toFixed(3)} away, ${fmt(away / limit, 2)} times the limit ${limit.toFixed(3)}, within which 99 % of them have a neighbor.`,
    ].filter(Boolean);
    return [
      `${now.name}: ${ev(m)} eV/atom predicted, s = ${s.toFixed(4)} eV/atom.`,
      `It is ${percent.join(", ")}. The five networks say ${members.map(ev).join(", ")}; s is their standard deviation.`,
      energies.length
        ? `EMT itself: ${energies.join("; ")}.`
        : `EMT's table has no such composition; the nearest, ${nameOf(near[0].alloy)}, is ${near[0].away.toFixed(3)} away and has ${ev(near[0].alloy.energy)}.`,
      ...warnings,
      !warnings.length &&
        `No warning: no new element, not more than ${most} elements, the nearest training alloy ${away.toFixed(3)} away (limit ${limit.toFixed(3)}).`,
      "Neither s nor the warnings can see how the atoms are ordered, nor that EMT itself may be wrong.",
    ];
  }
  frame.table("Show the known alloys in the picture as a table", () => ({
    head: [`fraction of ${get("line")}`, "alloy", "order", "EMT, eV/atom", "predicted", "trained"],
    rows: path.onLine.map(({ alloy, at }) => [
      fmt(at),
      nameOf(alloy),
      SHORT[alloy.prototype],
      ev(alloy.energy),
      ev(mean(predict(weights, chosen.which, alloy.x))),
      trainedOn(alloy),
    ]),
  }));
  frame.follow(model, TRAITS, () => {
    empty.textContent = "";
    show();
  });
  show();
  return frame.ready();
}

export default { render };

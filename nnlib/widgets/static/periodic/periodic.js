// The periodic table, colored by a property, from which elements are picked; what the picked formula becomes as
// numbers.
//
// The traits are `composition` ([[symbol, amount], ...] in the order of picking), `property`, `against` (the property on the
// plot's horizontal axis) and `missing` ("nan" or "skip"). Elements are counted from 0 here, hydrogen first.

import { createFrame } from "../shared/frame.js";
import { createPlot, marker, onDrag, ticks } from "../shared/plot.js";
import { button, element, group, select, slider } from "../shared/controls.js";
import { amountsOf, parseFormula, writeFormula } from "../shared/formula.js";
import { formulaField } from "../shared/formulafield.js";
import { createElementGrid } from "./elementgrid.js";
import { shades } from "../shared/raster.js";

const AMOUNT = [1e-6, 1e6];
const TRAITS = ["composition", "property", "against", "missing"];
const NOBLE = [2, 10, 18, 36, 54, 86, 118];
const { abs, hypot, log10, max, min } = Math;
const sum = (values) => values.reduce((a, b) => a + b, 0);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const number = (value) =>
  value === null ? "missing" : String(abs(value) < 1e-12 ? 0 : Number(value.toPrecision(5))).replace("-", "−");

export const parse = parseFormula; // for the test

// The six statistics of nnlib.materials.composition_features: f are the amounts of the elements and p their properties,
// null where no value is known. All are null where such an element is not to be skipped, or where none is left.
export function statistics(f, p, skip) {
  if (skip) [f, p] = [f, p].map((list) => list.filter((_, k) => p[k] !== null));
  if (!p.length || p.includes(null))
    return { mean: null, deviation: null, minimum: null, maximum: null, range: null, mode: null };
  const total = sum(f);
  const share = f.map((n) => n / total);
  const [mean, most] = [sum(share.map((n, k) => n * p[k])), max(...share)];
  return {
    mean,
    deviation: sum(share.map((n, k) => n * abs(p[k] - mean))),
    minimum: min(...p),
    maximum: max(...p),
    range: max(...p) - min(...p),
    mode: min(...p.filter((_, k) => most - share[k] <= 1e-8 + 1e-5 * most)), // as numpy.isclose has it
  };
}

function render({ model, el }) {
  const { get, put } = amountsOf(model);
  const { symbols, names, blocks, places, properties, values, labels, units, logarithmic } = get("_table");
  const start = Object.fromEntries(TRAITS.map((name) => [name, get(name)]));
  const ramp = shades(...get("_scale"), ["#000000", "#ffffff"]);
  const indexOf = new Map(symbols.map((symbol, k) => [symbol, k]));
  let current = max(0, indexOf.get(Object.keys(start.composition)[0]) ?? 0); // the element last pointed at or focused

  const unitOf = (name) => units[name] && (name === "electronegativity" ? " on Pauling’s scale" : ` ${units[name]}`);
  const titleOf = (name) => labels[name] + (units[name] && ` (${units[name]})`);
  // Where a property's values lie on an axis: their logarithms where they span more than a thousandfold.
  const scales = Object.fromEntries(
    Object.entries(values).map(([name, column]) => {
      const log = logarithmic.includes(name);
      const to = (v) => (log ? log10(v) : v);
      const known = column.filter((v) => v !== null).map(to);
      const format = log ? (v) => (Number.isInteger(v) ? number(10 ** v) : "") : number;
      return [
        name,
        { log, to, low: min(...known), high: max(...known), format, unknown: column.length - known.length },
      ];
    }),
  );
  const colorOf = (name, k) => {
    const { to, low, high } = scales[name];
    return ramp((2 * (to(values[name][k]) - low)) / (high - low) - 1);
  };

  const frame = createFrame({
    el,
    name: "periodic",
    title: "The periodic table as a feature map",
    label: "Periodic table to color by a property and to pick elements from",
    onReset: () => {
      field.forget();
      put(start);
    },
  });
  const options = properties.map((name) => [name, capital(labels[name])]);
  const property = select({
    label: "Color by",
    name: "property",
    options,
    value: get("property"),
    onChange: (name) => put({ property: name }),
  });
  frame.head.append(property.el);

  const look = (k) => {
    if (k < 0 || k === current) return;
    current = k;
    inform();
    frame.redraw();
  };
  const pick = (k) => {
    const { [symbols[k]]: picked, ...others } = get("composition");
    current = k;
    put({ composition: picked ? others : { ...others, [symbols[k]]: 1 } });
  };
  const grid = createElementGrid({ symbols, places, onLook: look, onPick: pick });
  grid.enter(current);
  const info = element("div", { class: "nn-periodic-info" });
  const bar = element("div", {
    class: "nn-periodic-bar",
    style: `background: linear-gradient(to right, ${get("_scale")})`,
  });
  const scale = element("div", { class: "nn-periodic-scale" });
  const legend = element("div", { class: "nn-periodic-legend" }, info, bar, scale);
  const hint = element("div", {
    class: "nn-note nn-periodic-hint",
    text: "The table is wider than this page: scroll it sideways.",
  });
  frame.body.before(
    element("div", { class: "nn-periodic" }, legend, hint, element("div", { class: "nn-periodic-scroll" }, grid.el)),
  );

  const plot = createPlot(frame.picture, { label: "", aspect: 1.35 });
  const against = select({
    label: "Over",
    name: "against",
    options,
    value: get("against"),
    onChange: (name) => put({ against: name }),
  });
  const note = element("div", { class: "nn-note" });
  frame.picture.append(against.el, note);

  const field = formulaField({
    elements: symbols,
    range: AMOUNT,
    maxlength: 100,
    digits: 6,
    empty: true,
    composition: () => get("composition"),
    inWords: (reason, formula) => `${reason}.${formula && ` It stays ${formula}.`}`,
    onInput: (composition) => put({ composition }),
  });

  const amounts = group("Amounts");
  amounts.classList.add("nn-periodic-amounts");
  const sliders = new Map();
  const sliderOf = (symbol) => {
    if (!sliders.has(symbol))
      sliders.set(
        symbol,
        slider({
          label: symbol,
          name: `amount-${symbol}`,
          value: 1,
          min: 0.5,
          max: 6,
          step: 0.5,
          hardMin: AMOUNT[0],
          hardMax: AMOUNT[1],
          onInput: (n) => put({ composition: { ...get("composition"), [symbol]: n } }),
        }),
      );
    return sliders.get(symbol);
  };
  const features = element("table");
  const missing = select({
    label: "Missing values",
    name: "missing",
    value: get("missing"),
    onChange: (way) => put({ missing: way }),
    options: [
      ["nan", "give no features"],
      ["skip", "are skipped"],
    ],
  });
  const clear = button({ label: "Unpick all", name: "clear", onClick: () => put({ composition: {} }) });
  frame.actions.prepend(clear.el);
  frame.panel.append(field.el, amounts, features, missing.el, frame.actions);
  frame.body.append(frame.output);

  // What is picked: { k, symbol, n, share, value } of each element.
  const picked = () => {
    const composition = Object.entries(get("composition"));
    const total = sum(composition.map(([, n]) => n));
    return composition.map(([symbol, n]) => ({
      k: indexOf.get(symbol),
      symbol,
      n,
      share: n / total,
      value: values[get("property")][indexOf.get(symbol)],
    }));
  };
  const computed = () =>
    statistics(
      picked().map(({ n }) => n),
      picked().map(({ value }) => value),
      get("missing") === "skip",
    );
  // The elements that have a place in the plot, as { k, x, y } on its axes.
  const points = () => {
    const [x, y] = [get("against"), get("property")];
    return symbols
      .map((_, k) => k)
      .filter((k) => values[x][k] !== null && values[y][k] !== null)
      .map((k) => ({ k, x: scales[x].to(values[x][k]), y: scales[y].to(values[y][k]) }));
  };
  const nearest = ({ px, py }, reach) => {
    const [best] = points()
      .map(({ k, x, y }) => ({ k, away: hypot(px - plot.px(x), py - plot.py(y)) }))
      .sort((a, b) => a.away - b.away);
    return best?.away < reach ? best.k : -1;
  };
  frame.addCleanup(
    onDrag(plot, {
      hit: () => null,
      move: () => {},
      hover: (p) => {
        plot.canvas.style.cursor = nearest(p, 12) >= 0 ? "pointer" : "";
        look(nearest(p, 12));
      },
      click: (p) => nearest(p, 20) >= 0 && pick(nearest(p, 20)),
    }),
  );

  frame.onDraw((colors) => {
    const { ctx } = plot;
    const [x, y] = [get("against"), get("property")];
    const spread = ({ low, high }) => [low - 0.04 * (high - low), high + 0.06 * (high - low)];
    const [left, right] = spread(scales[x]);
    plot.setView([left, right], spread(scales[y]));
    plot.begin();
    const shares = new Map(picked().map(({ k, share }) => [k, share]));
    const all = points();
    plot.clip(() => {
      const { mean, deviation } = computed();
      if (mean !== null) {
        const [bottom, top] = [mean - deviation, mean + deviation].map((v) =>
          plot.py(scales[y].log ? log10(max(v, 1e-9)) : v),
        );
        ctx.globalAlpha = 0.14;
        ctx.fillStyle = colors.alert;
        ctx.fillRect(plot.area.left, top, plot.area.width, bottom - top);
        ctx.globalAlpha = 1;
        plot.polyline(
          [
            [left, scales[y].to(mean)],
            [right, scales[y].to(mean)],
          ],
          { color: colors.alert, width: 1.5, dash: [6, 5] },
        );
      }
      if (x === "atomic_number") {
        for (const n of NOBLE)
          plot.polyline(
            plot.view.y.map((end) => [n, end]),
            { color: colors.muted, width: 1, dash: [1, 4] },
          );
        all.slice(1).forEach(
          (point, i) =>
            point.k === all[i].k + 1 &&
            plot.polyline(
              [
                [all[i].x, all[i].y],
                [point.x, point.y],
              ],
              { color: colors.muted, width: 1 },
            ),
        );
      }
      for (const { k, x: at, y: height } of all) {
        if (!shares.has(k))
          marker(ctx, "circle", plot.px(at), plot.py(height), 4, {
            fill: colorOf(y, k).fill,
            stroke: colors.muted,
            width: 1,
          });
      }
      ctx.textAlign = "center";
      ctx.font = ctx.font.replace("13px", "600 13px");
      for (const { k, x: at, y: height } of all) {
        const [px, py] = [plot.px(at), plot.py(height)];
        const radius = shares.has(k) ? 5 + 4 * shares.get(k) : 4;
        if (shares.has(k))
          marker(ctx, "diamond", px, py, radius, { fill: colorOf(y, k).fill, stroke: colors.alert, width: 2.5 });
        if (k === current) marker(ctx, "circle", px, py, radius + 4, { stroke: colors.ink, width: 2 });
        if (!shares.has(k) && k !== current) continue;
        const above = py - radius - 8 > plot.area.top + 10;
        Object.assign(ctx, { lineWidth: 4, strokeStyle: colors.plot, fillStyle: colors.ink });
        const place = [
          symbols[k],
          min(max(px, plot.area.left + 12), plot.area.left + plot.area.width - 12),
          above ? py - radius - 8 : py + radius + 18,
        ];
        ctx.strokeText(...place);
        ctx.fillText(...place);
      }
      ctx.font = ctx.font.replace(/600|bold/, "");
    });
    plot.axes(colors, {
      x: { label: titleOf(x), format: scales[x].format },
      y: { label: titleOf(y), format: scales[y].format },
    });
  });

  // A property of element k in words.
  const told = (name, k) =>
    values[name][k] === null ? `no ${labels[name]} known` : `${labels[name]} ${number(values[name][k])}${unitOf(name)}`;
  function inform() {
    info.replaceChildren(
      element("div", {}, element("b", { text: symbols[current] }), ` ${names[current]}, ${blocks[current]} block`),
      element("div", { text: told(get("property"), current) }),
    );
  }
  function paintTable() {
    const [name, composition] = [get("property"), get("composition")];
    grid.show((k) => ({
      label: `${symbols[k]}, ${names[k]}: ${told(name, k)}`,
      picked: symbols[k] in composition,
      ...(values[name][k] !== null && colorOf(name, k)),
    }));
    inform();
    const { low, high, format, log, unknown } = scales[name];
    scale.replaceChildren(
      ...ticks(low, high, 5).map((v) =>
        element("span", {
          class: "nn-periodic-tick",
          style: `left: ${(100 * (v - low)) / (high - low)}%`,
          text: format(v),
        }),
      ),
      element(
        "div",
        { class: "nn-note" },
        `${capital(titleOf(name))}${log ? ", logarithmic" : ""}. `,
        ...(unknown
          ? [element("span", { class: "nn-periodic-key nn-periodic-missing" }), ` no value: ${unknown}`]
          : []),
      ),
    );
  }
  function words() {
    const name = get("property");
    const elements = picked();
    if (!elements.length) return ["No element is picked.", "Pick elements in the table, or type a formula."];
    const fractions = elements.map(({ symbol, share }) => `${symbol} ${number(share)}`).join(", ");
    const lines = [
      `${writeFormula(get("composition"), 6)}: ${elements.length > 6 ? `${elements.length} elements` : `fraction${elements.length > 1 ? "s" : ""} ${fractions}`}.`,
    ];
    const gaps = elements
      .filter(({ value }) => value === null)
      .map(({ symbol }) => symbol)
      .join(", ");
    const { mean } = computed();
    if (gaps)
      lines.push(
        `No ${labels[name]} is known of ${gaps}: ${mean === null ? "the features are missing" : "the features are those of the other elements"}.`,
      );
    if (mean === null) return lines;
    const known = elements.filter(({ value }) => value !== null);
    const total = sum(known.map(({ share }) => share));
    const terms = known.map(({ share, value }) => `${number(share / total)} × ${number(value)}`).join(" + ");
    return [...lines, `Mean ${labels[name]}: ${known.length > 6 ? "" : `${terms} = `}${number(mean)}${unitOf(name)}.`];
  }
  const HOW = {
    mean: "Σ f p",
    deviation: "Σ f |p − mean|",
    minimum: "smallest p",
    maximum: "largest p",
    range: "their difference",
    mode: "smallest p of the most abundant",
  };

  function show() {
    const composition = get("composition");
    property.set(get("property"));
    against.set(get("against"));
    missing.set(get("missing"));
    paintTable();
    field.show();
    const list = Object.keys(composition).map((symbol) => sliderOf(symbol));
    list.forEach((one, k) => {
      const n = Object.values(composition)[k];
      one.setRange(0.5, max(6, n), 0.5);
      one.set(n);
    });
    const elements = list.map((one) => one.el);
    if (elements.length + 1 !== amounts.children.length || elements.some((one, k) => amounts.children[k + 1] !== one)) {
      amounts.replaceChildren(amounts.firstChild, ...elements);
    }
    const drawn = new Set(points().map(({ k }) => k));
    const undrawn = picked()
      .filter(({ k }) => !drawn.has(k))
      .map(({ symbol }) => symbol)
      .join(", ");
    note.textContent = [
      "Click a point or an element to pick it. Diamonds: picked. Dashed: their weighted mean; band: mean ± deviation.",
      get("against") === "atomic_number" ? "Dotted: noble gases." : "",
      undrawn && `Not drawn, for want of a value: ${undrawn}.`,
    ].join(" ");
    amounts.hidden = !list.length;
    features.setAttribute("aria-label", `Features from the ${labels[get("property")]}`);
    features.replaceChildren(
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...["feature", "with fractions f", "value"].map((text) => element("th", { scope: "col", text })),
        ),
      ),
      element(
        "tbody",
        {},
        ...Object.entries(computed()).map(([name, value]) =>
          element(
            "tr",
            {},
            element("th", { scope: "row", text: name }),
            element("td", { text: HOW[name] }),
            element("td", { text: number(value), "data-feature": name }),
          ),
        ),
      ),
    );
    const lines = words();
    frame.say(lines);
    plot.canvas.style.cursor = "";
    plot.describe(
      `${capital(labels[get("property")])} of ${points().length} elements over the ${labels[get("against")]}, the picked ones marked. ${lines.join(" ")}`,
    );
    frame.redraw();
  }
  frame.table("Show all elements as a table", () => ({
    head: ["element", "name", "picked", titleOf(get("against")), titleOf(get("property"))],
    rows: symbols.map((symbol, k) => [
      symbol,
      names[k],
      number(get("composition")[symbol] ?? 0),
      ...["against", "property"].map((trait) => number(values[get(trait)][k])),
    ]),
  }));
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

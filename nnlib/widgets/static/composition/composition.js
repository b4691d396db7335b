// A property of materials predicted from their formulas, by models that are honest for few rows, with the error that
// each has on rows it has not seen: in random folds, and with whole chemical systems left out.
//
// The traits are the `formulas`, their `values` and what these are called, `property`; `model`, `split`, `neighbors` and
// `alpha`; and `composition`, a formula to predict ([[symbol, amount], ...]).

import { element, group, select, slider } from "../shared/controls.js";
import { amountsOf, parseFormula, writeFormula } from "../shared/formula.js";
import { formulaField } from "../shared/formulafield.js";
import { createFrame } from "../shared/frame.js";
import { createOwnData } from "../shared/owndata.js";
import { createPlot, fmt, marker, onDrag } from "../shared/plot.js";
import { featuresOf, systemOf } from "./features.js";
import { formulasOf } from "./formulas.js";
import { crossValidate, fit, meanError, randomFolds, systemFolds } from "./models.js";

const RANGE = [1e-6, 1e6]; // of an amount
const SETTINGS = ["model", "split", "neighbors", "alpha", "composition"];
const DATA = ["formulas", "values", "property"];
const NAMES = { mean: "the mean", ridge: "ridge", nearest: "nearest neighbors" };
const SPLITS = { random: "random folds", system: "by chemical system" };

function render({ model, el }) {
  const { get, put } = amountsOf(model);
  const table = get("_table");
  const start = Object.fromEntries([...SETTINGS, ...DATA, "dataset"].map((name) => [name, get(name)]));
  let rows = { of: null }; // what follows from the formulas alone
  let errors = { of: "" }; // of each model in each split, and its predictions
  let now = null; // what is said of the formula to predict
  let hovered = -1;

  const frame = createFrame({
    el,
    name: "composition",
    title: "From formulas to a property",
    label: "Prediction of a property from chemical formulas, with its error on unseen ones",
    onReset() {
      field.forget();
      put(start);
    },
  });
  const plot = createPlot(frame.picture, { label: "", aspect: 1 });
  frame.picture.append(
    element("div", {
      class: "nn-note",
      text: "Each circle is a formula, predicted by a model that has not seen its fold. On the line, the prediction is right; the dotted line is the mean, the dashed one what is predicted for your formula.",
    }),
  );
  const own = createOwnData(frame, {
    tasks: ["regression"],
    learned: "To predict",
    wanted: formulasOf(table),
    use: ({ formulas, values, names }) => put({ formulas, values, property: names[1], dataset: "own" }),
  });
  frame.head.append(own.el);
  const models = select({
    label: "Model",
    name: "model",
    options: Object.entries(NAMES),
    value: "mean",
    onChange: (name) => put({ model: name }),
  });
  const splits = select({
    label: "Tested on",
    name: "split",
    options: Object.entries(SPLITS),
    value: "random",
    onChange: (name) => put({ split: name }),
  });
  const alpha = slider({
    label: "Ridge penalty α",
    name: "alpha",
    value: 1,
    min: 0.001,
    max: 1000,
    hardMin: 1e-6,
    hardMax: 1e6,
    log: true,
    onInput: (v) => put({ alpha: v }),
  });
  const neighbors = slider({
    label: "Neighbors",
    name: "neighbors",
    value: 3,
    min: 1,
    max: 20,
    step: 1,
    hardMin: 1,
    hardMax: 20,
    integer: true,
    onInput: (k) => put({ neighbors: k }),
  });
  const field = formulaField({
    elements: table.symbols,
    range: RANGE,
    maxlength: 80,
    digits: 6,
    composition: () => get("composition"),
    inWords: (reason, formula) => `${reason}. The formula stays ${formula}.`,
    onInput(composition) {
      put({ composition });
    },
  });
  const results = element("table");
  frame.panel.append(
    group("Model", models.el, alpha.el, neighbors.el),
    group(
      "Mean absolute error",
      splits.el,
      element("div", { class: "nn-scroll", tabindex: 0, role: "group", "aria-label": "Mean absolute errors" }, results),
    ),
    group("Predict a formula", field.el),
    frame.actions,
  );
  frame.body.append(frame.output);

  function readRows() {
    const formulas = get("formulas").map((text) => parseFormula(text, table.symbols));
    const systems = formulas.map(systemOf);
    return {
      of: get("formulas"),
      features: formulas.map((amounts) => featuresOf(amounts, table)),
      systems,
      folds: { random: randomFolds(formulas.length), system: systemFolds(systems) },
    };
  }
  function test() {
    const [y, settings] = [get("values"), { alpha: get("alpha"), neighbors: get("neighbors") }];
    const predicted = {};
    for (const split of Object.keys(SPLITS)) {
      const folds = rows.folds[split];
      for (const name of Object.keys(NAMES))
        predicted[`${name} ${split}`] = folds && crossValidate(name, rows.features, y, folds, settings);
    }
    return {
      predicted,
      errorOf: (name, split) => {
        const values = predicted[`${name} ${split}`];
        return values ? meanError(y, values) : NaN;
      },
    };
  }
  const shown = () => errors.predicted[`${get("model")} ${get("split")}`] ?? errors.predicted[`${get("model")} random`];

  function show() {
    if (rows.of !== get("formulas")) rows = readRows();
    const of = JSON.stringify([get("alpha"), get("neighbors")]);
    if (errors.of !== of || errors.rows !== rows || errors.values !== get("values"))
      errors = { of, rows, values: get("values"), ...test() };
    const amounts = get("composition");
    const features = featuresOf(amounts, table);
    const settings = { alpha: get("alpha"), neighbors: get("neighbors") };
    const system = systemOf(amounts);
    now = {
      name: writeFormula(amounts, 6),
      value: features && fit(get("model"), rows.features, get("values"), settings)(features),
      known: rows.systems.includes(system),
      system,
    };
    models.set(get("model"));
    splits.set(rows.folds.system ? get("split") : "random");
    splits.setOptions(
      Object.entries(SPLITS).filter(([name]) => rows.folds[name]),
      rows.folds[get("split")] ? get("split") : "random",
    );
    alpha.set(get("alpha"));
    neighbors.set(get("neighbors"));
    alpha.el.hidden = get("model") !== "ridge";
    neighbors.el.hidden = get("model") !== "nearest";
    field.show();
    const cell = (name, split) => {
      const error = errors.errorOf(name, split);
      return Number.isNaN(error) ? "none" : fmt(error);
    };
    results.replaceChildren(
      element(
        "thead",
        {},
        element("tr", {}, ...["model", "random", "by system"].map((text) => element("th", { scope: "col", text }))),
      ),
      element(
        "tbody",
        {},
        ...Object.keys(NAMES).map((name) =>
          element(
            "tr",
            { class: name === get("model") ? "nn-chosen" : undefined },
            element("th", { scope: "row", text: NAMES[name] }),
            ...Object.keys(SPLITS).map((split) => element("td", { text: cell(name, split) })),
          ),
        ),
      ),
    );
    const lines = inWords();
    frame.say(lines);
    plot.describe(
      `Parity plot of ${get("property")}: predicted over given, for ${get("values").length} formulas. ${lines.join(" ")}`,
    );
    frame.redraw();
  }

  function inWords() {
    const { errorOf } = errors;
    const [name, property] = [get("model"), get("property")];
    const count = rows.features.length;
    const systems = new Set(rows.systems).size;
    const [random, apart] = [errorOf(name, "random"), errorOf(name, "system")];
    const told = `Mean absolute error of ${NAMES[name]}, ${property}: ${fmt(random)} in random folds${Number.isNaN(apart) ? "" : `, ${fmt(apart)} with whole chemical systems left out`}; always saying the mean has ${fmt(errorOf("mean", "random"))}.`;
    const split = rows.folds[get("split")] ? get("split") : "random";
    const useful = errorOf(name, split) < errorOf("mean", split);
    const verdict =
      name === "mean"
        ? "That is what any model has to beat."
        : useful
          ? ""
          : `It is no better than the mean where it is tested ${split === "random" ? "in random folds" : "by chemical system"}: from these rows it has learned nothing.`;
    const off = now.known || Number.isNaN(apart) ? random : apart;
    const prediction =
      now.value === null
        ? `${now.name}: no prediction, since a property of an element in it is not known.`
        : `${now.name}: ${fmt(now.value)} predicted for ${property}, with an error of ${fmt(off)} on average where ${now.known ? `the system ${now.system} is known` : `a chemical system is new, as ${now.system} is`}.`;
    return [
      prediction,
      told,
      verdict,
      `${count} formulas of ${systems} chemical ${systems === 1 ? "system: none can be left out" : "systems"}.`,
    ];
  }

  const spanOf = (values) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const pad = 0.06 * (high - low || 1);
    return [low - pad, high + pad];
  };
  frame.onDraw((colors) => {
    const [y, predicted] = [get("values"), shown()];
    const span = spanOf([...y, ...predicted]);
    const mean = y.reduce((a, b) => a + b, 0) / y.length;
    plot.setView(span, span);
    plot.begin();
    plot.clip(() => {
      plot.polyline(
        [
          [span[0], span[0]],
          [span[1], span[1]],
        ],
        { color: colors.muted, width: 1.5 },
      );
      plot.polyline(
        [
          [span[0], mean],
          [span[1], mean],
        ],
        { color: colors.muted, width: 1.5, dash: [2, 5] },
      );
      y.forEach((v, n) =>
        marker(plot.ctx, "circle", plot.px(v), plot.py(predicted[n]), 4, {
          fill: colors.classes[1],
          stroke: colors.plot,
          width: 1,
        }),
      );
      if (now.value !== null)
        plot.polyline(
          [
            [span[0], now.value],
            [span[1], now.value],
          ],
          { color: colors.alert, width: 2, dash: [7, 4] },
        );
      if (hovered >= 0 && hovered < y.length) drawTip(colors, y, predicted);
    });
    const property = get("property");
    const short = property.length > 32 ? `${property.slice(0, 31)}…` : property;
    plot.axes(colors, { x: { label: `${short}, given` }, y: { label: "predicted, unseen" } });
  });
  function drawTip(colors, y, predicted) {
    const { ctx } = plot;
    const [px, py] = [plot.px(y[hovered]), plot.py(predicted[hovered])];
    marker(ctx, "circle", px, py, 6, { stroke: colors.ink, width: 2 });
    const text = `${get("formulas")[hovered]}: ${fmt(y[hovered])}, predicted ${fmt(predicted[hovered])}`;
    const { left, width, top } = plot.area;
    const wide = ctx.measureText(text).width;
    const x = Math.max(left + 4, Math.min(left + width - wide - 4, px - wide / 2));
    Object.assign(ctx, {
      fillStyle: colors.ink,
      strokeStyle: colors.plot,
      lineWidth: 4,
      textAlign: "left",
      textBaseline: "bottom",
    });
    const at = Math.max(top + 18, py - 10);
    ctx.strokeText(text, x, at);
    ctx.fillText(text, x, at);
  }
  frame.addCleanup(
    onDrag(plot, {
      hit: () => null,
      move() {},
      hover(p) {
        const [y, predicted] = [get("values"), shown()];
        const away = y.map((v, n) => Math.hypot(plot.px(v) - p.px, plot.py(predicted[n]) - p.py));
        const nearest = Math.min(...away);
        const over = nearest < 12 ? away.indexOf(nearest) : -1;
        if (over === hovered) return;
        hovered = over;
        frame.redraw();
      },
      leave() {
        hovered = -1;
        frame.redraw();
      },
    }),
  );
  frame.table("Show the formulas as a table", () => {
    const predicted = shown();
    return {
      head: ["formula", "chemical system", get("property"), "predicted"],
      rows: get("formulas").map((text, n) => [text, rows.systems[n], fmt(get("values")[n], 4), fmt(predicted[n], 4)]),
    };
  });

  frame.follow(model, [...SETTINGS, ...DATA], show);
  show();
  return frame.ready();
}

export default { render };

// The perceptron in the plane: move the boundary, move the points, or let the rule do it.
//
// The model's traits are the points, the line and the data set. Here the parts are put together: the arithmetic is in
// rule.js, the traits as they are meant in board.js, the picture and its pointer in plane.js (with line.js), the
// controls of the points in points.js, the readout in words.js. The plot is drawn in board.js's z with equal units on
// both axes, so that the normal vector stands at a right angle to the boundary; the ticks show x.

import { LARGEST, createBoard } from "./board.js";
import { createProgram } from "./code.js";
import { button, element, group, select, slider } from "../shared/controls.js";
import { createFrame, createPlayer } from "../shared/frame.js";
import { createOwnData } from "../shared/owndata.js";
import { createPlane } from "./plane.js";
import { fmt } from "../shared/plot.js";
import { createPoints } from "./points.js";
import { nextMistake, sign, update } from "./rule.js";
import { count, minus, ofUpdate, sentences } from "./words.js";

const RUN_LIMIT = 2000; // updates in one run

function render({ model, el }) {
  const board = createBoard(model);
  const { get, put, record } = board;
  const start = Object.fromEntries(Object.keys(get("_settings")).map((name) => [name, get(name)]));
  const given = get("_datasets");
  // What is on screen and in no trait. picked: the reader has chosen a point, so mark it; cause: the point behind the
  // last update; before: the boundary before it; story: what happened last, in words.
  const now = { selected: 0, picked: false, cause: -1, before: null, story: "" };
  let learning = false; // the change under way comes from the rule
  const forget = () => Object.assign(now, { cause: -1, before: null, story: "" });
  const tell = (story) => {
    forget();
    now.story = story;
    show();
  };

  // ---- the rule

  // Make up to `limit` updates and show the last; returns how many there were to make.
  function learn(limit) {
    const { w: w0, b: b0, y, Z } = board.state();
    const rate = get("learning_rate");
    let [w, b, cursor, made] = [w0, b0, get("cursor"), 0];
    while (made < limit) {
      const i = nextMistake(w, b, Z, y, cursor);
      if (i < 0) break;
      now.before = { w, b };
      now.cause = i;
      ({ w, b } = update(w, b, Z[i], y[i], rate));
      cursor = (i + 1) % y.length;
      made++;
    }
    if (!made) {
      tell("No point is on the wrong side, so the rule changes nothing.");
      return 0;
    }
    const updates = get("updates") + made;
    now.story = ofUpdate(board, Z[now.cause], {
      number: updates,
      i: now.cause,
      before: now.before,
      after: { w, b },
      rate,
    });
    learning = true;
    put({ w, b, updates, cursor });
    learning = false;
    return made;
  }

  // A run starts slowly enough to follow each update and becomes faster, so that long runs end.
  let [due, pace, made] = [0, 0, 0];
  function goOn(seconds) {
    due += seconds * pace;
    pace *= 1.8 ** seconds;
    const wanted = Math.min(Math.floor(due), RUN_LIMIT - made);
    if (!wanted) return true;
    due -= wanted;
    const done = learn(wanted);
    made += done;
    if (done === wanted && made < RUN_LIMIT) return true;
    if (made) {
      now.story =
        done < wanted
          ? `The rule has ended: after ${count(made, "update")} in this run no point is on the wrong side.`
          : `Stopped after ${RUN_LIMIT} updates in one run, and still there are mistakes. Perhaps no line separates these classes; Run goes on.`;
    }
    show();
    return false;
  }

  // ---- the parts

  const load = (changes) => {
    run.pause();
    forget();
    [now.selected, now.picked] = [0, false];
    put(changes);
  };
  const choose = (dataset, learning_rate = get("learning_rate")) => {
    const { X, y, names } = board.record(dataset);
    load({ dataset, X, y, names, w: start.w, b: start.b, learning_rate, updates: 0, cursor: 0 });
  };
  // Of a data set that was chosen since, the points are those of its record.
  const reset = () => {
    const table = start.dataset === "own" && { _datasets: given }; // the reader may have opened another one since
    if (get("dataset") === start.dataset) load({ ...start, ...table });
    else choose(get("dataset"), start.learning_rate);
  };
  const frame = createFrame({
    el,
    name: "perceptron",
    title: "Perceptron playground",
    label: "Perceptron playground",
    onReset: reset,
  });
  const data = select({
    label: "Data",
    name: "dataset",
    value: get("dataset"),
    options: [],
    onChange: (dataset) => choose(dataset),
  });
  const table = createOwnData(frame, {
    tasks: ["classification"],
    learned: "Class",
    use({ points, names, classes, center, scale, file, source }) {
      const short = (text) => (text.length > 32 ? `${text.slice(0, 31)}…` : text);
      const own = {
        label: short(file),
        X: points.map(([x1, x2]) => [x1, x2]),
        y: points.map((point) => (point[2] ? 1 : -1)),
        names: points.map(() => ""),
        feature_names: names.slice(0, 2).map(short),
        symbols: ["x₁", "x₂"],
        units: ["", ""],
        class_names: classes,
        center: center.slice(0, 2),
        scale: scale.slice(0, 2),
        file,
        source,
      };
      const others = get("_datasets").filter(([name]) => name !== "own");
      const { X, y, names: none } = own;
      const { w, b } = start;
      load({ _datasets: [...others, ["own", own]], dataset: "own", X, y, names: none, w, b, updates: 0, cursor: 0 });
    },
  });
  frame.head.append(data.el);

  const plane = createPlane({
    frame,
    board,
    now,
    movePoint: (i, x) => points.movePoint(i, x),
    addPoint: (x) => points.addPoint(x),
    grab(i) {
      run.pause();
      if (i < 0) return;
      points.pick(i);
      show();
    },
    drop: show,
  });
  const legend = element("div", { class: "nn-legend" });
  frame.picture.append(
    legend,
    element("div", { class: "nn-note", text: "Drag a point, the line, or the tip of w. Click to add a point." }),
  );

  const limits = { value: 0, min: -5, max: 5, step: 0.05, hardMin: -LARGEST, hardMax: LARGEST };
  const weights = [0, 1].map((k) =>
    slider({
      label: ["w₁", "w₂"][k],
      name: ["w1", "w2"][k],
      ...limits,
      onInput: (v) => put({ w: get("w").map((old, j) => (j === k ? v : old)) }),
    }),
  );
  const bias = slider({ label: "b", name: "b", ...limits, onInput: (b) => put({ b }) });
  const note = element("div", { class: "nn-note" });

  const rate = slider({
    label: "Learning rate",
    name: "learning-rate",
    value: 0.5,
    min: 0.01,
    max: 10,
    hardMin: 1e-6,
    hardMax: 1e6,
    log: true,
    onInput: (learning_rate) => put({ learning_rate }),
  });
  const stepButton = button({
    label: "Step",
    name: "step",
    onClick: () => {
      run.pause();
      learn(1);
    },
  });
  const runButton = button({
    label: "Run",
    name: "run",
    primary: true,
    onClick: () => {
      if (run.playing) return run.pause();
      [due, pace, made] = [1, 3, 0];
      run.play();
    },
  });
  const run = createPlayer(frame, { tick: goOn, onChange: (playing) => runButton.setLabel(playing ? "Pause" : "Run") });
  frame.actions.prepend(runButton.el, stepButton.el);

  const points = createPoints({ board, now, plot: plane.plot, refresh: show, tell });
  frame.panel.append(
    group("Weights and bias", weights[0].el, weights[1].el, bias.el, note),
    group("Perceptron rule", rate.el, frame.actions),
    frame.output,
  );
  points.el.lastChild.append(table.el);
  frame.body.append(points.el);
  frame.table("Show the points as a table", () => {
    const s = board.state();
    const { symbols, units } = record();
    const head = symbols.map((symbol, k) => (units[k] ? `${symbol} (${units[k]})` : symbol));
    return {
      head: ["point", "name", ...head, "y", "score", "side"],
      rows: s.y.map((label, i) => [
        i + 1,
        get("names")[i],
        ...get("X")[i].map((v) => fmt(v, 5)),
        minus(label),
        fmt(s.scores[i]),
        sign(s.scores[i]) === label ? "right" : "wrong",
      ]),
    };
  });

  createProgram(frame, board, RUN_LIMIT);

  // ---- what follows the traits

  frame.onDraw((colors) => {
    const editing = points.el.contains(document.activeElement) && now.picked;
    plane.draw(colors, editing ? now.selected : run.playing ? -1 : now.cause);
  });

  // Ranges that hold the weights, the same for both.
  const span = (v) => [5, 10, 20, 50, 100, 200, 500].find((top) => Math.abs(v) <= top) ?? 1000;

  function show() {
    const s = board.state();
    const { symbols, class_names, center, scale } = record();
    now.selected = Math.min(now.selected, s.y.length - 1);
    data.setOptions(
      get("_datasets").map(([key, { label }]) => [key, label]),
      get("dataset"),
    );
    const spanW = Math.max(...s.w.map(span));
    weights.forEach((control, k) => {
      control.setRange(-spanW, spanW);
      control.set(s.w[k]);
    });
    bias.setRange(-span(s.b), span(s.b));
    bias.set(s.b);
    rate.set(get("learning_rate"));
    note.hidden = !board.standardized;
    const z = symbols.map((symbol, k) => `s${"₁₂"[k]} = (${symbol} − ${fmt(center[k])}) / ${fmt(scale[k])}`);
    note.textContent = `The weights act on ${z.join(" and ")}, which are of like size; the axes show ${symbols.join(" and ")}.`;

    plane.setView();
    points.show(s);
    legend.replaceChildren(
      ...[-1, 1].map((label) => {
        const kind = label > 0 ? 1 : 0;
        const mark = element("span", { class: `nn-swatch-${kind}`, "aria-hidden": "true", text: "■●"[kind] });
        return element("span", {}, mark, ` y = ${minus(label)}${class_names[kind] ? `: ${class_names[kind]}` : ""}`);
      }),
      element(
        "span",
        {},
        element("span", { class: "nn-ring", "aria-hidden": "true", text: "◯" }),
        ` on the wrong side: ${s.wrong.length}`,
      ),
    );

    const lines = sentences(board, s, { story: now.story, crosses: plane.crosses(s) });
    frame.say(lines);
    plane.plot.describe(
      `${count(s.y.length, "point")} over ${record().feature_names.join(" and ")}, ${s.y.filter((label) => label > 0).length} of them with y = +1. ${lines.slice(0, 3).join(" ")}`,
    );
    frame.redraw();
  }
  const traits = ["X", "y", "names", "w", "b", "learning_rate", "dataset", "updates", "_datasets"];
  frame.listen(model, traits, () => {
    if (!learning) forget();
  });
  frame.follow(model, traits, show);
  frame.root.addEventListener("focusin", frame.redraw);
  frame.root.addEventListener("focusout", frame.redraw);
  show();
  return frame.ready();
}

export default { render };

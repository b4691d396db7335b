// The network playground: train a small network in the page, or move any of its weights by hand.
//
// The model's traits are the settings and, last, the weights. Here the parts are put together and the settings have
// their controls. What is trained is in lab.js, and its weights are kept in step with Python by sync.js; structure.js
// shows the diagram, maps.js the plane, loss.js the curves; picker.js is for one weight.

import { button, checkbox, element, group, row, select, slider } from "../shared/controls.js";
import { DATASETS } from "./data.js";
import { ACTIVATIONS } from "./engine.js";
import { createFrame, createPlayer } from "../shared/frame.js";
import { createLab, sizesOf } from "./lab.js";
import { drawLoss } from "./loss.js";
import { createMaps } from "./maps.js";
import { createNames } from "./names.js";
import { createPicker } from "./picker.js";
import { createPlot, fmt } from "../shared/plot.js";
import { createStructure } from "./structure.js";
import { createSync } from "./sync.js";

const SLICE = 7; // milliseconds of training per animation frame at most, so that the page stays live
const MAX_LAYERS = 6;
const RATES = [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const PENALTIES = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const BATCHES = [1, 2, 5, 10, 20, 30, 50, 100, 250];

function render({ model, el }) {
  const get = (name) => model.get(name);
  const has = (name) => get("controls").includes(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const frame = createFrame({
    el,
    name: "network",
    title: "Neural network playground",
    stacked: true,
    onReset: () => reset(),
    label: "Neural network playground: train a small network, or move its weights by hand",
  });
  const lab = createLab(get);
  const maps = createMaps(lab, get);
  const names = createNames(lab, get);
  const sync = createSync({ model, frame, lab, put, refresh });
  const picker = createPicker({
    lab,
    names,
    onPick: refresh,
    isPlaying: () => player.playing,
    onMove(value) {
      lab.setWeight(picker.selected, value);
      sync.pushSoon();
      refresh();
    },
  });
  const structure = createStructure({ frame, lab, maps, picker, get, put, has });
  let shownUnit = null; // whose map stands in the plane: { layer, k }, or null for the output

  // ---- Actions -----------------------------------------------------------------------------------------------------

  function loadInputs() {
    lab.loadInputs();
    maps.load();
    if (lab.trainer) lab.newTrainer();
  }

  function build() {
    lab.build();
    maps.build();
    if (!lab.hasWeight(picker.selected)) picker.selected = { layer: 0, to: 0, from: 0 };
    if (shownUnit && !(lab.network.layers[shownUnit.layer]?.outputs > shownUnit.k)) shownUnit = null;
  }

  function restart() {
    build();
    sync.push();
    refresh();
  }

  function reset() {
    sync.stop();
    restart();
  }

  function reshape() {
    sync.stop();
    // Python assigned a whole network: its weights are here already.
    const sizes = [get("features").length, ...get("hidden"), 1];
    if (String(sizesOf(get("weights"))) === String(sizes)) lab.start = { sizes, weights: get("weights") };
    restart();
  }

  const advance = (epochs, milliseconds) => lab.advance(epochs, milliseconds, picker.holding ? picker.selected : null);

  function step() {
    sync.stop();
    if (lab.diverged) return;
    // A pause may have come inside an epoch; a step always ends with one.
    advance(1, Infinity);
    sync.push();
    refresh();
  }

  function restore() {
    lab.restore();
    sync.push();
    refresh();
    playButton.el.focus();
  }

  let owed = 0; // epochs that the speed asks for and that are not yet trained
  const player = createPlayer(frame, {
    tick(seconds) {
      if (lab.diverged) return false;
      owed = Math.min(owed + seconds * Number(speed.value), Math.max(1, Number(speed.value) / 2));
      const epochs = Math.floor(owed);
      if (epochs) {
        owed -= epochs;
        advance(epochs, SLICE);
        sync.pushSoon();
        refresh();
      }
      return !lab.diverged;
    },
    onChange(playing) {
      owed = 0;
      if (playing) return;
      sync.push();
      sync.stop();
    },
  });
  function followPlaying() {
    sync.claim();
    if (!get("playing")) player.pause();
    else if (sync.mine) player.play();
    frame.quiet(get("playing")); // also in a view that only follows
    refresh();
  }

  // ---- Controls ----------------------------------------------------------------------------------------------------

  const playButton = button({
    label: "Play",
    name: "play",
    primary: true,
    onClick: () => (get("playing") ? sync.stop() : sync.start()),
  });
  const stepButton = button({ label: "Step", name: "step", onClick: step });
  const seedButton = button({ label: "New weights", name: "new-seed", onClick: () => put({ seed: get("seed") + 1 }) });
  const speed = select({
    label: "Speed",
    name: "speed",
    value: "60",
    options: [
      ["5", "5 epochs a second"],
      ["60", "60 epochs a second"],
      ["1000", "1000 epochs a second"],
    ],
  });
  const counter = element("span", { class: "nn-epoch" });
  if (has("play")) {
    frame.actions.prepend(playButton.el, stepButton.el);
    frame.actions.append(seedButton.el, speed.el);
    frame.head.append(counter);
  }

  const problem = element("div", { class: "nn-diverged", role: "alert" });
  const restoreButton = button({
    label: "Restore the last finite weights",
    name: "restore",
    primary: true,
    onClick: restore,
  });

  // A setting with a few usual values; another one that Python chose joins them.
  const choice = (name, label, usual, text = String) => {
    const numeric = typeof usual[0] === "number";
    const options = () =>
      [...new Set([...usual, get(name)])].sort((a, b) => (numeric ? a - b : 0)).map((v) => [String(v), text(v)]);
    const control = select({
      label,
      name: name.replace("_", "-"),
      options: options(),
      value: String(get(name)),
      onChange: (v) => put({ [name]: numeric ? Number(v) : v }),
    });
    frame.listen(model, [name], () => control.setOptions(options(), String(get(name))));
    return control.el;
  };
  const number = (name, label, limits) => {
    const control = slider({
      label,
      name: name.replace("_", "-"),
      value: get(name),
      onInput: (v) => put({ [name]: v }),
      ...limits,
    });
    frame.listen(model, [name], () => {
      if (control.value !== get(name)) control.set(get(name));
    });
    return control.el;
  };
  const seedLimits = { min: 0, max: 20, step: 1, integer: true, hardMin: 0, hardMax: 2 ** 31 - 1 };

  const training = group(
    "Training",
    choice("learning_rate", "Learning rate", RATES),
    choice("batch_size", "Batch size", BATCHES),
    choice("optimizer", "Optimizer", ["SGD", "Adam"]),
    choice("l1", "L1 penalty", PENALTIES),
    choice("l2", "L2 penalty", PENALTIES),
    number("seed", "Seed of the weights", seedLimits),
  );
  const datasets = () => [
    ...Object.entries(DATASETS).map(([name, { label }]) => [name, label]),
    ...(get("_given") ? [["given", "given points"]] : []),
  ];
  const dataset = select({
    label: "Data set",
    name: "dataset",
    options: datasets(),
    value: get("dataset"),
    onChange: (name) => put({ dataset: name }),
  });
  const data = group(
    "Data",
    dataset.el,
    number("noise", "Noise", { min: 0, max: 2, step: 0.05, hardMin: 0, hardMax: 2 }),
    number("test_share", "Held out for testing", { min: 0.1, max: 0.9, step: 0.05, hardMin: 0.1, hardMax: 0.9 }),
    number("data_seed", "Seed of the points", seedLimits),
  );
  training.classList.add("nn-compact");
  data.classList.add("nn-compact");

  const addLayer = button({ label: "+", name: "add-layer", onClick: () => put({ hidden: [...get("hidden"), 2] }) });
  const removeLayer = button({
    label: "−",
    name: "remove-layer",
    onClick: () => put({ hidden: get("hidden").slice(0, -1) }),
  });
  addLayer.el.setAttribute("aria-label", "Add a hidden layer");
  removeLayer.el.setAttribute("aria-label", "Remove the last hidden layer");
  const layerCount = element("span");
  const layersRow = row(removeLayer.el, layerCount, addLayer.el, choice("activation", "Activation", ACTIVATIONS));

  const legend = (parts) => element("p", { class: "nn-note nn-keys" }, ...parts);
  const diagramNote = legend([
    element("span", { class: "nn-key nn-key-positive" }),
    "positive ",
    element("span", { class: "nn-key nn-key-negative" }),
    "negative; thicker is larger. ",
    has("weights")
      ? "Pick a connection, or a unit for its bias, here or below; drag up or down to change it. Or focus the picture: the arrow keys pick, + and − change."
      : "",
  ]);

  const outputBox = element("div", { class: "nn-output-map" });
  const output = createPlot(outputBox, { label: "Output over the plane", aspect: 1 });
  const mapSelect = select({
    label: "Map of",
    name: "map",
    options: [],
    value: "",
    onChange: (v) => {
      const [layer, k] = v.split(".").map(Number);
      shownUnit = layer === lab.last ? null : { layer, k };
      refresh();
    },
  });
  const testPoints = checkbox({ label: "test (open)", name: "show-test", checked: true, onChange: refresh });
  const outputNote = element("p", { class: "nn-note nn-keys" });
  const lossBox = element("div", { class: "nn-loss" });
  const lossPlot = createPlot(lossBox, { label: "Loss curves", aspect: 1.9 });
  const lossAxis = select({
    label: "Scale",
    name: "loss-axis",
    value: "linear",
    options: [
      ["linear", "linear"],
      ["log", "log"],
    ],
    onChange: frame.redraw,
  });
  const lossNote = legend([
    element("span", { class: "nn-key nn-key-train" }),
    "training ",
    element("span", { class: "nn-key nn-key-test" }),
    "test",
  ]);

  const area = (name, ...children) => element("div", { class: `nn-area-${name}` }, ...children);
  const net = element(
    "div",
    { class: has("data") ? "nn-net nn-with-data" : "nn-net" },
    ...(has("data") ? [area("data", data)] : []),
    area("diagram", ...(has("layers") ? [layersRow] : []), structure.el, diagramNote),
    ...(has("weights") ? [area("weights", picker.el)] : []),
    area(
      "maps",
      element("div", {}, mapSelect.el, outputBox, row(outputNote, testPoints.el)),
      ...(has("loss") ? [element("div", {}, lossBox, row(lossNote, lossAxis.el))] : []),
    ),
  );
  frame.picture.append(frame.actions, problem, ...(has("training") ? [training] : []), net);
  frame.panel.remove();
  frame.table("Show all weights as a table", () => ({
    head: ["from", "to", "weight"],
    rows: lab.network.layers.flatMap(({ inputs, outputs }, layer) =>
      Array.from({ length: outputs }, (_, to) =>
        Array.from({ length: inputs + 1 }, (_, k) => {
          const name = { layer, to, from: k < inputs ? k : -1 };
          return [k < inputs ? names.source(layer, k) : "bias", names.unit(layer, to), fmt(lab.weightOf(name))];
        }),
      ).flat(),
    ),
  }));

  // ---- What follows the state --------------------------------------------------------------------------------------

  frame.onDraw((colors) => {
    maps.paint(colors);
    const shown = structure.hoveredUnit ?? (shownUnit && { column: shownUnit.layer + 1, k: shownUnit.k });
    structure.draw(shown, colors);
    maps.draw(
      output,
      shown && shown.column <= lab.last ? structure.mapOf(shown.column, shown.k) : null,
      testPoints.checked,
    );
    if (has("loss")) drawLoss(lossPlot, lab.history, lossAxis.value === "log", colors);
  });

  const percent = (share) => `${fmt(100 * share)} %`;

  function words() {
    const { task, trainer, history } = lab;
    const [a, b] = [lab.lossOf(lab.train), lab.lossOf(lab.test)];
    const accuracy =
      task === "classification" ? ` Accuracy: training ${percent(a.accuracy)}, test ${percent(b.accuracy)}.` : "";
    const state = lab.diverged ? "" : ` Loss: training ${fmt(a.loss)}, test ${fmt(b.loss)}.${accuracy}`;
    const lines = [
      `${get("playing") ? "Training, epoch" : "Epoch"} ${trainer.epoch}.${state || " Training has diverged."}`,
      has("weights") ? `${names.weight(picker.selected)}: ${fmt(lab.weightOf(picker.selected))}.` : "",
    ];
    frame.say(lines);
    const shape = get("hidden").length
      ? `hidden layers of ${get("hidden").join(", ")} ${get("activation")} units`
      : "no hidden layer";
    structure.describe(
      `Network with inputs ${names.inputs().join(", ")}, ${shape} and one output. ${has("weights") ? lines[1] : ""}`,
    );
    const what =
      task === "classification"
        ? `The network says class 1 on the blue side and class 0 on the orange side of the black line.${accuracy}`
        : "Blue is positive, orange negative.";
    const which = shownUnit ? `Map of ${names.unit(shownUnit.layer, shownUnit.k)}` : "Map of the output";
    output.describe(
      `${which} over x₁ and x₂ with ${lab.train.count} training and ${lab.test.count} test points. ${what}`,
    );
    lossPlot.describe(
      `Loss against epoch: after ${trainer.epoch} epochs training ${fmt(a.loss)}, test ${fmt(b.loss)}; at first training ${fmt(history.train[0])}, test ${fmt(history.test[0])}.`,
    );
    counter.textContent = `Epoch ${String(trainer.epoch)
      .padStart(6, "0")
      .replace(/(\d{3})$/, ",$1")}`;
  }

  function showProblem() {
    const { diverged, lastFinite } = lab;
    const key = diverged ? `${diverged.epoch} ${lastFinite.epoch}` : "";
    if (problem.dataset.key === key) return;
    problem.dataset.key = key;
    problem.replaceChildren();
    if (!diverged) return;
    const advice =
      get("learning_rate") > 0.03 ? `a smaller learning rate than ${get("learning_rate")}` : "smaller weights";
    problem.append(
      element("p", {
        text: `Training stopped in epoch ${diverged.epoch}: a weight went beyond ±1,000,000 or is no number any more. Each step overshot and made the next one larger. Try ${advice}.`,
      }),
      restoreButton.el,
      element("span", { class: "nn-note", text: `They are those of epoch ${lastFinite.epoch}. Reset starts over.` }),
    );
  }

  function showKey() {
    const part = (shape, color, text) => [element("span", { class: `nn-dot nn-dot-${shape} ${color}` }), text];
    const classes = lab.task === "classification";
    outputNote.replaceChildren(
      ...(classes
        ? [...part("square", "nn-class-0", "class 0 "), ...part("circle", "nn-class-1", "class 1")]
        : part("circle", "nn-value", `training; color: ±${fmt(maps.topTarget, 2)}`)),
    );
    testPoints.setLabel(classes ? "test (open)" : "test (diamonds)");
  }

  function refresh() {
    playButton.setLabel(get("playing") ? "Pause" : "Play");
    playButton.disable(Boolean(lab.diverged));
    stepButton.disable(Boolean(lab.diverged));
    const count = get("hidden").length;
    net.classList.toggle("nn-deep", count > 3); // many layers need the whole width
    layerCount.textContent = `${count} hidden layer${count === 1 ? "" : "s"}`;
    addLayer.disable(count >= MAX_LAYERS);
    removeLayer.disable(count === 0);
    picker.show();
    mapSelect.setOptions(
      [
        [`${lab.last}.0`, "output"],
        ...lab.network.layers
          .slice(0, -1)
          .flatMap(({ outputs }, l) =>
            Array.from({ length: outputs }, (_, k) => [`${l}.${k}`, `hidden ${l + 1}, unit ${k + 1}`]),
          ),
      ],
      shownUnit ? `${shownUnit.layer}.${shownUnit.k}` : `${lab.last}.0`,
    );
    showProblem();
    words();
    frame.redraw();
  }

  // ---- The model's changes, from the controls above or from Python -------------------------------------------------

  frame.listen(model, ["noise", "test_share", "data_seed"], () => {
    lab.loadData();
    loadInputs();
    lab.record();
    refresh();
  });
  frame.follow(model, ["dataset", "_given"], () => {
    dataset.setOptions(datasets(), get("dataset"));
    lab.loadData();
    loadInputs();
    showKey();
    restart();
  });
  frame.listen(model, ["features"], () => {
    sync.stop(); // while points and network still fit each other
    lab.trainer = null;
    loadInputs();
    reshape();
  });
  frame.listen(model, ["hidden"], reshape);
  frame.listen(model, ["seed"], () => {
    lab.start = null;
    restart();
  });
  frame.listen(model, ["activation"], () => {
    lab.network.activation = get("activation");
    lab.changed();
    refresh();
  });
  frame.listen(model, ["optimizer"], () => lab.trainer.setOptimizer(get("optimizer")));
  frame.listen(model, ["learning_rate", "l1", "l2", "batch_size"], refresh);
  frame.listen(model, ["playing"], followPlaying);

  lab.loadData();
  loadInputs();
  lab.start = { sizes: sizesOf(get("weights")), weights: get("weights") };
  build();
  lab.trainer.epoch = get("epoch");
  lab.forget();
  showKey();
  refresh();
  if (get("playing")) followPlaying();
  return frame.ready();
}

export default { render };

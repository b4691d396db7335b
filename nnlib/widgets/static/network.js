// The network playground: train a small network in the page, or move any of its weights by hand.
//
// The model's traits are the settings and, last, the weights. `network` (engine.js) holds the weights in force;
// the trait `weights` follows it, at most a few times a second, and moves it when Python assigns.

import { button, checkbox, element, group, row, select, slider } from "./controls.js";
import { DATASETS, FEATURES, STREAMS, featureMatrix, generate, heldOut, initialize, random } from "./data.js";
import { diagramSize, drawDiagram, findUnit, findWeight, placeUnits, same } from "./diagram.js";
import { ACTIVATIONS, Network, Trainer, WEIGHT_LIMIT } from "./engine.js";
import { createFrame, createPlayer } from "./frame.js";
import { createField, createPlot, fmt, marker, onDrag, ramp } from "./plot.js";

const GRID = 100; // points of a map along each side
const POINTS = 500; // of a built-in data set
const SLICE = 7; // milliseconds of training per animation frame at most, so that the page stays live
const MAX_LAYERS = 6;
const MAX_UNITS = 8;
const HISTORY = 1200; // points of a loss curve; beyond, every second one is dropped
const LOSS = { classification: "binary_cross_entropy", regression: "mean_squared_error" };
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
    el, name: "network", title: "Neural network playground", stacked: true, onReset: () => reset(),
    label: "Neural network playground: train a small network, or move its weights by hand",
  });

  // ---- State -------------------------------------------------------------------------------------------------------

  let task, points, held, train, test, view, gridInput;
  let network, values, fields, trainer;
  let start; // the weights that a reset goes back to
  let lastFinite, diverged = null;
  let history, stride;
  let stale = { layer: 0, unit: -1 }; // maps to compute again: this unit's (-1: its whole layer's) and all above; or null
  let selected = { layer: 0, to: 0, from: 0 };
  let hovered = null, hoveredUnit = null, shownUnit = null; // shownUnit: null for the output
  let holding = false; // the reader holds the weight's slider: training must not take it away
  let pushing = false, pushTimer = 0;
  let pointLayer = null;
  let colors = null;
  let colorRamp = null;
  const inputFields = new Map();

  const inputNames = () => get("features").map((name) => FEATURES[name].label);
  const lastLayer = () => network.layers.length - 1;
  const layerName = (layer) => (layer === lastLayer() ? "output" : `hidden ${layer + 1}`);
  const unitName = (layer, to) => (layer === lastLayer() ? "the output" : `unit ${to + 1} of hidden layer ${layer + 1}`);
  const sourceName = (layer, from) => (layer === 0 ? inputNames()[from] : `unit ${from + 1} of hidden layer ${layer}`);
  const weightName = ({ layer, to, from }) =>
    from < 0 ? `Bias of ${unitName(layer, to)}` : `Weight from ${sourceName(layer, from)} to ${unitName(layer, to)}`;
  const indexOf = ({ layer, to, from }) => {
    const { inputs, weight, bias } = network.layers[layer];
    return from < 0 ? bias + to : weight + to * inputs + from;
  };
  const weightOf = (name) => network.parameters[indexOf(name)];
  const settings = () => ({ batchSize: get("batch_size"), learningRate: get("learning_rate"), l1: get("l1"), l2: get("l2") });

  function loadData() {
    const given = get("dataset") === "given" ? get("_given") : null;
    task = given ? given.task : DATASETS[get("dataset")].task;
    points = given ? given.points : generate(get("dataset"), POINTS, get("noise"), get("data_seed"));
    held = heldOut(points.length, get("test_share"), get("data_seed"));
    if (given) {
      view = [0, 1].map((axis) => {
        const values = points.map((point) => point[axis]);
        const low = Math.min(...values), high = Math.max(...values);
        const pad = high > low ? 0.08 * (high - low) : 1;
        return [low - pad, high + pad];
      });
    } else view = [0, 1].map(() => [-6 - get("noise"), 6 + get("noise")]);
    pointLayer = null;
  }

  // What the network reads: points and grid, as the chosen features.
  function loadInputs() {
    const part = (mine) => {
      const list = points.filter((_, n) => held[n] === mine);
      return { input: featureMatrix(get("features"), list), target: Float64Array.from(list, (p) => p[2]), count: list.length };
    };
    train = part(false);
    test = part(true);
    const grid = [];
    const [[x0, x1], [y0, y1]] = view;
    for (let j = 0; j < GRID; j++) {
      for (let i = 0; i < GRID; i++) grid.push([x0 + ((i + 0.5) / GRID) * (x1 - x0), y1 - ((j + 0.5) / GRID) * (y1 - y0)]);
    }
    gridInput = featureMatrix(get("features"), grid);
    inputFields.clear();
    for (const name of Object.keys(FEATURES)) {
      inputFields.set(name, { field: createField(GRID, GRID), values: featureMatrix([name], grid), stale: true });
    }
    if (trainer) newTrainer();
  }

  function newTrainer() {
    const epoch = trainer?.epoch ?? 0;
    const uniform = random(get("seed") + epoch, STREAMS.batches);
    trainer = new Trainer(network, train, LOSS[task], uniform);
    trainer.setOptimizer(get("optimizer"));
    trainer.epoch = epoch;
    train.values = network.workspace(train.count);
    test.values = network.workspace(test.count);
    stale = { layer: 0, unit: -1 };
  }

  const sizesOf = (weights) => [weights[0][0].length, ...weights.filter((_, k) => k % 2).map((bias) => bias.length)];

  // A network of the chosen shape with its first weights.
  function build() {
    network = new Network([get("features").length, ...get("hidden"), 1], get("activation"));
    values = network.workspace(GRID * GRID);
    fields = network.layers.map((layer) => Array.from({ length: layer.outputs }, () => createField(GRID, GRID)));
    const fits = start && String(start.sizes) === String(network.sizes);
    if (fits) network.fromLists(start.weights);
    else initialize(network, get("seed"));
    newTrainer();
    trainer.epoch = 0;
    forget();
    if (!weightExists(selected)) selected = { layer: 0, to: 0, from: 0 };
    if (shownUnit && !(fields[shownUnit.layer]?.length > shownUnit.k)) shownUnit = null;
  }

  const weightExists = ({ layer, to, from }) => {
    const shape = network.layers[layer];
    return Boolean(shape) && to < shape.outputs && from < shape.inputs;
  };

  function forget() {
    history = { epoch: [], train: [], test: [] };
    stride = 1;
    diverged = null;
    lastFinite = { parameters: network.parameters.slice(), epoch: trainer.epoch };
    record();
  }

  function lossOf(set) {
    if (!set.count) return { loss: NaN, accuracy: NaN };
    const output = network.forward(set.input, set.count, set.values);
    let right = 0;
    if (task === "classification") for (let n = 0; n < set.count; n++) right += (output[n] > 0) === (set.target[n] === 1);
    return { loss: network.loss(output, set.target, set.count, LOSS[task]), accuracy: right / set.count };
  }

  function record() {
    const { epoch } = trainer;
    if (history.epoch.length && (epoch - history.epoch.at(-1)) < stride) return;
    history.epoch.push(epoch);
    history.train.push(lossOf(train).loss);
    history.test.push(lossOf(test).loss);
    if (history.epoch.length < HISTORY) return;
    stride *= 2;
    for (const name of Object.keys(history)) history[name] = history[name].filter((_, k) => k % 2 === 0);
  }

  // ---- Python's side -----------------------------------------------------------------------------------------------

  function push() {
    clearTimeout(pushTimer);
    pushTimer = 0;
    if (!network.isFinite()) return;
    pushing = true;
    put({ weights: network.toLists(), epoch: trainer.epoch });
    pushing = false;
  }
  const pushSoon = () => { pushTimer ||= setTimeout(push, 250); };
  frame.addCleanup(() => clearTimeout(pushTimer));

  // ---- Actions -----------------------------------------------------------------------------------------------------

  // After every batch of work: is everything still finite?
  function check() {
    if (network.isFinite()) return true;
    diverged = { epoch: trainer.epoch + (trainer.position > 0) };
    return false;
  }

  const eachEpoch = () => {
    if (!check()) return false;
    lastFinite.parameters.set(network.parameters);
    lastFinite.epoch = trainer.epoch;
    return true;
  };

  function advance(epochs, milliseconds) {
    const keep = weightOf(selected);
    trainer.run(settings(), epochs, milliseconds, eachEpoch);
    if (holding) network.parameters[indexOf(selected)] = keep;
    stale = { layer: 0, unit: -1 };
    const fine = !diverged && check();
    if (fine) record();
    return fine;
  }

  function step() {
    stop();
    if (diverged) return;
    // A pause may have come inside an epoch; a step always ends with one.
    advance(1, Infinity);
    push();
    refresh();
  }

  function setWeight(value) {
    network.parameters[indexOf(selected)] = value;
    const { layer, to } = selected;
    if (!stale) stale = { layer, unit: to };
    else if (stale.layer !== layer || stale.unit !== to) stale = { layer: Math.min(stale.layer, layer), unit: -1 };
    if (network.isFinite()) {
      diverged = null;
      lastFinite.parameters.set(network.parameters);
      lastFinite.epoch = trainer.epoch;
    }
    pushSoon();
    refresh();
  }

  function restart() {
    build();
    push();
    refresh();
  }

  function reset() {
    stop();
    restart();
  }

  function restore() {
    network.parameters.set(lastFinite.parameters);
    trainer.epoch = lastFinite.epoch;
    newTrainer();
    diverged = null;
    push();
    refresh();
    playButton.el.focus();
  }

  function selectWeight(name) {
    selected = name;
    refresh();
  }

  // Of several views of one model, as a notebook may show, one trains and the others follow its weights.
  const me = Math.random().toString(36).slice(2);
  const stop = () => { if (get("playing")) put({ playing: false }); };
  function followPlaying() {
    if (!get("playing")) {
      model.set({ _trainer: "" });
      player.pause();
    } else {
      if (!get("_trainer")) model.set({ _trainer: me });
      if (get("_trainer") === me) player.play();
    }
    refresh();
  }
  frame.addCleanup(() => { if (get("_trainer") === me) stop(); });

  const player = createPlayer(frame, {
    tick(seconds) {
      if (diverged) return false;
      owed = Math.min(owed + seconds * Number(speed.value), Math.max(1, Number(speed.value) / 2));
      const epochs = Math.floor(owed);
      if (epochs) {
        owed -= epochs;
        advance(epochs, SLICE);
        pushSoon();
        refresh();
      }
      return !diverged;
    },
    onChange(playing) {
      owed = 0;
      if (playing) return;
      push();
      stop();
    },
  });
  let owed = 0;

  // ---- Controls ----------------------------------------------------------------------------------------------------

  const playButton = button({ label: "Play", name: "play", primary: true, onClick: () => put({ playing: !get("playing") }) });
  const stepButton = button({ label: "Step", name: "step", onClick: step });
  const seedButton = button({ label: "New weights", name: "new-seed", onClick: () => put({ seed: get("seed") + 1 }) });
  const speed = select({
    label: "Speed", name: "speed", value: "60",
    options: [["5", "5 epochs a second"], ["60", "60 epochs a second"], ["1000", "1000 epochs a second"]],
  });
  const counter = element("span", { class: "nn-epoch" });
  if (has("play")) {
    frame.actions.prepend(playButton.el, stepButton.el);
    frame.actions.append(seedButton.el, speed.el);
    frame.head.append(counter);
  }

  const problem = element("div", { class: "nn-diverged", role: "alert" });
  const restoreButton = button({ label: "Restore the last finite weights", name: "restore", primary: true, onClick: restore });

  // A setting with a few usual values; another one that Python chose joins them.
  const choice = (name, label, usual, text = String) => {
    const options = () => [...new Set([...usual, get(name)])].sort((a, b) => (typeof a === "number" ? a - b : 0)).map((v) => [String(v), text(v)]);
    const control = select({
      label, name: name.replace("_", "-"), options: options(), value: String(get(name)),
      onChange: (v) => put({ [name]: typeof usual[0] === "number" ? Number(v) : v }),
    });
    frame.listen(model, [name], () => control.setOptions(options(), String(get(name))));
    return control.el;
  };
  const number = (name, label, limits) => {
    const control = slider({ label, name: name.replace("_", "-"), value: get(name), onInput: (v) => put({ [name]: v }), ...limits });
    frame.listen(model, [name], () => { if (control.value !== get(name)) control.set(get(name)); });
    return control.el;
  };
  const seedLimits = { min: 0, max: 20, step: 1, integer: true, hardMin: 0, hardMax: 2 ** 31 - 1 };

  const training = group("Training",
    choice("learning_rate", "Learning rate", RATES),
    choice("batch_size", "Batch size", BATCHES),
    choice("optimizer", "Optimizer", ["SGD", "Adam"]),
    choice("l1", "L1 penalty", PENALTIES),
    choice("l2", "L2 penalty", PENALTIES),
    number("seed", "Seed of the weights", seedLimits),
  );
  const dataNames = [...Object.keys(DATASETS), ...(get("_given") ? ["given"] : [])];
  const dataGroup = group("Data",
    choice("dataset", "Data set", dataNames, (name) => DATASETS[name]?.label ?? "given points"),
    number("noise", "Noise", { min: 0, max: 2, step: 0.05, hardMin: 0, hardMax: 2 }),
    number("test_share", "Held out for testing", { min: 0.1, max: 0.9, step: 0.05, hardMin: 0.1, hardMax: 0.9 }),
    number("data_seed", "Seed of the points", seedLimits),
  );
  training.classList.add("nn-compact");
  dataGroup.classList.add("nn-compact");

  const addLayer = button({ label: "+", name: "add-layer", onClick: () => put({ hidden: [...get("hidden"), 2] }) });
  const removeLayer = button({ label: "−", name: "remove-layer", onClick: () => put({ hidden: get("hidden").slice(0, -1) }) });
  addLayer.el.setAttribute("aria-label", "Add a hidden layer");
  removeLayer.el.setAttribute("aria-label", "Remove the last hidden layer");
  const layerCount = element("span");
  const layersRow = row(removeLayer.el, layerCount, addLayer.el, choice("activation", "Activation", ACTIVATIONS));

  const diagramBox = element("div", { class: "nn-diagram" });
  const diagramScroll = element("div", { class: "nn-diagram-scroll", tabindex: 0, role: "group", "aria-label": "Network diagram" }, diagramBox);
  const diagram = createPlot(diagramBox, { label: "Network diagram", axes: false });
  diagram.setView([0, 1], [0, 1]);
  const overlay = element("div", { class: "nn-overlay" });
  diagramBox.append(overlay);
  const legend = (parts) => element("p", { class: "nn-note nn-keys" }, ...parts);
  const diagramNote = legend([
    element("span", { class: "nn-key nn-key-positive" }), "positive ", element("span", { class: "nn-key nn-key-negative" }), "negative; thicker is larger. ",
    has("weights") ? "Pick a connection, or a unit for its bias, here or below; drag up or down to change it." : "",
  ]);

  const pickLayer = select({ label: "Layer", name: "weight-layer", options: [], value: "", onChange: (v) => selectWeight({ layer: Number(v), to: 0, from: 0 }) });
  const pickTo = select({ label: "To", name: "weight-to", options: [], value: "", onChange: (v) => selectWeight({ ...selected, to: Number(v) }) });
  const pickFrom = select({ label: "From", name: "weight-from", options: [], value: "", onChange: (v) => selectWeight({ ...selected, from: Number(v) }) });
  const weightSlider = slider({ label: "Weight", name: "weight", value: 0, min: -5, max: 5, step: 0.01, hardMin: -WEIGHT_LIMIT, hardMax: WEIGHT_LIMIT, onInput: setWeight });
  const weightGroup = group("One weight or bias", pickLayer.el, pickTo.el, pickFrom.el, weightSlider.el);
  weightGroup.classList.add("nn-weight");
  const [weightRange, weightNumber] = weightSlider.el.querySelectorAll("input");
  const release = () => { holding = false; };
  weightRange.addEventListener("pointerdown", () => { holding = true; });
  for (const event of ["pointerup", "pointercancel", "change", "blur"]) weightRange.addEventListener(event, release);

  const outputBox = element("div", { class: "nn-output-map" });
  const output = createPlot(outputBox, { label: "Output over the plane", aspect: 1 });
  const mapSelect = select({ label: "Map of", name: "map", options: [], value: "", onChange: (v) => {
    const [layer, k] = v.split(".").map(Number);
    shownUnit = layer === lastLayer() ? null : { layer, k };
    refresh();
  } });
  const testPoints = checkbox({ label: "test (open)", name: "show-test", checked: true, onChange: () => { pointLayer = null; refresh(); } });
  const outputNote = element("p", { class: "nn-note nn-keys" });
  const lossBox = element("div", { class: "nn-loss" });
  const lossPlot = createPlot(lossBox, { label: "Loss curves", aspect: 1.9 });
  const lossAxis = select({ label: "Scale", name: "loss-axis", value: "linear", options: [["linear", "linear"], ["log", "log"]], onChange: () => frame.redraw() });
  const lossNote = legend([element("span", { class: "nn-key nn-key-train" }), "training ", element("span", { class: "nn-key nn-key-test" }), "test"]);

  const area = (name, ...children) => element("div", { class: `nn-area-${name}` }, ...children);
  const net = element("div", { class: has("data") ? "nn-net nn-with-data" : "nn-net" },
    ...(has("data") ? [area("data", dataGroup)] : []),
    area("diagram", ...(has("layers") ? [layersRow] : []), diagramScroll, diagramNote),
    ...(has("weights") ? [area("weights", weightGroup)] : []),
    area("maps",
      element("div", {}, mapSelect.el, outputBox, row(outputNote, testPoints.el)),
      ...(has("loss") ? [element("div", {}, lossBox, row(lossNote, lossAxis.el))] : [])));
  frame.picture.append(frame.actions, problem, ...(has("training") ? [training] : []), net);
  frame.panel.remove();
  frame.table("Show all weights as a table", () => ({
    head: ["from", "to", "weight"],
    rows: network.layers.flatMap(({ inputs, outputs }, layer) => Array.from({ length: outputs }, (_, to) =>
      Array.from({ length: inputs + 1 }, (_, k) => {
        const name = { layer, to, from: k < inputs ? k : -1 };
        return [k < inputs ? sourceName(layer, k) : "bias", unitName(layer, to), fmt(weightOf(name))];
      })).flat()),
  }));

  // ---- The diagram's own controls, placed over the canvas ----------------------------------------------------------

  const shownInputs = () => (has("features") ? Object.keys(FEATURES) : get("features"));
  const labelWidth = () => (has("features") ? 80 : 50);
  const header = has("layers") ? 56 : 28;
  let units, idle, captions, labels;
  let overlayKey = "";

  // Places units for the width there is; the checkboxes and buttons follow.
  function layout() {
    const inputs = shownInputs(), hidden = get("hidden");
    const size = diagramSize(Math.max(inputs.length, ...hidden), network.layers.length, labelWidth(), header);
    const width = Math.max(size.minWidth, diagramScroll.clientWidth);
    diagram.canvas.style.width = `${width}px`;
    diagram.canvas.style.height = `${size.height}px`;
    const all = placeUnits(width, size.height, inputs.length, [...hidden, 1], labelWidth(), header);
    const used = inputs.map((name) => get("features").includes(name));
    units = [all[0].filter((_, k) => used[k]), ...all.slice(1)];
    idle = all[0].map((at, k) => ({ ...at, name: inputs[k] })).filter((_, k) => !used[k]);
    captions = [
      { text: "inputs", ...all[0][0], y: 16 },
      ...hidden.map((count, l) => ({ text: count === 1 ? "1 unit" : `${count} units`, ...all[l + 1][0], y: 16 })),
      { text: "output", ...all.at(-1)[0], y: 16 },
    ];
    labels = has("features") ? [] : inputs.map((name, k) => ({ text: FEATURES[name].label, x: all[0][k].x - 23, y: all[0][k].y }));
    const key = JSON.stringify([width, size.height, inputs, get("features"), hidden]);
    if (key === overlayKey) return;
    overlayKey = key;
    const focused = overlay.querySelector(":focus")?.closest("[data-control]")?.dataset.control;
    const at = (node, x, y) => {
      node.style.left = `${x}px`;
      node.style.top = `${y}px`;
      return node;
    };
    overlay.replaceChildren();
    if (has("features")) {
      inputs.forEach((name, k) => overlay.append(at(checkbox({
        label: FEATURES[name].label, name: `feature-${name}`, checked: used[k],
        onChange: (on) => put({ features: inputs.filter((other) => (other === name ? on : get("features").includes(other))) }),
      }).el, 0, all[0][k].y - 14)));
      const only = get("features").length === 1 && overlay.querySelector("input:checked");
      if (only) only.disabled = true; // a network needs an input
    }
    if (has("layers")) {
      hidden.forEach((count, l) => {
        const change = (by) => () => put({ hidden: hidden.map((other, m) => (m === l ? count + by : other)) });
        const fewer = button({ label: "−", name: `remove-unit-${l + 1}`, onClick: change(-1) });
        const more = button({ label: "+", name: `add-unit-${l + 1}`, onClick: change(1) });
        fewer.el.setAttribute("aria-label", `Remove a unit from hidden layer ${l + 1}`);
        more.el.setAttribute("aria-label", `Add a unit to hidden layer ${l + 1}`);
        fewer.disable(count <= 1);
        more.disable(count >= MAX_UNITS);
        overlay.append(at(element("div", { class: "nn-stepper" }, fewer.el, more.el), all[l + 1][0].x - 26, 22));
      });
    }
    // Controls were made anew: give the focus back to the one that had it, or to its neighbor if it is used up.
    if (!focused) return;
    const again = overlay.querySelector(`[data-control="${focused}"]`);
    const control = again?.matches("button") ? again : again?.querySelector("input");
    const target = control?.disabled ? control.parentElement.querySelector("button:not(:disabled)") : control;
    (target ?? diagramScroll).focus();
  }

  // ---- Drawing -----------------------------------------------------------------------------------------------------

  const scratch = new Float64Array(GRID * GRID);
  const largest = (array, from, to) => {
    let top = 0;
    for (let n = from; n < to; n++) {
      const size = Math.abs(array[n]);
      if (size > top) top = size;
    }
    return top || 1;
  };

  // The range of targets, which the colors of a regression span.
  const topTarget = () => {
    let top = 0;
    for (const point of points) top = Math.max(top, Math.abs(point[2]));
    return top || 1;
  };

  // Hidden units are painted by their activation: around 0, for a sigmoid around one half.
  function paintMaps() {
    const count = GRID * GRID;
    for (const [name, input] of inputFields) {
      if (!input.stale) continue;
      input.field.paint(input.values, colorRamp, largest(input.values, 0, count));
      input.stale = false;
    }
    if (!stale) return;
    network.forward(gridInput, count, values, stale.layer, stale.unit);
    for (let l = stale.layer; l <= lastLayer(); l++) {
      for (let k = 0; k < fields[l].length; k++) {
        if (l === stale.layer && stale.unit >= 0 && k !== stale.unit) continue;
        const own = values[l].subarray(k * count, (k + 1) * count);
        if (l === lastLayer() && task === "classification") {
          for (let n = 0; n < count; n++) scratch[n] = 1 - 2 / (Math.exp(own[n]) + 1); // 2 p - 1
          fields[l][k].paint(scratch, colorRamp, 1);
        } else if (l === lastLayer()) fields[l][k].paint(own, colorRamp, topTarget());
        else if (network.activation === "tanh") fields[l][k].paint(own, colorRamp, 1);
        else if (network.activation === "sigmoid") {
          for (let n = 0; n < count; n++) scratch[n] = 2 * own[n] - 1;
          fields[l][k].paint(scratch, colorRamp, 1);
        } else fields[l][k].paint(own, colorRamp, largest(own, 0, count));
      }
    }
    stale = null;
  }

  // The line on which the logit is 0, by marching squares over the map's own grid.
  function drawBoundary(ctx, { left, top, width, height }) {
    const z = values[lastLayer()];
    const at = (i, j) => [left + ((i + 0.5) / GRID) * width, top + ((j + 0.5) / GRID) * height];
    ctx.beginPath();
    for (let j = 0; j + 1 < GRID; j++) {
      for (let i = 0; i + 1 < GRID; i++) {
        const k = j * GRID + i;
        const a = z[k], b = z[k + 1], c = z[k + GRID + 1], d = z[k + GRID];
        const signs = (a > 0) + (b > 0) + (c > 0) + (d > 0);
        if (signs === 0 || signs === 4) continue;
        const cuts = [];
        if (a > 0 !== b > 0) cuts.push(at(i + a / (a - b), j));
        if (b > 0 !== c > 0) cuts.push(at(i + 1, j + b / (b - c)));
        if (d > 0 !== c > 0) cuts.push(at(i + d / (d - c), j + 1));
        if (a > 0 !== d > 0) cuts.push(at(i, j + a / (a - d)));
        for (let m = 0; m + 1 < cuts.length; m += 2) {
          ctx.moveTo(...cuts[m]);
          ctx.lineTo(...cuts[m + 1]);
        }
      }
    }
    ctx.strokeStyle = colors.ink;
    ctx.lineWidth = 2;
    ctx.stroke();
  }

  // Points change far less often than the map under them, so they are drawn once on a layer of their own.
  function drawPoints() {
    const ratio = window.devicePixelRatio || 1;
    const key = [output.width, output.height, ratio].join();
    if (pointLayer?.key !== key) {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [output.canvas.width, output.canvas.height];
      const ctx = canvas.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      const top = topTarget();
      const radius = output.width > 420 ? 4 : 3.2;
      points.forEach(([x, y, target], n) => {
        if (held[n] && !testPoints.checked) return;
        const [px, py] = [output.px(x), output.py(y)];
        if (task === "classification") {
          const color = colors.classes[target];
          const shape = target ? "circle" : "square";
          if (held[n]) marker(ctx, shape, px, py, radius - 0.4, { fill: colors.surface, stroke: color, width: 1.4 });
          else marker(ctx, shape, px, py, radius, { fill: color, stroke: colors.surface, width: 0.9 });
        } else {
          const level = Math.max(0, Math.min(255, Math.round(127.5 * (1 + target / top))));
          const [r, g, b] = new Uint8Array(colorRamp.buffer, 4 * level, 3);
          marker(ctx, held[n] ? "diamond" : "circle", px, py, radius, { fill: `rgb(${r} ${g} ${b})`, stroke: colors.ink, width: 0.9 });
        }
      });
      pointLayer = { canvas, key };
    }
    output.ctx.drawImage(pointLayer.canvas, 0, 0, output.width, output.height);
  }

  function drawLoss() {
    const log = lossAxis.value === "log";
    const scale = (loss) => (log ? Math.log10(Math.max(loss, 1e-12)) : loss);
    const finite = [...history.train, ...history.test].filter(Number.isFinite).map(scale);
    let low = log ? Math.min(...finite) : 0, high = Math.max(...finite);
    if (!(high - low > 1e-9)) [low, high] = log ? [low - 0.5, high + 0.5] : [0, high || 1];
    const end = Math.max(10, history.epoch.at(-1));
    lossPlot.setView([0, end], [low - (log ? 0.05 * (high - low) : 0), high + 0.06 * (high - low)]);
    lossPlot.begin();
    lossPlot.clip(() => {
      const curve = (list) => list.map((loss, k) => [history.epoch[k], scale(loss)]).filter(([, y]) => Number.isFinite(y));
      lossPlot.polyline(curve(history.test), { color: colors.classes[2], width: 2, dash: [6, 4] });
      lossPlot.polyline(curve(history.train), { color: colors.ink, width: 2 });
    });
    const format = log ? (v) => fmt(10 ** v, 2) : undefined;
    lossPlot.axes(colors, { x: { label: "epoch" }, y: { label: log ? "loss, logarithmic" : "loss", format } });
  }

  function draw(now) {
    if (now !== colors) {
      colors = now;
      colorRamp = ramp(colors.low, colors.zero, colors.high);
      pointLayer = null;
      stale = { layer: 0, unit: -1 };
      for (const input of inputFields.values()) input.stale = true;
    }
    paintMaps();
    layout();
    diagram.begin();
    const shown = hoveredUnit ?? (shownUnit && { column: shownUnit.layer + 1, k: shownUnit.k });
    const fieldOf = (column, k) => (column === 0 ? inputFields.get(get("features")[k]).field : fields[column - 1][k]);
    drawDiagram(diagram.ctx, {
      units, weightOf, fieldOf, captions, labels, hovered, shown, colors,
      idle: idle.map(({ x, y, name }) => ({ x, y, field: inputFields.get(name).field })),
      selected: has("weights") ? selected : null,
    });

    output.setView(...view);
    output.begin();
    output.clip(() => {
      const { left, top, width, height } = output.area;
      const unit = shown && shown.column > lastLayer() ? null : shown;
      (unit ? fieldOf(unit.column, unit.k) : fields[lastLayer()][0]).draw(output.ctx, left, top, width, height);
      if (!unit && task === "classification") drawBoundary(output.ctx, output.area);
      drawPoints();
    });
    output.axes(colors, { x: { label: "x₁" }, y: { label: "x₂" } });
    if (has("loss")) drawLoss();
  }

  // ---- Words -------------------------------------------------------------------------------------------------------

  const percent = (share) => `${fmt(100 * share)} %`;

  function words() {
    const [a, b] = [lossOf(train), lossOf(test)];
    const accuracy = task === "classification" ? ` Accuracy: training ${percent(a.accuracy)}, test ${percent(b.accuracy)}.` : "";
    const state = diverged ? "" : ` Loss: training ${fmt(a.loss)}, test ${fmt(b.loss)}.${accuracy}`;
    const lines = [
      `${get("playing") ? "Training, epoch" : "Epoch"} ${trainer.epoch}.${state || " Training has diverged."}`,
      has("weights") ? `${weightName(selected)}: ${fmt(weightOf(selected))}.` : "",
    ];
    frame.say(lines);
    const shape = get("hidden").length ? `hidden layers of ${get("hidden").join(", ")} ${get("activation")} units` : "no hidden layer";
    diagram.describe(`Network with inputs ${inputNames().join(", ")}, ${shape} and one output. ${has("weights") ? lines[1] : ""}`);
    const what = task === "classification"
      ? `The network says class 1 on the blue side and class 0 on the orange side of the black line.${accuracy}`
      : "Blue is positive, orange negative.";
    const which = shownUnit ? `Map of ${unitName(shownUnit.layer, shownUnit.k)}` : "Map of the output";
    output.describe(`${which} over x₁ and x₂ with ${train.count} training and ${test.count} test points. ${what}`);
    lossPlot.describe(`Loss against epoch: after ${trainer.epoch} epochs training ${fmt(a.loss)}, test ${fmt(b.loss)}; at first training ${fmt(history.train[0])}, test ${fmt(history.test[0])}.`);
    counter.textContent = `Epoch ${String(trainer.epoch).padStart(6, "0").replace(/(\d{3})$/, ",$1")}`;
  }

  function showSelected() {
    const options = (list) => list.map((text, k) => [String(k), text]);
    const same = (control, pairs, value) => {
      const key = JSON.stringify(pairs);
      if (control.key !== key) control.setOptions(pairs, value);
      control.key = key;
      control.set(value);
    };
    same(pickLayer, options(network.layers.map((_, l) => layerName(l))), String(selected.layer));
    const { inputs, outputs } = network.layers[selected.layer];
    const last = selected.layer === lastLayer();
    same(pickTo, options(Array.from({ length: outputs }, (_, k) => (last ? "output" : `unit ${k + 1}`))), String(selected.to));
    const sources = Array.from({ length: inputs }, (_, k) => (selected.layer ? `unit ${k + 1}` : inputNames()[k]));
    same(pickFrom, [...options(sources), ["-1", "bias"]], String(selected.from));
    same(mapSelect, [
      [`${lastLayer()}.0`, "output"],
      ...network.layers.slice(0, -1).flatMap(({ outputs: count }, l) => Array.from({ length: count }, (_, k) => [`${l}.${k}`, `hidden ${l + 1}, unit ${k + 1}`])),
    ], shownUnit ? `${shownUnit.layer}.${shownUnit.k}` : `${lastLayer()}.0`);

    const name = weightName(selected);
    const w = weightOf(selected);
    weightSlider.setLabel(name);
    // Someone is typing, or holds the slider: what they see must not be taken away by training.
    const busy = holding || (player.playing && weightNumber.matches(":focus"));
    if (busy || (weightSlider.value === w && weightRange.dataset.of === name)) return;
    weightRange.dataset.of = name;
    const reach = Number.isFinite(w) ? Math.max(5, 5 * 2 ** Math.ceil(Math.log2(Math.abs(w) / 5))) : 5;
    if (Number(weightRange.max) !== reach) weightSlider.setRange(-reach, reach);
    weightSlider.set(w);
  }

  function showProblem() {
    const key = diverged ? `${diverged.epoch} ${lastFinite.epoch}` : "";
    if (problem.dataset.key === key) return;
    problem.dataset.key = key;
    problem.replaceChildren();
    if (!diverged) return;
    const advice = get("learning_rate") > 0.03 ? `a smaller learning rate than ${get("learning_rate")}` : "smaller weights";
    problem.append(
      element("p", { text: `Training stopped in epoch ${diverged.epoch}: a weight went beyond ±1,000,000 or is no number any more. Each step overshot and made the next one larger. Try ${advice}.` }),
      restoreButton.el,
      element("span", { class: "nn-note", text: `They are those of epoch ${lastFinite.epoch}. Reset starts over.` }),
    );
  }

  // Everything on the page that follows the state.
  function refresh() {
    playButton.setLabel(get("playing") ? "Pause" : "Play");
    playButton.disable(Boolean(diverged));
    stepButton.disable(Boolean(diverged));
    const count = get("hidden").length;
    net.classList.toggle("nn-deep", count > 3); // many layers need the whole width
    layerCount.textContent = `${count} hidden layer${count === 1 ? "" : "s"}`;
    addLayer.disable(count >= MAX_LAYERS);
    removeLayer.disable(count === 0);
    showSelected();
    showProblem();
    words();
    frame.redraw();
  }

  function showKey() {
    const part = (shape, color, text) => [element("span", { class: `nn-dot nn-dot-${shape} ${color}` }), text];
    const classes = task === "classification";
    outputNote.replaceChildren(...(classes
      ? [...part("square", "nn-class-0", "class 0 "), ...part("circle", "nn-class-1", "class 1")]
      : part("circle", "nn-value", `training; color: ±${fmt(topTarget(), 2)}`)));
    testPoints.el.querySelector("span").textContent = classes ? "test (open)" : "test (diamonds)";
  }

  // ---- Pointer -----------------------------------------------------------------------------------------------------

  const reachOf = (type) => (type === "touch" ? 16 : 8);
  const under = (p, type) => (has("weights") && units ? findWeight(units, p.px, p.py, reachOf(type)) : null);
  let grabbed = null;
  frame.addCleanup(onDrag(diagram, {
    // A touch scrolls the page; a tap picks, and the slider below changes.
    hit: (p, type) => (type === "touch" ? null : under(p, type)),
    start(name, p) {
      selectWeight(name);
      grabbed = { from: p.py, weight: weightOf(name), moved: false };
    },
    move(name, p) {
      const up = grabbed.from - p.py;
      if (!grabbed.moved && Math.abs(up) < 4) return;
      grabbed.moved = holding = true;
      setWeight(Math.max(-WEIGHT_LIMIT, Math.min(WEIGHT_LIMIT, Number((grabbed.weight + 0.03 * up).toFixed(4)))));
      weightSlider.set(weightOf(selected));
    },
    end: release,
    click(p) {
      const name = under(p, "touch");
      if (name) selectWeight(name);
    },
    hover(p) {
      if (!units) return;
      const name = under(p, "mouse");
      const unit = findUnit(units, p.px, p.py);
      if (same(name, hovered) === Boolean(name ?? hovered) && unit?.column === hoveredUnit?.column && unit?.k === hoveredUnit?.k) return;
      [hovered, hoveredUnit] = [name, unit];
      frame.redraw();
    },
    leave() {
      [hovered, hoveredUnit] = [null, null];
      frame.redraw();
    },
  }));

  // ---- The model's changes, from the controls above or from Python ---------------------------------------------------

  frame.listen(model, ["noise", "test_share", "data_seed"], () => {
    loadData();
    loadInputs();
    record();
    refresh();
  });
  frame.listen(model, ["dataset", "_given"], () => {
    loadData();
    loadInputs();
    showKey();
    restart();
  });
  const reshape = () => {
    stop();
    // Python assigned a whole network: its weights are here already.
    const sizes = [get("features").length, ...get("hidden"), 1];
    if (String(sizesOf(get("weights"))) === String(sizes)) start = { sizes, weights: get("weights") };
    restart();
  };
  frame.listen(model, ["features"], () => {
    trainer = null;
    loadInputs();
    reshape();
  });
  frame.listen(model, ["hidden"], reshape);
  frame.listen(model, ["seed"], () => {
    start = null;
    restart();
  });
  frame.listen(model, ["activation"], () => {
    network.activation = get("activation");
    stale = { layer: 0, unit: -1 };
    refresh();
  });
  frame.listen(model, ["optimizer"], () => trainer.setOptimizer(get("optimizer")));
  frame.listen(model, ["learning_rate", "l1", "l2", "batch_size"], () => refresh());
  frame.listen(model, ["playing"], followPlaying);
  frame.listen(model, ["weights"], () => { if (!pushing) adopt(); });

  // Weights that Python assigned: shown, and what a reset goes back to from now on.
  function adopt() {
    const weights = get("weights");
    if (get("playing") && get("_trainer") !== me && String(sizesOf(weights)) === String(network.sizes)) {
      network.fromLists(weights);
      trainer.epoch = get("epoch");
      stale = { layer: 0, unit: -1 };
      record();
      refresh();
      return;
    }
    start = { sizes: sizesOf(weights), weights };
    if (String(start.sizes) !== String(network.sizes)) return; // a change of `hidden` comes with it
    network.fromLists(weights);
    trainer.epoch = get("epoch");
    newTrainer();
    forget();
    refresh();
  }

  loadData();
  loadInputs();
  start = { sizes: sizesOf(get("weights")), weights: get("weights") };
  build();
  trainer.epoch = get("epoch");
  forget();
  showKey();
  frame.onDraw(draw);
  refresh();
  if (get("playing")) followPlaying();
  return frame.ready();
}

export default { render };

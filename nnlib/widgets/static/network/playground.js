// The network playground: train a small network in the page, or move any of its weights by hand.
//
// createPlayground(extras) is the widget. The extras are parts that only some pages have: network.js adds them.
//
// Here the parts are put together, and here stands what a change of a trait leads to. state.js is what all parts share;
// lab.js is what is trained, and sync.js keeps its weights in step with Python. A new control or picture is a part of
// its own: it hears of what it follows by state.on, and has its place in the layout.

import { element } from "../shared/controls.js";
import { createFrame } from "../shared/frame.js";
import { createLab, sizesOf } from "./lab.js";
import { createLayers } from "./layers.js";
import { createLoss } from "./loss.js";
import { createMaps } from "./maps.js";
import { createNames } from "./names.js";
import { createOutput } from "./output.js";
import { createPicker } from "./picker.js";
import { createRun } from "./run.js";
import { createData, createTraining } from "./settings.js";
import { createState } from "./state.js";
import { createStructure } from "./structure.js";
import { createSync } from "./sync.js";
import { createWords } from "./words.js";
import { createZero } from "./zero.js";

export function createPlayground(extras) {
  return { render: (view) => render(view, extras) };
}

function render({ model, el }, extras) {
  const state = createState(model);
  const { get, has, refresh } = state;
  const frame = createFrame({
    el,
    name: "network",
    title: "Neural network playground",
    stacked: true,
    onReset: () => state.tell("reset"),
    label: "Neural network playground: train a small network, or move its weights by hand",
  });

  // ---- The parts, each from those before it, and where they stand --------------------------------------------------

  const parts = { state, frame };
  const lab = (parts.lab = createLab(parts));
  const sync = (parts.sync = createSync(parts));
  parts.names = createNames(parts);
  parts.maps = createMaps(parts);
  parts.picker = createPicker(parts);
  parts.words = createWords(parts);
  const run = createRun(parts);
  if (has("zero")) frame.actions.prepend(createZero(parts).el);
  const structure = createStructure(parts);

  const output = createOutput(parts);
  const loss = has("loss") ? [createLoss(parts)] : [];
  const extra = (group, ...more) => (has(group) ? [extras[group](parts, ...more)] : []);
  const points = extra("points", output);
  const [presets] = extra("presets");
  const challenges = extra("challenges");
  if (presets) frame.actions.append(presets.el);

  const area = (name, ...children) => element("div", { class: `nn-area-${name}` }, ...children);
  const net = element(
    "div",
    { class: has("data") ? "nn-net nn-with-data" : "nn-net" },
    ...(has("data") ? [area("data", createData(parts), ...points)] : []),
    area("diagram", ...(has("layers") ? [createLayers(parts)] : []), structure.el, structure.note),
    ...(has("weights") ? [area("weights", parts.picker.el)] : []),
    area("maps", output.el, ...loss, ...(has("data") ? [] : points)),
    ...(has("data") ? [area("said", frame.output)] : []), // a full playground is long: not at its end
  );
  frame.picture.append(
    frame.actions,
    ...(presets ? [presets.note] : []),
    run.el,
    ...(has("training") ? [createTraining(parts, extra)] : []),
    net,
    ...challenges,
  );
  frame.panel.remove();
  extra("code");
  extras.finish?.(frame.root);
  state.on("refresh", () => {
    net.classList.toggle("nn-deep", get("hidden").length > 3); // many layers need the whole width
    frame.redraw();
  });
  frame.onDraw((colors) => state.tell("draw", colors));

  // ---- The model's changes, from the controls or from Python, and what they lead to --------------------------------

  function restart() {
    lab.build();
    sync.push();
    refresh();
  }

  function reshape() {
    sync.stop();
    // Python assigned a whole network: its weights are here already.
    if (String(sizesOf(get("weights"))) === String(lab.sizes)) lab.start = get("weights");
    restart();
  }

  state.on("reset", () => {
    sync.stop();
    restart();
  });
  frame.listen(model, ["noise", "test_share", "data_seed"], () => {
    lab.loadData();
    lab.record();
    refresh();
  });
  let dataset = get("dataset");
  frame.follow(model, ["dataset", "_given"], () => {
    const { task } = lab;
    lab.loadData();
    // Points that the reader draws or moves change nothing else: training goes on.
    const drawn = dataset === get("dataset") && task === lab.task && get("_given")?.view;
    dataset = get("dataset");
    if (!drawn) return restart();
    lab.record();
    refresh();
  });
  frame.listen(model, ["features"], () => {
    sync.stop(); // while points and network still fit each other
    lab.trainer = null;
    lab.loadInputs();
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
  frame.listen(model, ["optimizer"], () => {
    lab.trainer.setOptimizer(get("optimizer"));
    refresh();
  });
  frame.listen(model, ["learning_rate", "l1", "l2", "batch_size"], refresh);

  lab.loadData();
  lab.start = get("weights");
  lab.build();
  lab.trainer.epoch = get("epoch");
  lab.forget();
  refresh();
  run.open();
  return frame.ready();
}

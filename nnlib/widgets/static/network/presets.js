// Settings worth a look, each with a sentence on what to see.

import { element, select } from "../shared/controls.js";
import { USUAL, createSetup } from "./setup.js";

const ADAM = { optimizer: "Adam", learning_rate: 0.03 };

const PRESETS = [
  [
    "One straight line",
    "Without a hidden layer the boundary is one straight line, and here that is enough.",
    { dataset: "blobs", noise: 0.6, hidden: [] },
  ],
  [
    "Three sides",
    "Each of the three units draws one straight line; the output joins them into a closed curve.",
    { hidden: [3], ...ADAM },
  ],
  [
    "The right features",
    "With the squares as inputs, the circle becomes a straight line, and no hidden unit is needed.",
    { features: ["x1^2", "x2^2"], hidden: [] },
  ],
  [
    "Quadrants",
    "Four units fold the plane twice. Two are often not enough: remove some, and try New weights.",
    { dataset: "xor", hidden: [4], ...ADAM },
  ],
  [
    "Spirals",
    "With two layers of eight units, Adam gets most points of the spirals right within about 150 epochs.",
    { dataset: "spirals", noise: 0.1, hidden: [8, 8], ...ADAM, learning_rate: 0.01 },
  ],
  [
    "Sines for the spirals",
    "With all seven inputs, the sines and squares do part of the work of a hidden layer.",
    {
      dataset: "spirals",
      noise: 0.1,
      features: ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"],
      hidden: [8],
      ...ADAM,
      learning_rate: 0.01,
    },
  ],
  [
    "Overfitting",
    "Fifty noisy points and many units: the training loss keeps falling while the test loss turns and rises.",
    { dataset: "moons", noise: 0.9, test_share: 0.9, hidden: [12, 12], ...ADAM, log_loss: true },
  ],
  [
    "Weight decay",
    "The same points and network with an L2 penalty: the two losses stay together.",
    { dataset: "moons", noise: 0.9, test_share: 0.9, hidden: [12, 12], ...ADAM, l2: 0.03, log_loss: true },
  ],
  [
    "Sparse weights",
    "The L1 penalty drives the weights of useless inputs to zero: their connections fade.",
    { features: ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"], hidden: [], l1: 0.01 },
  ],
  [
    "Noisy steps, then small ones",
    "Batches of one make the loss jump; from epoch 60 on, a tenth of the learning rate calms it.",
    {
      dataset: "gaussians",
      hidden: [12],
      batch_size: 1,
      learning_rate: 0.03,
      schedule: "StepLR",
      schedule_epochs: 60,
      log_loss: true,
    },
  ],
  [
    "Eight layers of sigmoids",
    "Through eight sigmoid layers hardly any gradient reaches the first weights: nothing moves. Then choose tanh and press Reset.",
    { hidden: [4, 4, 4, 4, 4, 4, 4, 4], activation: "sigmoid", learning_rate: 0.1 },
  ],
  [
    "Too fast",
    "The steps are so large that they overshoot until the weights diverge; training stops, and the page offers the last finite ones.",
    { dataset: "plane", activation: "relu", hidden: [8, 8], learning_rate: 10 },
  ],
];

export function createPresets(parts) {
  const { get } = parts.state;
  const setUp = createSetup(parts);
  const note = element("p", { class: "nn-note nn-preset-note" });
  let chosen = null;
  // A changed preset is an option of its own, so that the preset itself can be chosen again.
  const options = () => [
    ["", "choose one"],
    ...(chosen && isChanged() ? [["changed", `Changed: ${chosen[0]}`]] : []),
    ...PRESETS.map(([label], k) => [String(k), label]),
  ];
  const control = select({
    label: "Preset",
    name: "preset",
    options: options(),
    value: "",
    onChange(k) {
      if (k) setUp(PRESETS[k][2]);
      else choose(null);
    },
  });
  function isChanged() {
    const settings = { ...USUAL, ...chosen[2] };
    return Object.entries(settings).some(([name, value]) => JSON.stringify(get(name)) !== JSON.stringify(value));
  }
  function choose(preset) {
    chosen = preset;
    note.textContent = preset?.[1] ?? "";
    const k = !preset ? "" : isChanged() ? "changed" : String(PRESETS.indexOf(preset));
    control.setOptions(options(), k);
  }
  // The sentence is true of the preset's data alone: it goes with them, and when a challenge takes over.
  let dataset;
  parts.state.on("setup", (settings) => {
    choose(PRESETS.find((preset) => preset[2] === settings) ?? null);
    dataset = settings.dataset ?? USUAL.dataset;
  });
  parts.state.on("refresh", () => {
    if (chosen) choose(get("dataset") === dataset ? chosen : null);
  });
  return { el: control.el, note };
}

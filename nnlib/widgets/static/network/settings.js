// Settings with a control of their own: choice and number make one for a trait; the groups Training and Data.

import { group, select, slider } from "../shared/controls.js";
import { createDatasets } from "./datasets.js";

const RATES = [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const PENALTIES = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const BATCHES = [1, 2, 5, 10, 20, 30, 50, 100, 250];
const COUNT = { min: 0, max: 1000, step: 1, integer: true, hardMax: 1e9, plain: true };
const LOSS = { min: 0, max: 1, step: 0.01, hardMax: 1e9, plain: true };
const SEEDS = { min: 0, max: 20, step: 1, integer: true, hardMin: 0, hardMax: 2 ** 31 - 1 };

// A setting with a few usual values; another one that Python chose joins them.
export function choice({ state, frame }, name, label, usual) {
  const { get, put } = state;
  const numeric = typeof usual[0] === "number";
  const options = () =>
    [...new Set([...usual, get(name)])].sort((a, b) => (numeric ? a - b : 0)).map((v) => [String(v), String(v)]);
  const control = select({
    label,
    name: name.replace("_", "-"),
    options: options(),
    value: String(get(name)),
    onChange: (v) => put({ [name]: numeric ? Number(v) : v }),
  });
  frame.listen(state.model, [name], () => control.setOptions(options(), String(get(name))));
  return control.el;
}

export function number({ state, frame }, name, label, { plain = false, ...limits }) {
  const { get, put } = state;
  const control = slider({
    label,
    name: name.replace("_", "-"),
    value: get(name),
    onInput: (v) => put({ [name]: v }),
    ...limits,
  });
  frame.listen(state.model, [name], () => {
    if (control.value !== get(name)) control.set(get(name));
  });
  if (plain) {
    // no range, where there is no usual one
    const [range, field] = control.el.querySelectorAll("input");
    field.id = range.id;
    range.remove();
    control.el.classList.add("nn-plain");
  }
  return control.el;
}

// extra(group, ...): the controls of that group, where the page has it, as in playground.js.
export function createTraining(parts, extra) {
  const { has } = parts.state;
  const el = group(
    "Training",
    choice(parts, "learning_rate", "Learning rate", RATES),
    choice(parts, "batch_size", "Batch size", BATCHES),
    choice(parts, "optimizer", "Optimizer", ["SGD", "Adam"]),
    choice(parts, "l1", "L1 penalty", PENALTIES),
    choice(parts, "l2", "L2 penalty", PENALTIES),
    ...extra("schedule", number(parts, "schedule_epochs", "N, epochs", { ...COUNT, min: 1, hardMin: 1 })).flat(),
    ...(has("stop")
      ? [
          number(parts, "stop_epoch", "Stop at epoch", { ...COUNT, hardMin: 0 }),
          number(parts, "stop_loss", "Stop at loss", { ...LOSS, hardMin: 0 }),
        ]
      : []),
    number(parts, "seed", has("stop") ? "Weights’ seed" : "Seed of the weights", { ...SEEDS, plain: has("stop") }),
  );
  el.classList.add("nn-compact");
  return el;
}

export function createData(parts) {
  const el = group(
    "Data",
    createDatasets(parts),
    number(parts, "noise", "Noise", { min: 0, max: 2, step: 0.05, hardMin: 0, hardMax: 2 }),
    number(parts, "test_share", "Held out for testing", { min: 0.1, max: 0.9, step: 0.05, hardMin: 0.1, hardMax: 0.9 }),
    number(parts, "data_seed", "Seed of the points", SEEDS),
  );
  el.classList.add("nn-compact");
  return el;
}

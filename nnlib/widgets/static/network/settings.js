// Settings with a control of their own: choice and number make one for a trait; the groups Training and Data.

import { group, select, slider } from "../shared/controls.js";
import { DATASETS } from "./data.js";

const RATES = [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const PENALTIES = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const BATCHES = [1, 2, 5, 10, 20, 30, 50, 100, 250];
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

export function number({ state, frame }, name, label, limits) {
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
  return control.el;
}

export function createTraining(parts) {
  const el = group(
    "Training",
    choice(parts, "learning_rate", "Learning rate", RATES),
    choice(parts, "batch_size", "Batch size", BATCHES),
    choice(parts, "optimizer", "Optimizer", ["SGD", "Adam"]),
    choice(parts, "l1", "L1 penalty", PENALTIES),
    choice(parts, "l2", "L2 penalty", PENALTIES),
    number(parts, "seed", "Seed of the weights", SEEDS),
  );
  el.classList.add("nn-compact");
  return el;
}

export function createData(parts) {
  const { get, put, model } = parts.state;
  const options = () => [
    ...Object.entries(DATASETS).map(([name, { label }]) => [name, label]),
    ...(get("_given") ? [["given", "given points"]] : []),
  ];
  const dataset = select({
    label: "Data set",
    name: "dataset",
    options: options(),
    value: get("dataset"),
    onChange: (name) => put({ dataset: name }),
  });
  parts.frame.follow(model, ["dataset", "_given"], () => dataset.setOptions(options(), get("dataset")));
  const el = group(
    "Data",
    dataset.el,
    number(parts, "noise", "Noise", { min: 0, max: 2, step: 0.05, hardMin: 0, hardMax: 2 }),
    number(parts, "test_share", "Held out for testing", { min: 0.1, max: 0.9, step: 0.05, hardMin: 0.1, hardMax: 0.9 }),
    number(parts, "data_seed", "Seed of the points", SEEDS),
  );
  el.classList.add("nn-compact");
  return el;
}

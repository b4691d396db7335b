// Twelve challenges: the settings that each begins with, its rules, and its goal.
//
// A rule says in a few words what breaks it, or "". A goal says whether it is reached, while no rule is broken. Both
// judge `now`: { get(trait), epoch, units, parameters, weights, biases, train, test }, where units and parameters are
// counts, weights and biases lists of numbers, and train and test have a loss and an accuracy from 0 to 1.

import { FEATURES } from "./data.js";

const ALL = Object.keys(FEATURES);
const PLAIN = ["x1", "x2"];

const inputs = (allowed) => (now) => {
  const others = now.get("features").filter((name) => !allowed.includes(name));
  return others.length ? `${others.map((name) => FEATURES[name].label).join(", ")} among the inputs` : "";
};
const most = (what, limit, count) => (now) =>
  count(now) > limit ? `${limit ? `more than ${limit}` : "with"} ${what}` : "";
const epochs = (limit) =>
  most(limit ? "epochs; Reset starts again" : "epochs of training; Reset starts again", limit, (now) => now.epoch);
const units = (limit) => most("hidden units", limit, (now) => now.units);
const hidden = (sizes) => (now) =>
  String(now.get("hidden")) === String(sizes) ? "" : `hidden layers other than ${sizes.join(", ")}`;
const tested = (accuracy) => (now) => now.test.accuracy >= accuracy;

export const CHALLENGES = [
  {
    id: "plane",
    title: "A plane by hand",
    text: "Reach a test loss below 0.001 without training: type the two weights and the bias.",
    settings: { dataset: "plane", noise: 0, hidden: [] },
    rules: [epochs(0)],
    goal: (now) => now.test.loss < 0.001,
  },
  {
    id: "xor-feature",
    title: "XOR with one input",
    text: "Get 95 % of the test points right with a single input and no hidden unit.",
    settings: { dataset: "xor", noise: 0.1, hidden: [] },
    rules: [units(0), most("input", 1, (now) => now.get("features").length)],
    goal: tested(0.95),
  },
  {
    id: "xor-units",
    title: "XOR with three units",
    text: "Get 95 % of the test points right with the inputs x₁ and x₂ and at most three hidden units.",
    settings: { dataset: "xor", noise: 0, hidden: [3] },
    rules: [inputs(PLAIN), units(3)],
    goal: tested(0.95),
  },
  {
    id: "circles-layer",
    title: "Circles without a hidden unit",
    text: "Get 99 % of the test points right without a hidden unit.",
    settings: { noise: 0.2, hidden: [] },
    rules: [units(0)],
    goal: tested(0.99),
  },
  {
    id: "circles-units",
    title: "Circles in 20 epochs",
    text: "Get 98 % of the test points right with x₁ and x₂ and at most three hidden units, within 20 epochs.",
    settings: { noise: 0.2, hidden: [3] },
    rules: [inputs(PLAIN), units(3), epochs(20)],
    goal: tested(0.98),
  },
  {
    id: "circles-bias",
    title: "Circles without a bias",
    text: "Get 95 % of the test points right with at most three hidden units while every bias, including the output’s, is 0. Pick each bias and type its value.",
    settings: { noise: 0.2, hidden: [2] },
    rules: [units(3)],
    goal: (now) => now.biases.every((b) => Math.abs(b) < 1e-9) && tested(0.95)(now),
  },
  {
    id: "spirals-epochs",
    title: "Spirals with two inputs",
    text: "Get 95 % of the test points right with x₁ and x₂ in fewer than 300 epochs.",
    settings: { dataset: "spirals", noise: 0.1 },
    rules: [inputs(PLAIN), epochs(299)],
    goal: tested(0.95),
  },
  {
    id: "spirals-parameters",
    title: "Spirals with few parameters",
    text: "Get 90 % of the test points right with at most 60 weights and biases in all.",
    settings: { dataset: "spirals", noise: 0.1 },
    rules: [most("weights and biases", 60, (now) => now.parameters)],
    goal: tested(0.9),
  },
  {
    id: "gaussians",
    title: "Hills and hollows",
    text: "Reach a test loss below 0.01 on the Gaussian mix with x₁ and x₂ and at most twelve hidden units, within 300 epochs.",
    settings: { dataset: "gaussians", noise: 0 },
    rules: [inputs(PLAIN), units(12), epochs(300)],
    goal: (now) => now.test.loss < 0.01,
  },
  {
    id: "overfit",
    title: "Learn it by heart",
    text: "Overfit: reach a training loss below 0.05 with a test loss above 0.5.",
    settings: { dataset: "moons", noise: 0.8, test_share: 0.9 },
    rules: [],
    goal: (now) => now.train.loss < 0.05 && now.test.loss > 0.5,
  },
  {
    id: "tame",
    title: "Hold it back",
    text: "The same few points and two hidden layers of eight: after at least 300 epochs of Adam, have a test loss below 0.3.",
    settings: { dataset: "moons", noise: 0.8, test_share: 0.9, hidden: [8, 8], optimizer: "Adam" },
    rules: [hidden([8, 8]), (now) => (now.get("optimizer") === "Adam" ? "" : "an optimizer other than Adam")],
    goal: (now) => now.epoch >= 300 && now.test.loss < 0.3,
  },
  {
    id: "sparse",
    title: "Four weights asleep",
    text: "With all seven inputs and no hidden unit, get 99 % of the test points right while at least four weights are smaller than 0.02 in size.",
    settings: { noise: 0.2, features: ALL, hidden: [] },
    rules: [units(0), (now) => (now.get("features").length < ALL.length ? "an input is missing" : "")],
    goal: (now) => now.weights.filter((w) => Math.abs(w) < 0.02).length >= 4 && tested(0.99)(now),
  },
];

// What breaks a rule of this challenge now, or "".
export function broken(challenge, now) {
  const data = { noise: 0.3, test_share: 0.5, data_seed: 0, dataset: "circles", ...challenge.settings };
  const moved = ["dataset", "noise", "test_share", "data_seed"].some((name) => now.get(name) !== data[name]);
  const reasons = [moved ? "other points; Set up again" : "", ...challenge.rules.map((rule) => rule(now))];
  return reasons.filter(Boolean).join("; ");
}

// Starts over with other settings: what a preset or a challenge names, and of everything else the usual.

export const USUAL = {
  dataset: "circles",
  noise: 0.3,
  test_share: 0.5,
  data_seed: 0,
  seed: 0,
  features: ["x1", "x2"],
  hidden: [4, 2],
  activation: "tanh",
  learning_rate: 0.03,
  schedule: "constant",
  schedule_epochs: 100,
  l1: 0,
  l2: 0,
  batch_size: 10,
  optimizer: "SGD",
  stop_epoch: 0,
  stop_loss: 0,
  discrete: false,
  show_test: true,
  log_loss: false,
};

export function createSetup({ state, lab, sync }) {
  const { get, put, tell } = state;
  return (settings) => {
    sync.stop();
    tell("setup", settings);
    const wanted = Object.entries({ ...USUAL, ...settings });
    put(Object.fromEntries(wanted.filter(([name, value]) => JSON.stringify(get(name)) !== JSON.stringify(value))));
    lab.start = null; // the weights of the seed, not those that are here
    tell("reset");
  };
}

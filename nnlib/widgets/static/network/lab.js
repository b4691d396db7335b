// What the network playground trains, apart from the page: points, network, trainer and the losses so far.
//
// Nothing here draws; state.on("load") and state.on("build") tell of other points and of another network. A weight is
// named { layer, to, from } as in diagram.js.

import { DATASETS, STREAMS, featureMatrix, generate, heldOut, initialize } from "./data.js";
import { Network, Trainer } from "./engine.js";
import { inPlane } from "./given.js";
import { rateAt } from "./rates.js";
import { random } from "../shared/random.js";

const POINTS = 500; // of a built-in data set
const HISTORY = 500; // points of a loss curve, at most two a pixel; beyond, every second one is dropped
const LOSS = { classification: "binary_cross_entropy", regression: "mean_squared_error" };

export const sizesOf = (weights) => [
  weights[0][0].length,
  ...weights.filter((_, k) => k % 2).map((bias) => bias.length),
];

export function createLab({ state }) {
  const { get } = state;
  let stride; // epochs between two points of the history
  const lab = {
    task: "",
    points: [],
    table: null, // what the points' columns are called, and their units; see given.js
    held: [],
    view: null,
    train: null,
    test: null,
    network: null,
    trainer: null,
    history: null,
    start: null, // the weights that a reset goes back to; without them, those of the seed
    touched: false, // has anything but training moved a weight since the network was made?
    diverged: null, // { epoch } once a weight has left the finite range
    stopped: null, // "epoch" or "loss" once training has reached what it was to stop at
    lastFinite: null, // { parameters, epoch }
    known: null, // the losses, once they are computed for the weights that are here
    stale: null, // units whose output has changed since it was drawn: this one's (-1: its whole layer's) and all above
    get last() {
      return lab.network.layers.length - 1;
    },
    // Units a layer, the inputs first, that the settings ask for.
    get sizes() {
      return [get("features").length, ...get("hidden"), 1];
    },

    changed() {
      lab.known = null;
      lab.stale = { layer: 0, unit: -1 };
    },

    loadData() {
      const given = get("dataset") === "given" ? get("_given") : null;
      lab.task = given ? given.task : DATASETS[get("dataset")].task;
      lab.table = given?.table ?? null;
      lab.points = given ? inPlane(given) : generate(get("dataset"), POINTS, get("noise"), get("data_seed"));
      lab.held = heldOut(lab.points.length, get("test_share"), get("data_seed"));
      lab.view =
        given?.view ??
        [0, 1].map((axis) => {
          if (!given) return [-6 - get("noise"), 6 + get("noise")];
          const values = lab.points.map((point) => point[axis]);
          const low = Math.min(...values),
            high = Math.max(...values);
          const pad = high > low ? 0.08 * (high - low) : 1;
          return [low - pad, high + pad];
        });
      lab.loadInputs();
    },

    // What the network reads: the points as the chosen features.
    loadInputs() {
      const part = (mine) => {
        const list = lab.points.filter((_, n) => lab.held[n] === mine);
        return {
          input: featureMatrix(get("features"), list),
          target: Float64Array.from(list, (p) => p[2]),
          count: list.length,
        };
      };
      lab.train = part(false);
      lab.test = part(true);
      state.tell("load");
      if (lab.trainer) lab.newTrainer();
    },

    newTrainer() {
      const epoch = lab.trainer?.epoch ?? 0;
      const uniform = random(get("seed") + epoch, STREAMS.batches);
      lab.trainer = new Trainer(lab.network, lab.train, LOSS[lab.task], uniform);
      lab.trainer.setOptimizer(get("optimizer"));
      lab.trainer.epoch = epoch;
      lab.train.values = lab.network.workspace(lab.train.count);
      lab.test.values = lab.network.workspace(lab.test.count);
      lab.stopped = null;
      lab.changed();
    },

    // A network of the chosen shape with its first weights.
    build() {
      lab.network = new Network(lab.sizes, get("activation"));
      const fits = lab.start && String(sizesOf(lab.start)) === String(lab.network.sizes);
      if (fits) lab.network.fromLists(lab.start);
      else initialize(lab.network, get("seed"));
      lab.trainer = null; // whose epoch would choose the batches
      lab.touched = false;
      lab.newTrainer();
      lab.forget();
      state.tell("build");
    },

    forget() {
      lab.history = { epoch: [], train: [], test: [] };
      stride = 1;
      lab.diverged = null;
      lab.lastFinite = { parameters: lab.network.parameters.slice(), epoch: lab.trainer.epoch };
      lab.record();
    },

    lossOf(set) {
      if (!set.count) return { loss: NaN, accuracy: NaN };
      const output = lab.network.forward(set.input, set.count, set.values);
      let right = 0;
      if (lab.task === "classification")
        for (let n = 0; n < set.count; n++) right += output[n] > 0 === (set.target[n] === 1);
      return { loss: lab.network.loss(output, set.target, set.count, LOSS[lab.task]), accuracy: right / set.count };
    },

    // { train, test }, of each { loss, accuracy }
    get losses() {
      lab.known ??= { train: lab.lossOf(lab.train), test: lab.lossOf(lab.test) };
      return lab.known;
    },

    record() {
      const {
        history,
        trainer: { epoch },
      } = lab;
      if (history.epoch.length && epoch - history.epoch.at(-1) < stride) return;
      history.epoch.push(epoch);
      history.train.push(lab.losses.train.loss);
      history.test.push(lab.losses.test.loss);
      if (history.epoch.length < HISTORY) return;
      stride *= 2;
      for (const name of Object.keys(history)) history[name] = history[name].filter((_, k) => k % 2 === 0);
    },

    // Trains, but leaves the weight `held` (or none) as it is, and ends early with an epoch in which `reached`, if it
    // is given, says "epoch" or "loss". Says whether all weights are still finite.
    advance(epochs, milliseconds, held, reached = () => null) {
      const { network, trainer } = lab;
      const kept = held && lab.weightOf(held);
      const settings = {
        batchSize: get("batch_size"),
        get learningRate() {
          return rateAt(get("schedule"), get("learning_rate"), trainer.epoch, get("schedule_epochs"));
        },
        l1: get("l1"),
        l2: get("l2"),
      };
      lab.stopped = null;
      trainer.run(settings, epochs, milliseconds, () => {
        if (!network.isFinite()) return false;
        keep();
        lab.stopped = reached();
        return !lab.stopped;
      });
      if (held) {
        network.parameters[lab.indexOf(held)] = kept;
        lab.touched = true;
      }
      lab.changed();
      if (network.isFinite()) lab.record();
      else lab.diverged = { epoch: trainer.epoch + (trainer.position > 0) };
      return !lab.diverged;
    },

    // Back to the last weights that were finite.
    restore() {
      lab.network.parameters.set(lab.lastFinite.parameters);
      lab.trainer.epoch = lab.lastFinite.epoch;
      lab.newTrainer();
      lab.touched = true;
      lab.diverged = null;
    },

    indexOf({ layer, to, from }) {
      const { inputs, weight, bias } = lab.network.layers[layer];
      return from < 0 ? bias + to : weight + to * inputs + from;
    },
    weightOf: (name) => lab.network.parameters[lab.indexOf(name)],
    hasWeight({ layer, to, from }) {
      const shape = lab.network.layers[layer];
      return Boolean(shape) && to < shape.outputs && from < shape.inputs;
    },
    setWeight(name, value) {
      lab.network.parameters[lab.indexOf(name)] = value;
      lab.stopped = null;
      lab.touched = true;
      lab.known = null;
      const { layer, to } = name;
      if (!lab.stale) lab.stale = { layer, unit: to };
      else if (lab.stale.layer !== layer || lab.stale.unit !== to)
        lab.stale = { layer: Math.min(lab.stale.layer, layer), unit: -1 };
      if (!lab.network.isFinite()) return;
      lab.diverged = null;
      keep();
    },
  };

  function keep() {
    lab.lastFinite.parameters.set(lab.network.parameters);
    lab.lastFinite.epoch = lab.trainer.epoch;
  }
  return lab;
}

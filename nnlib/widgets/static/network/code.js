// The nnlib program of the playground: its points, its network and its training.
//
// Training that went from the first weights of the seed to here under the same settings can be repeated, batch by
// batch. Any other path cannot, so the program then has the weights themselves.

import { createCode, python, rows } from "../shared/code.js";
import { imports, readingOf } from "../shared/tablecode.js";
import { initialize } from "./data.js";
import { Network } from "./engine.js";

const MOST = 500; // points that are written out
const ON = 10; // epochs that a program trains on where it cannot repeat the training
const LAYERS = { tanh: "nn.Tanh()", relu: "nn.ReLU()", sigmoid: "nn.Sigmoid()", linear: "" };
const SCHEDULES = { StepLR: "step_size", CosineAnnealingLR: "T_max", LinearLR: "total_iters" };
const DECIDE = "dataset _given noise test_share data_seed seed features hidden activation learning_rate batch_size";
const DECISIVE = `${DECIDE} optimizer l1 l2 schedule schedule_epochs`.split(" ");

export function createProgram({ state, frame, lab }) {
  const { get } = state;
  let origin = null; // the settings, while training goes from the first weights of the seed under them

  function isFirst() {
    const first = new Network(lab.network.sizes, "tanh");
    initialize(first, get("seed"));
    return first.parameters.every((w, k) => w === lab.network.parameters[k]);
  }
  function follow() {
    const now = DECISIVE.map((name) => get(name));
    if (lab.touched) origin = null;
    else if (!lab.trainer.epoch && !lab.trainer.position) origin = isFirst() ? now : null;
    else if (origin?.some((value, k) => value !== now[k])) origin = null;
  }

  function fromFile(table) {
    const { names, classes, center, scale } = table;
    const standardized = scale.some((s) => s !== 1) || center.some((c) => c !== 0);
    return [
      `# ${names[0]}, ${names[1]} and what is to be learned, ${names[2]}${classes ? `: 1 is ${classes[1]}, 0 is ${classes[0]}` : ""}.`,
      ...readingOf(table),
      ...(standardized ? ["center, scale = points.mean(axis=0), points.std(axis=0)"] : []),
      ...(standardized && classes ? ["center[2], scale[2] = 0, 1  # classes stay as they are"] : []),
      ...(standardized ? ["points = (points - center) / scale"] : []),
    ];
  }

  function points() {
    const shared = `test_share=${get("test_share")}, data_seed=${get("data_seed")}, features=${python(get("features"))}`;
    const own = get("dataset") === "given";
    const made = own
      ? ["playground = NetworkPlayground(", `    X=points[:, :2], y=points[:, 2], ${shared},`, ")"]
      : [
          "playground = NetworkPlayground(",
          `    dataset=${python(get("dataset"))}, noise=${get("noise")}, ${shared},`,
          ")",
        ];
    const { length } = lab.points;
    const written = () =>
      length > MOST
        ? `points = ...  # put the ${length} points [x1, x2, target] here, too many to write out`
        : `points = np.array(${rows(lab.points)})  # x1, x2, target`;
    return [
      "# The points, and which of them are held out for testing.",
      ...(own ? (lab.table?.source ? fromFile(lab.table) : [written()]) : []),
      ...made,
      "X, y, test = playground.inputs(playground.X), playground.y, playground.test_mask",
      "",
    ];
  }

  function network(weights) {
    const { layers, sizes } = lab.network;
    const activation = LAYERS[get("activation")];
    const lines = layers.map(
      ({ inputs, outputs }, k) =>
        `    nn.Linear(${inputs}, ${outputs}),${activation && k < lab.last ? ` ${activation},` : ""}`,
    );
    const loss = lab.task === "classification" ? "binary_cross_entropy_with_logits" : "mse_loss";
    return [
      "network = nn.Sequential(",
      ...lines,
      ").astype(np.float64)",
      ...(weights
        ? [`weights = ${rows(weights)}  # W and b of each layer`]
        : [`weights = data.first_weights(${python(sizes)}, seed=${get("seed")})`]),
      "for parameter, values in zip(network.parameters(), weights):",
      "    parameter.data[...] = values",
      `loss = nn.${loss}`,
      "",
      "",
      "def losses():",
      '    """On the points to train on, and on those held out."""',
      "    with nn.no_grad():",
      "        return [loss(network(X[part]), y[part]).item() for part in (~test, test)]",
      "",
      "",
    ];
  }

  function training(epochs, begun) {
    const [l1, l2, size] = [get("l1"), get("l2"), get("batch_size")];
    const schedule = SCHEDULES[get("schedule")];
    const penalties = [
      ...(l1 ? [`${l1} * nn.absolute(weight).sum()`] : []),
      ...(l2 ? [`${l2} / 2 * (weight * weight).sum()`] : []),
    ];
    return [
      `optimizer = nn.${get("optimizer")}(network.parameters(), lr=${get("learning_rate")})`,
      ...(schedule
        ? [
            `schedule = nn.${get("schedule")}(optimizer, ${schedule}=${get("schedule_epochs")})`,
            ...(begun ? [`for _ in range(${begun}):  # the page's epochs so far`, "    schedule.step()"] : []),
          ]
        : []),
      `uniform = data.random(${get("seed") + begun}, data.STREAMS["batches"])`,
      "order = np.flatnonzero(~test)",
      `for epoch in range(${epochs}):`,
      "    order = order[data.permutation(len(order), uniform)]",
      `    for start in range(0, len(order), ${size}):`,
      `        batch = order[start : start + ${size}]`,
      "        optimizer.zero_grad()",
      "        value = loss(network(X[batch]), y[batch])",
      ...(penalties.length
        ? [
            "        for weight in list(network.parameters())[::2]:  # the biases stay free",
            `            value = value + ${penalties.join(" + ")}`,
          ]
        : []),
      "        value.backward()",
      "        optimizer.step()",
      ...(schedule ? ["    schedule.step()"] : []),
      'print("after training:", losses())',
      "",
    ];
  }

  function program() {
    if (get("playing")) return "# The network is being trained. Pause, and its program stands here.\n";
    const { diverged, lastFinite, trainer } = lab;
    const reads = get("dataset") === "given" && lab.table?.source ? [...imports, ""] : [];
    const head = [
      ...reads,
      "import numpy as np",
      "",
      "import nnlib as nn",
      "from nnlib.widgets import NetworkPlayground, data",
    ];
    const text = (...parts) => [...head, "", ...parts.flat()].join("\n");
    if (origin && !trainer.position && !diverged)
      return text(
        points(),
        "# The network with the first weights of its seed.",
        network(),
        'print("before training:", losses())',
        "",
        "# The page's training, its batches in the page's order: what comes out is what is on screen, but for",
        `# rounding, which adds up over many epochs. The page has trained ${trainer.epoch} so far.`,
        training(trainer.epoch, 0),
      );
    const shown = new Network(lab.network.sizes, "tanh");
    shown.parameters.set(diverged ? lastFinite.parameters : lab.network.parameters);
    const epoch = diverged ? lastFinite.epoch : trainer.epoch;
    return text(
      points(),
      `# The network with the weights ${diverged ? `of epoch ${epoch}, the last finite ones` : "on screen"}.`,
      network(shown.toLists()),
      'print("on screen:", losses())',
      "",
      "# They are written out, for no loop leads to them from the first weights of the seed: something else was done",
      "# on the way, or training has paused within an epoch. This trains on from here, much as the page would; its",
      "# own next epochs may differ, with other batches and an optimizer that remembers earlier gradients.",
      training(ON, epoch),
    );
  }

  state.on("refresh", follow);
  createCode(frame, program);
}

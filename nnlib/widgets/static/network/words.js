// What the playground says: the readout, and all weights as a table.
//
// The pictures' descriptions share words.loss, .accuracy and .weight, which are put together once for each refresh.

import { fmt } from "../shared/plot.js";

const percent = (share) => `${fmt(100 * share)}\u00a0%`; // never apart at the end of a line

export function createWords({ state, frame, lab, names, picker }) {
  const words = { loss: "", accuracy: "", weight: "" };
  state.on("refresh", () => {
    const { train, test } = lab.losses;
    words.loss = `training ${fmt(train.loss)}, test ${fmt(test.loss)}`;
    words.accuracy =
      lab.task === "classification"
        ? ` Accuracy: training ${percent(train.accuracy)}, test ${percent(test.accuracy)}.`
        : "";
    words.weight =
      state.has("weights") || state.has("zero")
        ? `${names.weight(picker.selected)}: ${fmt(lab.weightOf(picker.selected))}.`
        : "";
    const result = lab.diverged ? "Training has diverged." : `${why()}Loss: ${words.loss}.${words.accuracy}`;
    frame.say([`${state.get("playing") ? "Training, epoch" : "Epoch"} ${lab.trainer.epoch}. ${result}`, words.weight]);
  });
  function why() {
    if (lab.stopped === "epoch") return "Training stopped here by itself. ";
    if (lab.stopped === "loss")
      return `Training stopped at a training loss of at most ${fmt(state.get("stop_loss"))}, as set. `;
    return "";
  }
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
  return words;
}

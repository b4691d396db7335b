// The curves of training and test loss against the epoch, with their scale and their key.

import { element, legend, row, select } from "../shared/controls.js";
import { createPlot, fmt } from "../shared/plot.js";

export function createLoss({ state, frame, lab, words }) {
  const { get, put } = state;
  const box = element("div", { class: "nn-loss" });
  const plot = createPlot(box, { label: "Loss curves", aspect: 1.9 });
  const axis = select({
    label: "Scale",
    name: "loss-axis",
    value: get("log_loss") ? "log" : "linear",
    options: [
      ["linear", "linear"],
      ["log", "log"],
    ],
    onChange: (v) => put({ log_loss: v === "log" }),
  });
  frame.listen(state.model, ["log_loss"], () => {
    axis.set(get("log_loss") ? "log" : "linear");
    frame.redraw();
  });
  let shown = []; // what the picture was drawn for, but for the curves
  let newer = false; // are there other curves than those that are drawn?
  const key = legend(["nn-key nn-key-train", "training "], ["nn-key nn-key-test", "test"]);

  state.on("refresh", () => {
    newer = true;
    const { history, trainer } = lab;
    plot.describe(
      `Loss against epoch: after ${trainer.epoch} epochs ${words.loss}; at first training ${fmt(history.train[0])}, test ${fmt(history.test[0])}.`,
    );
  });

  // While the network trains this is drawn only as often as the words change: the longer the curves, the longer it takes.
  state.on("draw", (colors) => {
    const { history } = lab;
    const log = get("log_loss");
    const { clientWidth, clientHeight } = plot.canvas;
    const now = [log, colors, clientWidth, clientHeight, window.devicePixelRatio];
    if (!newer && now.every((thing, k) => thing === shown[k])) return;
    [shown, newer] = [now, false];
    const scale = (loss) => (log ? Math.log10(Math.max(loss, 1e-12)) : loss);
    const finite = [...history.train, ...history.test].filter(Number.isFinite).map(scale);
    let low = log ? Math.min(...finite) : 0,
      high = Math.max(...finite);
    if (!(high - low > 1e-9)) [low, high] = log ? [low - 0.5, high + 0.5] : [0, high || 1];
    const end = Math.max(10, history.epoch.at(-1));
    plot.setView([0, end], [low - (log ? 0.05 * (high - low) : 0), high + 0.06 * (high - low)]);
    plot.begin();
    plot.clip(() => {
      const curve = (list) =>
        list.map((loss, k) => [history.epoch[k], scale(loss)]).filter(([, y]) => Number.isFinite(y));
      plot.polyline(curve(history.test), { color: colors.test, width: 2, dash: [6, 4] });
      plot.polyline(curve(history.train), { color: colors.ink, width: 2 });
    });
    const format = log ? (v) => fmt(10 ** v, 2) : undefined;
    plot.axes(colors, { x: { label: "epoch" }, y: { label: log ? "loss, logarithmic" : "loss", format } });
  });
  return element("div", {}, box, row(key.el, axis.el));
}

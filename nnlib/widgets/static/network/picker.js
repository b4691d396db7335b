// One weight or bias, picked by three selects (or in the diagram) and moved by a slider, also while the network trains.
//
//   picker.selected  picker.pick(name)   the weight { layer, to, from }
//   picker.move(w)                       gives it a value; while picker.holding, training leaves it as it is

import { group, select, slider } from "../shared/controls.js";
import { WEIGHT_LIMIT } from "./engine.js";

const numbered = (list) => list.map((text, k) => [String(k), text]);

export function createPicker({ state, lab, names, sync }) {
  const pick = (name) => {
    picker.selected = name;
    state.refresh();
  };
  const onMove = (w) => {
    lab.setWeight(picker.selected, w);
    sync.pushSoon();
    state.refresh();
  };
  const picks = (label, name, change) =>
    select({ label, name, options: [], value: "", onChange: (v) => pick(change(Number(v))) });
  const layers = picks("Layer", "weight-layer", (layer) => ({ layer, to: 0, from: 0 }));
  const targets = picks("To", "weight-to", (to) => ({ ...picker.selected, to }));
  const sources = picks("From", "weight-from", (from) => ({ ...picker.selected, from }));
  const value = slider({
    label: "Weight",
    name: "weight",
    value: 0,
    min: -5,
    max: 5,
    step: 0.01,
    hardMin: -WEIGHT_LIMIT,
    hardMax: WEIGHT_LIMIT,
    onInput: onMove,
  });
  const el = group("One weight or bias", layers.el, targets.el, sources.el, value.el);
  el.classList.add("nn-weight");
  const [range, number] = value.el.querySelectorAll("input");

  const picker = {
    el,
    pick,
    selected: { layer: 0, to: 0, from: 0 },
    holding: false, // the reader holds the slider or the connection: training must not take it away
    release: () => {
      picker.holding = false;
    },
    move(w) {
      onMove(w);
      value.set(w);
    },
  };

  state.on("build", () => {
    if (!lab.hasWeight(picker.selected)) picker.selected = { layer: 0, to: 0, from: 0 };
  });
  state.on("refresh", () => {
    const { selected } = picker;
    layers.setOptions(numbered(lab.network.layers.map((_, l) => names.layer(l))), String(selected.layer));
    const { inputs, outputs } = lab.network.layers[selected.layer];
    const last = selected.layer === lab.last;
    targets.setOptions(
      numbered(Array.from({ length: outputs }, (_, k) => (last ? "output" : `unit ${k + 1}`))),
      String(selected.to),
    );
    const from = Array.from({ length: inputs }, (_, k) => (selected.layer ? `unit ${k + 1}` : names.inputs()[k]));
    sources.setOptions([...numbered(from), ["-1", "bias"]], String(selected.from));
    const name = names.weight(selected);
    const w = lab.weightOf(selected);
    value.setLabel(name);
    // Someone is typing, or holds the slider: what they see must not be taken away by training.
    const busy = picker.holding || (sync.training && number.matches(":focus"));
    if (busy || (value.value === w && range.dataset.of === name)) return;
    range.dataset.of = name;
    const reach = Number.isFinite(w) ? Math.max(5, 5 * 2 ** Math.ceil(Math.log2(Math.abs(w) / 5))) : 5;
    if (Number(range.max) !== reach) value.setRange(-reach, reach);
    value.set(w);
  });
  range.addEventListener("pointerdown", () => {
    picker.holding = true;
  });
  for (const event of ["pointerup", "pointercancel", "change", "blur"]) range.addEventListener(event, picker.release);
  return picker;
}

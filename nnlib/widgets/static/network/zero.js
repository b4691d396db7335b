// One button that sets the picked weight to zero, to see what it was good for, and puts it back. Without the controls of
// the weights it begins with the first weight of the output.

import { button } from "../shared/controls.js";
import { same } from "./diagram.js";

export function createZero({ state, lab, picker, sync }) {
  let silenced = null; // { name, value }
  const control = button({ label: "", name: "zero", onClick: toggle });

  function toggle() {
    sync.stop(); // or training would move it again
    const name = picker.selected;
    const { value } = silenced ?? {};
    silenced = silenced ? null : { name, value: lab.weightOf(name) };
    picker.move(value ?? 0);
  }

  state.on("build", () => {
    silenced = null;
    if (!state.has("weights")) picker.selected = { layer: lab.last, to: 0, from: 0 };
  });
  state.on("refresh", () => {
    const { selected } = picker;
    if (silenced && !(same(silenced.name, selected) && lab.weightOf(selected) === 0)) silenced = null;
    const what = selected.from < 0 ? "bias" : "weight";
    control.setLabel(silenced ? `Put the ${what} back` : `Try: set this ${what} to zero`);
  });
  return control;
}

// The controls over the diagram: a checkbox for each input and, over each hidden layer, buttons for its units.
//
// overlay.place(all, inputs, size) puts them where the units are: `all` as from placeUnits in diagram.js, `inputs` the
// names of the first column. `home` takes the focus when the control that had it is gone.

import { button, checkbox, element } from "../shared/controls.js";
import { FEATURES } from "./data.js";

const MAX_UNITS = 12;

const at = (node, x, y) => {
  node.style.left = `${x}px`;
  node.style.top = `${y}px`;
  return node;
};

export function createOverlay({ state }, home) {
  const { get, put, has } = state;
  const el = element("div", { class: "nn-overlay" });
  let placed = "";

  function toggle(name, inputs) {
    const onChange = (on) =>
      put({ features: inputs.filter((other) => (other === name ? on : get("features").includes(other))) });
    const checked = get("features").includes(name);
    return checkbox({ label: FEATURES[name].label, name: `feature-${name}`, checked, onChange }).el;
  }

  function stepper(count, l) {
    const change = (by) => () => put({ hidden: get("hidden").map((other, m) => (m === l ? count + by : other)) });
    const fewer = button({ label: "−", name: `remove-unit-${l + 1}`, onClick: change(-1) });
    const more = button({ label: "+", name: `add-unit-${l + 1}`, onClick: change(1) });
    fewer.el.setAttribute("aria-label", `Remove a unit from hidden layer ${l + 1}`);
    more.el.setAttribute("aria-label", `Add a unit to hidden layer ${l + 1}`);
    fewer.disable(count <= 1);
    more.disable(count >= MAX_UNITS);
    return element("div", { class: "nn-stepper" }, fewer.el, more.el);
  }

  function place(all, inputs, size) {
    const key = JSON.stringify([size, inputs, get("features"), get("hidden")]);
    if (key === placed) return;
    placed = key;
    const focused = el.querySelector(":focus")?.closest("[data-control]")?.dataset.control;
    el.replaceChildren();
    if (has("features")) {
      inputs.forEach((name, k) => el.append(at(toggle(name, inputs), 0, all[0][k].y)));
      const only = get("features").length === 1 && el.querySelector("input:checked");
      if (only) only.disabled = true; // a network needs an input
    }
    if (has("layers")) get("hidden").forEach((count, l) => el.append(at(stepper(count, l), all[l + 1][0].x, 22)));
    // Controls were made anew: give the focus back to the one that had it, or to its neighbor if it is used up.
    if (!focused) return;
    const again = el.querySelector(`[data-control="${focused}"]`);
    const control = again?.matches("button") ? again : again?.querySelector("input");
    const target = control?.disabled ? control.parentElement.querySelector("button:not(:disabled)") : control;
    (target ?? home).focus();
  }
  return { el, place };
}

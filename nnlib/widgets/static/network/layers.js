// The row over the diagram: how many hidden layers, and their activation.

import { button, element, row } from "../shared/controls.js";
import { ACTIVATIONS } from "./engine.js";
import { choice } from "./settings.js";

const MAX_LAYERS = 8;

export function createLayers({ state, frame }) {
  const { get, put } = state;
  const add = button({ label: "+", name: "add-layer", onClick: () => put({ hidden: [...get("hidden"), 2] }) });
  const remove = button({
    label: "−",
    name: "remove-layer",
    onClick: () => put({ hidden: get("hidden").slice(0, -1) }),
  });
  add.el.setAttribute("aria-label", "Add a hidden layer");
  remove.el.setAttribute("aria-label", "Remove the last hidden layer");
  const said = element("span");
  state.on("refresh", () => {
    const count = get("hidden").length;
    const text = `${count} hidden layer${count === 1 ? "" : "s"}`;
    if (said.textContent !== text) said.textContent = text;
    add.disable(count >= MAX_LAYERS);
    remove.disable(count === 0);
  });
  return row(remove.el, said, add.el, choice({ state, frame }, "activation", "Activation", ACTIVATIONS));
}

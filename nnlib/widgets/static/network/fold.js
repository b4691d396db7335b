// Where there is little width, the groups of controls are folded, and a button beside its legend opens each.

import { button } from "../shared/controls.js";

export function foldGroups(root) {
  for (const group of root.querySelectorAll("fieldset")) {
    const legend = group.querySelector("legend");
    const name = legend.textContent;
    const toggle = button({ label: "", onClick: () => fold(group.classList.toggle("nn-folded")) });
    const fold = (folded) => {
      toggle.setLabel(folded ? "Show" : "Hide");
      toggle.el.setAttribute("aria-label", `${folded ? "Show" : "Hide"}: ${name}`);
      toggle.el.setAttribute("aria-expanded", String(!folded));
    };
    toggle.el.classList.add("nn-fold");
    legend.append(" ", toggle.el);
    group.classList.add("nn-folded");
    fold(true);
  }
}

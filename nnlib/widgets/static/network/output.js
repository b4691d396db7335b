// The plane with its points and one map: the output's, unless the reader chooses a unit's or points at one.

import { checkbox, element, row, select } from "../shared/controls.js";
import { createPlot, fmt } from "../shared/plot.js";

export function createOutput({ state, lab, maps, names, words }) {
  const box = element("div", { class: "nn-output-map" });
  const plot = createPlot(box, { label: "Output over the plane", aspect: 1 });
  const choice = select({
    label: "Map of",
    name: "map",
    options: [],
    value: "",
    onChange: (v) => {
      const [layer, k] = v.split(".").map(Number);
      maps.chosen = layer === lab.last ? null : { column: layer + 1, k };
      state.refresh();
    },
  });
  const testPoints = checkbox({ label: "test (open)", name: "show-test", checked: true, onChange: state.refresh });
  const key = element("p", { class: "nn-note nn-keys" });

  state.on("load", () => {
    const part = (shape, color, text) => [element("span", { class: `nn-dot nn-dot-${shape} ${color}` }), text];
    const classes = lab.task === "classification";
    key.replaceChildren(
      ...(classes
        ? [...part("square", "nn-class-0", "class 0 "), ...part("circle", "nn-class-1", "class 1")]
        : part("circle", "nn-value", `training; color: ±${fmt(maps.topTarget, 2)}`)),
    );
    testPoints.setLabel(classes ? "test (open)" : "test (diamonds)");
  });

  state.on("refresh", () => {
    const { chosen } = maps;
    const units = lab.network.layers
      .slice(0, -1)
      .flatMap(({ outputs }, l) =>
        Array.from({ length: outputs }, (_, k) => [`${l}.${k}`, `hidden ${l + 1}, unit ${k + 1}`]),
      );
    choice.setOptions(
      [[`${lab.last}.0`, "output"], ...units],
      chosen ? `${chosen.column - 1}.${chosen.k}` : `${lab.last}.0`,
    );
    const what =
      lab.task === "classification"
        ? `The network says class 1 on the blue side and class 0 on the orange side of the black line.${words.accuracy}`
        : "Blue is positive, orange negative.";
    const which = chosen ? `Map of ${names.unit(chosen.column - 1, chosen.k)}` : "Map of the output";
    plot.describe(
      `${which} over x₁ and x₂ with ${lab.train.count} training and ${lab.test.count} test points. ${what}`,
    );
  });

  state.on("draw", () => {
    const { shown } = maps;
    maps.draw(plot, shown && shown.column <= lab.last ? maps.of(shown) : null, testPoints.checked);
  });
  return element("div", {}, choice.el, box, row(key, testPoints.el));
}

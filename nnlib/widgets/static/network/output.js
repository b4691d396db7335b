// The plane with its points and one map: the output's, unless the reader chooses a unit's or points at one.

import { checkbox, element, legend, row, select } from "../shared/controls.js";
import { nameOf, ownUnits } from "./given.js";
import { createPlot, fmt } from "../shared/plot.js";

export function createOutput({ state, frame, lab, maps, names, words }) {
  const { get, has } = state;
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
  const toggle = (trait, name, label, handler) => {
    const control = checkbox({ label, name, checked: get(trait), onChange: (on) => state.put({ [trait]: on }) });
    frame.listen(state.model, [trait], () => {
      control.set(get(trait));
      handler();
    });
    return control;
  };
  const testPoints = toggle("show_test", "show-test", "test (open)", frame.redraw);
  const discrete = toggle("discrete", "discrete", "discrete", () => {
    lab.changed(); // the map is painted anew
    frame.redraw();
  });
  const key = legend();
  const className = (k) => (lab.table ? `class ${k}: ${lab.table.classes[k]}` : `class ${k}`);
  // From orange to blue, around the mean where a table is standardized.
  function range() {
    const top = maps.topTarget;
    if (!lab.table) return `±${fmt(top, 2)}`;
    return `${nameOf(lab.table, 2)} from ${fmt(ownUnits(lab.table, 2, -top))} to ${fmt(ownUnits(lab.table, 2, top))}`;
  }

  state.on("load", () => {
    const part = (shape, color, text) => [`nn-dot nn-dot-${shape} ${color}`, text];
    const classes = lab.task === "classification";
    key.set(
      ...(classes
        ? [part("square", "nn-class-0", `${className(0)} `), part("circle", "nn-class-1", className(1))]
        : [part("circle", "nn-value", `training; color: ${range()}`)]),
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
        ? `The network says ${className(1)} on the blue side and ${className(0)} on the orange side of the black line.${words.accuracy}`
        : lab.table
          ? `From orange to blue: ${range()}.`
          : "Blue is positive, orange negative.";
    const which = chosen ? `Map of ${names.unit(chosen.column - 1, chosen.k)}` : "Map of the output";
    plot.describe(
      `${which} over ${names.plane().join(" and ")} with ${lab.train.count} training and ${lab.test.count} test points. ${what}`,
    );
  });

  state.on("draw", () => {
    const { shown } = maps;
    maps.draw(plot, shown && shown.column <= lab.last ? maps.of(shown) : null, get("show_test"));
  });
  const top = has("output") ? row(choice.el, discrete.el) : choice.el;
  return { el: element("div", {}, top, box, row(key.el, testPoints.el)), plot, box };
}

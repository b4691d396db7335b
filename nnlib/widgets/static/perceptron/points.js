// The controls of the perceptron's points: which one, where it is, its class; add and remove.
//
//   const points = createPoints({ board, now, plot, refresh, tell })
//       refresh() shows a change that is none of the traits; tell(text) puts it into the readout
//   points.el .movePoint(i, x) .addPoint(x) .pick(i) .show(s)       addPoint: of the class that a click adds, if any

import { LARGEST } from "./board.js";
import { button, element, group, row, select, slider } from "../shared/controls.js";
import { minus } from "./words.js";

export function createPoints({ board, now, plot, refresh, tell }) {
  const { get, record } = board;
  const pick = (i) => {
    [now.selected, now.picked] = [i, true];
  };
  const editData = (i, edit) => {
    const lists = { X: [...get("X")], y: [...get("y")], names: [...get("names")] };
    edit(lists, i);
    pick(Math.min(now.selected, lists.y.length - 1));
    board.put({ ...lists, cursor: 0 });
  };
  const movePoint = (i, x) =>
    editData(i, ({ X, names }) => {
      X[i] = x;
      names[i] = ""; // a moved compound is no longer that compound
    });
  const add = (label, x) =>
    editData(-1, ({ X, y, names }) => {
      X.push(x);
      y.push(label);
      names.push("");
      now.selected = y.length - 1;
    });
  // New points appear in the middle, each beside the last.
  const middle = () => {
    const { x, y } = plot.view;
    const shift = (get("y").length % 7) * 0.03 * (x[1] - x[0]);
    return board.fromZ([(x[0] + x[1]) / 2 + shift, (y[0] + y[1]) / 2]);
  };

  const chosen = select({
    label: "Point",
    name: "point",
    options: [],
    value: "0",
    onChange: (i) => {
      pick(Number(i));
      refresh();
    },
  });
  const coordinates = [0, 1].map((k) =>
    slider({
      label: "x",
      name: ["x1", "x2"][k],
      value: 0,
      min: 0,
      max: 1,
      step: 0.1,
      hardMin: -LARGEST,
      hardMax: LARGEST,
      onInput: (v) =>
        movePoint(
          now.selected,
          get("X")[now.selected].map((old, j) => (j === k ? v : old)),
        ),
    }),
  );
  const clickAdds = select({
    label: "A click in the picture adds",
    name: "click",
    options: [
      ["1", "y = +1"],
      ["-1", "y = −1"],
      ["0", "nothing"],
    ],
    value: "1",
    onChange: (label) =>
      tell(
        label === "0"
          ? "A click in the picture adds nothing."
          : `A click in the picture adds a point with y = ${minus(Number(label))}.`,
      ),
  });
  const remove = button({
    label: "Remove",
    name: "remove",
    onClick: () =>
      editData(now.selected, (lists, i) => {
        for (const list of Object.values(lists)) list.splice(i, 1);
      }),
  });
  const buttons = [
    button({ label: "Add +1", name: "add-plus", onClick: () => add(1, middle()) }),
    button({ label: "Add −1", name: "add-minus", onClick: () => add(-1, middle()) }),
    button({
      label: "Flip class",
      name: "flip",
      onClick: () =>
        editData(now.selected, ({ y }, i) => {
          y[i] = -y[i];
        }),
    }),
    remove,
  ];
  return {
    pick,
    movePoint,
    addPoint(x) {
      if (Number(clickAdds.value)) add(Number(clickAdds.value), x);
    },
    el: group(
      "Points",
      element("div", { class: "nn-columns" }, chosen.el, coordinates[0].el, coordinates[1].el),
      row(...buttons.map((control) => control.el), clickAdds.el),
    ),
    show(s) {
      const { symbols, units, center, scale } = record();
      const options = s.y.map((label, i) => [
        String(i),
        `${i + 1}: ${get("names")[i] ? `${get("names")[i]}, ` : ""}y = ${minus(label)}`,
      ]);
      chosen.setOptions(options, String(now.selected));
      const { x, y } = plot.view;
      coordinates.forEach((control, k) => {
        const digits = board.decimals(k);
        const ends = [x, y][k].map((z) => Number((center[k] + scale[k] * z).toFixed(digits)));
        control.setLabel(units[k] ? `${symbols[k]} (${units[k]})` : symbols[k]);
        control.setRange(...ends, 10 ** -Math.max(0, digits - 1));
        control.set(get("X")[now.selected][k]);
      });
      remove.disable(s.y.length === 1);
    },
  };
}

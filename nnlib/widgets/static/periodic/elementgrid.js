// The cells of the periodic table, to point at, to pick and to walk through by keyboard.
//
//   const grid = createElementGrid({ symbols, places, onLook, onPick })    places[k] = [row, column] of element k, from
//                                                                          1
//       one stop for Tab; arrows move to the next cell in that direction, Home and End along the row, with Ctrl to the
//         first and
//       the last element; onLook(k) for the one pointed at or focused, onPick(k) for a click, a tap, Enter and Space
//   grid.el, and grid.show((k) => ({ label, picked, fill, ink }))          a cell without a fill is hatched
//   grid.enter(k)                                                          where Tab enters

import { element } from "../shared/controls.js";

const { abs } = Math;

export function createElementGrid({ symbols, places, onLook, onPick }) {
  const cells = symbols.map((symbol, k) =>
    element("div", {
      role: "gridcell",
      class: "nn-periodic-cell",
      tabindex: -1,
      "aria-colindex": places[k][1],
      "data-element": symbol,
      text: symbol,
      style: `grid-row: ${places[k][0]}; grid-column: ${places[k][1]}`,
    }),
  );
  const rows = [...new Set(places.map(([row]) => row))].sort((a, b) => a - b);
  const inRow = (row) =>
    symbols
      .map((_, k) => k)
      .filter((k) => places[k][0] === row)
      .sort((a, b) => places[a][1] - places[b][1]);
  const el = element(
    "div",
    {
      role: "grid",
      class: "nn-periodic-grid",
      "aria-label": "Elements",
      "aria-multiselectable": "true",
      "aria-colcount": 18,
    },
    ...rows.map((row) => element("div", { role: "row", class: "nn-periodic-row" }, ...inRow(row).map((k) => cells[k]))),
  );

  const elementOf = ({ target }) => cells.indexOf(target.closest(".nn-periodic-cell"));
  const enter = (k) =>
    cells.forEach((cell, j) => {
      cell.tabIndex = j === k ? 0 : -1;
    });
  // Where a key leads from element k; undefined where it leads nowhere.
  const next = (k, key, far) => {
    const [row, column] = places[k];
    const own = inRow(row);
    const at = own.indexOf(k);
    const [nearest] = inRow(rows[rows.indexOf(row) + { ArrowUp: -1, ArrowDown: 1 }[key]]).sort(
      (a, b) => abs(places[a][1] - column) - abs(places[b][1] - column),
    );
    const along = { ArrowLeft: own[at - 1], ArrowRight: own[at + 1], Home: own[0], End: own.at(-1) };
    return far ? { Home: 0, End: symbols.length - 1 }[key] : (along[key] ?? nearest);
  };
  el.addEventListener(
    "pointerover",
    (event) => event.pointerType === "mouse" && elementOf(event) >= 0 && onLook(elementOf(event)),
  );
  el.addEventListener("click", (event) => elementOf(event) >= 0 && onPick(elementOf(event)));
  el.addEventListener("focusin", (event) => {
    enter(elementOf(event));
    onLook(elementOf(event));
  });
  el.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || !/^(Enter| |Arrow\w+|Home|End)$/.test(event.key)) return;
    event.preventDefault();
    const k = elementOf(event);
    if (event.key === "Enter" || event.key === " ") onPick(k);
    else cells[next(k, event.key, event.ctrlKey)]?.focus();
  });
  return {
    el,
    enter,
    show(describe) {
      cells.forEach((cell, k) => {
        const { label, picked, fill, ink } = describe(k);
        const key = [label, picked, fill].join();
        if (cell.dataset.shown === key) return;
        cell.dataset.shown = key;
        cell.setAttribute("aria-label", label);
        cell.setAttribute("aria-selected", String(picked));
        cell.classList.toggle("nn-periodic-missing", !fill);
        Object.assign(cell.style, { backgroundColor: fill ?? "", color: fill ? ink : "" });
      });
    },
  };
}

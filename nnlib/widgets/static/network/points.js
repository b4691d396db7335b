// The reader's own points: drawn, moved and deleted in the plane, with the pointer or with a cursor that keys move, or
// from a table of theirs.

import { button, element, group, row, select } from "../shared/controls.js";
import { fmt, onDrag } from "../shared/plot.js";
import { createOwnData } from "../shared/owndata.js";
import { nameOf, ownUnits } from "./given.js";

const MOST = 500;
const LEAST = 4; // as in Python: two to train on, two to test
const START = [
  [-2, -2, 0],
  [2, 2, 1],
  [-2, 2, 0],
  [2, -2, 1],
];
const VIEW = [
  [-6, 6],
  [-6, 6],
];
const REACH = 12; // pixels to a point

export function createPoints({ state, frame, lab }, { plot, box }) {
  const { get, put } = state;
  const cursor = { x: 0, y: 0 };
  const note = element("p", { class: "nn-note", role: "status" });
  const pen = select({
    label: "A click in the plane",
    name: "pen",
    value: "",
    options: [
      ["", "does nothing"],
      ["0", "adds class 0"],
      ["1", "adds class 1"],
      ["delete", "deletes a point"],
    ],
    onChange: begin,
  });
  const clear = button({ label: "Clear the points", name: "clear-points", onClick: () => show(START, VIEW) });

  const own = () => (get("dataset") === "given" ? get("_given") : null);
  // Points of a regression, or more than one could draw, came from Python or from a table and stay as they are.
  const canDraw = () => get("_given")?.task !== "regression" && (get("_given")?.points.length ?? 0) <= MOST;

  function show(points, view, table) {
    put({ _given: { task: "classification", points, view, ...(table && { table }) }, dataset: "given" });
  }
  const table = createOwnData(frame, {
    tasks: ["classification", "regression"],
    learned: "To learn",
    use({ task, points, names, classes, center, scale, file, source }) {
      const about = { names, center, scale, file, source, ...(classes && { classes }) };
      put({ _given: { task, points, table: about }, dataset: "given" });
    },
  });
  function begin() {
    if (pen.value && canDraw() && !own()) open();
    say();
  }
  const open = () => (get("_given") ? put({ dataset: "given" }) : show(START, VIEW));
  // A data set of the page's own stands for "your points" as soon as that is chosen.
  frame.listen(state.model, ["dataset"], () => {
    if (get("dataset") === "given" && !get("_given")) show(START, VIEW);
  });

  // Points that were moved are no longer those that a program would find in the file.
  function change(points) {
    const { view, table: { source, ...about } = {} } = own();
    show(points, view ?? lab.view, own().table && about);
  }
  const toOwn = (k, v) => (lab.table ? Number(ownUnits(lab.table, k, v).toPrecision(8)) : v);
  function ready() {
    if (!canDraw()) return false;
    if (!own()) open();
    return true;
  }
  function add(x, y, target) {
    if (!ready())
      return say(
        `These points ${lab.table?.file ? "are those of your table" : "came from Python"}; Clear starts your own.`,
      );
    const { points } = own();
    if (points.length >= MOST) return say(`There are ${MOST} points, the most that can be drawn.`);
    change([...points, [toOwn(0, x), toOwn(1, y), target]]);
    say(`Class ${target} added at ${at(x, y)}.`);
  }
  function remove(k) {
    const { points } = own();
    if (points.length <= LEAST) return say(`The last ${LEAST} points stay; they can be moved.`);
    change(points.filter((_, n) => n !== k));
    say("Point deleted.");
  }
  function moveTo(k, x, y) {
    const inside = (value, [low, high]) => Number(Math.max(low, Math.min(high, value)).toFixed(2));
    const [vx, vy] = own().view ?? lab.view;
    const moved = [toOwn(0, inside(x, vx)), toOwn(1, inside(y, vy))];
    change(own().points.map((point, n) => (n === k ? [...moved, point[2]] : point)));
  }
  // The point nearest to (x, y), if it is within `reach` pixels.
  function nearest({ x, y }, reach = Infinity) {
    let best = -1;
    for (const [k, point] of (own() ? lab.points : []).entries()) {
      const distance = Math.hypot(plot.px(point[0]) - plot.px(x), plot.py(point[1]) - plot.py(y));
      if (distance < reach) [best, reach] = [k, distance];
    }
    return best;
  }

  const at = (x, y) => `${fmt(toOwn(0, x))}, ${fmt(toOwn(1, y))}`;
  function aboutTable() {
    const { names, file } = lab.table;
    const [x1, x2, y] = names.map((_, k) => nameOf(lab.table, k));
    return `${file ?? "The table"}: x₁ is ${x1}, x₂ is ${x2}, to learn: ${y}.`;
  }
  function say(news = "") {
    const shown = own()?.points.length;
    const limit = canDraw() ? `${shown} of at most ${MOST} points.` : `${shown} points.`;
    note.textContent = [news, shown && lab.table && aboutTable(), shown && limit].filter(Boolean).join(" ");
    clear.el.hidden = !shown;
  }
  state.on("load", () => say());

  frame.addCleanup(
    onDrag(plot, {
      hit(p) {
        if (!pen.value || pen.value === "delete" || !own() || !canDraw()) return null;
        const k = nearest(p, REACH);
        return k < 0 ? null : { k };
      },
      move: (thing, p) => own() && moveTo(thing.k, p.x, p.y), // another data set may have been chosen meanwhile
      click(p) {
        if (!pen.value) return;
        if (pen.value !== "delete") return add(Number(p.x.toFixed(2)), Number(p.y.toFixed(2)), Number(pen.value));
        const k = nearest(p, 2 * REACH);
        if (k >= 0 && ready()) remove(k);
      },
    }),
  );

  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute(
    "aria-label",
    "Plane: arrow keys move a cursor, 0 and 1 add a point there, Delete takes the nearest away, Shift with an arrow moves it",
  );
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (way) {
      const [[x0, x1], [y0, y1]] = lab.view;
      const step = (x1 - x0) / 48;
      const k = event.shiftKey && canDraw() ? nearest(cursor) : -1;
      const from = k < 0 ? cursor : { x: lab.points[k][0], y: lab.points[k][1] };
      cursor.x = Number(Math.max(x0, Math.min(x1, from.x + step * way[0])).toFixed(2));
      cursor.y = Number(Math.max(y0, Math.min(y1, from.y + step * way[1])).toFixed(2));
      if (k >= 0) moveTo(k, cursor.x, cursor.y);
      say(`${k < 0 ? "Cursor" : "Point"} at ${at(cursor.x, cursor.y)}.`);
      frame.redraw();
    } else if (event.key === "0" || event.key === "1") add(cursor.x, cursor.y, Number(event.key));
    else if (event.key === "Delete" || event.key === "Backspace") {
      if (own() && canDraw()) remove(nearest(cursor));
    } else return;
    event.preventDefault();
  });
  for (const event of ["focus", "blur"]) box.addEventListener(event, frame.redraw);

  state.on("draw", (colors) => {
    if (document.activeElement !== box) return;
    const [x, y] = [plot.px(cursor.x), plot.py(cursor.y)];
    const { ctx } = plot;
    ctx.strokeStyle = colors.accent;
    ctx.lineWidth = 2;
    ctx.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      ctx.moveTo(x + 4 * dx, y + 4 * dy);
      ctx.lineTo(x + 12 * dx, y + 12 * dy);
    }
    ctx.stroke();
  });
  say();
  return group("Your own points", row(pen.el, clear.el, table.el), note);
}

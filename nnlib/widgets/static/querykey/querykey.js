// A query and four keys as arrows of the plane, and what the query reads from them.
//
// The traits are `query`, `key`, `value`, `scaled`, `angle` and `places`, of the query and of each key. Everything else
// is worked out from them.

import { button, checkbox, element, group, row, select, slider, write } from "../shared/controls.js";
import { createFrame } from "../shared/frame.js";
import { arrow, createPlot, fmt, onDrag } from "../shared/plot.js";
import { attend, turn, vectorsOf } from "./attend.js";

const TRAITS = ["query", "key", "value", "scaled", "angle", "places"];
const [LIMIT, VALUES, PLACES] = [4, 100, 1000];
const { abs, hypot, max, min } = Math;

export { attend };

const nameOf = (k) => (k ? `k${"₁₂₃₄"[k - 1]}` : "q");

// What a reader may try to reach: [words, reached?].
const GOALS = [
  ["An answer of 25, to within 0.5", ({ answer }) => abs(answer - 25) <= 0.5],
  ["More than 95 % for one key", ({ weights }) => max(...weights) > 0.95],
  ["More than 45 % for each of two keys", ({ weights }) => weights.filter((w) => w > 0.45).length === 2],
];

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const settings = () => Object.fromEntries(TRAITS.map((name) => [name, get(name)]));
  const start = settings();
  let chosen = 0; // 0 for the query, k for key k
  const reached = GOALS.map(() => false);

  const frame = createFrame({
    el,
    name: "querykey",
    title: "A query among keys",
    label: "A query among keys: attention in the plane",
    onReset() {
      chosen = 0;
      reached.fill(false);
      put(start);
      show();
    },
  });
  const plane = createPlot(frame.picture, { label: "" });
  const rows = get("key").map(() => {
    const cells = Array.from({ length: 5 }, () => element("td"));
    const bar = element("span", { class: "nn-querykey-bar", "aria-hidden": "true" });
    const number = element("span");
    cells[3].append(number, bar);
    return { cells, bar, number };
  });
  const heads = ["key", "q · k", "score", "weight", "value"].map((text) => element("th", { scope: "col", text }));
  const table = element(
    "table",
    { class: "nn-querykey-table" },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...rows.map(({ cells }) => element("tr", {}, ...cells))),
  );

  // ---- controls

  const vector = (k) => (k ? get("key")[k - 1] : get("query"));
  const setVector = (k, v) => {
    const inside = v.map((x) => min(LIMIT, max(-LIMIT, x)));
    put(k ? { key: get("key").map((old, j) => (j === k - 1 ? inside : old)) } : { query: inside });
  };
  const which = select({
    label: "Arrow",
    name: "arrow",
    value: "0",
    options: [0, 1, 2, 3, 4].map((k) => [String(k), k ? `key ${nameOf(k)}` : "query q"]),
    onChange: (k) => choose(Number(k)),
  });
  const coordinates = ["x", "y"].map((label, j) =>
    slider({
      label,
      name: label,
      value: 0,
      min: -3,
      max: 3,
      step: 0.1,
      hardMin: -LIMIT,
      hardMax: LIMIT,
      onInput: (v) =>
        setVector(
          chosen,
          vector(chosen).map((old, i) => (i === j ? v : old)),
        ),
    }),
  );
  const content = slider({
    label: "Value",
    name: "value",
    value: 0,
    min: 0,
    max: 50,
    step: 1,
    hardMin: -VALUES,
    hardMax: VALUES,
    onInput: (v) => put({ value: get("value").map((old, j) => (j === chosen - 1 ? v : old)) }),
  });
  const scaled = checkbox({
    label: "Divide by √2",
    name: "scaled",
    onChange: (on) => put({ scaled: on }),
  });
  const angle = slider({
    label: "° per place",
    name: "angle",
    value: 0,
    min: 0,
    max: 90,
    step: 5,
    hardMin: 0,
    hardMax: 180,
    onInput: (v) => put({ angle: v }),
  });
  const place = slider({
    label: "Its place",
    name: "place",
    value: 0,
    min: 0,
    max: 12,
    step: 1,
    integer: true,
    hardMin: 0,
    hardMax: PLACES,
    onInput: (v) => put({ places: get("places").map((old, j) => (j === chosen ? v : old)) }),
  });
  const shift = button({
    label: "Move all one place on",
    name: "shift",
    onClick: () => put({ places: get("places").map((old) => old + 1) }),
  });
  const goals = GOALS.map(([text]) => {
    const mark = element("span", { text: "○ " });
    return { mark, el: element("li", {}, mark, text) };
  });
  frame.panel.append(
    group("One arrow", which.el, ...coordinates.map((control) => control.el), content.el, place.el),
    row(scaled.el),
    group("Rotary positions", angle.el, row(shift.el)),
    element("div", {}, "Can you reach", element("ul", { class: "nn-querykey-goals" }, ...goals.map((goal) => goal.el))),
    frame.actions,
  );
  frame.body.append(table, frame.output);

  function choose(k) {
    chosen = k;
    show();
  }

  // ---- the picture

  const tips = () => vectorsOf(settings());
  frame.addCleanup(
    onDrag(plane, {
      hit(p, pointer) {
        const reach = pointer === "touch" ? 24 : 16;
        const away = tips().map(([x, y]) => hypot(plane.px(x) - p.px, plane.py(y) - p.py));
        const k = away.indexOf(min(...away));
        return away[k] < reach ? { k } : null;
      },
      start: ({ k }) => choose(k),
      // The arrow is drawn turned by its place; what it is before that, is turned back.
      move: ({ k }, p) =>
        setVector(
          k,
          turn([p.x, p.y], -((get("angle") * get("places")[k]) % 360)).map((v) => Number(v.toFixed(2))),
        ),
    }),
  );

  frame.onDraw((colors) => {
    const { ctx } = plane;
    const now = settings();
    const { weights } = attend(now);
    const reach = 1.15 * max(2.6, ...tips().flat().map(abs));
    plane.setView([-reach, reach], [-reach, reach], { equal: true });
    plane.begin();
    const [x0, y0] = [plane.px(0), plane.py(0)];
    plane.clip(() => {
      for (const line of [
        [
          [-9, 0],
          [9, 0],
        ],
        [
          [0, -9],
          [0, 9],
        ],
      ])
        plane.polyline(line, { color: colors.line, width: 1 });
      const plain = [now.query, ...now.key];
      if (now.angle)
        for (const v of plain) plane.polyline([[0, 0], v], { color: colors.muted, width: 1, dash: [3, 4] });
      tips().forEach(([x, y], k) => {
        const [px, py] = [plane.px(x), plane.py(y)];
        const color = colors.classes[k ? 1 : 0];
        if (hypot(px - x0, py - y0) > 9) arrow(ctx, x0, y0, px, py, { color, width: k ? 1.5 + 6 * weights[k - 1] : 3 });
        if (k === chosen) {
          ctx.beginPath();
          ctx.arc(px, py, 11, 0, 7);
          ctx.strokeStyle = colors.ink;
          ctx.lineWidth = 1.5;
          ctx.stroke();
        }
      });
      // The names stand beyond the tips.
      ctx.font = ctx.font.replace(/\d+px/, "15px");
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      tips().forEach(([x, y], k) => {
        const size = hypot(x, y) || 1;
        ctx.fillStyle = colors.ink;
        ctx.fillText(nameOf(k), plane.px(x) + (22 * x) / size, plane.py(y) - (22 * (size === 1 && !x ? 1 : y)) / size);
      });
    });
    plane.axes(colors, { x: { label: "first number" }, y: { label: "second number" } });
  });

  function show() {
    const now = settings();
    const result = attend(now);
    const { products, scores, weights, answer } = result;
    which.set(String(chosen));
    coordinates.forEach((control, j) => control.set(vector(chosen)[j]));
    content.el.hidden = chosen === 0;
    if (chosen) content.set(now.value[chosen - 1]);
    place.el.hidden = now.angle === 0;
    place.set(now.places[chosen]);
    scaled.set(now.scaled);
    angle.set(now.angle);
    shift.disable(now.angle === 0 || max(...now.places) >= PLACES);
    rows.forEach(({ cells, bar, number }, k) => {
      write(cells[0], nameOf(k + 1));
      write(cells[1], fmt(products[k]));
      write(cells[2], fmt(scores[k]));
      write(number, weights[k].toFixed(2));
      bar.style.width = `${100 * weights[k]}%`;
      write(cells[4], fmt(now.value[k]));
    });
    GOALS.forEach(([, isReached], k) => {
      reached[k] ||= isReached(result);
      write(goals[k].mark, reached[k] ? "✓ " : "○ ");
    });
    const best = weights.indexOf(max(...weights));
    const lengths = hypot(...now.query);
    const lines = [
      `The answer is ${fmt(answer)}: ${weights.map((w, k) => `${w.toFixed(2)} × ${fmt(now.value[k])}`).join(" + ")}.`,
      lengths === 0
        ? "The query has no length, so it fits all keys alike."
        : `${nameOf(best + 1)} fits best, with a dot product of ${fmt(products[best])}, and has ${(100 * weights[best]).toFixed(0)} % of the weight.`,
      now.angle
        ? `Each place turns an arrow by ${fmt(now.angle)}°. The query is at place ${now.places[0]}, the keys are at ${now.places.slice(1).join(", ")}; only the distances between places count.`
        : "",
    ];
    frame.say(lines);
    plane.describe(
      `Arrows of the plane: the query at ${fmt(now.query[0])}, ${fmt(now.query[1])}, and keys at ${now.key.map((key) => key.map((v) => fmt(v)).join(", ")).join("; ")}. ${lines.slice(0, 2).join(" ")}`,
    );
    frame.redraw();
  }
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

// A crystal to turn, with the graph of its neighbors and one round of messages along the edges.
//
// The traits are those of nnlib.widgets.crystal. A picture holds sites: the atoms of the cells that are drawn, those on
// the faces at both ends, and the chosen atom's neighbors beyond (dashed). Which copy of the chosen atom is marked is
// the view's.

import { createFrame } from "../shared/frame.js";
import { arrow, createPlot, fmt, marker, onDrag } from "../shared/plot.js";
import { button, checkbox, element, group, row, select, slider } from "../shared/controls.js";
import {
  SHARE,
  add,
  block,
  findEdges,
  inCell,
  minus,
  outline,
  passMessages,
  shellsOf,
  site,
  turned,
  weight,
} from "./lattice.js";
import { placeLabels } from "./labels.js";

const [SMALLEST, LARGEST] = [1, 6]; // cutoffs, Å
const CROWD = 30; // neighbors; with more, numbers and the edges of other atoms would hide everything
const SHAPES = ["circle", "circle", "diamond"];
const STEPS = ["0 Start", "1 Messages", "2 Sums", "3 Update"];
const TRAITS = ["structure", "cutoff", "atom", "start", "step", "repeat", "angles"];
const SHOWN = [
  "Beside an atom: the number it begins with.",
  "Beside a neighbor: the message that it sends to the chosen atom.",
  "Beside an atom: the sum of the messages that reach it.",
  "Beside an atom: its new number.",
];
const { hypot, max, min, round } = Math;

const part = (x) => ({ 0: "0", 250: "¼", 333: "⅓", 500: "½", 667: "⅔", 750: "¾" })[round(1000 * x)] ?? fmt(x);
const short = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2));
const key = ({ atom, shift }) => `${atom}:${shift}`;
const all = (n, kind) => (n === 1 ? kind : n === 2 ? `both ${kind}` : `all ${n} ${kind}`);

const swatch = (kind, text) =>
  element("span", {}, element("span", { class: `nn-crystal-ball nn-crystal-${kind}` }), ` ${text}`);

// The color a share t of the way from `from` to `to`, all as #rrggbb.
function mix(from, to, t) {
  const channel = (hex, k) => parseInt(hex.slice(k, k + 2), 16);
  return `#${[1, 3, 5]
    .map((k) =>
      round(channel(from, k) * (1 - t) + channel(to, k) * t)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    model.set(changes);
    model.save_changes();
  };
  const crystals = Object.fromEntries(get("_crystals"));
  const reset = Object.fromEntries(TRAITS.map((name) => [name, get(name)]));
  let now = null; // everything worked out from the traits, see show()
  let mark = { of: "", shift: [0, 0, 0] }; // the copy of the chosen atom that is marked
  let balls = []; // as drawn, from back to front: { site, x, y, r }

  const frame = createFrame({
    el,
    name: "crystal",
    title: "A crystal as a graph",
    label: "Crystal playground: neighbors and messages in a crystal",
    onReset() {
      mark.of = "";
      put(reset);
      show();
    },
  });
  const plot = createPlot(frame.picture, { label: "", aspect: 1, axes: false });
  const legend = element("div", { class: "nn-legend" });
  const caption = element("div", { class: "nn-note" });
  frame.picture.append(legend, caption);

  const structure = select({
    label: "Crystal",
    name: "structure",
    options: get("_crystals").map(([name, { label }]) => [name, label]),
    value: "",
    onChange: (name) => put({ structure: name, atom: 0, cutoff: crystals[name].cutoff }),
  });
  const atom = select({
    label: "Atom",
    name: "atom",
    options: [],
    value: "",
    onChange: (k) => put({ atom: Number(k) }),
  });
  const cutoff = slider({
    label: "Cutoff, Å",
    name: "cutoff",
    value: 4,
    min: SMALLEST,
    max: LARGEST,
    step: 0.05,
    hardMin: SMALLEST,
    hardMax: LARGEST,
    onInput: (value) => put({ cutoff: value }),
  });
  const begin = select({
    label: "Begin with",
    name: "start",
    options: [],
    value: "",
    onChange: (name) => put({ start: name }),
  });
  const step = select({
    label: "Step",
    name: "step",
    options: STEPS.map((text, k) => [String(k), text]),
    value: "0",
    onChange: (k) => put({ step: Number(k) }),
  });
  const next = button({
    label: "Next step",
    name: "next",
    primary: true,
    onClick: () => put({ step: (get("step") + 1) % 4 }),
  });
  const cells = slider({
    label: "Cells per axis",
    name: "repeat",
    value: 1,
    min: 1,
    max: 3,
    step: 1,
    integer: true,
    hardMin: 1,
    hardMax: 3,
    onInput: (n) => put({ repeat: n }),
  });
  const turn = slider({
    label: "Turn, °",
    name: "turn",
    value: 0,
    min: -180,
    max: 180,
    step: 1,
    hardMin: -180,
    hardMax: 180,
    onInput: (value) => put({ angles: [value, get("angles")[1]] }),
  });
  const tilt = slider({
    label: "Tilt, °",
    name: "tilt",
    value: 0,
    min: -90,
    max: 90,
    step: 1,
    hardMin: -90,
    hardMax: 90,
    onInput: (value) => put({ angles: [get("angles")[0], value] }),
  });
  const others = checkbox({
    label: "Edges of the other atoms too",
    name: "others",
    checked: true,
    onChange: () => frame.redraw(),
  });
  frame.panel.append(
    structure.el,
    atom.el,
    cutoff.el,
    group("One round of messages", begin.el, row(step.el, next.el)),
    group(
      "View",
      element("div", {
        class: "nn-note",
        text: "Drag the crystal to turn it; click an atom to choose it. A finger that begins sideways turns it; up and down it scrolls the page, and the slider Tilt tilts.",
      }),
      turn.el,
      tilt.el,
      cells.el,
      row(others.el),
    ),
    frame.actions,
  );

  // The marked copy of the chosen atom: the one that was clicked, or the most central one.
  function marked(crystal, k, sites, center) {
    const of = `${get("structure")} ${get("repeat")} ${k}`;
    const away = ({ at }) => hypot(...minus(at, center));
    const copies = sites.filter((s) => s.atom === k);
    if (mark.of !== of)
      mark = { of, shift: copies.reduce((best, s) => (away(s) < away(best) - 1e-6 ? s : best)).shift };
    return site(crystal, k, mark.shift);
  }

  const touches = ({ px, py }) => balls.findLast(({ x, y, r }) => hypot(px - x, py - y) < max(r, 12))?.site;
  frame.addCleanup(
    onDrag(plot, {
      sideways: true,
      hit: (p) => ({ from: p, angles: get("angles"), moved: false }),
      move(grip, p) {
        const [dx, dy] = [p.px - grip.from.px, p.py - grip.from.py];
        if (!grip.moved && hypot(dx, dy) < 5) return;
        grip.moved = true;
        const turnedBy = ((((grip.angles[0] + 0.5 * dx + 540) % 360) + 360) % 360) - 180;
        put({ angles: [round(turnedBy), round(max(-90, min(90, grip.angles[1] + 0.5 * dy)))] });
      },
      end({ from, angles, moved }, canceled) {
        if (canceled) return put({ angles }); // the finger scrolls the page after all
        const found = moved ? null : touches(from);
        if (!found) return;
        // An image beyond the cells that are drawn stands for the atom inside.
        mark = now.inside.has(key(found))
          ? { of: `${get("structure")} ${get("repeat")} ${found.atom}`, shift: found.shift }
          : { of: "" };
        put({ atom: found.atom });
        show();
      },
    }),
  );

  frame.onDraw((colors) => {
    const {
      crystal,
      kinds,
      sites,
      beyond,
      chosen,
      neighbors,
      inside,
      radius,
      size,
      numbers,
      round: passed,
      center,
    } = now;
    const [angles, n] = [get("angles"), get("repeat")];
    plot.begin();
    const { ctx, width, height } = plot;
    const { fontFamily } = getComputedStyle(plot.canvas);
    const scale = (min(width, height) / 2 - 12) / size;
    const place = (at) => {
      const [x, y, z] = turned(angles, minus(at, center));
      return { x: width / 2 + scale * x, y: height / 2 - scale * y, z };
    };
    const far = (color, z) => mix(color, colors.plot, 0.55 * max(0, min(1, 0.5 - z / size / 2)));
    const items = []; // { z, draw }, to be sorted by z
    const line = (a, b, color, thick, { room = 1, head = false } = {}) => {
      // From surface to surface of the two balls, so that a line never crosses the one in front.
      const trim = radius / hypot(...minus(b, a));
      const [p, q] = [
        place(a.map((x, k) => x + trim * (b[k] - x))),
        place(b.map((x, k) => x + room * trim * (a[k] - x))),
      ];
      const z = (p.z + q.z) / 2;
      items.push({
        z: z - 1e-6,
        draw() {
          const shade = far(color, head && n > 1 ? size : z);
          ctx.strokeStyle = shade;
          ctx.lineWidth = thick;
          ctx.beginPath();
          ctx.moveTo(p.x, p.y);
          ctx.lineTo(q.x, q.y);
          ctx.stroke();
          if (head) arrow(ctx, p.x, p.y, 0.4 * p.x + 0.6 * q.x, 0.4 * p.y + 0.6 * q.y, { color: shade, width: thick });
        },
      });
    };

    if (n > 1) for (const [a, b] of outline(crystal, n)) line(a, b, colors.line, 1);
    for (const [a, b] of outline(crystal, 1)) line(a, b, colors.muted, 1.4);
    if (others.checked && neighbors.size <= CROWD) {
      for (const s of sites) {
        for (const edge of now.from[s.atom]) {
          const other = inside.get(key({ atom: edge.source, shift: add(s.shift, edge.shift) }));
          if (other > inside.get(key(s)) && s !== chosen)
            line(s.at, sites[other].at, mix(colors.muted, colors.plot, n > 1 ? 0.6 : 0.35), 1);
        }
      }
    }
    for (const { s, edge } of neighbors.values())
      line(s.at, chosen.at, colors.ink, 1.2 + 4 * weight(edge.distance, get("cutoff")), {
        room: 1.3,
        head: get("step") > 0,
      });

    balls = [...sites, ...beyond]
      .map((s) => {
        const p = place(s.at);
        const aside = n > 1 && !neighbors.has(key(s)) && key(s) !== key(chosen); // small, or it would hide the neighbors
        const r = max(aside ? 3.5 : n > 1 ? 10 : 6, (aside ? 0.6 : 1) * radius * scale) * (1 + (0.15 * p.z) / size);
        return { site: s, ...p, r, aside, image: !inside.has(key(s)) };
      })
      .sort((a, b) => a.z - b.z);
    for (const ball of balls) items.push({ z: ball.z, draw: () => drawBall(ball) });
    items.sort((a, b) => a.z - b.z).forEach(({ draw }) => draw());
    drawNumbers();

    function isChosen({ site: s }) {
      return key(s) === key(chosen);
    }
    function depthOf({ z, aside }) {
      return n > 1 && !aside ? size : z; // among many cells the neighbors stand out
    }
    function write(text, font, color, x, y) {
      ctx.font = `${font} ${fontFamily}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillStyle = color;
      ctx.fillText(text, x, y);
    }

    function drawBall(ball) {
      const { site: s, x, y, r, aside, image } = ball;
      const z = depthOf(ball);
      const kind = kinds.indexOf(crystal.elements[s.atom]);
      const base = [...colors.classes, colors.test][kind];
      const glow = ctx.createRadialGradient(x - 0.35 * r, y - 0.4 * r, 0.1 * r, x, y, 1.1 * r);
      glow.addColorStop(0, far(mix(base, colors.plot, image ? 0.95 : 0.8), z));
      glow.addColorStop(1, far(mix(base, colors.plot, image ? 0.85 : 0.45), z));
      ctx.setLineDash(image ? [3, 3] : []);
      marker(ctx, SHAPES[kind], x, y, r, { fill: glow, stroke: far(base, z), width: kind === 1 ? 2.5 : 1.2 });
      ctx.setLineDash([]);
      if (isChosen(ball)) marker(ctx, SHAPES[kind], x, y, r + 4, { stroke: colors.alert, width: 3 });
      if (r >= 8.5 || (!aside && neighbors.size <= CROWD))
        write(crystal.elements[s.atom], "600 13px", far(colors.ink, z), x, y + 0.5);
    }

    // Over all balls, for one in front would hide part of a number.
    function drawNumbers() {
      const small = width < 340 ? 12 : 13;
      const labels = balls
        .filter((ball) => isChosen(ball) || !(ball.aside || neighbors.size > CROWD))
        .map((ball) => {
          const { atom } = ball.site;
          const neighbor = neighbors.get(key(ball.site));
          const value = [
            numbers[atom],
            neighbor && passed.message[neighbor.edge.index],
            passed.sum[atom],
            passed.updated[atom],
          ][get("step")];
          const font = isChosen(ball) ? `700 ${small + 1}px` : `${small}px`;
          ctx.font = `${font} ${fontFamily}`;
          const text = value === undefined ? "" : short(value);
          const { width: across } = ctx.measureText(text);
          return { ball, text, font, width: across, height: small, gap: isChosen(ball) ? 8 : 3 };
        })
        .filter(({ text }) => text)
        .sort((a, b) => isChosen(b.ball) - isChosen(a.ball) || b.ball.z - a.ball.z);
      const lines = [...neighbors.values()].map((neighbor) => [neighbor.s, chosen].map(({ at }) => place(at)));
      placeLabels(labels, balls, lines, [width, height]).forEach(([x, y], k) => {
        const { ball, text, font } = labels[k];
        ctx.font = `${font} ${fontFamily}`;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.strokeStyle = colors.plot;
        ctx.lineWidth = 3;
        ctx.strokeText(text, x, y);
        write(text, font, far(colors.ink, max(depthOf(ball), 0)), x, y);
      });
    }
  });

  function show() {
    const crystal = crystals[get("structure")];
    const k = min(get("atom"), crystal.elements.length - 1);
    const edges = findEdges(crystal, get("cutoff")).map((edge, index) => ({ ...edge, index }));
    const kinds = [...new Set(crystal.elements)];
    const numbers = crystal.elements.map((e) =>
      get("start") === "element" ? Number(e === kinds[0]) : get("_electronegativity")[e],
    );
    const sites = block(crystal, get("repeat"));
    const inside = new Map(sites.map((s, j) => [key(s), j]));
    const chosen = marked(crystal, k, sites, inCell(crystal.cell, [0, 0, 0].fill(get("repeat") / 2)));
    const own = edges.filter(({ target }) => target === k);
    const neighbors = new Map(
      own.map((edge) => {
        const s = site(crystal, edge.source, add(chosen.shift, edge.shift));
        return [key(s), { s, edge }];
      }),
    );
    const beyond = [...neighbors.values()].map(({ s }) => s).filter((s) => !inside.has(key(s)));
    const seen = [...sites, ...beyond].map(({ at }) => at);
    const center = [0, 1, 2].map((j) => (min(...seen.map((at) => at[j])) + max(...seen.map((at) => at[j]))) / 2);
    const radius = 0.17 * min(...findEdges(crystal, 4).map(({ distance }) => distance));
    now = {
      crystal,
      kinds,
      numbers,
      center,
      sites,
      inside,
      chosen,
      neighbors,
      beyond,
      radius,
      round: passMessages(edges, numbers, get("cutoff")),
      from: crystal.elements.map((_, j) => edges.filter(({ target }) => target === j)),
      size: max(...seen.map((at) => hypot(...minus(at, center)))) + radius,
    };
    const places = crystal.elements.map((e, j) => [String(j), `${e} (${crystal.fractions[j].map(part).join(", ")})`]);
    structure.set(get("structure"));
    atom.setOptions(places, String(k));
    cutoff.set(get("cutoff"));
    begin.setOptions(
      [
        ["element", kinds.length > 1 ? `1 for ${kinds[0]}, 0 for ${kinds.slice(1).join(", ")}` : `1 for ${kinds[0]}`],
        ["electronegativity", "Electronegativity"],
      ],
      get("start"),
    );
    step.set(String(get("step")));
    next.setLabel(get("step") === 3 ? "Start again" : "Next step");
    cells.set(get("repeat"));
    turn.set(get("angles")[0]);
    tilt.set(get("angles")[1]);
    legend.replaceChildren(
      ...kinds.map((e, j) => swatch(j, e)),
      swatch("chosen", "chosen"),
      ...(beyond.length ? [swatch("image", "image in another cell")] : []),
    );
    caption.textContent =
      own.length > CROWD
        ? `More than ${CROWD} neighbors: only the chosen atom's edges are drawn; the table has the numbers.`
        : SHOWN[get("step")];
    const lines = inWords(places[k][1], own.length);
    frame.say(lines);
    plot.describe(
      `The unit cell of ${crystal.label}, ${get("repeat")} along each axis, turned by ${get("angles")[0]}° and tilted by ${get("angles")[1]}°. ${lines.join(" ")}`,
    );
    frame.redraw();
  }

  function inWords(name, count) {
    const { crystal, kinds, numbers, chosen, round: passed } = now;
    const [k, c] = [chosen.atom, get("cutoff")];
    const shells = (now.shells = shellsOf(crystal, now.from[k], k).map((s) => ({
      ...s,
      w: weight(s.distance, c),
      h: numbers[s.source],
    })));
    const near = shells.slice(0, 4).map((s) => `${s.count} ${s.element} at ${s.distance.toFixed(2)} Å`);
    const rest = shells.slice(4).reduce((total, s) => total + s.count, 0);
    const terms = shells.slice(0, 4);
    const more = rest ? " + …" : "";
    const values = kinds.map((e) => {
      const found = [passed.sum, passed.updated][get("step") - 2]?.filter((_, j) => crystal.elements[j] === e) ?? [];
      return [e, found, found.some((x) => Math.abs(x - found[0]) > 1e-9)];
    });
    const start = kinds.map((e) => `every ${e} has ${fmt(numbers[crystal.elements.indexOf(e)])}`).join(", ");
    return [
      count
        ? `${name} has ${count} neighbor${count === 1 ? "" : "s"} within ${fmt(c, 4)} Å: ${near.join(", ")}${rest ? `, and ${rest} farther` : ""}.`
        : `${name} has no neighbor within ${fmt(c, 4)} Å: raise the cutoff.`,
      [
        `At the start ${start}.`,
        count
          ? `Messages, weight × number: ${terms.map((s) => `${fmt(s.w)} × ${fmt(s.h)} = ${fmt(s.w * s.h)} from each ${s.element} at ${s.distance.toFixed(2)} Å`).join("; ")}${rest ? "; …" : "."}`
          : "No messages.",
        `Sum: ${terms.map((s) => `${s.count} × ${fmt(s.w * s.h)}`).join(" + ")}${more}${count ? " = " : ""}${fmt(passed.sum[k])}.`,
        `Update: own number + ${SHARE} × sum = ${fmt(numbers[k])} + ${SHARE} × ${fmt(passed.sum[k])} = ${fmt(passed.updated[k], 4)}. A trained network learns such factors.`,
      ][get("step")],
      get("step") > 1 &&
        `Equal surroundings, equal numbers: ${values.map(([e, found, differ]) => (differ ? `the ${e} differ` : `${all(found.length, e)} ${fmt(found[0], 4)}`)).join(", ")}, in every cell.`,
      "Turn the crystal or draw more cells: distances stay, so every number stays.",
    ].filter(Boolean);
  }
  frame.table("Show the neighbors as a table", () => ({
    head: ["Neighbors", "Element", "Distance, Å", "Weight", "Number", "Message of each"],
    rows: now.shells.map((s) =>
      [s.count, s.element, s.distance.toFixed(3), fmt(s.w), fmt(s.h), fmt(s.w * s.h)].map(String),
    ),
  }));
  frame.follow(model, TRAITS, show);
  show();
  return frame.ready();
}

export default { render };

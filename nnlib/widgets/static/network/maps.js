// What every unit of the network says over the plane, as maps, and the plane with its points and its boundary.
//
//   maps.ofInput(name)  maps.of({ column, k })   the map of an input, in use or not, and of a unit, to be drawn
//   maps.chosen  maps.hovered  maps.shown        whose map is on show
//   maps.draw(plot, map, withTest)               the plane

import { FEATURES, featureMatrix } from "./data.js";
import { createField, marker, ramp } from "../shared/plot.js";

const GRID = 100; // points of a map along each side
const COUNT = GRID * GRID;

const largest = (array) => {
  let top = 0;
  for (let n = 0; n < array.length; n++) {
    const size = Math.abs(array[n]);
    if (size > top) top = size; // never for a nan
  }
  return top || 1;
};

export function createMaps({ state, lab }) {
  const scratch = new Float64Array(COUNT);
  const inputs = new Map(); // name of a feature: its map
  let gridInput, values, fields;
  let colors = null,
    colorRamp = null,
    pointLayer = null;
  const maps = {
    chosen: null, // the unit { column, k } whose map stands in the plane, column 0 being the inputs; null: the output
    hovered: null, // another one, while the pointer is on it
    get shown() {
      return maps.hovered ?? maps.chosen;
    },
    // The range of targets, which the colors of a regression span.
    get topTarget() {
      return largest(lab.points.map((point) => point[2]));
    },
    ofInput: (name) => inputs.get(name).field,
    of: ({ column, k }) => (column === 0 ? maps.ofInput(state.get("features")[k]) : fields[column - 1][k]),

    // The plane with one map in it, the output's if there is none given, and the points, those for testing on wish.
    draw(plot, map, withTest) {
      plot.setView(...lab.view);
      plot.begin();
      plot.clip(() => {
        const { left, top, width, height } = plot.area;
        (map ?? fields[lab.last][0]).draw(plot.ctx, left, top, width, height);
        if (!map && lab.task === "classification") drawBoundary(plot.ctx, plot.area);
        drawPoints(plot, withTest);
      });
      plot.axes(colors, { x: { label: "x₁" }, y: { label: "x₂" } });
    },
  };

  state.on("load", () => {
    const grid = [];
    const [[x0, x1], [y0, y1]] = lab.view;
    for (let j = 0; j < GRID; j++) {
      for (let i = 0; i < GRID; i++)
        grid.push([x0 + ((i + 0.5) / GRID) * (x1 - x0), y1 - ((j + 0.5) / GRID) * (y1 - y0)]);
    }
    gridInput = featureMatrix(state.get("features"), grid);
    for (const name of Object.keys(FEATURES)) {
      inputs.set(name, { field: createField(GRID, GRID), values: featureMatrix([name], grid), stale: true });
    }
    pointLayer = null;
  });

  state.on("build", () => {
    values = lab.network.workspace(COUNT);
    fields = lab.network.layers.map((layer) => Array.from({ length: layer.outputs }, () => createField(GRID, GRID)));
    const { chosen } = maps;
    if (chosen && !(lab.network.layers[chosen.column - 1]?.outputs > chosen.k)) maps.chosen = null;
  });

  // Paints what has changed. Hidden units are painted by their activation: around 0, for a sigmoid around one half.
  state.on("draw", (now) => {
    if (now !== colors) {
      colors = now;
      colorRamp = ramp(colors.low, colors.zero, colors.high);
      pointLayer = null;
      lab.changed();
      for (const input of inputs.values()) input.stale = true;
    }
    for (const input of inputs.values()) {
      if (!input.stale) continue;
      input.field.paint(input.values, colorRamp, largest(input.values));
      input.stale = false;
    }
    const { stale, network, last } = lab;
    if (!stale) return;
    network.forward(gridInput, COUNT, values, stale.layer, stale.unit);
    for (let l = stale.layer; l <= last; l++) {
      for (let k = 0; k < fields[l].length; k++) {
        if (l === stale.layer && stale.unit >= 0 && k !== stale.unit) continue;
        const own = values[l].subarray(k * COUNT, (k + 1) * COUNT);
        if (l === last && state.get("discrete")) {
          for (let n = 0; n < COUNT; n++) scratch[n] = own[n] > 0 ? 1 : -1;
          fields[l][k].paint(scratch, colorRamp, 1);
        } else if (l === last && lab.task === "classification") {
          for (let n = 0; n < COUNT; n++) scratch[n] = 1 - 2 / (Math.exp(own[n]) + 1); // 2 p - 1
          fields[l][k].paint(scratch, colorRamp, 1);
        } else if (l === last) fields[l][k].paint(own, colorRamp, maps.topTarget);
        else if (network.activation === "tanh") fields[l][k].paint(own, colorRamp, 1);
        else if (network.activation === "sigmoid") {
          for (let n = 0; n < COUNT; n++) scratch[n] = 2 * own[n] - 1;
          fields[l][k].paint(scratch, colorRamp, 1);
        } else fields[l][k].paint(own, colorRamp, largest(own));
      }
    }
    lab.stale = null;
  });

  // The line on which the logit is 0, by marching squares over the map's own grid.
  function drawBoundary(ctx, { left, top, width, height }) {
    const z = values[lab.last];
    const at = (i, j) => [left + ((i + 0.5) / GRID) * width, top + ((j + 0.5) / GRID) * height];
    ctx.beginPath();
    for (let j = 0; j + 1 < GRID; j++) {
      for (let i = 0; i + 1 < GRID; i++) {
        const k = j * GRID + i;
        const a = z[k],
          b = z[k + 1],
          c = z[k + GRID + 1],
          d = z[k + GRID];
        const signs = (a > 0) + (b > 0) + (c > 0) + (d > 0);
        if (signs === 0 || signs === 4) continue;
        const cuts = [];
        if (a > 0 !== b > 0) cuts.push(at(i + a / (a - b), j));
        if (b > 0 !== c > 0) cuts.push(at(i + 1, j + b / (b - c)));
        if (d > 0 !== c > 0) cuts.push(at(i + d / (d - c), j + 1));
        if (a > 0 !== d > 0) cuts.push(at(i, j + a / (a - d)));
        for (let m = 0; m + 1 < cuts.length; m += 2) {
          ctx.moveTo(...cuts[m]);
          ctx.lineTo(...cuts[m + 1]);
        }
      }
    }
    ctx.strokeStyle = colors.ink;
    ctx.lineWidth = 2;
    ctx.stroke();
  }

  // Points change far less often than the map under them, so they are drawn once on a layer of their own.
  function drawPoints(plot, withTest) {
    const ratio = window.devicePixelRatio || 1;
    const key = [plot.width, plot.height, ratio, withTest].join();
    if (pointLayer?.key !== key) {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [plot.canvas.width, plot.canvas.height];
      const ctx = canvas.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      const top = maps.topTarget;
      const radius = plot.width > 420 ? 4 : 3.2;
      lab.points.forEach(([x, y, target], n) => {
        const held = lab.held[n];
        if (held && !withTest) return;
        const [px, py] = [plot.px(x), plot.py(y)];
        if (lab.task === "classification") {
          const color = colors.classes[target];
          const shape = target ? "circle" : "square";
          if (held) marker(ctx, shape, px, py, radius - 0.4, { fill: colors.surface, stroke: color, width: 1.4 });
          else marker(ctx, shape, px, py, radius, { fill: color, stroke: colors.surface, width: 0.9 });
        } else {
          const level = Math.max(0, Math.min(255, Math.round(127.5 * (1 + target / top))));
          const [r, g, b] = new Uint8Array(colorRamp.buffer, 4 * level, 3);
          marker(ctx, held ? "diamond" : "circle", px, py, radius, {
            fill: `rgb(${r} ${g} ${b})`,
            stroke: colors.ink,
            width: 0.9,
          });
        }
      });
      pointLayer = { canvas, key };
    }
    plot.ctx.drawImage(pointLayer.canvas, 0, 0, plot.width, plot.height);
  }

  return maps;
}

// What every unit of the network says over the plane, as maps, and the plane with its points and its boundary.
//
//   maps.ofInput(name)  maps.of({ column, k })   the map of an input, in use or not, and of a unit, to be drawn
//   maps.chosen  maps.hovered  maps.shown        whose map is on show
//   maps.draw(plot, map, withTest)               the plane

import { FEATURES, featureMatrix } from "./data.js";
import { NODE } from "./diagram.js";
import { axesOf } from "./given.js";
import { drawn } from "./table.js";
import { createTiles } from "./tiles.js";
import { marker, ramp } from "../shared/plot.js";

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
  const names = Object.keys(FEATURES);
  const inputs = createTiles(names.length, GRID);
  const large = createTiles(1, GRID); // the map in the plane
  let gridInput, inputValues, values, small, first; // first[l]: the tile of a layer's first unit
  let colors = null,
    colorRamp = null,
    pointLayer = null,
    inputsStale = true;
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
    ofInput(name) {
      const k = names.indexOf(name);
      return { draw: (...place) => inputs.draw(k, ...place), drawLarge: (...place) => inputs.draw(k, ...place) };
    },
    of({ column, k }) {
      if (column === 0) return maps.ofInput(state.get("features")[k]);
      return {
        draw: (...place) => small.draw(first[column - 1] + k, ...place),
        drawLarge(...place) {
          large.paint(0, shades(column - 1, k), colorRamp);
          large.show();
          large.draw(0, ...place);
        },
      };
    },

    // The plane with one map in it, the output's if there is none given, and the points, those for testing on wish.
    draw(plot, map, withTest) {
      plot.setView(...lab.view);
      plot.begin();
      plot.clip(() => {
        const { left, top, width, height } = plot.area;
        (map ?? maps.of({ column: lab.last + 1, k: 0 })).drawLarge(plot.ctx, left, top, width, height);
        if (!map && lab.task === "classification") drawBoundary(plot.ctx, plot.area);
        drawPoints(plot, withTest);
      });
      plot.axes(colors, axesOf(lab.table));
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
    inputValues = names.map((name) => featureMatrix([name], grid));
    inputsStale = true;
    pointLayer = null;
  });

  state.on("build", () => {
    values = lab.network.workspace(COUNT);
    first = lab.network.layers.map((_, l) => lab.network.sizes.slice(1, l + 1).reduce((sum, units) => sum + units, 0));
    small = null;
    const { chosen } = maps;
    if (chosen && !(lab.network.layers[chosen.column - 1]?.outputs > chosen.k)) maps.chosen = null;
  });

  // How a unit is painted: a hidden one by its activation, around 0, for a sigmoid around one half; the output by what
  // it says, a probability around one half, or by its sign alone.
  function shades(l, k) {
    const own = values[l].subarray(k * COUNT, (k + 1) * COUNT);
    const { activation } = lab.network;
    if (l === lab.last && state.get("discrete")) {
      for (let n = 0; n < COUNT; n++) scratch[n] = own[n] > 0 ? 1 : -1;
      return { values: scratch, middle: 0, top: 1 };
    }
    if (l === lab.last && lab.task === "classification") {
      scratch.set(own);
      drawn.sigmoid(scratch, 0, COUNT);
      return { values: scratch, middle: 0.5, top: 0.5 };
    }
    if (l === lab.last) return { values: own, middle: 0, top: maps.topTarget };
    if (activation === "sigmoid") return { values: own, middle: 0.5, top: 0.5 };
    return { values: own, middle: 0, top: activation === "tanh" ? 1 : largest(own) };
  }

  // Paints what has changed.
  state.on("draw", (now) => {
    if (now !== colors) {
      colors = now;
      colorRamp = ramp(colors.low, colors.zero, colors.high);
      pointLayer = null;
      lab.changed();
      inputsStale = true;
    }
    if (inputsStale) {
      inputValues.forEach((own, k) => {
        inputs.paint(k, { values: own, middle: 0, top: largest(own) }, colorRamp);
      });
      inputs.show();
      inputsStale = false;
    }
    const { network, last } = lab;
    // In the diagram every second point is enough, unless the screen is fine enough to show more.
    const side = NODE * (window.devicePixelRatio || 1) > GRID / 2 ? GRID : GRID / 2;
    if (small?.side !== side) {
      small = createTiles(first[last] + 1, side);
      lab.changed();
    }
    const { stale } = lab;
    if (!stale) return;
    network.forward(gridInput, COUNT, values, stale, drawn);
    for (let l = stale.layer; l <= last; l++) {
      for (let k = 0; k < network.layers[l].outputs; k++) {
        if (l === stale.layer && stale.unit >= 0 && k !== stale.unit) continue;
        small.paint(first[l] + k, shades(l, k), colorRamp);
      }
    }
    small.show();
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

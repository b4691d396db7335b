// What every unit of the network says over the plane, as maps, and the plane with its points and its boundary.
//
//   maps.ofInput(name)  maps.of({ column, k })   the map of an input, in use or not, and of a unit, to be drawn
//   maps.chosen  maps.hovered  maps.shown        whose map is on show
//   maps.draw(plot, map, withTest)               the plane

import { FEATURES, featureMatrix } from "./data.js";
import { NODE } from "./connections.js";
import { boundary } from "./boundary.js";
import { axesOf } from "./given.js";
import { createLayer } from "./layer.js";
import { drawn } from "./drawn.js";
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
    inputsStale = true;
  const scenery = createLayer();
  const maps = {
    chosen: null, // the unit { column, k } whose map stands in the plane, column 0 being the inputs; null: the output
    hovered: null, // another one, while the pointer is on it
    get shown() {
      return maps.hovered ?? maps.chosen;
    },
    // Another object once the inputs' maps show something else.
    get ofInputs() {
      return inputValues;
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
      const { left, top, width, height } = plot.area;
      (map ?? maps.of({ column: lab.last + 1, k: 0 })).drawLarge(plot.ctx, left, top, width, height);
      if (!map && lab.task === "classification") plot.clip(() => drawBoundary(plot.ctx, plot.area));
      drawScenery(plot, withTest);
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

  function drawBoundary(ctx, { left, top, width, height }) {
    ctx.beginPath();
    for (const line of boundary(values[lab.last], GRID)) {
      line.forEach(([i, j], k) => {
        const [x, y] = [left + ((i + 0.5) / GRID) * width, top + ((j + 0.5) / GRID) * height];
        if (k) ctx.lineTo(x, y);
        else ctx.moveTo(x, y);
      });
    }
    ctx.strokeStyle = colors.ink;
    ctx.lineWidth = 2;
    ctx.stroke();
  }

  // Points and axes change far less often than the map under them.
  function drawScenery(plot, withTest) {
    scenery.draw(plot, { of: [lab.points, lab.held, lab.table, ...lab.view.flat(), colors, withTest] }, (ctx) => {
      plot.clip(() => drawPoints(ctx, plot, withTest), ctx);
      plot.axes(colors, axesOf(lab.table), ctx);
    });
  }

  function drawPoints(ctx, plot, withTest) {
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
  }

  return maps;
}

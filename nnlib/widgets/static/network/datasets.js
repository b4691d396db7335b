// The data sets to choose from: radio buttons, each with a small picture of its points.

import { element } from "../shared/controls.js";
import { DATASETS, generate } from "./data.js";
import { inPlane } from "./given.js";

const DOTS = 150; // points of a picture
const PICTURED_NOISE = 0.1;

// As one path for each color: class 0 and 1, or negative and positive values, the small ones paler.
function picture(points, [[x0, x1], [y0, y1]]) {
  const top = Math.max(...points.map((point) => Math.abs(point[2]))) || 1;
  const zero = points.some((point) => point[2] < 0) ? 0 : top / 2; // labels are 0 and 1
  const paths = ["", "", "", ""];
  for (const [x, y, target] of points) {
    const size = Math.abs(target - zero) / (top - zero);
    const dot = `M${((40 * (x - x0)) / (x1 - x0)).toFixed(1)} ${((40 * (y1 - y)) / (y1 - y0)).toFixed(1)}h0`;
    paths[2 * (target > zero) + (size > 0.35)] += dot;
  }
  const drawn = paths.map((d, k) => `<path class="nn-thumb-${k >> 1}${k % 2 ? "" : " nn-pale"}" d="${d}"/>`);
  return `<svg viewBox="0 0 40 40" aria-hidden="true">${drawn.join("")}</svg>`;
}

export function createDatasets({ state, frame }) {
  const { get, put, has } = state;
  const group = Math.random().toString(36).slice(2); // radio buttons of two playgrounds must not meet
  const option = (name, label, drawing) => {
    const input = element("input", { type: "radio", name: group, value: name });
    const image = element("span", { class: "nn-thumb" });
    image.innerHTML = drawing;
    input.addEventListener("change", () => put({ dataset: name }));
    return { name, input, image, el: element("label", { class: "nn-dataset" }, input, image, label) };
  };
  const view = [
    [-6, 6],
    [-6, 6],
  ];
  const options = Object.entries(DATASETS).map(([name, { label }]) =>
    option(name, label, picture(generate(name, DOTS, PICTURED_NOISE, 0), view)),
  );
  const given = option("given", has("points") ? "your points" : "given points", "");
  const el = element(
    "div",
    { class: "nn-datasets", role: "radiogroup", "aria-label": "Data set", "data-control": "dataset" },
    ...options.map((one) => one.el),
    given.el,
  );
  function follow() {
    const own = get("_given");
    given.el.hidden = !own && !has("points");
    if (own) {
      const points = inPlane(own);
      const sides = [0, 1].map((axis) => {
        const values = points.map((point) => point[axis]);
        return [Math.min(...values) - 0.5, Math.max(...values) + 0.5];
      });
      const every = Math.ceil(points.length / DOTS);
      const some = points.filter((_, n) => n % every === 0);
      given.image.innerHTML = picture(some, own.view ?? sides);
    } else given.image.innerHTML = '<svg viewBox="0 0 40 40" aria-hidden="true"><path d="M12 20h16M20 12v16"/></svg>';
    for (const { name, input } of [...options, given]) input.checked = name === get("dataset");
  }
  frame.follow(state.model, ["dataset", "_given"], follow);
  follow();
  return el;
}

// Pictures made of a few cells: the pixels of a small image, a feature map, the numbers of a kernel.
//
//   const raster = createRaster(parent, { label })      a canvas; raster.plot is its plot (see plot.js), for onDrag and
//                                                       describe
//   raster.begin(rows, columns, { largest, tallest })   call first in each draw; largest cell and tallest picture in
//                                                       pixels
//   raster.cells(values, { shade, line, digits, skip, paper })   values[i][j]; shade(value, i, j) gives { fill, ink };
//                                                                numbers
//                                                       are written when all of them fit; skip(i, j) leaves a cell as
//                                                         paper
//   raster.mark(i, j, draw)                             draw(ctx, x, y, size) in one cell
//   raster.outline(i, j, rows, columns, { color, halo, width, dash })
//   raster.at(p)                                        { i, j } of the cell at the pointer p, inside or outside
//   shades(low, zero, high, inks)                       a function from −1 ... 1 to { fill, ink }; ink is the readable
//                                                       one of inks
//   numberGrid({ name, title, low, high, onInput })     .el .show(values, shade): a number field a cell; onInput(i, j,
//                                                       value)
//   cellsBetween(a, b)                                  the cells on the way from a to b, so that a fast stroke has no
//                                                       gaps

import { element, followTyping } from "./controls.js";
import { createPlot, fmt, ramp } from "./plot.js";

const SMALLEST_WRITTEN = 16; // pixels of a cell

export function createRaster(parent, { label }) {
  const plot = createPlot(parent, { label, axes: false });
  const { ctx } = plot;
  let size = 1;
  const edge = (k) => Math.round(k * size);
  return {
    plot,
    begin(rows, columns, { largest = 56, tallest = 400 } = {}) {
      const width = `${Math.min(largest * columns, (tallest * columns) / rows)}px`;
      Object.assign(plot.canvas.style, { aspectRatio: `${columns} / ${rows}`, maxWidth: width });
      plot.begin();
      size = plot.width / columns;
    },
    cells(values, { shade, line, paper, digits = 2, skip = () => false }) {
      const texts = values.map((row) => row.map((value) => fmt(value, digits)));
      const widest = Math.max(...texts.flat().map((text) => ctx.measureText(text).width));
      const written = size >= SMALLEST_WRITTEN && widest <= size - 2;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      values.forEach((row, i) =>
        row.forEach((value, j) => {
          const [x, y, width, height] = [edge(j), edge(i), edge(j + 1) - edge(j), edge(i + 1) - edge(i)];
          const { fill, ink } = shade(value, i, j);
          ctx.fillStyle = line;
          ctx.fillRect(x, y, width, height);
          // One line between two cells, and one around them all.
          const [before, above] = [j ? 0 : 1, i ? 0 : 1];
          ctx.fillStyle = skip(i, j) ? paper : fill;
          ctx.fillRect(x + before, y + above, width - before - 1, height - above - 1);
          if (!written || skip(i, j)) return;
          ctx.fillStyle = ink;
          ctx.fillText(texts[i][j], x + width / 2, y + height / 2 + 1);
        }),
      );
    },
    mark(i, j, draw) {
      draw(ctx, edge(j), edge(i), size);
    },
    outline(i, j, rows, columns, { color, halo, width = 3, dash = [] }) {
      const box = [
        edge(j) + width / 2,
        edge(i) + width / 2,
        edge(j + columns) - edge(j) - width,
        edge(i + rows) - edge(i) - width,
      ];
      ctx.save();
      ctx.lineJoin = "miter";
      if (halo) {
        ctx.strokeStyle = halo;
        ctx.lineWidth = width + 2;
        ctx.strokeRect(...box);
      }
      ctx.setLineDash(dash);
      ctx.strokeStyle = color;
      ctx.lineWidth = width;
      ctx.strokeRect(...box);
      ctx.restore();
    },
    at: ({ px, py }) => ({ i: Math.floor(py / size), j: Math.floor(px / size) }),
  };
}

const bytes = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));

// Relative luminance, as the contrast rules of WCAG 2 define it.
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((c) => (c <= 10 ? c / 3294 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

export function shades(low, zero, high, inks) {
  const table = Array.from(ramp(low, zero, high), (pixel) => {
    const rgb = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
    const own = luminance(rgb);
    const [ink] = [...inks].sort((a, b) => contrast(luminance(bytes(b)), own) - contrast(luminance(bytes(a)), own));
    return { fill: `rgb(${rgb})`, ink };
  });
  return (level) => table[Math.max(0, Math.min(255, Math.round(127.5 + 127.5 * level)))];
}

export function cellsBetween(a, b) {
  const steps = Math.max(1, Math.abs(b.i - a.i), Math.abs(b.j - a.j));
  return Array.from({ length: steps + 1 }, (_, k) => ({
    i: Math.round(a.i + ((b.i - a.i) * k) / steps),
    j: Math.round(a.j + ((b.j - a.j) * k) / steps),
  }));
}

export function numberGrid({ name, title, low, high, onInput }) {
  const grid = element("div", { class: "nn-grid", role: "group", "aria-label": title, "data-control": name });
  const problem = element("span", { class: "nn-problem", role: "alert" });
  const el = element("div", {}, grid, problem);
  let values = [];
  let fields = [];
  const text = (value) => String(Number(value.toPrecision(2)));
  const explain = (field, words) => {
    if (!words && !field.hasAttribute("aria-invalid")) return; // the explanation is another field's
    problem.textContent = words;
    if (words) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  const field = (i, j) => {
    const input = element("input", { type: "number", step: "any", "aria-label": `${title}, row ${i}, column ${j}` });
    const wrong = () => `Row ${i}, column ${j} needs a number from ${low} to ${high}; it stays ${text(values[i][j])}.`;
    const unfinished = followTyping(input);
    input.addEventListener("input", () => {
      const typed = input.valueAsNumber;
      const fits = typed >= low && typed <= high; // a nan does not
      explain(input, fits || unfinished() ? "" : wrong());
      if (fits) onInput(i, j, typed);
    });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("change", () => {
      if (unfinished()) explain(input, wrong());
      input.value = text(values[i][j]);
    });
    return input;
  };
  return {
    el,
    show(newValues, shade) {
      const shape = (rows) => `${rows.length} ${rows[0]?.length}`;
      const changed = shape(newValues) !== shape(values);
      values = newValues;
      if (changed) {
        fields = values.map((row, i) => row.map((_, j) => field(i, j)));
        grid.style.setProperty("--nn-grid-columns", values[0].length);
        grid.replaceChildren(...fields.flat());
        problem.textContent = "";
      }
      values.forEach((row, i) =>
        row.forEach((value, j) => {
          const input = fields[i][j];
          const { fill, ink } = shade(value);
          Object.assign(input.style, { backgroundColor: fill, color: ink });
          // What is being typed stays, also when it is another text of the same number.
          if (
            !changed &&
            input.matches(":focus") &&
            (input.valueAsNumber === value || Number.isNaN(input.valueAsNumber) || input.hasAttribute("aria-invalid"))
          )
            return;
          input.value = text(value);
          explain(input, "");
        }),
      );
    },
  };
}

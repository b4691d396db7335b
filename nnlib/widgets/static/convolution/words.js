// What the convolution playground says of one place of the map.
//
//   inWords({ now, output, place, here, skipped })    the playground's state, as convolution.js works it out; here is
//                                                     null where the kernel does not fit
//       .titles     of the input, the sum and the map          .lines      of the readout
//       .pictures   text alternatives of the input, the window, the products and the map
//       .result     the sum in steps, [[name, value], ...]     .terms      the products, row by row, and their sum
//       .key        what the colors of the map mean            .nothing    why there is no map
//   size(rows)     "3 × 4"         reach(rows)    the largest size of a number in them, or 1

import { formula, places, span } from "./convolve.js";
import { fmt, signed } from "../shared/plot.js";

const { abs, max, min } = Math;
export const size = (rows) => `${rows.length} × ${rows[0].length}`;
export const reach = (rows) => max(...rows.flat().map(abs)) || 1;
const factor = (value) => (value < 0 ? `(${fmt(value)})` : fmt(value));
const listed = (rows) => rows.map((values) => values.map((value) => fmt(value)).join(" ")).join("; ");
const named = (name, list) => (list.length ? `${name}${list.length === 1 ? "" : "s"} ${list.join(", ")}` : "");

const ringsOf = ({ padding }) => (padding ? `, in ${padding} ring${padding > 1 ? "s" : ""} of zeros` : "");

// The formula of the rows, and of the columns where they differ.
function sizeLine(now) {
  const [rows, columns] = [
    [now.image.length, now.kernel.length],
    [now.image[0].length, now.kernel[0].length],
  ];
  const [high, wide] = [rows, columns].map(([n, k]) => formula(n, k, now));
  return String(rows) === String(columns) ? `Output size: ${high}.` : `Output size: rows ${high}; columns ${wide}.`;
}

function withoutMap(now) {
  const { image, kernel, padding, dilation } = now;
  const high = places(image.length, kernel.length, now) < 1;
  const [name, k, pixels] = high ? ["high", kernel.length, image.length] : ["wide", kernel[0].length, image[0].length];
  const why = `The kernel does not fit: ${dilation > 1 ? `with dilation ${dilation}, ` : ""}it is ${span(k, now)} pixels ${name}, the padded input only ${pixels} + 2·${padding} = ${pixels + 2 * padding}.`;
  const said = `The input, ${size(image)} pixels${ringsOf(now)}. ${why} There is nothing to multiply and no feature map.`;
  return {
    titles: [`Input, ${size(image)}${ringsOf(now)}`, "No place for the kernel", "No feature map"],
    nothing: `${why} A smaller kernel or dilation, or more padding, helps.`,
    lines: [why, sizeLine(now), "A size below 1 means that there is no feature map."],
    pictures: [said, said, said, said],
    result: [],
    terms: [],
    key: "",
  };
}

export function inWords({ now, output, place, here, skipped }) {
  if (!here) return withoutMap(now);
  const { image, kernel, bias, relu } = now;
  const y = output[place.i][place.j];
  const sum = here.sum + bias;
  const count = kernel.length * kernel[0].length;
  const total = `Output at row ${place.i}, column ${place.j}: ${count === 1 ? "the product is" : `the ${count} products sum to`} ${fmt(here.sum)}; with bias ${fmt(bias)} that is ${fmt(sum)}${relu ? `, after ReLU ${fmt(y)}` : ""}.`;
  const lost = [named("row", skipped.rows), named("column", skipped.columns)].filter(Boolean).join(" and ");
  const end = (from, k) => from + span(k, now) - 1;
  return {
    titles: [
      `Input, ${size(image)}${ringsOf(now)}`,
      `At row ${place.i}, column ${place.j}`,
      `Feature map, ${size(output)}`,
    ],
    nothing: "",
    lines: [
      total,
      sizeLine(now),
      lost && `No window touches ${lost} of the input (faded): what is there does not count.`,
    ],
    pictures: [
      `The input, ${size(image)} pixels${ringsOf(now)}. The window lies over rows ${here.top} to ${end(here.top, kernel.length)} and columns ${here.left} to ${end(here.left, kernel[0].length)}.`,
      `The ${count} pixels in the window, row by row: ${listed(here.pixels)}.`,
      `The ${count} products of pixel and kernel, row by row: ${listed(here.products)}.`,
      `The feature map, ${size(output)} numbers from ${fmt(min(...output.flat()))} to ${fmt(max(...output.flat()))}; row ${place.i}, column ${place.j}, marked, is ${fmt(y)}.`,
    ],
    result: [
      ["sum", fmt(here.sum)],
      ["bias", signed(bias)],
      ...(relu ? [["ReLU", `max(0, ${fmt(sum)})`]] : []),
      ["output", fmt(y)],
    ],
    terms: [
      ...here.pixels.map(
        (pixels, a) => `${a ? "+ " : ""}${pixels.map((x, b) => `${fmt(x)}·${factor(kernel[a][b])}`).join(" + ")}`,
      ),
      `= ${fmt(here.sum)}`,
    ],
    key: relu
      ? `Blue: positive, up to ${fmt(reach(output))}. ReLU leaves no orange.`
      : `Blue: positive; orange: negative; deepest: ±${fmt(reach(output))}.`,
  };
}

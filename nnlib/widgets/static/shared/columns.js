// What the columns of a table (see csv.js) hold, and points made of three of them, or why not, in words.
//
//   describeColumns(table)        [{ name, kind, values, cells, ... }, ...]; kind: "number", "date", "text", "mixed" or
//                                 "empty"; classes: [[text, rows], ...] of what may be a label, by number of rows
//   firstChoice(columns, tasks)   a choice to begin with: { x: [i, j], target, task, classes: [a, b], standardize }
//   tasksOf(column, tasks)        which of the tasks "classification" and "regression" the column can be learned in
//   makePoints(table, columns, choice)    { problem }, in words, or { task, points: [[x1, x2, target], ...], names, classes,
//                                 center, scale, rows, notes }: in the units of the file; rows: where each stands in it;
//                                 center and scale of the three, 0 and 1 where they are not standardized
//   OTHERS                        stands for all other classes, as class 0
//   POINTS                        for the dialog of owndata.js: { inputs, about, standardizes, first, make, words }

import { MISSING, isGrouped, readNumber } from "./csv.js";
import { fmt } from "./plot.js";

export const OTHERS = "\u0000others";
export const MOST_ROWS = 5000;
const LEAST_ROWS = 4; // two to train on, two to test, as in Python
const LARGEST = 1e9; // as in the sliders
const FEW = 10; // different numbers that may be names of classes
const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T].*)?$|^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;
const COMPACT = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

const count = (n, noun) => `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
const quoted = (text) => `“${text.length > 30 ? `${text.slice(0, 29)}…` : text}”`;

function look(name, cells, decimal) {
  const values = new Float64Array(cells.length);
  const other = []; // rows whose cell is neither a number nor missing
  let numbers = 0;
  cells.forEach((cell, k) => {
    values[k] = readNumber(cell, decimal);
    if (!Number.isNaN(values[k])) numbers++;
    else if (!MISSING.number(cell)) other.push(k);
  });
  const column = { name, cells, values, other, numbers, kind: "number" };
  if (!numbers && !other.length) column.kind = "empty";
  else if (other.length && other.every((k) => DATE.test(cells[k].trim())) && !numbers) column.kind = "date";
  else if (other.length) column.kind = numbers > other.length ? "mixed" : "text";
  return column;
}

// A column that only counts or names the rows looks like numbers, and teaches a network the order of the file.
function warningOf({ kind, cells, values }) {
  if (kind !== "number") return "";
  const filled = cells.filter((cell) => !MISSING.number(cell)).map((cell) => cell.trim());
  if (filled.some((cell) => /^0\d/.test(cell))) return "has zeros in front, as codes have and quantities have not";
  if (filled.length > 3 && filled.every((cell) => COMPACT.test(cell))) return "looks like dates written as numbers";
  const step = values[1] - values[0];
  if (values.length > 3 && Math.abs(step) === 1 && values.every((v, k) => v === values[0] + k * step))
    return "counts the rows and says nothing about them";
  return "";
}

const byNumber = (a, b) => Number(a) - Number(b);
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// The label of a row: its text, or its number in one way of writing; null if it is missing.
function labelsOf({ kind, cells, values }) {
  if (kind === "number") return Array.from(values, (v) => (Number.isNaN(v) ? null : String(v)));
  return cells.map((cell) => (MISSING.text(cell) ? null : cell.trim()));
}

export function describeColumns({ names, rows, decimal }) {
  return names.map((name, k) => {
    const column = look(
      name,
      rows.map((row) => row[k]),
      decimal,
    ); // prettier-ignore
    const labels = labelsOf(column);
    const counts = new Map();
    for (const label of labels) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
    const classes = [...counts].sort((a, b) => b[1] - a[1]);
    return { ...column, labels, classes, warning: warningOf(column) };
  });
}

export function tasksOf({ kind, classes, values }, tasks) {
  const fits = {
    classification: kind === "number" ? classes.length <= FEW : kind !== "empty",
    regression: kind === "number" && classes.length > 2 && values.some((v) => !Number.isNaN(v)),
  };
  return tasks.filter((task) => fits[task]);
}

function twoClasses({ kind, classes }) {
  const order = kind === "number" ? byNumber : byText;
  return classes
    .slice(0, 2)
    .map(([label]) => label)
    .sort(order); // prettier-ignore
}

export function firstChoice(columns, tasks) {
  const all = columns.map((_, k) => k);
  const isLabel = (k) =>
    columns[k].classes.length === 2 || (columns[k].kind === "text" && columns[k].classes.length <= FEW);
  const quantity = (k) => columns[k].kind === "number" && columns[k].classes.length > 1;
  const good = all.filter((k) => quantity(k) && !columns[k].warning);
  const usable = [...good, ...all.filter((k) => quantity(k) && !good.includes(k))];
  // The last column that can be a label; without one, what is to be predicted stands last.
  let target = all.findLast(isLabel);
  if (target === undefined || !tasksOf(columns[target], tasks).length)
    target = all.findLast((k) => good.includes(k) && tasksOf(columns[k], tasks).length) ?? all.at(-1);
  const left = [...usable, ...all].filter((k) => k !== target);
  const x = [left[0] ?? 0, left.find((k) => k !== left[0]) ?? 0];
  return choose(columns, { x, standardize: true }, target, tasks);
}

// The choice with another column to learn.
export function choose(columns, choice, target, tasks) {
  const possible = tasksOf(columns[target], tasks);
  const two = columns[target].classes.length === 2;
  const task = possible.includes("regression") && !two ? "regression" : (possible[0] ?? tasks[0]);
  return { ...choice, target, task, classes: twoClasses(columns[target]) };
}

// ---- Why a column cannot be had ------------------------------------------------------------------------------------

function refuseFeature({ name, kind, cells, other, classes, values }, lines, decimal) {
  const which = quoted(name);
  if (kind === "empty") return `${which} is empty: choose another column.`;
  if (kind === "date") return `${which} holds dates. Write them as numbers, such as days since the first one.`;
  const grouped = other.find((k) => isGrouped(cells[k]));
  if (grouped !== undefined)
    return `${quoted(cells[grouped].trim())} in line ${lines[grouped]} of ${which} has a separator of thousands, or a decimal mark that other cells have not: write it without, with a decimal ${decimal === "," ? "comma" : "point"}.`;
  if (kind === "mixed")
    return `${which} has ${count(other.length, "cell")} that ${other.length === 1 ? "is" : "are"} no number, the first ${quoted(cells[other[0]].trim())} in line ${lines[other[0]]}: correct or empty ${other.length === 1 ? "it" : "them"} in the file.`;
  if (kind === "text")
    return `${which} holds text (${quoted(cells[other[0]].trim())} in line ${lines[other[0]]}). A network needs numbers: choose another column, or write a number for each text.`;
  if (classes.length < 2) return `${which} is ${classes[0][0]} in every row: there is nothing to learn from it.`;
  let size = 0;
  for (const v of values) if (Math.abs(v) > size) size = Math.abs(v); // never for a nan
  if (size > LARGEST)
    return `${which} holds numbers up to ${fmt(size)}, and the most is ${fmt(LARGEST)}: write them in a larger unit, or their logarithms.`;
  return "";
}

function refuseTarget(column, { task, classes: [zero, one] }, lines, decimal, tasks) {
  const which = quoted(column.name);
  if (task === "regression") return refuseFeature(column, lines, decimal);
  if (column.kind === "empty") return `${which} is empty: choose another column.`;
  if (!tasksOf(column, tasks).length)
    return `${which} has ${count(column.classes.length, "different number")}, and classes are needed here: choose a column with few values, such as yes and no.`;
  if (column.classes.length < 2)
    return `${which} has one class only, ${quoted(column.classes[0][0])}: there is nothing to tell apart.`;
  if (column.classes[0][1] === 1)
    return `${which} has another value in each row, as names have: it holds no classes. Choose another column.`;
  if (zero === one) return "Class 0 and class 1 are the same: choose two.";
  return "";
}

// ---- Points --------------------------------------------------------------------------------------------------------

const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;
const deviation = (values, center) => Math.sqrt(mean(values.map((v) => (v - center) ** 2)));

export function makePoints({ lines, decimal, long, notes: before }, columns, choice, tasks) {
  const { x, target, task, classes, standardize } = choice;
  const refuse = (problem) => ({ problem });
  if (lines.length < LEAST_ROWS)
    return refuse(
      `There ${lines.length === 1 ? "is" : "are"} only ${count(lines.length, "row")}, and at least ${LEAST_ROWS} are needed.`,
    );
  const features = x.map((k) => columns[k]);
  const goal = columns[target];
  if (x[0] === x[1]) return refuse("x₁ and x₂ are the same column: choose two.");
  if (x.includes(target)) return refuse(`${quoted(goal.name)} is to be learned, so it cannot be x₁ or x₂ as well.`);
  const why =
    features.map((column) => refuseFeature(column, lines, decimal)).find(Boolean) ??
    refuseTarget(goal, choice, lines, decimal, tasks);
  if (why) return refuse(why);

  const labelled = task === "classification";
  const [zero, one] = classes;
  const classOf = (label) => (label === one ? 1 : label === zero || zero === OTHERS ? 0 : -1);
  const names = [...features, goal].map((column) => column.name);
  const isGap = [
    ...features.map(
      ({ values }) =>
        (k) =>
          Number.isNaN(values[k]),
    ),
    (k) => (labelled ? goal.labels[k] === null : Number.isNaN(goal.values[k])),
  ];
  const gaps = [0, 0, 0];
  let [incomplete, others] = [0, 0];
  let rows = [];
  lines.forEach((_, k) => {
    const lacking = isGap.map((gap) => gap(k));
    lacking.forEach((lacks, j) => {
      gaps[j] += lacks;
    });
    if (lacking.includes(true)) incomplete++;
    else if (labelled && classOf(goal.labels[k]) < 0) others++;
    else rows.push(k);
  });
  const notes = [...before];
  if (incomplete) {
    const where = names.map((name, j) => [name, gaps[j]]).filter(([, n]) => n);
    notes.push(
      `${count(incomplete, "row")} left out for an empty cell: ${where.map(([name, n]) => `${n.toLocaleString("en-US")} in ${quoted(name)}`).join(", ")}.`,
    );
  }
  if (long) notes.push(`${count(long, "row")} left out for more cells than the table has columns.`);
  if (others) notes.push(`${count(others, "row")} left out, of other classes.`);
  if (rows.length < LEAST_ROWS)
    return refuse(
      `${rows.length ? `Only ${count(rows.length, "row")} ${rows.length === 1 ? "has" : "have"}` : "No row has"} all three values, and at least ${LEAST_ROWS} are needed. ${notes.join(" ")}`.trim(),
    );
  const all = rows.length;
  if (all > MOST_ROWS) {
    rows = Array.from({ length: MOST_ROWS }, (_, k) => rows[Math.floor((k * all) / MOST_ROWS)]);
    notes.push(
      `Of ${all.toLocaleString("en-US")} rows, ${MOST_ROWS.toLocaleString("en-US")} are taken, evenly spread over the file: the most that a playground can hold.`,
    );
  }
  const points = rows.map((k) => [
    ...features.map(({ values }) => values[k]),
    labelled ? classOf(goal.labels[k]) : goal.values[k],
  ]);
  const column = (k) => points.map((point) => point[k]);
  const constant = (k) => column(k).every((v) => v === points[0][k]);
  if (labelled && constant(2))
    return refuse(
      `All ${all} rows that have both features are of class ${quoted(points[0][2] ? one : zero)}: there is nothing to tell apart. ${notes.join(" ")}`.trim(),
    );
  const same = [0, 1, 2].find(constant);
  if (same !== undefined)
    return refuse(
      `${quoted(names[same])} is the same in all rows that can be used: it cannot be standardized, and there is nothing to learn from it.`,
    );
  const [center, scale] = [
    [0, 0, 0],
    [1, 1, 1],
  ]; // prettier-ignore
  for (const k of standardize ? (labelled ? [0, 1] : [0, 1, 2]) : []) {
    center[k] = mean(column(k));
    scale[k] = deviation(column(k), center[k]);
    if (!(scale[k] > 1e-12 * Math.abs(center[k])))
      return refuse(`${quoted(names[k])} hardly differs from row to row: it cannot be standardized.`);
  }
  for (const k of [0, 1]) if (features[k].warning) notes.push(`Note: ${quoted(names[k])} ${features[k].warning}.`);
  const made = { task, points, names, center, scale, rows, all, notes };
  if (!labelled) return made;
  const called = [zero === OTHERS ? `not ${one}` : zero, one];
  return { ...made, classes: called.map((name) => name.slice(0, 60)) };
}

const shorten = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

function inWords({ points, names, classes, center, scale, notes }) {
  const lines = [`${count(points.length, "row")} are used.`];
  if (classes) {
    const ones = points.filter((point) => point[2] === 1).length;
    const zeros = points.length - ones;
    const [most, top] = ones > zeros ? [classes[1], ones] : [classes[0], zeros];
    lines.push(
      `Class 0 is ${shorten(classes[0])} (${zeros.toLocaleString("en-US")}), class 1 ${shorten(classes[1])} (${ones.toLocaleString("en-US")}); always saying ${shorten(most)} would be right for ${fmt((100 * top) / points.length)} %.`,
    );
  }
  if (scale.some((s) => s !== 1)) {
    const told = names
      .slice(0, classes ? 2 : 3)
      .map((name, k) => `${shorten(name)} ${fmt(center[k])} and ${fmt(scale[k])}`);
    lines.push(`Mean and standard deviation, over all these rows: ${told.join("; ")}.`);
    if (!classes) lines.push("A loss of 1 is then that of always saying the mean.");
  }
  return [...lines, ...notes].join(" ");
}

export const POINTS = {
  inputs: ["x₁", "x₂"],
  about: "two columns of numbers and one to learn",
  standardizes: true,
  first: firstChoice,
  make: makePoints,
  words: inWords,
};

// From a table of the reader's own: a column of formulas and one of values; for the dialog of owndata.js.
//
//   formulasOf(elements)    like POINTS of columns.js; make gives { formulas, values, names, notes } or { problem }

import { parseFormula } from "../shared/formula.js";
import { tasksOf } from "../shared/columns.js";
import { MISSING } from "../shared/csv.js";
import { featuresOf } from "./features.js";

export const LEAST = 10;
export const MOST = 1000;

const count = (n, noun) => `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
const shorten = (text) => (text.length > 30 ? `${text.slice(0, 29)}…` : text);

export function formulasOf(elements) {
  const reasonOf = (text) => {
    try {
      return featuresOf(parseFormula(text, elements.symbols), elements)
        ? ""
        : "an element of which a property is not known";
    } catch (error) {
      return error.message.replace(/^formula: /, "");
    }
  };
  const readable = ({ kind, cells }) =>
    kind === "text" || kind === "mixed" ? cells.slice(0, 200).filter((cell) => !reasonOf(cell.trim())).length : 0;

  function first(columns, tasks) {
    const scores = columns.map(readable);
    const formulas = scores.indexOf(Math.max(...scores));
    const value = columns.findLastIndex(
      (column, k) => k !== formulas && !column.warning && tasksOf(column, tasks).length,
    );
    return {
      x: [formulas],
      target: value < 0 ? columns.length - 1 : value,
      task: "regression",
      classes: [],
      standardize: true,
    };
  }

  function make({ lines, long, notes: before }, columns, { x: [formulas], target }, tasks) {
    const [column, goal] = [columns[formulas], columns[target]];
    if (formulas === target)
      return { problem: "The formulas and what is to be predicted are the same column: choose two." };
    if (!tasksOf(goal, tasks).length) {
      const other = goal.other[0];
      const found =
        other === undefined
          ? "fewer than three different numbers"
          : `“${shorten(goal.cells[other].trim())}” in line ${lines[other]}`;
      return {
        problem: `“${goal.name}” has ${found}, and numbers are to be predicted: choose another column, or correct the file.`,
      };
    }
    const texts = column.cells.map((cell) => cell.trim());
    const gap = texts.map((text, k) => MISSING.text(text) || Number.isNaN(goal.values[k]));
    const reasons = texts.map((text, k) => (gap[k] ? "" : reasonOf(text)));
    const bad = reasons.map((reason, k) => [reason, k]).filter(([reason]) => reason);
    let rows = texts.map((_, k) => k).filter((k) => !gap[k] && !reasons[k]);
    const why = bad.length ? `the first in line ${lines[bad[0][1]]}: ${bad[0][0]}` : "";
    if (bad.length > rows.length)
      return { problem: `“${column.name}” has ${count(bad.length, "cell")} that are no formulas, ${why}.` };
    const gaps = gap.filter(Boolean).length;
    const notes = [...before];
    if (gaps) notes.push(`${count(gaps, "row")} left out for an empty cell.`);
    if (long) notes.push(`${count(long, "row")} left out for more cells than the table has columns.`);
    if (bad.length) notes.push(`${count(bad.length, "row")} left out whose formula cannot be used, ${why}.`);
    if (rows.length < LEAST)
      return {
        problem:
          `${count(rows.length, "row")} can be used, and at least ${LEAST} are needed. ${notes.join(" ")}`.trim(),
      };
    const all = rows.length;
    if (all > MOST) {
      rows = Array.from({ length: MOST }, (_, k) => rows[Math.floor((k * all) / MOST)]);
      notes.push(`Of ${count(all, "row")}, ${MOST.toLocaleString("en-US")} are taken, evenly spread over the file.`);
    }
    const [used, values] = [rows.map((k) => texts[k]), rows.map((k) => goal.values[k])];
    if (values.every((v) => v === values[0]))
      return { problem: `“${goal.name}” is the same in all rows that can be used: there is nothing to predict.` };
    const twice =
      used.length -
      new Set(used.map((text) => JSON.stringify(Object.entries(parseFormula(text, elements.symbols)).sort()))).size;
    if (twice)
      notes.push(
        `${count(twice, "row")} repeat${twice === 1 ? "s" : ""} a formula: random folds give its answer away.`,
      );
    return { formulas: used, values, names: [column.name, goal.name], all, notes };
  }

  return {
    inputs: ["Formulas"],
    about: "a column of chemical formulas and one of numbers",
    standardizes: false,
    first,
    make,
    words: ({ formulas, notes }) => [`${count(formulas.length, "row")} are used.`, ...notes].join(" "),
  };
}

// The part of a program that finds in the reader's file the points that a playground shows; see owndata.js.
//
//   readingOf({ file, classes, source })    lines that leave the array `points`, rows [x1, x2, target], in units of the file
//   imports                                 what they need

import { MISSING_TEXTS } from "./csv.js";
import { MOST_ROWS, OTHERS } from "./columns.js";
import { python } from "./code.js";

export const imports = ["import csv"];

export function readingOf({ file, classes, source }) {
  const { encoding, delimiter, decimal, skip, columns, minus, spaces, width, rows, as, numeric } = source;
  const [zero, one] = as;
  const cells = ["cell", ...(minus ? ['replace("−", "-")'] : []), ...(decimal === "," ? ['replace(",", ".")'] : [])];
  const value = (k) => `number(row[${columns[k]}])`;
  const target = !classes ? value(2) : numeric ? `label(${value(2)})` : `label(row[${columns[2]}].strip())`;
  const key = (name) => (numeric ? name : python(name));
  const label = !classes
    ? []
    : zero === OTHERS
      ? [
          "def label(value):",
          `    """1 for ${one}, 0 for any other class, nan where there is none."""`,
          numeric
            ? `    return np.nan if np.isnan(value) else float(value == ${key(one)})`
            : `    return np.nan if value.lower() in ${python(MISSING_TEXTS)} else float(value == ${key(one)})`,
          "",
          "",
        ]
      : [
          "def label(value):",
          `    """0 or 1, nan for anything else."""`,
          `    return {${key(zero)}: 0, ${key(one)}: 1}.get(value, np.nan)`,
          "",
          "",
        ];
  const long = width ? ` and not any(row[${width}:])` : "";
  const spaced = spaces ? ", skipinitialspace=True" : "";
  return [
    `with open(${python(file)}, encoding=${python(encoding)}, newline="") as lines:`,
    `    table = [row for row in csv.reader(lines, delimiter=${python(delimiter)}${spaced}) if row][${skip}:]`,
    "",
    "",
    "def number(cell):",
    '    """nan where the cell is empty."""',
    "    try:",
    `        return float(${cells.join(".")})`,
    "    except ValueError:",
    "        return np.nan",
    "",
    "",
    ...label,
    "points = np.array([",
    `    [${value(0)}, ${value(1)}, ${target}]`,
    `    for row in table if len(row) > ${Math.max(...columns)}${long}`,
    "])",
    "points = points[np.isfinite(points).all(axis=1)]  # without rows that lack a value",
    ...(rows > MOST_ROWS
      ? [`points = points[np.arange(${MOST_ROWS}) * len(points) // ${MOST_ROWS}]  # as in the page`]
      : []),
  ];
}

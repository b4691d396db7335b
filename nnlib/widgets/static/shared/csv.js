// Tables from CSV files, as spreadsheets, instruments and programs in many countries write them.
//
//   decode(bytes)              { text, encoding }, the encoding by Python's name; throws an Error, in words, where the
//                              bytes are no text
//   parseCsv(text, delimiter)  { rows: [[cell, ...], ...], open }: by RFC 4180, any line ends; a line without anything is
//                              no row; open: the line of a quotation mark that is never closed, or 0
//   guessDelimiter(text)       one of DELIMITERS
//   readTable(text, { delimiter, header })    { names, rows, lines, width, delimiter, header, decimal, skip, long, notes }:
//       what is not given is guessed; lines: where each row stands in the file; skip: rows above the first of the table;
//       long: rows with too many cells, which are left out; throws an Error, in words, where there is no table
//   readNumber(cell, decimal)  NaN if it is none
//   MISSING.number MISSING.text    does a cell stand for a missing value, among numbers and among texts? MISSING_TEXTS are
//                                  those that do among texts, in small letters
//   isGrouped(cell)            is it a number with a separator of thousands, perhaps?

export const DELIMITERS = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars" };

const SAMPLE = 30000; // characters that a delimiter is guessed from

// ---- Bytes to text -------------------------------------------------------------------------------------------------

const KINDS = [
  [[0x50, 0x4b, 3, 4], "a workbook of a spreadsheet, or another archive: save the table as CSV"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an old Excel workbook: save the table as CSV"],
  [[0x1f, 0x8b], "compressed: unpack it first"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF: a table of text is needed"],
];

export function decode(bytes) {
  const kind = KINDS.find(([first]) => first.every((byte, k) => bytes[k] === byte));
  if (kind) throw new Error(`The file is ${kind[1]}.`);
  const read = (label, encoding) => ({ text: new TextDecoder(label).decode(bytes), encoding });
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return read("utf-16le", "utf-16");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return read("utf-16be", "utf-16");
  // Without its mark, UTF-16 shows by the zero in every second byte.
  const zeros = [0, 0];
  const length = Math.min(bytes.length, 2000);
  for (let k = 0; k < length; k++) zeros[k % 2] += bytes[k] === 0;
  if (zeros[1] > length / 4 && !zeros[0]) return read("utf-16le", "utf-16-le");
  if (zeros[0] > length / 4 && !zeros[1]) return read("utf-16be", "utf-16-be");
  if (zeros[0] + zeros[1]) throw new Error("The file is no text: a table with commas, semicolons or tabs is needed.");
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8-sig" };
  } catch {
    return read("windows-1252", "cp1252");
  }
}

// ---- Text to cells -------------------------------------------------------------------------------------------------

const lineOf = (text, end) => text.slice(0, end).split(/\r\n|\r|\n/).length;

export function parseCsv(text, delimiter) {
  const rows = [];
  const starts = [];
  const ends = new Set([delimiter, "\n", "\r", undefined]);
  let at = 0;
  while (at < text.length) {
    const start = at;
    const row = [];
    let quoted;
    do {
      if (row.length) at++;
      quoted = false;
      let cell = "";
      let from = at;
      while (text[at] === " ") at++;
      if (text[at] === '"') {
        quoted = true;
        const opened = at++;
        for (;;) {
          const end = text.indexOf('"', at);
          if (end < 0) return { rows, starts, open: lineOf(text, opened) };
          cell += text.slice(at, end);
          at = end + 1;
          if (text[at] !== '"') break;
          cell += '"';
          at++;
        }
        from = at;
      }
      while (!ends.has(text[at])) at++;
      row.push(cell + (quoted ? text.slice(from, at).trimEnd() : text.slice(from, at)));
    } while (text[at] === delimiter);
    at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
    if (row.length === 1 && row[0] === "" && !quoted) continue;
    rows.push(row);
    starts.push(start);
  }
  return { rows, starts, open: 0 };
}

const commonest = (values) => {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || b - a)[0];
};

// The best is the one that makes rows of one width, out of cells in which no other one is left. A decimal comma is none.
export function guessDelimiter(text) {
  const end = text.length > SAMPLE ? Math.max(text.lastIndexOf("\n", SAMPLE), text.lastIndexOf("\r", SAMPLE)) : -1;
  const sample = end > 0 ? text.slice(0, end) : text;
  const scores = Object.keys(DELIMITERS).map((delimiter) => {
    const { rows } = parseCsv(sample, delimiter);
    if (!rows.length) return { delimiter, score: -1, width: 0 };
    const [width, count] = commonest(rows.map((row) => row.length));
    const others = Object.keys(DELIMITERS).filter((other) => other !== delimiter);
    const cells = rows.flat();
    const odd = cells.filter(
      (cell) => others.some((other) => cell.includes(other)) && Number.isNaN(readNumber(cell, ",")),
    ).length;
    return { delimiter, score: width < 2 ? -1 : (count / rows.length) * (1 - odd / cells.length), width };
  });
  return scores.sort((a, b) => b.score - a.score || b.width - a.width)[0].delimiter;
}

// ---- Cells to numbers ----------------------------------------------------------------------------------------------

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const GROUPED = /^[+-]?[1-9]\d{0,2}(?:([,.'’\u00a0\u202f\u2009 ])\d{3})(?:\1\d{3})*(?:[.,]\d+)?$/;
const NONE = ["", "?", "-", "–", "—", "--", "nan", "n/a", "#n/a", "null", "<na>"];
const NO_NUMBER = ["na", "none", "nil", "#na", "nat", ".", "...", "#div/0!", "#value!", "#num!", "#ref!", "#name?"];

// Among texts, NA may be Namibia, and None a treatment.
const [AMONG_TEXTS, AMONG_NUMBERS] = [new Set(NONE), new Set([...NONE, ...NO_NUMBER])];
export const MISSING_TEXTS = NONE;
export const MISSING = {
  text: (cell) => AMONG_TEXTS.has(cell.trim().toLowerCase()),
  number: (cell) => AMONG_NUMBERS.has(cell.trim().toLowerCase()),
};

export function readNumber(cell, decimal) {
  const text = cell.trim().replace("−", "-");
  if (decimal === "," && text.includes(".")) return NaN;
  const plain = decimal === "," ? text.replace(",", ".") : text;
  const value = PLAIN.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

export const isGrouped = (cell) => GROUPED.test(cell.trim());

// 3,5 and 0,125 show a decimal comma; 1,250 could be 1250 as well and shows nothing.
function guessDecimal(rows) {
  let [commas, points] = [0, 0];
  for (const row of rows) {
    for (const cell of row) {
      if (cell.includes(",")) commas += !isGrouped(cell) && !Number.isNaN(readNumber(cell, ","));
      else if (cell.includes(".")) points += !Number.isNaN(readNumber(cell, "."));
    }
  }
  return commas > points ? "," : ".";
}

// ---- Cells to a table ----------------------------------------------------------------------------------------------

const isNumber = (cell) => !Number.isNaN(readNumber(cell, ".")) || !Number.isNaN(readNumber(cell, ","));
const isText = (cell = "") => !MISSING.number(cell) && !isNumber(cell);

// Names stand above numbers; above texts alone they are what does not come again.
function hasHeader([first, ...rows]) {
  if (!rows.length) return false;
  const below = (k) => rows.slice(0, 200).map((row) => row[k] ?? "");
  const numeric = first.map((_, k) => below(k).some(isNumber) && !below(k).some(isText));
  if (numeric.some(Boolean)) return first.some((cell, k) => numeric[k] && isText(cell));
  return first.every((cell, k) => isText(cell) && !below(k).includes(cell)) && new Set(first).size === first.length;
}

// "a", "a" and "" become "a", "a (2)" and "column 3".
function unique(cells) {
  const used = new Set();
  return cells.map((cell, k) => {
    const name = cell.replace(/\s+/g, " ").trim().slice(0, 60) || `column ${k + 1}`;
    let free = name;
    for (let n = 2; used.has(free); n++) free = `${name} (${n})`;
    used.add(free);
    return free;
  });
}

const filled = (row) => row.filter((cell) => cell.trim()).length;
const withoutEnd = (row, width) => {
  let length = row.length;
  while (length > width && !row[length - 1].trim()) length--;
  return row.slice(0, length);
};

export function readTable(text, given = {}) {
  if (!text.trim()) throw new Error("There is nothing in it.");
  const named = /^sep=(.)\r?\n/i.exec(text); // as Excel has it
  const delimiter = given.delimiter ?? (named ? named[1] : guessDelimiter(text));
  const { rows, starts, open } = parseCsv(text, delimiter);
  if (open) throw new Error(`A cell in line ${open} begins with a quotation mark that is never closed.`);
  const [width] = commonest(rows.map((row) => row.length));
  if (width < 2)
    throw new Error("There is only one column: cells must be separated by commas, semicolons, tabs or vertical bars.");
  const notes = [];
  let skip = named ? 1 : 0;
  // As R writes it, the names begin above the second column.
  const shifted = (row, next = []) =>
    row.length === width - 1 &&
    next.length === width &&
    next.some((cell, k) => k > 0 && isNumber(cell) && isText(row[k - 1]));
  const isTitle = (row, next) => (row.length < width && !shifted(row, next)) || (width > 2 && filled(row) < 2);
  while (skip < rows.length - 2 && isTitle(rows[skip], rows[skip + 1])) skip++;
  const titles = skip - (named ? 1 : 0);
  if (titles)
    notes.push(
      titles === 1 ? "One line above the table is left out." : `${titles} lines above the table are left out.`,
    );
  const body = rows.slice(skip);
  const trailing = body[0].length === width - 1 && body.slice(1).every((row) => !(row[width - 1] ?? "").trim());
  const fromR = !trailing && shifted(body[0], body[1]);
  if (fromR) {
    body[0] = ["row names", ...body[0]];
    notes.push(
      "The first line has a name less than the rows have cells: the first column is taken for names of rows, as R writes them.",
    );
  }
  const header = given.header ?? (fromR || hasHeader(body));
  const columns = trailing ? width - 1 : Math.max(width, header ? withoutEnd(body[0], width).length : width);
  const first = Array.from({ length: columns }, (_, k) => (header ? (body[0][k] ?? "") : ""));
  const names = unique(first.map((cell) => cell.replace(/^#\s*/, "")));
  const table = { names, rows: [], lines: [], width: columns, delimiter, header, skip: skip + header, long: 0, notes };
  let [from, line] = [0, 1];
  body.forEach((row, k) => {
    const start = starts[skip + k];
    line += lineOf(text.slice(from, start), start) - 1;
    from = start;
    if (header && k === 0) return;
    const cells = withoutEnd(row, columns);
    if (cells.length > columns) return table.long++;
    table.rows.push(cells.length < columns ? [...cells, ...Array(columns - cells.length).fill("")] : cells);
    table.lines.push(line);
  });
  if (!table.rows.length) throw new Error("There are names, but no rows below them.");
  table.decimal = guessDecimal(table.rows);
  return table;
}

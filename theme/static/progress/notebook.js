// Which checks of a notebook passed, from the reports that they left in its outputs (nnlib/exercises/report.py).
//
//   checksIn(notebook)    { name of the exercise: true, false, or null where the check has not been run }
//
// A report counts below a cell that asks for this check: one of a cell that was changed since says nothing any more.

const CALL = /\bcheck\(\s*["']([\w-]+)["']/g;
const REPORT = /^([✓✗]) (?:Passed|Not yet|Not written yet): ([\w-]+)$/gm;

// In a file, a text may be a list of its lines.
const textOf = (text) => [text ?? []].flat().join("");

export function checksIn({ cells }) {
  const found = {};
  for (const cell of cells) {
    if (cell?.cell_type !== "code") continue;
    const asked = [...textOf(cell.source).matchAll(CALL)].map(([, name]) => name);
    for (const name of asked) found[name] ??= null;
    for (const output of [cell.outputs ?? []].flat()) {
      const text = textOf(output?.data?.["text/plain"] ?? output?.text);
      for (const [, sign, name] of text.matchAll(REPORT))
        if (asked.includes(name)) found[name] = found[name] || sign === "✓";
    }
  }
  return found;
}

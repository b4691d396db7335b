// A dialog in which the reader takes a table of their own, from a file or pasted, and chooses columns. The page reads it;
// nothing is sent anywhere.
//
//   const own = createOwnData(frame, { tasks, learned, use, wanted })    own.el: the button that opens it
//       tasks: what can be learned from it, of "classification" and "regression"; learned: what the column to learn is
//       called; use(data): the reader wants it; wanted: which columns, and what is made of them, POINTS of columns.js or
//       what is like it. data is what wanted.make returns, with `file`, its name, and `source`: how a program finds it
//       there, see tablecode.js
//   A file that is dropped on the widget opens the dialog too.

import { OTHERS, POINTS, choose, describeColumns, tasksOf } from "./columns.js";
import { button, checkbox, element, row, select } from "./controls.js";
import { DELIMITERS, decode, readTable } from "./csv.js";
import { fmt } from "./plot.js";

const MOST_BYTES = 10e6;
const SHOWN = 5; // rows of the preview
const MANY = 100; // classes to choose from at most

// Here and not in widget.css, which all pages carry.
const STYLE = `.nnlib-widget .nn-own { width: min(46em, calc(100vw - 24px)); max-height: calc(100vh - 24px); margin: auto; padding: 14px 16px; overflow: auto; border: 1px solid var(--nn-edge); border-radius: 10px; background: var(--nn-surface); color: var(--nn-ink); }
.nnlib-widget .nn-own::backdrop { background: rgb(0 0 0 / 45%); }
.nnlib-widget :is(.nn-own, .nn-own-choices) > * + * { margin-top: 8px; }
.nnlib-widget .nn-own p { margin: 0; }
.nnlib-widget .nn-own :is(textarea, input[type="file"]) { display: block; width: 100%; margin: 2px 0 0; padding: 4px 8px; border: 1px solid var(--nn-edge); border-radius: 6px; background: var(--nn-surface); color: var(--nn-ink); font: inherit; font-size: 13px; }
.nnlib-widget .nn-own textarea { font-family: ui-monospace, monospace; resize: vertical; }
.nnlib-widget .nn-own .nn-scroll { max-height: 190px; }
.nnlib-widget .nn-own :is(th, td) { max-width: 14em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.nnlib-widget .nn-own .nn-chosen { background: var(--nn-raised); font-weight: 600; }
.nnlib-widget .nn-own .nn-row { justify-content: flex-start; }
.nnlib-widget.nn-dropping { outline: 3px dashed var(--nn-accent); outline-offset: 3px; }`;

const shorten = (text, most = 40) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const number = (n) => n.toLocaleString("en-US");

export function createOwnData(frame, { tasks, learned, use, wanted = POINTS }) {
  const { root } = frame;
  let dialog = null;
  let open; // opens the dialog and returns its `read(file)`
  const opener = button({ label: "Your own table…", name: "own-data", onClick: () => open() });
  const style = element("style", { text: STYLE });
  root.append(style);

  open = () => {
    if (dialog) return dialog.readFile;
    let text = ""; // of the table
    let origin = { file: "data.csv", encoding: "utf-8-sig" };
    let table = null;
    let columns = [];
    let choice = null;
    let made = null;
    let latest = 0; // file or text: an earlier one may take longer to read

    const said = element("p", { role: "status" });
    const problem = element("p", { class: "nn-problem", role: "alert" });
    const summary = element("p", { class: "nn-note", role: "status" });
    const file = element("input", {
      type: "file",
      accept: ".csv,.tsv,.txt,.dat,text/csv,text/plain,text/tab-separated-values",
    });
    const pasted = element("textarea", { rows: 3, spellcheck: "false", autocomplete: "off", wrap: "off" });
    const delimiters = Object.entries(DELIMITERS);
    const separator = select({
      label: "Separated by",
      name: "own-separator",
      options: delimiters,
      value: ",",
      onChange: (delimiter) => readText({ delimiter }),
    });
    const header = checkbox({
      label: "names in the first line",
      name: "own-header",
      onChange: (on) => readText({ delimiter: table?.delimiter ?? separator.value, header: on }),
    });
    const change = (changes) => {
      choice = { ...choice, ...changes };
      show();
    };
    const picks = wanted.inputs.map((label, j) =>
      select({
        label,
        name: `own-x${j + 1}`,
        options: [],
        value: "",
        onChange: (k) => change({ x: choice.x.map((old, i) => (i === j ? Number(k) : old)) }),
      }),
    );
    const target = select({
      label: learned,
      name: "own-target",
      options: [],
      value: "",
      onChange: (k) => change(choose(columns, choice, Number(k), tasks)),
    });
    const task = select({
      label: "as",
      name: "own-task",
      options: [],
      value: "",
      onChange: (v) => change({ task: v }),
    });
    const classes = [0, 1].map((j) =>
      select({
        label: ["Class 0", "Class 1"][j],
        name: `own-class-${j}`,
        options: [],
        value: "",
        onChange: (v) => change({ classes: choice.classes.map((old, i) => (i === j ? v : old)) }),
      }),
    );
    const standardize = checkbox({
      label: "standardize (mean 0, standard deviation 1)",
      name: "own-standardize",
      checked: true,
      onChange: (on) => change({ standardize: on }),
    });
    const preview = element("table");
    const scroll = element(
      "div",
      { class: "nn-scroll", tabindex: 0, role: "group", "aria-label": "The first rows of the table" },
      preview,
    );
    const take = button({ label: "Use it", name: "own-use", primary: true, onClick: finish });
    const cancel = button({ label: "Cancel", name: "own-cancel", onClick: shut });
    const reading = row(separator.el, header.el);
    const choices = element(
      "div",
      { class: "nn-own-choices" },
      scroll,
      row(...picks.map(({ el }) => el), target.el, task.el, ...classes.map(({ el }) => el)),
      ...(wanted.standardizes ? [standardize.el] : []),
    );
    dialog = element(
      "dialog",
      { class: "nn-own", "aria-label": "Your own table" },
      element("p", { class: "nn-title", text: "Your own table" }),
      element("p", {
        text: `A CSV file with ${wanted.about}. It is read here, in the page, and sent nowhere.`,
      }),
      element("label", { "data-control": "own-file" }, "File", file),
      element("label", { "data-control": "own-text" }, "or paste the table", pasted),
      said,
      reading,
      choices,
      summary,
      problem,
      row(take.el, cancel.el),
    );
    const here = dialog;
    function shut() {
      latest = -1; // what is still being read comes too late
      if (here.open) here.close();
      here.remove();
      if (dialog === here) dialog = null;
    }
    dialog.addEventListener("close", shut); // by the key Esc
    // The same file can be chosen again, once it is corrected.
    file.addEventListener("click", () => {
      file.value = "";
    });
    file.addEventListener("change", () => file.files.length && readFile(file.files[0]));
    pasted.addEventListener("input", () => {
      latest++;
      origin = { file: "data.csv", encoding: "utf-8-sig", pasted: true };
      text = pasted.value;
      if (text) readText();
      else forget("");
    });

    // Nothing of an earlier table may be taken for the new one.
    function forget(reason) {
      [table, choice, made] = [null, null, null];
      reading.hidden = choices.hidden = true;
      said.textContent = summary.textContent = "";
      problem.textContent = reason;
      take.disable(true);
    }

    async function readFile(chosen) {
      const mine = ++latest;
      pasted.value = "";
      if (chosen.size > MOST_BYTES)
        return forget(
          `${shorten(chosen.name)} has ${fmt(chosen.size / 1e6, 3)} MB, and the most is ${MOST_BYTES / 1e6} MB: save the rows and columns that you need in a smaller file.`,
        );
      try {
        const bytes = new Uint8Array(await chosen.arrayBuffer());
        if (mine !== latest) return;
        const decoded = decode(bytes);
        text = decoded.text;
        origin = { file: chosen.name, encoding: decoded.encoding };
      } catch (error) {
        if (mine === latest)
          forget(error instanceof DOMException ? `The browser could not read ${shorten(chosen.name)}.` : error.message);
        return;
      }
      readText();
    }

    function readText(given) {
      try {
        table = readTable(text, given);
      } catch (error) {
        const delimiter = given?.delimiter;
        forget(error.message);
        if (!delimiter) return;
        reading.hidden = false; // another separator may be chosen
        separator.set(delimiter);
        return;
      }
      columns = describeColumns(table);
      choice = wanted.first(columns, tasks);
      show();
    }

    function show() {
      const { names, rows, delimiter, decimal } = table;
      const what = origin.pasted ? "The pasted table" : shorten(origin.file);
      said.textContent = `${what}: ${number(rows.length)} ${rows.length === 1 ? "row" : "rows"}, ${names.length} columns, separated by ${DELIMITERS[delimiter] ?? delimiter}, ${decimal === "," ? "with decimal commas" : "with decimal points"}.`;
      reading.hidden = choices.hidden = false;
      const known = delimiters.some(([one]) => one === delimiter);
      separator.setOptions(known ? delimiters : [...delimiters, [delimiter, delimiter]], delimiter);
      header.set(table.header);
      const options = names.map((name, k) => [String(k), shorten(name, 30)]);
      picks.forEach((pick, j) => {
        pick.setOptions(options, String(choice.x[j]));
      });
      target.setOptions(options, String(choice.target));
      const column = columns[choice.target];
      const possible = tasksOf(column, tasks);
      task.el.hidden = possible.length < 2;
      const kinds = { classification: "a class", regression: "a number" };
      task.setOptions(
        possible.map((one) => [one, kinds[one]]),
        choice.task,
      );
      const listed = column.classes.slice(0, MANY).map(([label, n]) => [label, `${shorten(label, 24)} (${number(n)})`]);
      classes.forEach((pick, j) => {
        pick.el.hidden = choice.task !== "classification" || listed.length < 2 || !possible.includes("classification");
        const all = j === 0 && listed.length > 2 ? [...listed, [OTHERS, "all others"]] : listed;
        pick.setOptions(all, choice.classes[j]);
      });
      standardize.set(choice.standardize);
      showRows();
      made = wanted.make(table, columns, choice, tasks);
      problem.textContent = made.problem ?? "";
      summary.textContent = made.problem ? "" : wanted.words(made);
      take.disable(Boolean(made.problem));
    }

    function showRows() {
      const part = new Map([...choice.x.map((k, j) => [k, wanted.inputs[j]]), [choice.target, "y"]]);
      const mark = (k) => ({ class: part.has(k) ? "nn-chosen" : undefined });
      const cells = (tag, texts, more = {}) => texts.map((text, k) => element(tag, { ...mark(k), ...more, text }));
      preview.replaceChildren(
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            ...cells(
              "th",
              table.names.map((name, k) => (part.has(k) ? `${part.get(k)}: ${name}` : name)),
              { scope: "col" },
            ),
          ),
        ),
        element("tbody", {}, ...table.rows.slice(0, SHOWN).map((line) => element("tr", {}, ...cells("td", line)))),
      );
    }

    function finish() {
      const { file: name, encoding } = origin;
      const { delimiter, decimal, skip, long, width } = table;
      const used = [...choice.x, choice.target];
      const source = {
        encoding,
        delimiter,
        decimal,
        skip,
        columns: used,
        minus: table.rows.some((cells) => used.some((k) => cells[k].includes("−"))),
        spaces: /[,;\t|] +"/.test(text),
        width: long ? width : 0,
        rows: made.all,
        as: choice.classes,
        numeric: columns[choice.target].kind === "number",
      };
      shut();
      use({ ...made, file: name, source });
    }

    forget("");
    dialog.readFile = readFile;
    root.append(dialog);
    dialog.showModal();
    return readFile;
  };

  const hasFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    root.classList.add("nn-dropping");
  };
  const leave = () => root.classList.remove("nn-dropping");
  root.addEventListener("dragover", over);
  root.addEventListener("dragleave", leave);
  root.addEventListener("drop", (event) => {
    leave();
    if (!hasFile(event)) return;
    event.preventDefault();
    const [dropped] = event.dataTransfer.files;
    if (dropped) open()(dropped);
  });
  frame.addCleanup(() => dialog?.close());
  return { el: opener.el };
}

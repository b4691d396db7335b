// The fold "Show as code": the nnlib program of what is on screen, to copy into a notebook.
//
//   createCode(frame, program)    program() is the text; it is asked for while the fold is open

import { button, element } from "./controls.js";

// Here and not in widget.css, which all pages carry.
const STYLE = `.nnlib-widget .nn-program { white-space: pre; font-family: ui-monospace, monospace; max-height: 420px; margin: 6px 0 0; padding: 8px 12px; border: 1px solid var(--nn-line); background: var(--nn-plot); color: var(--nn-ink); font-size: 13px }`;

export function createCode(frame, program) {
  // Not a pre: the book's theme takes the tab stops of those for its own.
  const text = element("div", { class: "nn-program nn-scroll", tabindex: 0, role: "group", "aria-label": "Program" });
  const note = element("span", { class: "nn-note", role: "status" });

  // A page from the disk, or an older browser, may not write to the clipboard: the text is then chosen for the reader.
  async function copy() {
    try {
      await navigator.clipboard.writeText(text.textContent);
      note.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(text);
      note.textContent = "Selected: copy it with Ctrl+C or ⌘C, or from the menu of the selection.";
    }
  }
  const copyButton = button({ label: "Copy", name: "copy-code", onClick: copy });
  copyButton.el.setAttribute("aria-label", "Copy the program");
  const refresh = () => {
    const now = program();
    if (now === text.textContent) return;
    text.textContent = now;
    note.textContent = "";
  };
  frame.fold(
    "code",
    "Show as code",
    refresh,
    element("div", { class: "nn-row" }, copyButton.el, note),
    text,
    element("style", { text: STYLE }),
  );
}

// A list as Python writes it, and one with a row on each line; None for null.
export const python = (value) =>
  Array.isArray(value) ? `[${value.map(python).join(", ")}]` : value === null ? "None" : JSON.stringify(value);
export const rows = (list) => ["[", ...list.map((row) => `    ${python(row)},`), "]"].join("\n");

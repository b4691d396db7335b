// What a question and a prediction have in common: their place in the text, what is said there, and a record of what the
// reader has reached, in the reader's browser.
//
//   const asked = createAsked({ el, model, kind: "Question", what: "answer", label, name, redraw })
//       .root .note                   the section, to append to; a line on what becomes of the reader's answer
//       .output .say(lines, verdict)  the readout; a line is a text or a node
//       .record .save(changes)        see progress.js
//       .reached(words, traits)       tells page and Python
//   return asked.ready(restore)       restore() runs now, and when somebody else changes the record

import { element, keepKeys } from "./controls.js";
import { load, save } from "./progress.js";
import { watchTheme } from "./theme.js";

const UNTOUCHED = { v: 1, tries: 0, solved: false, shown: false, last: null, at: "" };

export function createAsked({ el, model, kind, what, label, name, redraw = () => {} }) {
  const output = element("output", { class: "nn-output", "aria-live": "polite" });
  const root = element("section", {
    class: "nnlib-widget nn-asked",
    "data-widget": kind.toLowerCase(),
    "aria-label": `${kind}: ${label}`,
  });
  el.append(root);
  keepKeys(root);
  const stopWatching = watchTheme(root, redraw);
  let saving = false;
  const asked = {
    root,
    output,
    note: element("span", { class: "nn-note", text: `For practice, not an exam. Your ${what} stays in this browser.` }),
    record: UNTOUCHED,
    say(lines, verdict = "") {
      output.dataset.verdict = verdict;
      output.replaceChildren(...lines.map((line) => element("span", { class: "nn-line" }, line)));
    },
    save(changes) {
      asked.record = { ...asked.record, ...changes, at: new Date().toISOString() };
      saving = true;
      save(name, asked.record);
      saving = false;
    },
    reached(words, traits) {
      root.dataset.reached = words;
      model.set(traits);
      model.save_changes();
    },
    ready(restore) {
      const take = (record) => {
        asked.record = record ?? UNTOUCHED;
        restore();
      };
      const follow = ({ detail }) => {
        if (detail?.name === name && !saving) take(detail.record);
      };
      window.addEventListener("nnlib-progress", follow);
      take(load(name));
      return () => {
        window.removeEventListener("nnlib-progress", follow);
        stopWatching();
        root.remove();
      };
    },
  };
  return asked;
}

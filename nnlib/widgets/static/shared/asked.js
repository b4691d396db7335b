// What a question and a prediction have in common: their place in the text, what is said there, and a record of what the
// reader has reached, in the reader's browser.
//
//   const asked = createAsked({ el, model, kind: "Question", what: "answer", label, name, redraw })
//       .root .note                   the section, to append to; a line on what becomes of the reader's answer
//       .output .say(lines, verdict)  the readout; a line is a text or a node
//       .record .save(changes) .clear()    see progress.js
//       .reached(words, traits)       tells page and Python
//   return asked.ready(restore)       restore() runs now, and when somebody else changes the record

import { element, keepKeys } from "./controls.js";
import { clear, load, save } from "./progress.js";
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
  let kept;
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
      kept.save(asked.record);
    },
    clear: () => kept.clear(),
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
      // Where a question comes back in another chapter, its answer is kept in another way: see review.js of the theme.
      kept = (model.get("_keep") ?? keepRecord)(name, take, asked.note);
      return () => {
        kept.stop();
        stopWatching();
        root.remove();
      };
    },
  };
  return asked;
}

// take(record or null) runs now, and when somebody else changes the record; `note` says where it is.
function keepRecord(name, take, note) {
  let saving = false;
  const before = note.textContent;
  const say = (record, kept) => {
    note.textContent = !record
      ? before
      : kept
        ? "For practice, not an exam. Saved in this browser."
        : "Your browser did not save this: it keeps nothing here, or is full.";
  };
  const show = (record) => {
    take(record);
    say(record, load(name));
  };
  const follow = ({ detail }) => {
    if (detail?.name === name && !saving) show(detail.record);
  };
  window.addEventListener("nnlib-progress", follow);
  show(load(name));
  return {
    save(record) {
      saving = true;
      say(record, save(name, record));
      saving = false;
    },
    clear: () => clear(name),
    stop: () => window.removeEventListener("nnlib-progress", follow),
  };
}

// What a question and a prediction have in common: their place in the text, and a record in the reader's browser.
//
//   askedRoot("Question", label, ...content)    the section that holds all of it
//   const note = smallPrint("answer")           what becomes of the reader's answer
//   const kept = keepRecord(name, restore, note)      restore(record or null) runs now, and when somebody else changes it
//   kept.save(record)  kept.clear()  kept.stop()

import { element, keepKeys } from "./controls.js";
import { clear, load, save } from "./progress.js";

export function askedRoot(kind, label, ...content) {
  const root = element(
    "section",
    { class: "nnlib-widget nn-asked", "data-widget": kind.toLowerCase(), "aria-label": `${kind}: ${label}` },
    ...content,
  );
  keepKeys(root);
  return root;
}

export const smallPrint = (what) =>
  element("span", { class: "nn-note", text: `For practice, not an exam. Your ${what} stays in this browser.` });

export function keepRecord(name, restore, note) {
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
    restore(record);
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

// What a question and a prediction have in common: their place in the text, and a record in the reader's browser.
//
//   askedRoot("Question", label, ...content)    the section that holds all of it
//   smallPrint("answer")                        what becomes of the reader's answer
//   const kept = keepRecord(name, restore)      restore(record or null) runs now, and when somebody else changes it
//   kept.save(record)  kept.stop()

import { element, keepKeys } from "./controls.js";
import { load, save } from "./progress.js";

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

export function keepRecord(name, restore) {
  let saving = false;
  const follow = ({ detail }) => {
    if (detail?.name === name && !saving) restore(detail.record);
  };
  window.addEventListener("nnlib-progress", follow);
  restore(load(name));
  return {
    save(record) {
      saving = true;
      save(name, record);
      saving = false;
    },
    stop: () => window.removeEventListener("nnlib-progress", follow),
  };
}

// What the book keeps of a reader's work, in this browser alone. An entry has a kind and a name:
//
//   question    of a question or a prediction, by its name: see shared/progress.js
//   exercise    of an exercise whose check passed in a notebook: { v: 1, at }
//   read        of a page, such as "chapters/rnn", that was read: { v: 1, read, at }
//   review      of a question that comes back: { v: 1, box, day }, see schedule.js
//
//   get(kind, name)   put(kind, name, entry)    put is false if the browser refuses
//   forget(kind, name)
//   places()          [kind, name] of all
//   follow()          from now on, what another tab does is told here as if this one had done it
//
// Each change is told by "nnlib-progress" on window.

import { attempt, isRecord } from "../../../nnlib/widgets/static/shared/progress.js";

const isDate = (text) => typeof text === "string" && text.length < 40 && !Number.isNaN(Date.parse(text));
const isCount = (number) => Number.isInteger(number) && number >= 0;

export const ENTRIES = {
  question: isRecord,
  exercise: (e) => e?.v === 1 && isDate(e.at),
  read: (e) => e?.v === 1 && typeof e.read === "boolean" && isDate(e.at),
  review: (e) => e?.v === 1 && isCount(e.box) && isCount(e.day),
};

const keyOf = (kind, name) => `nnlib:${kind}:${name}`;

function tell(kind, name) {
  const detail = kind === "question" ? { name, record: get(kind, name) } : {};
  window.dispatchEvent(new CustomEvent("nnlib-progress", { detail }));
}

export function get(kind, name) {
  const entry = attempt((store) => JSON.parse(store.getItem(keyOf(kind, name))), null);
  return ENTRIES[kind](entry) ? entry : null;
}

export function put(kind, name, entry) {
  const kept = attempt((store) => {
    store.setItem(keyOf(kind, name), JSON.stringify(entry));
    return true;
  }, false);
  tell(kind, name);
  return kept;
}

export function forget(kind, name) {
  attempt((store) => store.removeItem(keyOf(kind, name)));
  tell(kind, name);
}

// Of a key of localStorage, where other pages of the same site may keep things too.
function placeOf(key) {
  const [, kind, name] = key.match(/^nnlib:(\w+):(.+)$/) ?? [];
  return Object.hasOwn(ENTRIES, kind) && [kind, name];
}

export const places = () => attempt(Object.keys, []).map(placeOf).filter(Boolean);

export function follow() {
  window.addEventListener("storage", ({ key }) => {
    const place = key ? placeOf(key) : ["all"];
    if (place) tell(...place);
  });
  // A page that comes back with the Back button stands as it was left.
  window.addEventListener("pageshow", ({ persisted }) => {
    for (const place of persisted ? [["all"], ...places()] : []) tell(...place);
  });
}

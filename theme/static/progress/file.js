// The reader's progress as a file, and back.
//
//   all()             { kind: { name: entry } }
//   lastSaved()       when the newest entry was made, in ISO form, or ""
//   exported()        all as JSON
//   imported(data)    takes such data in, parsed, and never loses: of two entries, the better or the later one stays.
//                     Returns { taken, unreadable, refused }, numbers of entries; throws an Error in words, with nothing
//                     changed, for data that are no such file
//   erase()
//   isRefused()       whether the browser keeps nothing here

import { attempt } from "../../../nnlib/widgets/static/shared/progress.js";
import { ENTRIES, forget, get, places, put } from "./store.js";

const NAME = /^[a-z0-9][\w/-]{0,99}$/;
const later = (a, b) => Date.parse(a.at) - Date.parse(b.at);

// Of two entries, the first one is ahead if this is above zero.
const AHEAD = {
  question: (a, b) => a.solved - b.solved || later(a, b),
  exercise: later,
  read: later,
  review: (a, b) => a.day - b.day,
};

export function erase() {
  for (const place of places()) forget(...place);
}

export function all() {
  const found = Object.fromEntries(Object.keys(ENTRIES).map((kind) => [kind, {}]));
  for (const [kind, name] of places().sort()) {
    const entry = get(kind, name);
    if (entry && NAME.test(name)) found[kind][name] = entry;
  }
  return found;
}

export function lastSaved() {
  const dated = Object.values(all()).flatMap((entries) => Object.values(entries).filter(({ at }) => at));
  return dated.sort(later).at(-1)?.at ?? "";
}

export function exported() {
  const { question, exercise, read, review } = all();
  const file = { nnlib: "progress", v: 1, saved: new Date().toISOString() };
  return JSON.stringify({ ...file, questions: question, exercises: exercise, read, reviews: review }, null, 1);
}

const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

export function imported(data) {
  const version = data?.nnlib === "progress" ? data.v : 0;
  if (Number.isInteger(version) && version > 1)
    throw new Error("it is from a newer edition of this book, which this one cannot read.");
  const { questions, exercises = {}, read = {}, reviews = {} } = data ?? {};
  const maps = { question: questions, exercise: exercises, read, review: reviews };
  if (version !== 1 || !Object.values(maps).every(isMap))
    throw new Error("it is no file of progress that was saved from this book, and no notebook.");
  const counts = { taken: 0, unreadable: 0, refused: 0 };
  for (const [kind, entries] of Object.entries(maps))
    for (const [name, entry] of Object.entries(entries)) {
      const known = get(kind, name);
      if (!NAME.test(name) || !ENTRIES[kind](entry)) counts.unreadable++;
      else if (!known || AHEAD[kind](entry, known) > 0) counts[put(kind, name, entry) ? "taken" : "refused"]++;
    }
  return counts;
}

export const isRefused = () =>
  attempt((store) => {
    store.setItem("nnlib:probe", "");
    store.removeItem("nnlib:probe");
    return false;
  }, true);

// What the reader has answered, in this browser and nowhere else. Where the browser keeps nothing, nothing is kept.
//
//   load(name)            the record of a question or a prediction, or null
//   save(name, record)    false if the browser refuses; a record is
//       { v: 1, tries, solved, shown, last: a text or a list of texts, at: when, in ISO form }
//   clear(name)           forgets it
//   isRecord(value)       whether a value, which may come from a file, is such a record
//   attempt(work, otherwise)    work(localStorage), or `otherwise` where the browser refuses
//
// Each change is told to the page by the event "nnlib-progress" on window, with detail { name, record }. What a reader
// does beyond answering is kept by theme/static/progress/diary.js.

const PREFIX = "nnlib:question:";
const LONGEST = 200;
const isText = (value) => typeof value === "string" && value.length <= LONGEST;

export function isRecord(r) {
  return (
    r?.v === 1 &&
    Number.isInteger(r.tries) &&
    r.tries >= 0 &&
    typeof r.solved === "boolean" &&
    typeof r.shown === "boolean" &&
    (r.last === null || isText(r.last) || (Array.isArray(r.last) && r.last.length < 50 && r.last.every(isText))) &&
    isText(r.at) &&
    !Number.isNaN(Date.parse(r.at))
  );
}

// Merely to name localStorage may throw.
export function attempt(work, otherwise) {
  try {
    return work(window.localStorage);
  } catch {
    return otherwise;
  }
}

const tell = (name, record) => window.dispatchEvent(new CustomEvent("nnlib-progress", { detail: { name, record } }));

export function load(name) {
  const record = attempt((store) => JSON.parse(store.getItem(PREFIX + name)), null);
  return isRecord(record) ? record : null;
}

export function save(name, record) {
  const kept = attempt((store) => {
    store.setItem(PREFIX + name, JSON.stringify(record));
    return true;
  }, false);
  tell(name, record);
  return kept;
}

export function clear(name) {
  attempt((store) => store.removeItem(PREFIX + name));
  tell(name, null);
}

// What the reader has answered, in this browser and nowhere else. Where the browser keeps nothing, nothing is kept.
//
//   load(name)            the record of a question, or null
//   save(name, record)    false if the browser refuses; a record is
//       { v: 1, tries, solved, shown, last: a text or a list of texts, at: when, in ISO form }
//   list()                { name: record } of all questions
//   clear(name)           forgets one, clear() all
//   exported()            all records as JSON
//   imported(text)        takes such a text in and returns how many records were new or got further; throws an Error
//
// Each change is told to the page by the event "nnlib-progress" on window, with detail { name, record }.

const PREFIX = "nnlib:question:";
const LONGEST = 200;
const isText = (value) => typeof value === "string" && value.length <= LONGEST;

function isRecord(r) {
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
function attempt(work, otherwise) {
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

export function list() {
  const keys = attempt((store) => Array.from({ length: store.length }, (_, k) => store.key(k)), []);
  const names = keys.filter((key) => key?.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  return Object.fromEntries(
    names
      .sort()
      .map((name) => [name, load(name)])
      .filter(([, record]) => record),
  );
}

export function clear(name) {
  for (const one of name === undefined ? Object.keys(list()) : [name]) {
    attempt((store) => store.removeItem(PREFIX + one));
    tell(one, null);
  }
}

export const exported = () => JSON.stringify({ nnlib: "progress", v: 1, questions: list() });

export function imported(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    data = null;
  }
  if (data?.nnlib !== "progress" || data.v !== 1 || typeof data.questions !== "object" || !data.questions)
    throw new Error("This is no file of answers that was saved from this book.");
  const further = (a, b) => a.solved - b.solved || Date.parse(a.at) - Date.parse(b.at);
  const better = Object.entries(data.questions).filter(([name, record]) => {
    const known = load(name);
    return /^[a-z0-9_]+(-[a-z0-9]+)+$/.test(name) && isRecord(record) && (!known || further(record, known) > 0);
  });
  for (const [name, record] of better) save(name, record);
  return better.length;
}

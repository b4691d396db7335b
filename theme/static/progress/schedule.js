// Questions that come back: some days after an answer, later chapters open with the question once more.
//
// The scheme is Leitner's box of cards (S. Leitner, So lernt man lernen, 1972): each question lies in a compartment,
// after whose number of days it comes back; answered right it moves on to the next one, answered wrong back to the first.
// Days are days of the reader's calendar, not spans of 24 hours.
//
//   due(pages, here)    [{ page, name, late }] of what comes back on a page, at most three, the latest first
//   placeOf(name)       the compartment of a question and the day on which it came there, { v, box, day }, or null
//                       before its first answer
//   daysLeft(place)     until it comes back, below 1 if it does so now
//   isOn()              whether questions come back at all
//   remember(pages)     writes down when something comes back on each page, for page_progress.py: SHELL

import { attempt } from "../../../nnlib/widgets/static/shared/progress.js";
import { get, put } from "./store.js";

const DAYS = [2, 5, 14, 40, 120];
const MOST = 3;
export const LAST = DAYS.length - 1;
export const OFF = "nnlib:review-off";

export const isOn = () => attempt((store) => !store.getItem(OFF), false);

const dayOf = (date) => Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 864e5);
export const today = () => dayOf(new Date());

export function placeOf(name) {
  const record = get("question", name);
  if (!record) return null;
  const place = get("review", name) ?? { v: 1, box: 0, day: dayOf(new Date(record.at)) };
  if (place.day <= today()) return place;
  // The clock was ahead, and has been set back: without this, the question would wait for that day.
  const now = { ...place, day: today() };
  put("review", name, now);
  return now;
}

const dayDue = ({ box, day }) => day + DAYS[Math.min(box, LAST)];
export const daysLeft = (place) => dayDue(place) - today();

export function due(pages, here) {
  const found = [];
  for (const page of isOn() && here ? pages.slice(0, pages.indexOf(here)) : [])
    for (const name of page.questions) {
      const place = placeOf(name);
      const late = place ? -daysLeft(place) : -1;
      if (late >= 0) found.push({ page, name, late });
    }
  return found.sort((a, b) => b.late - a.late).slice(0, MOST);
}

export function remember(pages) {
  const days = {};
  let first = Infinity;
  for (const { name, questions } of pages) {
    if (first < Infinity) days[name] = first;
    first = Math.min(first, ...questions.map(placeOf).filter(Boolean).map(dayDue));
  }
  attempt((store) => store.setItem("nnlib:due", JSON.stringify(isOn() ? days : {})));
}

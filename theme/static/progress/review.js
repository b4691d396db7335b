// The questions that come back on a page, each as its own widget. Loaded when a reader opens their box.
//
//   showReview(list, body)    list: what schedule.js says is due. window.nnlibReview has { css, widget, questions }, as
//                             page_progress.py writes them

import { element } from "./page.js";
import { LAST, daysLeft, placeOf, today } from "./schedule.js";
import { put } from "./store.js";

// An answer moves a question once: not where another tab had it answered before, nor when it is tried again at once.
function answered(name, right) {
  let place = placeOf(name) ?? { box: 0, day: 0 };
  if (daysLeft(place) <= 0) {
    place = { v: 1, box: right ? Math.min(place.box + 1, LAST) : 0, day: today() };
    put("review", name, place);
  }
  return daysLeft(place);
}

// The record of such a question lasts as long as the page, so that the reader starts anew, and no answer counts twice.
function show({ page, name }) {
  const { widget, questions } = window.nnlibReview;
  const [_question, _secret, section] = questions[name];
  const when = element("output");
  let waiting = true;
  const _keep = (_, restore, note) => {
    note.textContent = "";
    restore(null);
    return {
      save({ solved }) {
        if (!waiting) return;
        waiting = false;
        const days = answered(name, solved);
        when.textContent = ` Comes back in ${days} day${days === 1 ? "" : "s"}.`;
      },
      clear: () => restore(null),
      stop() {},
    };
  };
  const values = { _question, _secret, _keep };
  const model = { get: (key) => values[key], set() {}, save_changes() {}, on() {}, off() {} };
  const el = element("div");
  widget.render({ model, el });
  el.append(element("p", {}, "From ", element("a", { href: `${page.href}#${section}` }, page.title), ".", when));
  return el;
}

function showReview(list, body) {
  document.head.append(element("style", {}, window.nnlibReview.css));
  body.append(...list.map(show));
}

export default showReview;

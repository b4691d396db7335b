// What a reader has done of each chapter: counted, in words, and as a small mark beside its name in the menu.
//
//   done(page)        { answered, asked, passed, exercises, read }
//   inWords(page)     the same in words, or "" where nothing is done
//   mark(page)        shows it beside page.link

import { element } from "./page.js";
import { get } from "./store.js";

const circle = (radius, properties) => `<circle r="${radius}" ${properties}/>`;
const ring = (radius, share, kind) =>
  circle(radius, 'class="nn-track"') +
  circle(radius, `class="${kind}" pathLength="100" transform="rotate(-90)" stroke-dasharray="${100 * share} 100"`);

export function done({ name, questions, predictions, exercises }) {
  const asked = [...questions, ...predictions];
  return {
    answered: asked.filter((one) => get("question", one)?.solved).length,
    asked: asked.length,
    passed: exercises.filter((one) => get("exercise", one)).length,
    exercises: exercises.length,
    read: Boolean(get("read", name)?.read),
  };
}

export function inWords(page) {
  const { answered, asked, passed, exercises, read } = done(page);
  const parts = [
    asked && `${answered} of ${asked} questions answered`,
    passed && `${passed} of ${exercises} exercises passed`,
    read && "read",
  ];
  return answered || passed || read ? parts.filter(Boolean).join(", ") : "";
}

export function mark(page) {
  const { answered, asked, passed, exercises, read } = done(page);
  const words = inWords(page);
  page.link.querySelector(".nn-mark")?.remove();
  if (!words) return;
  const picture = element("span", { className: "nn-mark", title: words });
  const parts = [
    asked && ring(8.5, answered / asked, "nn-asked"),
    passed && ring(5, passed / exercises, "nn-passed"),
    read && circle(2, 'class="nn-read"'),
  ];
  picture.innerHTML = `<svg viewBox="-10 -10 20 20" aria-hidden="true">${parts.filter(Boolean).join("")}</svg>`;
  picture.append(element("span", {}, ` (${words})`));
  page.link.append(picture);
}

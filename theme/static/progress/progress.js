// The reader's progress on a page of the book: marks in the menu, a panel below it, and questions that come back.
//
// theme/page_progress.py makes one script of this folder and calls `start` with what each chapter asks:
// { chapter: [names of its questions, of its predictions, of its exercises] }, each a text with blanks between, and
// without the chapter's own name, with which they begin.

import { mark } from "./marks.js";
import { element, load } from "./page.js";
import { due, remember } from "./schedule.js";
import { follow, forget, get, put } from "./store.js";

const MISSING = "This did not arrive. Load the page again to try once more.";

// The chapters in the order of the menu. Servers may leave ".html" out.
function chapters(contents) {
  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);
  const pages = [];
  for (const link of document.querySelectorAll(".bd-sidebar-primary nav.bd-links li > a")) {
    const { pathname, href } = new URL(link.getAttribute("href"), location.href);
    const name = pathname.slice(root.pathname.length).replace(/\.html$/, "");
    const chapter = name.split("/").at(-1);
    if (!Object.hasOwn(contents, chapter) || pages.some((page) => page.chapter === chapter)) continue;
    const [questions, predictions, exercises] = contents[chapter].map((names) =>
      names
        .split(" ")
        .map((one) => one && `${chapter}-${one}`)
        .filter(Boolean),
    );
    const here = pathname === location.pathname;
    pages.push({ name, chapter, link, href, here, title: link.textContent.trim(), questions, predictions, exercises });
  }
  return pages;
}

// A chapter is read when the end of its text, before the exercises, has been on the screen. Whoever jumped there can
// say otherwise in the panel, and that stays.
function watchReading({ name }) {
  const end = document.querySelector("#exercises > :is(h2, h3)") ?? document.querySelector("footer.prev-next-footer");
  if (!end || get("read", name)) return;
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting) || !scrollY) return;
    observer.disconnect();
    if (!get("read", name)) put("read", name, { v: 1, read: true, at: new Date().toISOString() });
  });
  observer.observe(end);
}

// Fills the box that page_progress.py has the page begin with, once the reader opens it.
function fill(box, list, address) {
  const body = element("div");
  const open = async () => {
    window.nnlibReview = { questions: {} };
    const files = new Set(["review", ...list.map(({ page }) => `questions-${page.chapter}`)]);
    try {
      await Promise.all([...files].map((name) => load(address(name))));
      window.nnlibReview.show(list, body);
    } catch {
      body.append(MISSING);
    }
  };
  box.append(body);
  box.addEventListener("toggle", open, { once: true });
}

function start(base, version, contents) {
  const address = (name) => `${base}progress/${name}.js?v=${version}`;
  const pages = chapters(contents);
  const here = pages.find((page) => page.here);
  const box = document.querySelector(".nn-review");
  const details = element("details", {}, element("summary", {}, "Your progress"));
  let updatePanel = () => {};
  const open = async () => {
    window.nnlibPanel = {};
    try {
      await load(address("panel"));
      updatePanel = window.nnlibPanel.show({ details, pages, here });
    } catch {
      details.append(MISSING);
    }
  };
  details.addEventListener("toggle", open, { once: true });

  let waiting = 0;
  const update = () => {
    waiting = 0;
    pages.forEach(mark);
    remember(pages);
    updatePanel();
    // Where another tab has answered the questions, or the reader wants them no more, they do not wait here.
    if (box && !box.open && !due(pages, here).length) box.remove();
  };
  const later = ({ detail }) => {
    if (detail?.name && !detail.record && get("review", detail.name)) forget("review", detail.name);
    if (!waiting) waiting = requestAnimationFrame(update);
  };
  Promise.resolve(window.nnlibHost).finally(() => {
    const foot = document.querySelector(".bd-sidebar-primary .sidebar-primary-items__end");
    foot?.append(element("section", { className: "nn-progress", ariaLabel: "Your progress" }, details));
    if (box) fill(box, due(pages, here), address);
    update();
    window.addEventListener("nnlib-progress", later);
    follow();
    if (here) watchReading(here);
  });
}

export default start;

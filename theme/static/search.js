// What Sphinx's search does not do for this book: the page about the subject comes first, and under each page stands
// the place that was found. Sphinx's own excerpt begins at the top of a page, in its table of contents.
//
// `Search` and `Scorer` are those of searchtools.js, `splitQuery`, `Stemmer` and `stopwords` of language_data.js.

/* global DOCUMENTATION_OPTIONS, Scorer, Search, Stemmer, splitQuery, stopwords, _ready */
(() => {
  const LENGTH = 240; // of an excerpt, in characters
  const BLOCKS = "p, li, dd, dt, pre, figcaption, caption, td";
  const ASIDE = "h1, h2, h3, h4, h5, h6, .headerlink, script, style, div.math, .nnlib-static";
  const BACK_MATTER = /(api|bibliography|glossary|grading|notation|teaching)$/;
  const query = new URLSearchParams(location.search).get("q") ?? "";

  const stemmer = new Stemmer();
  const stemsOf = (text) =>
    splitQuery(text.toLowerCase().replaceAll("_", " "))
      .filter((word) => !stopwords.includes(word))
      .map((word) => stemmer.stemWord(word));
  const asked = stemsOf(query);

  // A class of the library or an entry of the glossary may have the word for its whole name, and so more points. The
  // first page has in its title what the whole book is about.
  Scorer.score = ([page, title, anchor, kind, score]) => {
    const subject = new Set(stemsOf(`${title} ${page.split("/").at(-1)}`));
    const about = page !== "index" && !anchor && !kind && asked.length && asked.every((stem) => subject.has(stem));
    if (about) return score + 1000;
    return BACK_MATTER.test(page) && !anchor ? score - 1 : score; // of equals, chapters first
  };

  // A glossary's entry is found by its term, and says more in its explanation.
  const partOf = (page, anchor) => {
    const part = page.getElementById(decodeURIComponent(anchor.slice(1))) ?? page.querySelector("article");
    return part.matches("dt") ? part.nextElementSibling : part;
  };

  Search.makeSearchSummary = (html, stems, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const node of page.querySelectorAll(ASIDE)) node.remove();
    for (const node of page.querySelectorAll("span.math")) node.textContent = node.textContent.slice(2, -2); // \( \)
    const part = partOf(page, anchor);
    const texts = [part, ...part.querySelectorAll(BLOCKS)]
      .filter((node) => !node.querySelector(BLOCKS))
      .map((node) => node.textContent.replace(/\s+/g, " ").trim())
      .filter(Boolean);
    const places = (text) => [...stems].map((stem) => text.toLowerCase().indexOf(stem)).filter((k) => k >= 0);
    const most = Math.max(...texts.map((text) => places(text).length));
    const text = texts.find((one) => places(one).length === most) ?? "";
    const start = Math.max(0, Math.min(...places(text), text.length) - LENGTH / 2);
    const from = most && start ? text.indexOf(" ", start) + 1 : 0;
    const excerpt = document.createElement("p");
    excerpt.className = "context";
    excerpt.textContent = `${from ? "… " : ""}${text.slice(from, from + LENGTH)}${text.length > from + LENGTH ? " …" : ""}`;
    return excerpt;
  };

  if (location.protocol === "file:") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
    _ready(() => {
      if (!query) return;
      const note = document.createElement("p");
      note.textContent =
        "You opened the book from your disk, where a browser lets no page read another: you see the titles alone.";
      document.getElementById("search-results").before(note);
    });
  }
})();

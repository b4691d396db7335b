// What "Your progress" holds: what is kept and where, as a file, from a file, erased. Loaded when a reader opens it.
//
//   const update = fillPanel({ details, pages, here })    appends to `details`
//   update()                                              shows what has changed

import { attempt } from "../../../nnlib/widgets/static/shared/progress.js";
import { all, erase, exported, imported, isRefused, lastSaved } from "./file.js";
import { done, inWords } from "./marks.js";
import { checksIn } from "./notebook.js";
import { element } from "./page.js";
import { isOn, OFF } from "./schedule.js";
import { put } from "./store.js";

const LARGEST = 50e6; // bytes of a notebook with many figures
const LONGEST = 2e6; // characters of a file of progress

// What a file has brought, in words; throws an Error that says why it was refused.
function takeIn(text, pages) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error("it is damaged, or no file of progress and no notebook.");
  }
  if (Array.isArray(data?.cells)) return takeNotebook(data, pages);
  if (text.length > LONGEST) throw new Error("it is too large for a file of progress.");
  const { taken, unreadable, refused } = imported(data);
  const parts = [taken ? `${taken} ${taken === 1 ? "entry" : "entries"} taken in` : "nothing new"];
  if (unreadable) parts.push(`${unreadable} that cannot be read left out`);
  if (refused) parts.push(`${refused} not saved, since this browser refused`);
  return parts.join(", ");
}

function takeNotebook(notebook, pages) {
  const known = new Set(pages.flatMap(({ exercises }) => exercises));
  const checks = Object.entries(checksIn(notebook));
  const own = checks.filter(([name]) => known.has(name));
  const count = (outcome) => own.filter(([, found]) => found === outcome).length;
  if (!own.length) throw new Error("it has no check of an exercise of this book.");
  if (count(null) === own.length) throw new Error("none of its checks has been run. Run them, and save the notebook.");
  const at = new Date().toISOString();
  const kept = own.filter(([, found]) => found).map(([name]) => put("exercise", name, { v: 1, at }));
  const parts = [`${count(true)} ${count(true) === 1 ? "check" : "checks"} passed`];
  if (count(false)) parts.push(`${count(false)} not yet`);
  if (count(null)) parts.push(`${count(null)} not run`);
  if (kept.includes(false)) parts.push("not saved, since this browser refused");
  return parts.join(", ");
}

function fillPanel({ details, pages, here }) {
  const list = element("ul");
  const where = element("p");
  const said = element("output");
  const box = (text, onChange) => {
    const input = element("input", { type: "checkbox", autocomplete: "off" });
    input.addEventListener("change", () => onChange(input.checked));
    return { input, el: element("label", {}, input, ` ${text}`) };
  };
  const button = (text, onclick) => element("button", { type: "button", onclick }, text);

  const read = box("I have read this chapter", (on) =>
    put("read", here.name, { v: 1, read: on, at: new Date().toISOString() }),
  );
  const review = box("Let questions come back after some days, at the top of later chapters", (on) => {
    attempt((store) => (on ? store.removeItem(OFF) : store.setItem(OFF, "1")));
    window.dispatchEvent(new CustomEvent("nnlib-progress", { detail: {} }));
  });
  // Not limited by names: some systems do not offer an .ipynb then.
  const file = element("input", { type: "file", multiple: true, hidden: true });
  file.addEventListener("change", async () => {
    const lines = [];
    for (const one of file.files) {
      try {
        if (one.size > LARGEST) throw new Error("it is too large.");
        lines.push(`${one.name}: ${takeIn(await one.text(), pages)}.`);
      } catch (error) {
        lines.push(`${one.name} was refused: ${error.message}`);
      }
    }
    file.value = ""; // so that the same file can be taken again
    said.textContent = lines.join("\n");
  });

  const exportAll = () => {
    const now = new Date();
    const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
    const href = URL.createObjectURL(new Blob([exported()], { type: "application/json" }));
    element("a", { href, download: `progress-${day}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
    said.textContent = "Saved as a file, where your browser puts downloads.";
  };
  const eraseAll = () => {
    if (!confirm("Erase all answers and marks of this book from this browser? A file that you saved stays.")) return;
    erase();
    said.textContent = "Erased.";
    importing.focus(); // the button that had it can do nothing now
  };
  const exporting = button("Export to a file", exportAll);
  const importing = button("Import a file", () => file.click());
  const erasing = button("Erase", eraseAll);

  const update = () => {
    const refused = isRefused();
    const some = Object.values(all()).some((entries) => Object.keys(entries).length);
    list.replaceChildren(
      ...pages
        .filter(inWords)
        .map((page) => element("li", {}, element("a", { href: page.href }, page.title), `: ${inWords(page)}`)),
    );
    read.el.hidden = refused || !here;
    read.input.checked = Boolean(here && done(here).read);
    review.el.hidden = refused;
    review.input.checked = isOn();
    exporting.disabled = erasing.disabled = !some;
    const at = lastSaved();
    const date = at && new Date(at).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
    where.textContent = refused
      ? "This browser keeps nothing for this page: cookies are blocked, the window is private, or the disk is full. So nothing new is marked."
      : `Saved in this browser only, which may forget it. ${date ? `Last saved: ${date}.` : "Nothing is saved yet."}${
          location.protocol === "file:" ? " From a disk, some browsers keep each page's answers apart." : ""
        }`;
  };
  const help = element(
    "p",
    {},
    "In the menu, the outer ring shows questions, the inner one exercises, and a dot that a chapter was read. " +
      "A notebook (.ipynb) that you import says which of its checks passed.",
  );
  document.head.append(element("style", {}, window.nnlibPanel.css));
  const buttons = element("p", {}, exporting, importing, erasing, file);
  details.append(list, read.el, where, buttons, said, review.el, help);
  update();
  return update;
}

export default fillPanel;

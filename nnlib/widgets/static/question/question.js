// A question that hears the answer, in the page alone.
//
// The traits are `_question` and `_secret` (what nnlib/questions/kinds.py makes), and what the reader has reached:
// `tries`, `solved`, `shown`. The answer stays in this browser, see shared/progress.js.

import { button, element } from "../shared/controls.js";
import { askedRoot, keepRecord, smallPrint } from "../shared/asked.js";
import { watchTheme } from "../shared/theme.js";
import { KINDS, rich } from "./kinds.js";
import { reveal } from "../shared/secret.js";

const UNTOUCHED = { v: 1, tries: 0, solved: false, shown: false, last: null, at: "" };
const ids = () => `nn-question-${Math.random().toString(36).slice(2, 10)}`;

function render({ model, el }) {
  const asked = model.get("_question");
  const secret = reveal(model.get("_secret"), asked.name);
  const id = ids();
  let record = UNTOUCHED;

  const output = element("output", { class: "nn-output", "aria-live": "polite" });
  // Lines in HTML, the first one with what came of the answer: "right", "wrong" or nothing.
  const say = (lines, verdict = "") => {
    output.dataset.verdict = verdict;
    output.replaceChildren(...lines.filter(Boolean).map((line) => rich("span", { class: "nn-line" }, line)));
  };
  const sayText = ([text]) => {
    output.dataset.verdict = "";
    output.replaceChildren(element("span", { class: "nn-line", text }));
  };

  const answer = KINDS[asked.kind]({ asked, secret, id, say: sayText, changed: () => say([]) });
  const check = button({ label: "Check", name: "check" });
  check.el.type = "submit";
  const show = button({ label: "Show the answer", name: "show", onClick: () => showAnswer() });
  const forget = button({ label: "Clear", name: "clear", onClick: () => forgetAnswer() });
  const hints = secret.hints.map((hint, k) =>
    element(
      "details",
      { class: "nn-hint", "data-control": `hint-${k + 1}` },
      element("summary", { text: secret.hints.length > 1 ? `Hint ${k + 1}` : "Hint" }),
      rich("p", {}, hint),
    ),
  );
  const note = smallPrint("answer");
  const form = element(
    "form",
    { novalidate: true, autocomplete: "off" },
    rich("p", { class: "nn-text", id }, `<strong>Question.</strong> ${asked.text}`),
    answer.el,
    ...hints,
    element("div", { class: "nn-row" }, check.el, show.el, forget.el, note),
  );
  const root = askedRoot("Question", asked.label, form, output);
  el.append(root);

  const reached = () => {
    const { tries, solved, shown } = record;
    root.dataset.reached = solved ? "solved" : shown ? "shown" : tries ? "tried" : "new";
    show.el.hidden = solved || !tries;
    forget.el.hidden = record === UNTOUCHED;
    model.set({ tries, solved, shown });
    model.save_changes();
  };
  const keep = (changes) => {
    record = { ...record, ...changes, at: new Date().toISOString() };
    kept.save(record);
    reached();
  };
  const sayJudgment = ({ right, messages }) => {
    if (right) say(["✓ Right.", secret.explanation], "right");
    else say(["✗ Not yet.", ...messages], "wrong");
  };
  const sayAnswer = () => say([`The answer: ${answer.solution}`, secret.explanation], "shown");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    let given;
    try {
      given = answer.read();
    } catch (error) {
      return sayText([error.message]);
    }
    const judgment = answer.judge(given);
    const again = JSON.stringify(given) === JSON.stringify(record.last);
    keep({
      last: given,
      solved: record.solved || judgment.right,
      tries: record.tries + (again || record.solved ? 0 : 1),
    });
    sayJudgment(judgment);
  });
  const showAnswer = () => {
    keep({ shown: true });
    sayAnswer();
  };
  const empty = () => {
    form.reset();
    answer.reset?.();
    say([]);
    for (const hint of hints) hint.open = false;
  };
  const forgetAnswer = () => {
    kept.clear();
    form.querySelector("input, button:not(:disabled)").focus(); // the button that had it is gone
  };

  // What is stored may be anything: another build's answer, or a file's that somebody has written.
  const restore = (stored) => {
    record = stored ?? UNTOUCHED;
    empty();
    if (stored && answer.put(stored.last)) {
      try {
        sayJudgment(answer.judge(answer.read()));
      } catch {
        empty();
      }
      if (stored.shown && !stored.solved) sayAnswer();
    }
    reached();
  };
  const stopWatching = watchTheme(root, () => {});
  // Where a question comes back in another chapter, its answer is kept in another way: theme/static/progress/review.js.
  const kept = (model.get("_keep") ?? keepRecord)(asked.name, restore, note);
  return () => {
    kept.stop();
    stopWatching();
    root.remove();
  };
}

export default { render };

// A question that hears the answer, in the page alone.
//
// The traits are `_question` and `_secret` (what nnlib/questions/kinds.py makes), and what the reader has reached:
// `tries`, `solved`, `shown`. The answer stays in this browser, see shared/progress.js.

import { createAsked } from "../shared/asked.js";
import { button, element } from "../shared/controls.js";
import { reveal } from "../shared/secret.js";
import { KINDS, rich } from "./kinds.js";

function render({ model, el }) {
  const question = model.get("_question");
  const secret = reveal(model.get("_secret"), question.name);
  const id = `nn-question-${Math.random().toString(36).slice(2, 10)}`;
  const { label, name } = question;
  const asked = createAsked({ el, model, kind: "Question", what: "answer", label, name });
  // Lines in HTML, the first one with what came of the answer: "right", "wrong" or "shown".
  const say = (lines, verdict) =>
    asked.say(
      lines.filter(Boolean).map((line) => rich("span", {}, line)),
      verdict,
    );

  const changed = () => asked.say([]);
  const answer = KINDS[question.kind]({ question, secret, id, changed, say: (text) => asked.say([text]) });
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
  const form = element(
    "form",
    { novalidate: true, autocomplete: "off" },
    rich("p", { class: "nn-text", id }, `<strong>Question.</strong> ${question.text}`),
    answer.el,
    ...hints,
    element("div", { class: "nn-row" }, check.el, show.el, forget.el, asked.note),
  );
  asked.root.append(form, asked.output);

  const reached = () => {
    const { at, tries, solved, shown } = asked.record;
    show.el.hidden = solved || !tries;
    forget.el.hidden = !at;
    asked.reached(solved ? "solved" : shown ? "shown" : tries ? "tried" : "new", { tries, solved, shown });
  };
  const keep = (changes) => {
    asked.save(changes);
    reached();
  };
  const judge = (given) => {
    const faults = answer.faults(given);
    if (faults.length) say(["✗ Not yet.", ...faults], "wrong");
    else say(["✓ Right.", secret.explanation], "right");
    return !faults.length;
  };
  const sayAnswer = () => say([`The answer: ${secret.solution ?? answer.solution}`, secret.explanation], "shown");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    let given;
    try {
      given = answer.read();
    } catch (error) {
      return asked.say([error.message]);
    }
    const { tries, solved, last } = asked.record;
    const again = solved || JSON.stringify(given) === JSON.stringify(last);
    keep({ last: given, solved: judge(given) || solved, tries: tries + (again ? 0 : 1) });
  });
  const showAnswer = () => {
    keep({ shown: true });
    sayAnswer();
  };
  const empty = () => {
    form.reset();
    answer.reset?.();
    asked.say([]);
    for (const hint of hints) hint.open = false;
  };
  const forgetAnswer = () => {
    asked.clear();
    form.querySelector("input, button:not(:disabled)").focus(); // the button that had it is gone
  };

  // What is stored may be anything: another build's answer, or a file's that somebody has written.
  return asked.ready(() => {
    const { last, shown, solved } = asked.record;
    empty();
    if (answer.put(last)) {
      try {
        judge(answer.read());
      } catch {
        empty();
      }
      if (shown && !solved) sayAnswer();
    }
    reached();
  });
}

export default { render };

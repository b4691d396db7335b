// A field to type a formula in. A text that may still become one is not called wrong before the field is left.
//
//   formulaField({ elements, range, maxlength, digits, empty, composition, inWords, onInput })    .el .show() .forget()
//       elements: the symbols there are; range: [least, most] of an amount; digits: how amounts are written; empty: is
//         no element
//       a formula too?; composition(): what the model has; inWords(reason, formula): what to say of a text that is no
//         formula,
//       where `formula` is what stays; onInput(composition)
//       show writes what the model has, unless it is what the reader is typing; forget takes back what was said

import { element, explainer } from "./controls.js";
import { parseFormula, writeFormula } from "./formula.js";

export function formulaField({
  elements,
  range: [least, most],
  maxlength,
  digits,
  empty = false,
  composition,
  inWords,
  onInput,
}) {
  const id = `nn-formula-${Math.random().toString(36).slice(2)}`;
  const input = element("input", { type: "text", maxlength, autocapitalize: "none", spellcheck: "false", id });
  const problem = element("span", { class: "nn-problem", role: "alert", id: `${id}-problem` });
  const el = element(
    "div",
    { class: "nn-field", "data-control": "formula" },
    element("label", { class: "nn-label", for: id, text: "Formula" }),
    input,
    problem,
  );
  let typed = ""; // the composition that the typed text stands for, or has left as it was
  let unread = ""; // why the typed text is no formula
  const written = () => writeFormula(composition(), digits);
  const explain = explainer(input, problem);
  const forget = () => {
    unread = "";
    explain("");
  };
  const read = (text) => {
    const amounts = empty && !text ? {} : parseFormula(text, elements);
    const outside = Object.keys(amounts).find((symbol) => amounts[symbol] < least || amounts[symbol] > most);
    if (outside) throw new Error(`the amount of ${outside} must be from ${least} to ${most.toLocaleString("en-US")}`);
    return amounts;
  };
  input.addEventListener("input", () => {
    try {
      const amounts = read(input.value.trim());
      forget();
      typed = JSON.stringify(amounts);
      onInput(amounts);
    } catch (error) {
      typed = JSON.stringify(composition());
      unread = inWords(error.message.replace(/^formula: /, ""), written()).replace(/^./, (c) => c.toUpperCase());
      explain(error.unfinished ? "" : unread);
    }
  });
  input.addEventListener("change", () => {
    if (unread) explain(unread);
    input.removeAttribute("aria-invalid"); // the text that stands there now is right
    input.value = written();
  });
  return {
    el,
    forget,
    show() {
      if (document.activeElement === input && JSON.stringify(composition()) === typed) return;
      if (input.value !== written()) forget();
      input.value = written();
    },
  };
}

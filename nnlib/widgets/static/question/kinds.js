// What the reader answers with, for each kind of question, and what is wrong with it.
//
//   const answer = KINDS[question.kind]({ question, secret, id, changed, say })
//       .el                  the controls; `id` is the question's, which names them; changed() is called when they
//                            change
//       .read()              the answer, a text or a list of texts; throws an Error in words where there is none yet
//       .put(answer)         shows one that was stored, whatever it may be; false if it is none
//       .reset()             what a form's reset leaves to do, where there is something
//       .faults(answer)      what to say of it, in HTML; nothing if it is right
//       .solution            the right answer, where `secret` does not say it

import { element } from "../shared/controls.js";
import { parseExpression } from "../shared/expression.js";
import { readNumber } from "./number.js";

export function rich(tag, properties, html) {
  const node = element(tag, properties);
  node.innerHTML = html;
  return node;
}

const UNFORESEEN = "Look at the question once more.";

// One option or several: radio buttons or checkboxes.
function options({ question, secret, id, changed }, type, nothing) {
  const inputs = question.options.map(([key]) => element("input", { type, name: id, value: key }));
  const el = element(
    "div",
    { class: "nn-options", role: type === "radio" ? "radiogroup" : "group", "aria-labelledby": id },
    ...question.options.map(([, html], k) =>
      element("label", { class: "nn-option", "data-control": `option-${k + 1}` }, inputs[k], rich("span", {}, html)),
    ),
  );
  el.addEventListener("change", changed);
  return {
    el,
    read() {
      const keys = inputs.filter((one) => one.checked).map((one) => one.value);
      if (!keys.length) throw new Error(nothing);
      return type === "radio" ? keys[0] : keys;
    },
    put(answer) {
      const keys = [answer].flat();
      if (!keys.every((key) => inputs.some((one) => one.value === key))) return false;
      for (const one of inputs) one.checked = keys.includes(one.value);
      return true;
    },
    faults(answer) {
      const taken = (keys, key) => [keys].flat().includes(key);
      const astray = Object.keys(secret.wrong).filter((key) => taken(answer, key) !== taken(secret.answer, key));
      return astray.map((key) => secret.wrong[key]);
    },
  };
}

const choice = (parts) => options(parts, "radio", "Choose an answer first.");
const choices = (parts) => options(parts, "checkbox", "Choose at least one answer first.");

function order({ question, secret, id, changed, say }) {
  const items = new Map();
  const el = element("ol", { class: "nn-order", "aria-labelledby": id });
  const read = () => [...el.children].map((item) => item.dataset.key);
  const show = (keys) => {
    el.append(...keys.map((key) => items.get(key)));
    [...el.children].forEach((item, k) => {
      const [up, down] = item.querySelectorAll("button");
      up.disabled = k === 0;
      down.disabled = k === items.size - 1;
    });
  };
  for (const [key, html] of question.options) {
    const text = rich("span", { class: "nn-step" }, html);
    const buttons = ["Up", "Down"].map((word, k) => {
      const name = `${word}: ${text.textContent}`;
      const one = element("button", { type: "button", class: "nn-button", "aria-label": name, text: word });
      one.addEventListener("click", () => {
        const keys = read();
        const place = keys.indexOf(key) + (k ? 1 : -1);
        keys.splice(keys.indexOf(key), 1);
        keys.splice(place, 0, key);
        show(keys);
        changed();
        (one.disabled ? buttons[1 - k] : one).focus(); // what was moved in the page has lost it
        say(`“${text.textContent}” is now number ${place + 1} of ${items.size}.`);
      });
      return one;
    });
    items.set(key, element("li", { "data-key": key }, text, ...buttons));
  }
  const reset = () => show([...items.keys()]);
  reset();
  return {
    el,
    reset,
    read,
    put(keys) {
      if (!Array.isArray(keys) || keys.length !== items.size) return false;
      if (![...items.keys()].every((key) => keys.includes(key))) return false;
      show(keys);
      return true;
    },
    faults(keys) {
      const { answer, wrong } = secret;
      const early = answer.slice(1).find((key, k) => keys.indexOf(key) < keys.indexOf(answer[k]));
      return early ? [wrong[early]] : [];
    },
  };
}

// A field for a text, and below it how the text is read where that is not plain to see.
function field({ id, changed }, { label, behind = "", understand, readBack }) {
  const input = element("input", {
    type: "text",
    id: `${id}-field`,
    maxlength: 200,
    autocapitalize: "none",
    autocorrect: "off",
    spellcheck: "false",
    "aria-describedby": `${id} ${id}-read`,
  });
  const note = element("span", { class: "nn-note", id: `${id}-read` });
  const reset = () => {
    input.removeAttribute("aria-invalid");
    let text = "";
    try {
      text = readBack(input.value);
    } catch {} // what cannot be read is explained when it is checked
    note.textContent = text && `Read as ${text}`;
  };
  input.addEventListener("input", () => {
    reset();
    changed();
  });
  return {
    el: element(
      "div",
      { class: "nn-field", "data-control": "answer" },
      element("label", { class: "nn-label", for: input.id, text: label }),
      input,
      element("span", { text: behind }),
      note,
    ),
    reset,
    read() {
      try {
        understand(input.value);
      } catch (error) {
        input.setAttribute("aria-invalid", "true");
        throw error;
      }
      return input.value;
    },
    put(text) {
      if (typeof text !== "string") return false;
      input.value = text;
      reset();
      return true;
    },
  };
}

function number(parts) {
  const { question, secret } = parts;
  const { answer, tolerance } = secret;
  const understand = (text) => readNumber(text, question.unit);
  const bare = /^[-−]?\d*\.?(?!\d\d0$)\d*$/; // 12.500 may be meant as twelve thousand
  const readBack = (text) => (bare.test(text.trim()) ? "" : String(understand(text)).replace("-", "−"));
  const near = (a, b) => Math.abs(a - b) <= tolerance + 1e-9 * Math.abs(b) + 1e-12 * tolerance;
  return {
    ...field(parts, { label: "Answer", behind: question.unit, understand, readBack }),
    faults(text) {
      const value = understand(text);
      if (near(value, answer)) return [];
      const [known] = secret.wrong
        .filter(([wrong]) => near(value, wrong))
        .sort(([a], [b]) => Math.abs(a - value) - Math.abs(b - value));
      if (known) return [known[1]];
      if (near(-value, answer)) return ["The size is right. And the sign?"];
      if (tolerance && Math.abs(value / answer - 1) < 0.02)
        return ["Very close. Compute with more digits, and round at the end."];
      return [UNFORESEEN];
    },
  };
}

function formula(parts) {
  const { question, secret } = parts;
  const understand = (text) => parseExpression(text, question.variables);
  const names = question.variables.map(([name]) => name).join(", ");
  const readBack = (text) => text && understand(text).text;
  const values = (text) => secret.points.map(understand(text).value);
  const alike = (a, b, relative) =>
    a.every((value, k) => Math.abs(value - b[k]) <= Math.max(relative * Math.abs(b[k]), 1e-9));
  const right = values(secret.answer);
  return {
    ...field(parts, { label: `Answer, a formula in ${names}`, understand, readBack }),
    faults(text) {
      const given = values(text);
      if (alike(given, right, 1e-6)) return [];
      const known = secret.wrong.find(([wrong]) => alike(given, values(wrong), 1e-6));
      if (known) return [known[1]];
      if (!given.every(Number.isFinite)) return ["For some values of what it is in, this formula has no value."];
      if (alike(given, right, 0.01)) return ["Very close. Write numbers exactly, such as 1/3 in place of 0.333."];
      return [UNFORESEEN];
    },
    solution: understand(secret.answer).text,
  };
}

// A picture above a list of its regions; either chooses.
function tap(parts) {
  const answer = choice(parts);
  const picture = rich("div", { class: "nn-scene" }, parts.question.picture).firstElementChild;
  const regions = [...picture.querySelectorAll("[data-region]")];
  const show = () => {
    const chosen = answer.el.querySelector(":checked")?.value;
    for (const one of regions) one.classList.toggle("nn-chosen", one.dataset.region === chosen);
  };
  // A finger is wider than a small region: the nearest one is meant.
  const away = (one, x, y) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
  };
  picture.addEventListener("click", ({ target, clientX, clientY }) => {
    const hit = target.closest("[data-region]");
    const [nearest] = regions.sort((a, b) => away(a, clientX, clientY) - away(b, clientX, clientY));
    const meant = hit ?? (away(nearest, clientX, clientY) <= 24 && nearest);
    if (!meant) return;
    put(meant.dataset.region);
    parts.changed();
  });
  answer.el.addEventListener("change", show);
  const put = (key) => {
    const known = answer.put(key);
    show();
    return known;
  };
  return { ...answer, el: element("div", { class: "nn-taps" }, picture, answer.el), reset: show, put };
}

export const KINDS = { choice, choices, order, number, formula, tap };

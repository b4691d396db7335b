// What the reader answers with, for each kind of question, and whether it is right.
//
//   const answer = KINDS[asked.kind]({ asked, secret, id, changed, say })
//       .el                  the controls; `id` is the question's, which names them; changed() is called when they
//                            change
//       .read()              the answer, a text or a list of texts; throws an Error in words where there is none yet
//       .put(answer)         shows one that was stored, whatever it may be; false if it is none
//       .reset()             what a form's reset leaves to do, where there is something
//       .judge(answer)       { right, messages } with messages in HTML
//       .solution            the right answer in HTML

import { element } from "../shared/controls.js";
import { parseExpression } from "../shared/expression.js";
import { readNumber } from "./number.js";

export function rich(tag, properties, html) {
  const node = element(tag, properties);
  node.innerHTML = html;
  return node;
}

const unforeseen = "Look at the question once more.";
const sameSet = (a, b) => a.length === b.length && a.every((one) => b.includes(one));

// One option or several: radio buttons or checkboxes.
function options({ asked, id, changed }, type) {
  const inputs = asked.options.map(([key]) => element("input", { type, name: id, value: key }));
  const el = element(
    "div",
    { class: "nn-options", role: type === "radio" ? "radiogroup" : "group", "aria-labelledby": id },
    ...asked.options.map(([, html], k) =>
      element("label", { class: "nn-option", "data-control": `option-${k + 1}` }, inputs[k], rich("span", {}, html)),
    ),
  );
  el.addEventListener("change", changed);
  return {
    el,
    chosen: () => inputs.filter((one) => one.checked).map((one) => one.value),
    choose(keys) {
      for (const one of inputs) one.checked = keys.includes(one.value);
    },
    known: (keys) => Array.isArray(keys) && keys.every((key) => inputs.some((one) => one.value === key)),
  };
}

function choice(parts) {
  const { secret } = parts;
  const list = options(parts, "radio");
  return {
    el: list.el,
    list,
    read() {
      const [key] = list.chosen();
      if (!key) throw new Error("Choose an answer first.");
      return key;
    },
    put(key) {
      if (!list.known([key])) return false;
      list.choose([key]);
      return true;
    },
    judge: (key) => ({ right: key === secret.answer, messages: [secret.wrong[key]] }),
    solution: secret.solution,
  };
}

function choices(parts) {
  const { secret } = parts;
  const list = options(parts, "checkbox");
  return {
    el: list.el,
    read() {
      const keys = list.chosen();
      if (!keys.length) throw new Error("Choose at least one answer first.");
      return keys;
    },
    put(keys) {
      if (!list.known(keys)) return false;
      list.choose(keys);
      return true;
    },
    judge(keys) {
      const astray = Object.keys(secret.wrong).filter((key) => keys.includes(key) !== secret.answer.includes(key));
      return { right: sameSet(keys, secret.answer), messages: astray.map((key) => secret.wrong[key]) };
    },
    solution: secret.solution,
  };
}

function order({ asked, secret, id, changed, say }) {
  const items = new Map();
  const el = element("ol", { class: "nn-order", "aria-labelledby": id });
  const keys = () => [...el.children].map((item) => item.dataset.key);
  const show = () => {
    [...el.children].forEach((item, k) => {
      const [up, down] = item.querySelectorAll("button");
      up.disabled = k === 0;
      down.disabled = k === el.children.length - 1;
    });
  };
  for (const [key, html] of asked.options) {
    const text = rich("span", { class: "nn-step" }, html);
    const buttons = ["Up", "Down"].map((word, k) => {
      const name = `${word}: ${text.textContent}`;
      const one = element("button", { type: "button", class: "nn-button", "aria-label": name, text: word });
      one.addEventListener("click", () => {
        const item = items.get(key);
        if (k) item.nextElementSibling?.after(item);
        else item.previousElementSibling?.before(item);
        show();
        changed();
        (one.disabled ? buttons[1 - k] : one).focus(); // what was moved in the page has lost it
        say([`“${text.textContent}” is now number ${keys().indexOf(key) + 1} of ${items.size}.`]);
      });
      return one;
    });
    items.set(key, element("li", { "data-key": key }, text, ...buttons));
  }
  const reset = () => {
    el.append(...items.values());
    show();
  };
  reset();
  return {
    el,
    reset,
    read: keys,
    put(order) {
      if (!Array.isArray(order) || !sameSet(order, [...items.keys()]) || new Set(order).size < items.size) return false;
      el.append(...order.map((key) => items.get(key)));
      show();
      return true;
    },
    judge(order) {
      const { answer, wrong } = secret;
      const early = answer.slice(1).filter((key, k) => order.indexOf(key) < order.indexOf(answer[k]));
      return { right: early.length === 0, messages: early.slice(0, 1).map((key) => wrong[key]) };
    },
    solution: secret.solution,
  };
}

// A field for a text, and below it how the text is read where that is not plain to see.
function field({ id, changed }, { label, behind = "", readBack }) {
  const input = element("input", {
    type: "text",
    id: `${id}-field`,
    maxlength: 200,
    autocapitalize: "none",
    autocorrect: "off",
    spellcheck: "false",
    "aria-describedby": `${id} ${id}-read`,
  });
  const read = element("span", { class: "nn-note", id: `${id}-read` });
  const show = () => {
    let text = "";
    try {
      text = readBack(input.value);
    } catch {} // what cannot be read is explained when it is checked
    read.textContent = text && `Read as ${text}`;
  };
  input.addEventListener("input", () => {
    input.removeAttribute("aria-invalid");
    show();
    changed();
  });
  const el = element(
    "div",
    { class: "nn-field", "data-control": "answer" },
    element("label", { class: "nn-label", for: input.id, text: label }),
    input,
    element("span", { text: behind }),
    read,
  );
  return {
    el,
    reset() {
      input.removeAttribute("aria-invalid");
      show();
    },
    read(understand) {
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
      input.removeAttribute("aria-invalid");
      show();
      return true;
    },
  };
}

function number(parts) {
  const { asked, secret } = parts;
  const understand = (text) => readNumber(text, asked.unit);
  const bare = /^[-−]?\d*\.?\d*$/;
  const readBack = (text) => (bare.test(text.trim()) ? "" : String(understand(text)).replace("-", "−"));
  const entry = field(parts, { label: "Answer", behind: asked.unit, readBack });
  const near = (a, b) => Math.abs(a - b) <= secret.tolerance + 1e-9 * Math.abs(b) + 1e-12 * secret.tolerance;
  return {
    el: entry.el,
    reset: entry.reset,
    read: () => entry.read(understand),
    put: entry.put,
    judge(text) {
      const value = understand(text);
      if (near(value, secret.answer)) return { right: true, messages: [] };
      const known = secret.wrong
        .filter(([wrong]) => near(value, wrong))
        .sort(([a], [b]) => Math.abs(a - value) - Math.abs(b - value));
      if (known.length) return { right: false, messages: [known[0][1]] };
      const ratio = value / secret.answer;
      if (ratio === -1) return { right: false, messages: ["The size is right. And the sign?"] };
      if (secret.tolerance && Math.abs(ratio - 1) < 0.02)
        return { right: false, messages: ["Very close. Compute with more digits, and round at the end."] };
      return { right: false, messages: [unforeseen] };
    },
    solution: secret.solution,
  };
}

function formula(parts) {
  const { asked, secret } = parts;
  const understand = (text) => parseExpression(text, asked.variables);
  const spread = asked.variables.map(([name]) => name).join(", ");
  const entry = field(parts, {
    label: `Answer, a formula in ${spread}`,
    readBack: (text) => text && understand(text).text,
  });
  const values = (text) => secret.points.map(understand(text).value);
  const alike = (a, b, relative) =>
    a.every((value, k) => Math.abs(value - b[k]) <= Math.max(relative * Math.abs(b[k]), 1e-9));
  const right = values(secret.answer);
  return {
    el: entry.el,
    reset: entry.reset,
    read: () => entry.read(understand),
    put: entry.put,
    judge(text) {
      const given = values(text);
      if (alike(given, right, 1e-6)) return { right: true, messages: [] };
      const known = secret.wrong.find(([wrong]) => alike(given, values(wrong), 1e-6));
      if (known) return { right: false, messages: [known[1]] };
      if (!given.every(Number.isFinite))
        return { right: false, messages: ["For some values of what it is in, this formula has no value."] };
      if (alike(given, right, 0.01))
        return { right: false, messages: ["Very close. Write numbers exactly, such as 1/3 in place of 0.333."] };
      return { right: false, messages: [unforeseen] };
    },
    solution: understand(secret.answer).text,
  };
}

// A picture above a list of its regions; either chooses.
function tap(parts) {
  const answer = choice(parts);
  const picture = rich("div", { class: "nn-scene" }, parts.asked.picture).firstElementChild;
  const regions = [...picture.querySelectorAll("[data-region]")];
  const show = () => {
    for (const one of regions) one.classList.toggle("nn-chosen", answer.list.chosen().includes(one.dataset.region));
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
    answer.list.choose([meant.dataset.region]);
    show();
    parts.changed();
  });
  answer.el.addEventListener("change", show);
  return {
    ...answer,
    el: element("div", { class: "nn-taps" }, picture, answer.el),
    reset: show,
    put(key) {
      const known = answer.put(key);
      show();
      return known;
    },
  };
}

export const KINDS = { choice, choices, order, number, formula, tap };

// Native, labelled controls. Each returns an object with `el` to append; `set` shows a value without calling back.
//
//   slider({ label, value, min, max, step, onInput, hardMin, hardMax, integer, log, name })
//                                                    .el .value .set(v) .setRange(min, max, step) .setLeast(hardMin)
//                                                      .setLabel(text)
//       a range and a number field; the field also takes values beyond the range, up to hardMin and hardMax if given;
//       log: true spreads the range logarithmically (0 < min); what cannot be accepted is explained under the control
//   select({ label, options: [[value, text], ...], value, onChange, name })   .el .value .set(v) .setOptions(options,
//                                                                             v)
//   checkbox({ label, checked, onChange, name })     .el .checked .set(on) .setLabel(text)
//   button({ label, onClick, primary, name })        .el .setLabel(text) .disable(bool)
//   group(legend, ...elements)                       a fieldset with its legend
//   row(...elements)                                 a line of controls that wraps
//   keepKeys(root)                                  in a notebook, keys inside belong to the widget
//   legend(...parts)                                 .el .set(...parts)
//       a line that says what the marks of a picture mean; a part is [class of the mark, text], or text alone
//   element(tag, { class, text, attributes... }, ...children)
//   write(node, text)                               another text in a node that holds nothing else
//   const explain = explainer(field, problem)         explain(text): what is wrong with a field's text, in the element
//                                                     `problem`; "" if nothing
//   const unfinished = followTyping(field)            unfinished(): may the text in a number field still become a
//                                                     number?
//
// `name` becomes data-control, for tests.

export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  // After Back, the browser would put earlier values into the controls, and the model would not know.
  if (tag === "input" || tag === "select") node.setAttribute("autocomplete", "off");
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (key === "text") node.textContent = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

// A new child would have the browser try every rule with :has() on the whole widget; other words in the old one do not.
export function write(node, text) {
  const [words] = node.childNodes;
  if (!words || !text) node.textContent = text;
  else if (words.data !== text) words.data = text;
}

// Two widgets on a page carry two copies of this module, so ids need a random part.
const prefix = `nn-${Math.random().toString(36).slice(2, 9)}`;
let count = 0;
const nextId = () => `${prefix}-${++count}`;

// The shortest text that shows `value` to about the precision of the control.
const tidy = (value, step) => {
  const digits = Math.min(10, Math.max(2, 2 - Math.floor(Math.log10(step || 1))));
  const rounded = Number(value.toFixed(digits));
  return String(rounded === 0 && Math.abs(value) > 1e-12 ? Number(value.toPrecision(3)) : rounded);
};

const readable = (limit) => (Math.abs(limit) < 1000 ? String(limit) : limit.toLocaleString("en-US")).replace("-", "−");

const BEGINNING = /^[-+]?\d*\.?\d*$|^[-+]?(\d+\.?\d*|\.\d+)e[-+]?\d*$/i; // "", "-", "-.", "1e", "1e-"

// A number field tells its text only while that is a number, so what is typed is followed.
export function followTyping(field) {
  let text = "";
  let marked = "";
  field.addEventListener("beforeinput", () => {
    if (!field.validity.badInput) text = field.value;
    marked = String(getSelection());
  });
  field.addEventListener("input", ({ data, inputType = "" }) => {
    const from = marked ? Math.max(0, text.lastIndexOf(marked)) : text.length;
    if (inputType.startsWith("delete")) text = marked ? text.replace(marked, "") : text.slice(0, -1);
    else text = text.slice(0, from) + (data ?? "?").replace(",", ".") + text.slice(from + marked.length);
  });
  return () => (field.validity.badInput ? BEGINNING.test(text) : field.value === "");
}

export const explainer = (field, problem) => (text) => {
  problem.textContent = text;
  for (const [name, value] of [
    ["aria-invalid", "true"],
    ["aria-describedby", problem.id],
  ])
    text ? field.setAttribute(name, value) : field.removeAttribute(name);
};

export function slider(options) {
  const { onInput = () => {}, hardMax = Infinity, integer = false, log = false } = options;
  let { label, value, min, max, step = 0.1, hardMin = -Infinity } = options;
  const id = nextId();
  const caption = element("label", { class: "nn-label", for: id, text: label });
  const range = element("input", { type: "range", id, step: log ? "any" : step });
  const number = element("input", { type: "number", step: log ? "any" : step, "aria-label": `${label}, number` });
  const problem = element("span", { class: "nn-problem", id: `${id}-problem`, role: "alert" });
  const el = element("div", { class: "nn-slider", "data-control": options.name }, caption, range, number, problem);

  const toRange = (v) => (log ? Math.log10(v) : v);
  const fromRange = (r) => (log ? Number((10 ** r).toPrecision(2)) : r);
  let held = false; // the thumb; the range under it stays until it is let go
  let later = null;
  const setRange = (low, high, newStep = step) => {
    if (held) {
      later = [low, high, newStep];
      return;
    }
    [min, max, step] = [low, high, newStep];
    if (!log) range.step = number.step = step;
    range.min = toRange(min);
    range.max = toRange(max);
    if (log) range.step = 0.05;
    range.value = toRange(value);
  };
  const explain = explainer(number, problem);
  const showRange = () => {
    range.value = toRange(Math.min(max, Math.max(min, value)));
    range.setAttribute("aria-valuetext", tidy(value, step));
  };
  let typing = false;
  const set = (v) => {
    value = v;
    showRange();
    // While the reader types, "1." or "0.50" or what is no number yet, the text they typed stays.
    if (typing && number.matches(":focus")) return;
    explain("");
    number.value = Number.isFinite(v) ? tidy(v, step) : "";
  };
  const said = (v) => tidy(v, step).replace("-", "−");
  const example = () => {
    if (log && min > 0) return Number(Math.sqrt(min * max).toPrecision(1));
    const v = min + (max - min) / 4;
    return integer ? Math.round(v) : v;
  };
  let comma = false; // typed, which most browsers leave out without a word: 1,5 would become 15
  const wrong = (v) => {
    if (comma && !number.value.includes("."))
      return `${label}: write a point for decimals, and no comma; it stays ${said(value)}.`;
    if (!Number.isFinite(v)) return `${label} needs a number such as ${said(example())}; it stays ${said(value)}.`;
    if (integer && !Number.isInteger(v)) return `${label} needs a whole number; it stays ${said(value)}.`;
    if (v < hardMin || v > hardMax) {
      const [low, high] = [hardMin, hardMax].map(readable);
      const span =
        hardMax === Infinity ? `at least ${low}` : hardMin === -Infinity ? `at most ${high}` : `from ${low} to ${high}`;
      return `${label} must be ${span}; it stays ${said(value)}.`;
    }
    return "";
  };
  const release = () => {
    held = false;
    if (later) setRange(...later);
    later = null;
  };
  range.addEventListener("pointerdown", () => {
    held = true;
  });
  for (const end of ["pointerup", "pointercancel", "change", "blur"]) range.addEventListener(end, release);
  range.addEventListener("input", () => {
    typing = false;
    set(fromRange(range.valueAsNumber));
    onInput(value);
  });
  const unfinished = followTyping(number);
  number.addEventListener("beforeinput", ({ data, inputType = "" }) => {
    comma = data ? comma || data.includes(",") : comma && !inputType.startsWith("delete");
  });
  number.addEventListener("input", () => {
    const typed = number.valueAsNumber;
    typing = true;
    const reason = wrong(typed);
    explain(unfinished() ? "" : reason);
    if (reason) return;
    value = typed;
    showRange();
    onInput(value);
  });
  // Leaving the field puts the value in force back in place of a rejected text; the explanation stays until the next
  // change.
  number.addEventListener("change", () => {
    typing = comma = false;
    if (unfinished()) explain(wrong(NaN));
    number.removeAttribute("aria-invalid"); // the number that stands there now is right
    number.value = tidy(value, step);
  });
  setRange(min, max);
  set(value);
  return {
    el,
    get value() {
      return value;
    },
    set,
    setRange,
    setLeast(v) {
      hardMin = v;
    },
    setLabel(text) {
      if (text === label) return; // each writing has the page laid out again
      label = text;
      write(caption, text);
      number.setAttribute("aria-label", `${text}, number`);
    },
  };
}

export function select({ label, options, value, onChange = () => {}, name }) {
  const id = nextId();
  const input = element("select", { id });
  const el = element(
    "div",
    { class: "nn-select", "data-control": name },
    element("label", { class: "nn-label", for: id, text: label }),
    input,
  );
  let shown = "";
  const setOptions = (pairs, v) => {
    const key = JSON.stringify(pairs);
    // An open list would close if it were made anew.
    if (key !== shown) input.replaceChildren(...pairs.map(([k, text]) => element("option", { value: k, text })));
    shown = key;
    if (input.value !== v) input.value = v;
  };
  input.addEventListener("change", () => onChange(input.value));
  setOptions(options, value);
  return {
    el,
    get value() {
      return input.value;
    },
    set(v) {
      input.value = v;
    },
    setOptions,
  };
}

export function checkbox({ label, checked = false, onChange = () => {}, name }) {
  const input = element("input", { type: "checkbox" });
  input.checked = checked;
  input.addEventListener("change", () => onChange(input.checked));
  const caption = element("span", { text: label });
  const el = element("label", { class: "nn-checkbox", "data-control": name }, input, caption);
  return {
    el,
    get checked() {
      return input.checked;
    },
    set(on) {
      input.checked = on;
    },
    setLabel(text) {
      caption.textContent = text;
    },
  };
}

export function button({ label, onClick, primary = false, name }) {
  const el = element("button", {
    type: "button",
    class: primary ? "nn-button nn-primary" : "nn-button",
    "data-control": name,
    text: label,
  });
  el.addEventListener("click", onClick);
  return {
    el,
    setLabel(text) {
      write(el, text);
    },
    disable(off) {
      el.disabled = off;
    },
  };
}

// JupyterLab takes the arrow keys of a slider for its own unless the focused element itself says no.
export function keepKeys(root) {
  root.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
}

export function group(legend, ...elements) {
  return element("fieldset", { class: "nn-group" }, element("legend", { text: legend }), ...elements);
}

export function row(...elements) {
  return element("div", { class: "nn-row" }, ...elements);
}

export function legend(...parts) {
  const el = element("p", { class: "nn-note nn-keys" });
  const set = (...given) =>
    el.replaceChildren(
      ...given.flatMap((part) => (Array.isArray(part) ? [element("span", { class: part[0] }), part[1]] : [part])),
    );
  set(...parts);
  return { el, set };
}

// A link that was opened (see link.js): is what it says right, and what does it lock and hide?
//
// Anybody may write a link, so it is believed only if each setting has the form that the model's _settings give
// (traits.py), and only settings named there are taken.
(() => {
  const { controlsOf, through } = window.nnlibLink;
  const own = Object.hasOwn;

  // ---- What a value must be: [kind, ...details] of a form in traits.py, with get(name) for the other settings --------

  const isNumber = (v, low, high) => typeof v === "number" && v >= low && v <= high; // NaN is neither
  const isRows = (v, [r0, r1, c0, c1, low, high]) =>
    Array.isArray(v) &&
    v.length >= r0 &&
    v.length <= r1 &&
    v.every(
      (row) =>
        Array.isArray(row) &&
        row.length >= c0 &&
        row.length <= c1 &&
        row.length === v[0].length &&
        row.every((one) => isNumber(one, low, high)),
    );
  const isTexts = (v, count) =>
    Array.isArray(v) && v.length === count && v.every((one) => typeof one === "string" && one && one.length <= 255);
  // The columns that points come from, see network/given.js.
  function isTable(v, task) {
    const parts = ["names", "classes", "center", "scale", "file"];
    if (typeof v !== "object" || v === null || !Object.keys(v).every((name) => parts.includes(name))) return false;
    return (
      isTexts(v.names, 3) &&
      (task === "regression" ? !own(v, "classes") : isTexts(v.classes, 2)) &&
      isRows([v.center], [1, 1, 3, 3, -1e9, 1e9]) &&
      isRows([v.scale], [1, 1, 3, 3, 1e-12, 1e9]) &&
      (!own(v, "file") || isTexts([v.file], 1))
    );
  }
  // Choices are written out, or are the entries or keys of a trait that the page has.
  const choicesOf = (given, get) => {
    if (Array.isArray(given)) return given;
    const [name, ...path] = given.split(".");
    return path.reduce((at, key) => at[key], get(name)).map((one) => (Array.isArray(one) ? one[0] : one));
  };
  const KINDS = {
    number: (v, [low, high]) => isNumber(v, low, high),
    whole: (v, [low, high]) => isNumber(v, low, high) && Number.isInteger(v),
    boolean: (v) => typeof v === "boolean",
    text: (v, [most, pattern]) => typeof v === "string" && v.length <= most && new RegExp(pattern).test(v),
    one: (v, [choices, needs = {}], get) =>
      choicesOf(choices, get).includes(v) && !(own(needs, v) && get(needs[v]) === null),
    some: (v, [choices, least]) => {
      const places = Array.isArray(v) ? v.map((one) => choices.indexOf(one)) : [];
      return places.length >= least && places.every((place, k) => place > (places[k - 1] ?? -1));
    },
    array: (v, [item, least, most, as], get) =>
      Array.isArray(v) &&
      v.length >= least &&
      v.length <= most &&
      !(as && v.length !== get(as).length) &&
      v.every((one) => fits(one, item, get)),
    matrix: isRows,
    amounts: (v, [symbols, least, low, high], get) => {
      const known = choicesOf(symbols, get);
      const pairs = Array.isArray(v) && v.every((pair) => Array.isArray(pair) && pair.length === 2) ? v : [null];
      const names = new Set(pairs.map((pair) => pair?.[0]));
      return (
        names.size === pairs.length &&
        pairs.length >= least &&
        pairs.every((pair) => pair && known.includes(pair[0]) && isNumber(pair[1], low, high))
      );
    },
    layers: (v, [inputs, hidden, limit], get) => {
      const sizes = [get(inputs).length, ...get(hidden), 1];
      return (
        Array.isArray(v) &&
        v.length === 2 * (sizes.length - 1) &&
        v.every((w, k) => {
          const [i, o] = [sizes[k >> 1], sizes[(k >> 1) + 1]];
          return isRows(k % 2 ? [w] : w, k % 2 ? [1, 1, o, o, -limit, limit] : [o, o, i, i, -limit, limit]);
        })
      );
    },
    points: (v, [most, limit]) => {
      if (v === null) return true;
      const { task, points, view = [[0, 1]], table } = typeof v === "object" ? v : {};
      const parts = ["task", "points", "view", "table"];
      const named = task === "classification" || task === "regression";
      return (
        named &&
        Object.keys(v).every((name) => parts.includes(name)) &&
        (!own(v, "table") || isTable(table, task)) &&
        isRows(points, [4, most, 3, 3, ...(table ? [-1e9, 1e9] : [-limit, limit])]) &&
        isRows(view, [1, 2, 2, 2, -limit, limit]) &&
        view.length === (own(v, "view") ? 2 : 1) &&
        view.every(([low, high]) => high - low > 1e-3) &&
        (task === "regression" || points.every((point) => point[2] === 0 || point[2] === 1))
      );
    },
  };
  function fits(v, [kind, ...details], get) {
    return KINDS[kind](v, details, get);
  }
  const isNames = (v) =>
    Array.isArray(v) && v.length <= 100 && v.every((name) => typeof name === "string" && /^[\w-]{1,40}$/.test(name));

  async function unpack(packed) {
    const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes)));
  }

  // { widget, settings, lock, hide } that the link asks for, if all of that can be; else { problem }, or {}.
  async function read(packed, widgets) {
    const { k, n, h, s, lock, hide } = await unpack(packed);
    const kin = widgets.filter((one) => one.kind === k && one.hash === h);
    const widget = kin.find((one) => one.number === n) ?? kin[0];
    if (!widget) return { problem: "The link is for another version of this page. This is how the page starts." };
    const forms = widget.model.get("_settings");
    const get = (name) => (own(s, name) ? s[name] : widget.model.get(name));
    const here = (name) => widget.model.get(name);
    // What the page has itself is right, also where it is more than a link may bring.
    const right = (name) =>
      fits(get(name), forms[name], get) || (!own(s, name) && !fits(here(name), forms[name], here));
    if (!Object.keys(s).every((name) => own(forms, name)) || !Object.keys(forms).every(right)) return {};
    if (!isNames(lock) || !isNames(hide)) return {};
    return { widget, settings: s, lock, hide };
  }

  // The widget makes some of its controls anew, and enables them as it sees fit.
  function assign(root, { lock, hide }) {
    const apply = () => {
      for (const control of controlsOf(root)) {
        const { control: name } = control.dataset;
        if (hide.includes(name) && !control.hidden) control.hidden = true;
        if (!lock.includes(name)) continue;
        for (const one of [control, ...control.querySelectorAll("button, input, select")])
          if ("disabled" in one && !one.disabled) one.disabled = true;
      }
      if (!hide.length) return;
      for (const group of root.querySelectorAll("fieldset")) {
        const all = [...group.querySelectorAll("[data-control]")];
        if (all.length && all.every((one) => one.hidden) && !group.hidden) group.hidden = true;
      }
    };
    apply();
    const changes = { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "disabled"] };
    new MutationObserver(apply).observe(root, changes);
  }

  Object.assign(window.nnlibLink, { read, assign });
})();

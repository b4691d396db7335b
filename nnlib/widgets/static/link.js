// What a widget shows, in a link: page#nn=..., which the same page, opened again, restores.
//
// window.nnlibLink: host.js asks it for the settings of a link before it renders a widget, and then has it put
// "Copy link" below the widget. Only traits in the model's _settings (base.py) are read and written. A link also names
// controls that are locked or hidden: a teacher's assignment. In a notebook Python has the models, and nothing of this
// is there.
//
// What few readers need is in files of its own, loaded when it is wanted: openedlink.js reads a link, and
// assignment.js asks what is to be locked and hidden.
(() => {
  if (window.nnlibLink) return;
  const MARK = "#nn=";
  const LONGEST = 2000;
  const here = document.currentScript.src;
  const STYLE = `
    .nnlib-widget .nn-link { margin-top: 10px; }
    .nnlib-widget .nn-link > button { font-size: 13px; }`;
  const MANY = "There are too many points for a link.";
  const OWN = "A link cannot carry your table. With another data set, it carries your settings.";
  const text = (v) => JSON.stringify(v);

  const widgets = []; // { model, kind, number, first: the page's own settings, hash }
  let asked = null; // { widget, settings, lock, hide } of the page's link
  let problem = "";
  let told = null; // the widget that has the problem; else the first says it

  const settingsOf = (model) => model.get("_settings") ?? {};
  const hashOf = (value) => {
    let h = 0x811c9dc5;
    for (const c of text(value)) h = Math.imul(h ^ c.codePointAt(0), 0x01000193);
    return (h >>> 0).toString(36);
  };
  function add(model) {
    const names = Object.keys(settingsOf(model)).sort();
    if (!names.length || widgets.some((one) => one.model === model)) return;
    const kind = model.get("_anywidget_id").split(".").at(-1);
    const first = Object.fromEntries(names.map((name) => [name, model.get(name)]));
    const number = widgets.filter((one) => one.kind === kind).length;
    widgets.push({ model, kind, number, first, hash: hashOf(Object.entries(first)) });
  }

  async function through(stream, bytes) {
    return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
  }

  async function pack(value) {
    const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text(value)));
    return btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  }

  // Numbers of long lists to five digits, which no picture shows to be others.
  const short = (v) => {
    const long = Array.isArray(v) && v.flat(3).length > 8;
    return long ? JSON.parse(text(v), (_, one) => (typeof one === "number" ? Number(one.toPrecision(5)) : one)) : v;
  };
  // Where in its file a table stands is of no use elsewhere.
  const pointsOf = ({ points, table: { source, ...table } = {}, ...given }) => ({
    ...given,
    points: short(points),
    ...(table.names && { table }),
  });
  // { link } or, in words, { refusal }.
  async function linkOf({ model, kind, number, first, hash }, lock = [], hide = []) {
    if (!window.CompressionStream) return { refusal: "This browser is too old to make links." };
    if (model.get("dataset") === "own") return { refusal: OWN };
    const changed = Object.keys(first).filter((name) => text(model.get(name)) !== text(first[name]));
    const s = Object.fromEntries(
      changed.map((name) => {
        const value = model.get(name);
        return [name, name === "_given" && value ? pointsOf(value) : short(value)];
      }),
    );
    if (s._given?.points.length > settingsOf(model)._given?.[1]) return { refusal: s._given.table ? OWN : MANY };
    const code = await pack({ k: kind, n: number, h: hash, s, lock, hide });
    const link = location.href.split("#")[0] + MARK + code;
    if (link.length < LONGEST) return { link };
    const [largest] = changed.sort((a, b) => text(s[b]).length - text(s[a]).length);
    if (largest === "_given" && model.get("_given").table) return { refusal: OWN };
    const what = { weights: "This network has too many weights for a link.", _given: MANY }[largest];
    return { refusal: what ?? "Too much has been changed for a link." };
  }

  // ---- In the page ---------------------------------------------------------------------------------------------------

  function element(tag, properties, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  }
  const button = (label, name, onclick) => {
    const node = element("button", { type: "button", className: "nn-button", textContent: label, onclick });
    node.dataset.control = name;
    return node;
  };

  const controlsOf = (root) => [...root.querySelectorAll("[data-control]")].filter((one) => !one.closest(".nn-link"));

  const style = (css) => document.head.append(element("style", { textContent: css }));

  const loaded = {};
  const load = (file) =>
    (loaded[file] ??= new Promise((onload, onerror) => {
      document.head.append(element("script", { src: new URL(file, here), onload, onerror }));
    }));

  function put(widget, root, said) {
    const note = element("span", { className: "nn-note" });
    note.setAttribute("role", "status");
    note.textContent = said;
    const field = element("input", { type: "text", readOnly: true, hidden: true, onfocus: () => field.select() });
    field.setAttribute("aria-label", "Link");
    field.autocomplete = "off";
    const copy = async (lock, hide) => {
      const { link, refusal } = await linkOf(widget, lock, hide);
      field.hidden = true;
      more.hidden = Boolean(refusal);
      if (refusal) return void (note.textContent = refusal);
      try {
        await navigator.clipboard.writeText(link);
        note.textContent = "Link copied.";
      } catch {
        Object.assign(field, { value: link, hidden: false }).focus();
        note.textContent = "Copy this link with Ctrl+C or ⌘C.";
      }
    };
    const ask = async () => {
      await load("assignment.js");
      links.ask(root, copy);
    };
    const more = button("Make an assignment", "assign", ask);
    more.hidden = true;
    const row = element(
      "div",
      { className: "nn-row nn-link" },
      button("Copy link", "copy-link", () => copy()),
      more,
      note,
      field,
    );
    root.append(row);
  }

  const links = (window.nnlibLink = {
    element,
    button,
    controlsOf,
    style,
    through,
    // Before any widget is rendered: what the link asks for, in its model.
    async open(models) {
      models.forEach(add);
      style(STYLE);
      if (!location.hash.startsWith(MARK)) return;
      problem = "The link could not be read. This is how the page starts.";
      if (location.hash.length > 2 * LONGEST) return;
      try {
        await load("openedlink.js");
        const found = await links.read(location.hash.slice(MARK.length), widgets);
        if (found.widget) found.widget.model.set(found.settings);
        asked = found.widget ? found : null;
        problem = asked ? "" : (found.problem ?? problem);
      } catch (error) {
        console.info(error); // no text of ours; the reader is told
      }
    },
    // Rendering what the link asks for has failed.
    undo(model) {
      if (asked?.widget.model !== model) return false;
      model.set(asked.widget.first);
      problem = "The link asks for what this widget cannot show. This is how the page starts.";
      told = asked.widget;
      asked = null;
      return true;
    },
    // Below a widget that stands.
    show(model, el) {
      const widget = widgets.find((one) => one.model === model);
      const root = el.querySelector(".nnlib-widget");
      if (!widget || !root) return;
      const mine = asked?.widget === widget;
      const assigned = mine && asked.lock.length + asked.hide.length > 0;
      const trouble = widget === (told ?? widgets[0]) ? problem : "";
      put(widget, root, mine ? `As in the link${assigned ? ", an assignment" : ""}.` : trouble);
      if (!mine) return;
      links.assign(root, asked);
      root.scrollIntoView();
    },
  });
  addEventListener("hashchange", () => location.hash.startsWith(MARK) && location.reload());
})();

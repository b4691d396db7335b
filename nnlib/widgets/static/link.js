// What a widget shows, in a link: page#nn=..., which the same page, opened again, restores.
//
// window.nnlibLink: host.js asks it for the settings of a link before it renders a widget, and then has it put
// "Copy link" below the widget. Only traits in the model's _settings (base.py) are read and written. A link also names
// controls that are locked or hidden: a teacher's assignment. In a notebook Python has the models, and nothing of this
// is there.
//
// What few readers need is in files of its own, loaded when it is wanted: makelink.js makes a link, openedlink.js reads
// one, and assignment.js asks what is to be locked and hidden.
(() => {
  if (window.nnlibLink) return;
  const MARK = "#nn=";
  const LONGEST = 2000;
  const here = document.currentScript.src;
  const STYLE = `
    .nnlib-widget .nn-link { margin-top: 10px; }
    .nnlib-widget .nn-link > button { font-size: 13px; }`;
  const MISSING = "This did not arrive. Try once more, or load the page again.";
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
    }).catch((error) => {
      delete loaded[file];
      throw error;
    }));

  function put(widget, root, said) {
    const note = element("span", { className: "nn-note" });
    note.setAttribute("role", "status");
    note.textContent = said;
    const field = element("input", { type: "text", readOnly: true, hidden: true, onfocus: () => field.select() });
    field.setAttribute("aria-label", "Link");
    field.autocomplete = "off";
    const copy = (lock, hide) => links.copy({ widget, note, field, more }, lock, hide);
    const after = (file, work) => () =>
      load(file).then(work, () => {
        note.textContent = MISSING;
      });
    const more = button(
      "Make an assignment",
      "assign",
      after("assignment.js", () => links.ask(root, copy)),
    );
    more.hidden = true;
    const copying = button(
      "Copy link",
      "copy-link",
      after("makelink.js", () => copy()),
    );
    root.append(element("div", { className: "nn-row nn-link" }, copying, more, note, field));
  }

  const links = (window.nnlibLink = {
    element,
    button,
    controlsOf,
    style,
    text,
    through,
    settingsOf,
    MARK,
    LONGEST,
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

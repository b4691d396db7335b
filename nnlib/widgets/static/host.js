// Mounts anywidgets in a page that has no kernel behind it.
//
// A built page holds the state of its widgets as JSON and, where each is to stand, a script tag that names its model.
// This script makes a local model of each and calls the widget's own render on it. A static picture directly before the
// script tag is hidden on screen once the widget stands, and kept for print. Load it with <script defer src="host.js">.
(() => {
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';
  const REFERENCE = "IPY_MODEL_";
  // Sphinx can put the tag on a page twice.
  if (window.nnlibHost) return;

  const saved = {};
  const models = {};
  const modules = {};
  const styles = new Set();

  const bytes = (base64) => new DataView(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer);

  // Models appear in the state of others by reference.
  const resolve = (value) => {
    if (typeof value === "string" && value.startsWith(REFERENCE))
      return getModel(value.slice(REFERENCE.length)) ?? value;
    if (Array.isArray(value)) return value.map(resolve);
    if (value && Object.getPrototypeOf(value) === Object.prototype)
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v)]));
    return value;
  };

  function getModel(id) {
    if (models[id] || !saved[id]) return models[id];
    const handlers = {};
    const emit = (event, ...details) => {
      for (const handler of [...(handlers[event] ?? [])]) handler(...details);
    };
    let data = {};
    const model = (models[id] = {
      get: (key) => data[key],
      set(key, value) {
        const changes = typeof key === "object" ? key : { [key]: value };
        const changed = Object.keys(changes).filter((name) => !Object.is(data[name], changes[name]));
        Object.assign(data, changes);
        for (const name of changed) emit(`change:${name}`, model, data[name]);
        if (changed.length) emit("change", model);
      },
      on(event, handler) {
        (handlers[event] ??= []).push(handler);
      },
      off(event, handler) {
        for (const name of event ? [event] : Object.keys(handlers))
          handlers[name] = (handlers[name] ?? []).filter((other) => handler && other !== handler);
      },
      save_changes() {},
      send() {},
    });
    const { state, buffers = [] } = saved[id];
    for (const { path, data: base64 } of buffers) {
      const parent = path.slice(0, -1).reduce((at, key) => (at[key] ??= {}), state);
      parent[path.at(-1)] = bytes(base64);
    }
    data = resolve(state);
    return model;
  }

  // The default export of a module. One that ends with it and imports nothing, as ours, is the text of a function that
  // runs at once; a module's import would wait for all that the page does in between. Any other is no such text: a
  // SyntaxError.
  function asFunction(esm) {
    const [, body, exported] = esm.match(/^([\s\S]*\n)export default ([^\n]+)\s*$/) ?? [];
    try {
      return (
        exported &&
        new Function(`"use strict"; ${body.replace(/^export (?=const|class|function|async)/gm, "")} return ${exported}`)
      );
    } catch {
      return null;
    }
  }

  async function evaluate(esm) {
    const run = asFunction(esm);
    if (run) return run();
    const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
    try {
      return (await import(url)).default;
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  async function load(model) {
    const esm = model.get("_esm");
    modules[esm] ??= evaluate(esm).then((widget) => (typeof widget === "function" ? widget() : widget));
    const widget = await modules[esm];
    await (model.initialized ??= widget.initialize?.({ model }) ?? true);
    return widget;
  }

  function addStyle(css) {
    if (!css || styles.has(css)) return;
    styles.add(css);
    document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  }

  function say(el, text, link) {
    const message = document.createElement("p");
    message.className = "nnlib-message";
    message.append(text);
    if (link)
      message.append(
        " ",
        Object.assign(document.createElement("a"), { href: link, textContent: "Start this page with a kernel." }),
      );
    el.append(message);
  }

  async function show(model, el) {
    if (model?.get("_esm")) {
      addStyle(model.get("_css"));
      const widget = await load(model);
      const links = window.nnlibLink; // link.js
      const render = () => widget.render({ model, el });
      try {
        await render();
      } catch (error) {
        if (!links?.undo(model)) throw error;
        el.replaceChildren();
        await render();
      }
      links?.show(model, el);
      performance.mark("nnlib-widget-ready");
      return true;
    }
    const children = model?.get("children");
    if (Array.isArray(children) && children.some((child) => child?.get?.("_esm"))) {
      for (const child of children) await mount(child, el.appendChild(document.createElement("div")));
      return true;
    }
    const launch = document.querySelector('a[href*="mybinder.org/"], a[href*="/hub/user-redirect/"]');
    say(
      el,
      model
        ? "This control needs a running kernel."
        : "The state of this widget is not in the page; run the page with a kernel.",
      launch?.href,
    );
    return false;
  }

  async function mount(model, el, figure) {
    try {
      if (await show(model, el)) figure?.classList.add("nnlib-replaced");
    } catch (error) {
      console.error(error);
      el.replaceChildren();
      say(
        el,
        `This widget could not start (${error.message}).${figure ? " The picture above shows what it starts from." : ""}`,
      );
    }
  }

  function start() {
    for (const script of document.querySelectorAll(STATE)) {
      // A file that several models have may stand in the page once: theme/widget_state.py.
      const { state, shared } = JSON.parse(script.textContent);
      for (const model of Object.values(state)) {
        for (const key of ["_esm", "_css"])
          if (Array.isArray(model.state[key]))
            model.state[key] = model.state[key].map((file) => shared[file] ?? file).join("\n\n");
      }
      Object.assign(saved, state);
    }
    const places = [...document.querySelectorAll(VIEW)].map((script) => {
      const figure = script.previousElementSibling;
      const el = document.createElement("div");
      el.className = "nnlib-mount";
      script.replaceWith(el);
      const model = getModel(JSON.parse(script.textContent).model_id);
      return [model, el, figure?.matches(".nnlib-static") ? figure : null];
    });
    const mountAll = () => Promise.all(places.map((place) => mount(...place))).then(() => models);
    const opening = window.nnlibLink?.open(places.flatMap(([model]) => widgetsOf(model)));
    return opening ? opening.then(mountAll) : mountAll();
  }

  const widgetsOf = (model) => {
    if (model?.get("_esm")) return [model];
    const children = model?.get("children");
    return Array.isArray(children) ? children.filter((child) => child?.get?.("_esm")) : [];
  };

  // A promise of the models by id, once all widgets stand.
  window.nnlibHost =
    document.readyState === "loading"
      ? new Promise((done) => document.addEventListener("DOMContentLoaded", () => done(start())))
      : start();
})();

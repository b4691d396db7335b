// The dialog in which a teacher chooses what a link locks and hides (see link.js).
(() => {
  const { button, controlsOf, element, style } = window.nnlibLink;
  style(`
    .nnlib-widget .nn-assignment { width: min(34em, calc(100vw - 24px)); max-height: calc(100vh - 24px); margin: auto; padding: 14px 16px; overflow: auto; border: 1px solid var(--nn-edge); border-radius: 10px; background: var(--nn-surface); color: var(--nn-ink); }
    .nnlib-widget .nn-assignment p { margin: 0 0 8px; }
    .nnlib-widget .nn-assignment .nn-scroll { max-height: min(420px, 50vh); margin-bottom: 10px; }
    .nnlib-widget .nn-assignment th:first-child { width: 100%; font-weight: 500; text-align: left; }`);
  const labelOf = (control) =>
    control.getAttribute("aria-label") ??
    (control.matches("button") ? control : (control.querySelector("label, .nn-label, summary") ?? control)).textContent;

  function ask(root, copy) {
    const names = new Map(controlsOf(root).map((one) => [one.dataset.control, labelOf(one).trim()]));
    const boxes = (name, label) =>
      ["Lock", "Hide"].map((what) => {
        const box = element("input", { type: "checkbox", name: what, value: name });
        box.setAttribute("aria-label", `${what}: ${label}`);
        return element("td", {}, box);
      });
    const rows = [...names].map(([name, label]) =>
      element("tr", {}, element("th", { scope: "row", textContent: label || name }), ...boxes(name, label || name)),
    );
    const head = element(
      "tr",
      {},
      ...["Control", "Lock", "Hide"].map((t) => element("th", { scope: "col", textContent: t })),
    );
    const scroll = element("div", { className: "nn-scroll", tabIndex: 0 }, element("table", {}, head, ...rows));
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-label", "Controls");
    const chosen = (what) => [...dialog.querySelectorAll(`[name=${what}]:checked`)].map((box) => box.value);
    const done = () => {
      const [lock, hide] = [chosen("Lock"), chosen("Hide")];
      dialog.close();
      copy(lock, hide);
    };
    const dialog = element(
      "dialog",
      { className: "nn-assignment", onclose: () => dialog.remove() },
      element("p", { className: "nn-title", textContent: "Make an assignment" }),
      element("p", {
        textContent:
          "The link shows the widget as it is now. Controls that you lock cannot be used there, those that you hide are not shown; what can be dragged in a picture still can.",
      }),
      scroll,
      element(
        "div",
        { className: "nn-row" },
        button("Copy the link", "copy-assignment", done),
        button("Cancel", "cancel", () => dialog.close()),
      ),
    );
    root.querySelector(".nn-link").append(dialog);
    dialog.showModal();
  }

  window.nnlibLink.ask = ask;
})();

// The frame every widget stands in: root section, title, readout, reset, redraw, playback, table and clean-up.
//
//   const frame = createFrame({ el, name: "perceptron", title, label, onReset, stacked })
//       frame.root, and the places to append to: frame.head (beside the title), frame.picture, frame.panel,
//         frame.actions
//       (a row of buttons that already holds Reset; prepend yours); stacked: true leaves one column at any width;
//       append frame.actions where it belongs; what is appended to frame.body spans both columns; frame.output stands
//         last
//       unless appended elsewhere
//   frame.onDraw(draw)          draw(colors) paints everything; it runs once per animation frame when asked for, on a
//                               new
//                               size and on a change of theme
//   frame.redraw()              ask for it
//   frame.catchUp()             what was asked for is painted now
//   frame.say([line, ...])      the readout in words; a live region, updated at most about three times a second
//   frame.quiet(true)           from now on the readout is not read aloud; after quiet(false) it is read as a whole
//   frame.listen(model, ["w", "b"], handler)    handler on model changes, removed by cleanup
//   frame.follow(model, ["w", "b"], handler)    the same, once after all traits of one message have changed
//   frame.addCleanup(fn)        fn runs when the widget is removed
//   frame.table("Show the points as a table", () => ({ head: [...], rows: [[...], ...] }))   for those who cannot see
//                                                                                            the picture
//   frame.fold(name, summary, refresh, ...content)    a fold at the end; refresh() runs while it is open, as often as
//                                                     draw
//   const player = createPlayer(frame, { tick, onChange })    player.play() .pause() .playing
//       tick(seconds since the last one) returns false to stop; pauses itself while off screen or in a hidden tab; two
//       ticks a second when the reader prefers reduced motion; onChange(playing); the readout is quiet meanwhile
//   return frame.ready()        at the end of render: first draw, and the clean-up function for the host

import { palette, prefersReducedMotion, watchTheme } from "./theme.js";
import { button, element, keepKeys, write } from "./controls.js";

const SAY_EVERY = 300; // milliseconds

export function createFrame({ el, name, title, label, onReset, stacked = false }) {
  const cleanups = [];
  const head = element("div", { class: "nn-head" }, element("div", { class: "nn-title", text: title }));
  const picture = element("div", { class: "nn-picture" });
  const actions = element(
    "div",
    { class: "nn-row nn-actions" },
    button({ label: "Reset", onClick: onReset, name: "reset" }).el,
  );
  const panel = element("div", { class: "nn-panel" });
  const output = element("output", { class: "nn-output", "aria-live": "polite", "aria-atomic": "false" });
  const body = element("div", { class: "nn-body" }, picture, panel);
  const root = element(
    "section",
    { class: stacked ? "nnlib-widget nn-stacked" : "nnlib-widget", "data-widget": name, "aria-label": label },
    head,
    body,
    output,
  );
  el.append(root);
  keepKeys(root);

  let draw = () => {};
  let drawRequest = 0;
  let tries = 0; // left in which to find a size
  let colors = null;
  const refreshers = [];
  const paint = () => {
    drawRequest = 0;
    // A notebook attaches the element after render, hides it while its cell is scrolled away, and for a frame or two
    // when it changes its theme. The ResizeObserver does not hear of so short a time; after a longer one it asks again.
    if (!root.clientWidth) {
      if (tries-- > 0) request();
      return;
    }
    colors ??= palette(root);
    draw(colors);
    for (const refresh of refreshers) refresh();
  };
  const request = () => {
    drawRequest ||= requestAnimationFrame(paint);
  };
  const redraw = () => {
    tries = 5;
    request();
  };

  let lastSaid = -Infinity;
  let sayTimer = 0;
  let text = "";
  let lines = [];
  const speak = () => {
    sayTimer = 0;
    const joined = lines.join("\n");
    if (joined === text) return;
    if (text === null) output.replaceChildren(); // new elements are read even if their words are old
    text = joined;
    lastSaid = performance.now();
    // Only lines that changed are touched, so only they are read aloud.
    while (output.children.length > lines.length) output.lastChild.remove();
    lines.forEach((line, k) => {
      const shown = output.children[k] ?? output.appendChild(element("span", { class: "nn-line" }));
      write(shown, line);
    });
  };

  const frame = {
    root,
    head,
    body,
    picture,
    panel,
    actions,
    output,
    redraw,
    catchUp() {
      if (!drawRequest) return;
      cancelAnimationFrame(drawRequest);
      paint();
    },
    onDraw(fn) {
      draw = fn;
    },
    addCleanup(fn) {
      cleanups.push(fn);
    },
    listen(model, names, handler) {
      for (const trait of names) model.on(`change:${trait}`, handler);
      cleanups.push(() => {
        for (const trait of names) model.off(`change:${trait}`, handler);
      });
    },
    follow(model, names, handler) {
      let queued = false;
      frame.listen(model, names, () => {
        if (!queued)
          queueMicrotask(() => {
            queued = false;
            handler();
          });
        queued = true;
      });
    },
    say(newLines) {
      lines = newLines.filter(Boolean);
      if (sayTimer) return;
      const wait = lastSaid + SAY_EVERY - performance.now();
      if (wait <= 0) speak();
      else sayTimer = setTimeout(speak, wait);
    },
    quiet(on) {
      const live = on ? "off" : "polite";
      if (output.getAttribute("aria-live") === live) return;
      output.setAttribute("aria-live", live);
      if (on) return;
      text = null;
      clearTimeout(sayTimer);
      sayTimer = setTimeout(speak, SAY_EVERY); // with the words that the pause brings
    },
    table(summary, rowsOf) {
      const content = element("table");
      let shown = "";
      const refresh = () => {
        const { head: columns, rows } = rowsOf();
        const key = JSON.stringify([columns, rows]);
        if (key === shown) return;
        shown = key;
        content.replaceChildren(
          element(
            "thead",
            {},
            element("tr", {}, ...columns.map((cell) => element("th", { scope: "col", text: cell }))),
          ),
          element(
            "tbody",
            {},
            ...rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", { text: cell })))),
          ),
        );
      };
      const area = element("div", { class: "nn-scroll", tabindex: 0, role: "group", "aria-label": summary }, content);
      frame.fold("table", summary, refresh, area);
    },
    fold(name, summary, refresh, ...content) {
      const details = element("details", { class: `nn-${name}` }, element("summary", { text: summary }), ...content);
      const follow = () => details.open && refresh();
      details.addEventListener("toggle", follow);
      refreshers.push(follow);
      root.append(details);
    },
    ready() {
      paint();
      const observer = new ResizeObserver(redraw);
      observer.observe(root);
      cleanups.push(() => observer.disconnect());
      return () => {
        cancelAnimationFrame(drawRequest);
        clearTimeout(sayTimer);
        for (const fn of cleanups.splice(0).reverse()) fn();
        root.remove();
      };
    },
  };
  cleanups.push(
    watchTheme(root, () => {
      colors = null;
      redraw();
    }),
  );
  return frame;
}

export function createPlayer(frame, { tick, onChange = () => {} }) {
  let playing = false;
  let onScreen = false; // until the observer has looked
  let request = 0;
  let last = 0;
  const schedule = () => {
    cancelAnimationFrame(request);
    request = playing && onScreen && !document.hidden ? requestAnimationFrame(loop) : 0;
  };
  const loop = (now) => {
    const seconds = (now - last) / 1000;
    if (prefersReducedMotion() && seconds < 0.5) return schedule();
    last = now;
    // After a pause off screen the elapsed time says nothing about how much to do.
    if (tick(Math.min(seconds, 0.5)) === false) player.pause();
    schedule();
    frame.catchUp(); // in this frame, or the browser would have to make another one
  };
  const player = {
    get playing() {
      return playing;
    },
    play() {
      if (playing) return;
      playing = true;
      last = performance.now();
      frame.quiet(true); // nobody could listen to words that change several times a second
      schedule();
      onChange(true);
    },
    pause() {
      if (!playing) return;
      playing = false;
      schedule();
      frame.quiet(false);
      onChange(false);
    },
  };
  const observer = new IntersectionObserver((entries) => {
    onScreen = entries[entries.length - 1].isIntersecting;
    schedule();
  });
  observer.observe(frame.root);
  document.addEventListener("visibilitychange", schedule);
  frame.addCleanup(() => {
    playing = false;
    cancelAnimationFrame(request);
    observer.disconnect();
    document.removeEventListener("visibilitychange", schedule);
  });
  return player;
}

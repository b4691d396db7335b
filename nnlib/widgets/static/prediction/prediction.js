// Axes on which the reader draws a curve before the measured one is shown, in the page alone.
//
// The traits are `_prediction` and `_secret` (what nnlib/questions/curves.py makes) and `solved`. Heights are in steps,
// from 0 at the low end of the y axis to STEPS at its high end. The guess stays in this browser, see
// shared/progress.js; its record holds the values as texts.

import { button, element, legend } from "../shared/controls.js";
import { createPlot, marker, onDrag } from "../shared/plot.js";
import { askedRoot, keepRecord, smallPrint } from "../shared/asked.js";
import { reveal } from "../shared/secret.js";
import { palette, watchTheme } from "../shared/theme.js";
import { pathOf, scaleOf } from "./scale.js";
import { compare } from "./words.js";

const STEPS = 200;
const MIDDLE = STEPS / 2;
const GRAB = 24; // pixels from a point in which a pointer takes this one, and not all that it passes
const DOTS = 30; // measured values of a curve that has no marks for them
const DASH = [8, 5];

function render({ model, el }) {
  const asked = model.get("_prediction");
  const [x, y] = [scaleOf(asked.x), scaleOf(asked.y)];
  const places = asked.points.map(x.share);
  const measured = reveal(model.get("_secret"), asked.name).map(([a, b]) => [x.share(a), y.share(b)]);
  const id = `nn-prediction-${Math.random().toString(36).slice(2, 10)}`;
  let heights = places.map(() => MIDDLE);
  let moved = false;
  let shown = false;
  let record = null;

  // Parts

  const picture = element("div", { class: "nn-picture" });
  const plot = createPlot(picture, { label: "", aspect: 1.5 });
  const keys = legend();
  const ranges = places.map((_, k) =>
    element("input", { type: "range", id: `${id}-${k}`, min: 0, max: STEPS, step: 1 }),
  );
  const values = places.map(() => element("span", { class: "nn-value", "aria-hidden": "true" }));
  const where = places.map((place) => `at ${x.said(place)}`);
  const sliders = element(
    "div",
    { class: "nn-guesses", role: "group", "aria-label": `Your curve: ${asked.y.label}` },
    ...ranges.map((range, k) =>
      element(
        "div",
        { class: "nn-guess", "data-control": `point-${k + 1}` },
        element("label", { for: range.id, text: where[k] }),
        values[k],
        range,
      ),
    ),
  );
  const show = button({ label: "", name: "show", onClick: () => showMeasured() });
  const again = button({ label: "Draw again", name: "again", onClick: () => drawAgain() });
  const output = element("output", { class: "nn-output", "aria-live": "polite" });
  const text = element("p", { class: "nn-text" });
  text.innerHTML = `<strong>Prediction.</strong> ${asked.text}`;
  const root = askedRoot(
    "Prediction",
    asked.label,
    text,
    picture,
    keys.el,
    sliders,
    element("div", { class: "nn-row" }, show.el, again.el, smallPrint("curve")),
    output,
  );
  el.append(root);

  // What they show

  const points = () => places.map((place, k) => [place, heights[k] / STEPS]);
  const drawn = () => pathOf(points(), asked.smooth);
  const said = (k) => y.said(heights[k] / STEPS);
  // With room for the marks at the ends. The axes widen for what lies beyond them, once it is shown.
  const view = (k) => {
    const all = shown ? measured.map((point) => point[k]) : [];
    const room = k ? 0 : 0.03;
    const beyond = (v) => (v === 0 || v === 1 ? room : 0.03);
    const [least, most] = [Math.min(0, ...all), Math.max(1, ...all)];
    return [least - beyond(least), most + beyond(most)];
  };

  let request = 0;
  const paint = () => {
    request = 0;
    if (!root.clientWidth) return; // a notebook attaches it later, and the observer hears of it
    const colors = palette(root);
    const [across, up] = [view(0), view(1)];
    plot.setView(across, up);
    plot.begin();
    for (const place of places)
      plot.polyline(
        up.map((end) => [place, end]),
        { color: colors.line, width: 1 },
      );
    plot.axes(colors, { x: x.drawn, y: y.drawn });
    const mark = (shape, [a, b], radius, style) => marker(plot.ctx, shape, plot.px(a), plot.py(b), radius, style);
    const [theirs, mine] = colors.classes;
    if (shown) {
      plot.polyline(measured, { color: theirs, width: 2.5, dash: DASH });
      if (measured.length <= DOTS)
        for (const point of measured) mark("square", point, 4.5, { fill: theirs, stroke: colors.plot });
    }
    plot.polyline(drawn(), { color: mine, width: 2.5 });
    points().forEach((point, k) => {
      mark("circle", point, shown ? 5 : 8, { fill: mine, stroke: colors.plot, width: 2 });
      if (document.activeElement === ranges[k]) mark("circle", point, 13, { stroke: colors.accent, width: 2.5 });
    });
  };
  const redraw = () => {
    request ||= requestAnimationFrame(paint);
  };

  const describe = () => {
    const list = places.map((_, k) => `${where[k]}, ${said(k)}`).join("; ");
    const found = shown
      ? ` Measured, the dashed curve: ${measured
          .filter((_, k) => k % Math.ceil(measured.length / DOTS) === 0)
          .map(([a, b]) => `at ${x.said(a)}, ${y.said(b)}`)
          .join("; ")}.`
      : " The measured curve is not shown yet.";
    plot.describe(`Axes: ${x.range}, and ${y.range}. Your curve${moved ? "" : ", not moved yet"}: ${list}.${found}`);
  };
  const update = () => {
    ranges.forEach((range, k) => {
      range.value = heights[k];
      range.disabled = shown;
      range.setAttribute("aria-valuetext", said(k));
      values[k].textContent = y.bare(heights[k] / STEPS); // the unit is the axis's
    });
    show.setLabel(moved ? "Show what was measured" : "Move a point, then show what was measured");
    show.disable(!moved);
    show.el.hidden = shown;
    again.el.hidden = !shown;
    keys.set(["nn-key nn-key-guess", " your curve "], ...(shown ? [["nn-key nn-key-measured", " measured"]] : []));
    const solved = Boolean(record?.solved);
    root.dataset.reached = solved ? "solved" : "new";
    if (model.get("solved") !== solved) {
      model.set({ solved });
      model.save_changes();
    }
    describe();
    redraw();
  };
  const say = (lines) =>
    output.replaceChildren(...lines.map((line) => element("span", { class: "nn-line", text: line })));

  // What the reader does

  const put = (k, height) => {
    heights[k] = Math.min(STEPS, Math.max(0, Math.round(height)));
    moved = true;
  };
  const nearest = ({ px }) =>
    places.reduce(
      (best, place, k) => (Math.abs(plot.px(place) - px) < Math.abs(plot.px(places[best]) - px) ? k : best),
      0,
    );
  const height = (p) => STEPS * p.y;
  // A pointer that begins on a point moves it; any other draws, and sets all points that it passes.
  const take = (thing, p) => {
    if (thing.held) put(thing.k, height(p));
    else {
      const last = thing.last ?? p;
      places.forEach((place, k) => {
        const t = (plot.px(place) - last.px) / (p.px - last.px);
        if (t >= 0 && t <= 1) put(k, height(last) + t * (height(p) - height(last)));
      });
      put(nearest(p), height(p));
      thing.last = p;
    }
    update();
  };
  const stopDrag = onDrag(plot, {
    hit(p) {
      const { left, width, top, height: tall } = plot.area;
      const inside = p.px > left - GRAB && p.px < left + width + GRAB && p.py > top - GRAB && p.py < top + tall + GRAB;
      return !shown && inside ? { k: nearest(p) } : null;
    },
    start(thing, p) {
      const { k } = thing;
      thing.held = Math.hypot(p.px - plot.px(places[k]), p.py - plot.py(heights[k] / STEPS)) < GRAB;
      take(thing, p);
    },
    move: take,
  });
  ranges.forEach((range, k) => {
    range.addEventListener("input", () => {
      put(k, range.valueAsNumber);
      update();
    });
    for (const change of ["focus", "blur"]) range.addEventListener(change, redraw);
  });

  const reveals = () => {
    shown = moved = true;
    const level = asked.level === null ? null : y.share(asked.level);
    const at = asked.smooth ? undefined : places;
    say(compare({ x, y, feature: asked.compare, level, guess: drawn(), measured, at }));
    update();
  };
  const showMeasured = () => {
    record = {
      v: 1,
      tries: record?.tries || 1,
      solved: true,
      shown: false,
      last: heights.map((one) => String(Number(y.value(one / STEPS).toPrecision(4)))),
      at: new Date().toISOString(),
    };
    kept.save(record);
    reveals();
    again.el.focus(); // the button that had it is gone
  };
  const empty = () => {
    heights = places.map(() => MIDDLE);
    moved = shown = false;
    say([]);
    update();
  };
  const drawAgain = () => {
    empty();
    ranges[0].focus();
  };

  // What is stored may be anything: another build's guess, or a file's that somebody has written.
  const restore = (stored) => {
    record = stored;
    empty();
    const given = Array.isArray(stored?.last) ? stored.last.map((one) => STEPS * y.share(Number(one || NaN))) : [];
    const fits = given.length === places.length && given.every((one) => one > -1 && one < STEPS + 1);
    if (fits && stored.solved) {
      given.forEach((one, k) => put(k, one));
      reveals();
    }
  };
  const stopWatching = watchTheme(root, redraw);
  const observer = new ResizeObserver(redraw);
  observer.observe(root);
  const kept = keepRecord(asked.name, restore);
  paint();
  return () => {
    kept.stop();
    cancelAnimationFrame(request);
    observer.disconnect();
    stopDrag();
    stopWatching();
    root.remove();
  };
}

export default { render };

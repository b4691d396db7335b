// A figure answers: what lies under the pointer, a finger or the arrow keys is said below it, with its units.
//
// The numbers come from the figure's own data (nnlib/figures.py: series), which stand beside its SVG. Left and right move
// along a curve, up and down to another one. Points that two panels show in different coordinates are marked in both.

(() => {
  // One line on a phone.
  const HINT = matchMedia("(pointer: coarse)").matches
    ? "Touch the figure to read its values."
    : "Point here, or press Tab and the arrow keys, to read values.";
  const LIVING = ".nn-figure:has(> script)";
  const REACH = 40; // how far from a point, in units of the drawing, the pointer may be

  const place = ({ limits: [low, high], log }, value) => {
    const at = log ? Math.log : Number;
    return (at(value) - at(low)) / (at(high) - at(low));
  };

  function number(value) {
    const size = Math.abs(value);
    let text = String(Number(value.toPrecision(4)));
    if (size && (size < 1e-3 || size >= 1e6)) {
      const [digits, power] = value.toExponential(2).split("e");
      const raised = [...String(Number(power))].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");
      text = `${Number(digits)} × 10${raised}`;
    }
    return text.replace("-", "−");
  }

  function inWords(axis, value) {
    const [, name, unit] = axis.label.match(/^(.*?)(?: \(([^()]*)\))?$/);
    const closest = (a, b) => (Math.abs(a[0] - value) <= Math.abs(b[0] - value) ? a : b);
    const text = axis.names ? axis.names.reduce(closest)[1] : number(value) + (unit ? ` ${unit}` : "");
    return `${name} ${text}`.trim();
  }

  function values({ panel, x, y, z }) {
    const place = `${inWords(panel.x, x)}, ${inWords(panel.y, y)}`;
    return z === undefined ? place : `${place}: ${number(z)}`;
  }

  function curves(panels) {
    const result = [];
    for (const panel of panels) {
      const [left, top, right, bottom] = panel.box;
      for (const { name, x, y, z } of panel.series) {
        const curve = [];
        x.forEach((_, k) => {
          const px = left + place(panel.x, x[k]) * (right - left);
          const py = bottom - place(panel.y, y[k]) * (bottom - top);
          curve.push({ panel, name, curve, sample: k, x: x[k], y: y[k], z: z?.[k], px, py });
        });
        if (panel.series[0].z === undefined) curve.sort((a, b) => a.px - b.px);
        result.push(curve);
      }
    }
    return result;
  }

  // The same sample in another panel, whose axes are other quantities.
  function twins(point, all) {
    const axes = ({ panel: { x, y } }) => `${x.label}|${y.label}`;
    const same = (c) => c[0].name === point.name && c.length === point.curve.length && axes(c[0]) !== axes(point);
    return all.filter(same).map((c) => c.find((p) => p.sample === point.sample));
  }

  function living(figure) {
    const svg = figure.querySelector("svg");
    const all = curves(JSON.parse(figure.querySelector("script").textContent));
    const output = document.createElement("output");
    const hint = figure === document.querySelector(LIVING) ? HINT : ""; // once a page is enough
    output.textContent = hint;
    output.setAttribute("aria-live", "polite");
    figure.append(output);
    figure.tabIndex = 0;
    figure.setAttribute("role", "application");
    figure.setAttribute("aria-label", "Values of this figure: arrow keys move along its curves and between them.");
    let now = null;

    function show(point) {
      now = point;
      for (const ring of svg.querySelectorAll(".nn-ring")) ring.remove();
      output.textContent = hint;
      if (!point) return;
      const others = twins(point, all);
      for (const { px, py } of [point, ...others]) {
        for (const kind of ["nn-ring nn-halo", "nn-ring"]) {
          const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
          for (const [name, value] of Object.entries({ class: kind, cx: px, cy: py, r: 7 }))
            ring.setAttribute(name, value);
          svg.append(ring);
        }
      }
      const title = [point.panel.title, point.name].filter(Boolean).join(", ");
      output.textContent = `${title ? `${title}: ` : ""}${[point, ...others].map(values).join("; there ")}.`;
    }

    const distance = (point, x, y) => Math.hypot(point.px - x, point.py - y);
    function nearest(points, x, y) {
      return points.reduce((best, p) => (!best || distance(p, x, y) < distance(best, x, y) ? p : best), null);
    }
    function follow(event) {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const point = nearest(all.flat(), x, y);
      if (point && distance(point, x, y) <= REACH) {
        if (point !== now) show(point);
      } else if (event.pointerType === "mouse") show(null);
    }
    svg.addEventListener("pointermove", follow);
    svg.addEventListener("pointerdown", follow);
    svg.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && document.activeElement !== figure) show(null);
    });
    figure.addEventListener("focus", () => {
      if (figure.matches(":focus-visible") && !now) show(all[0][0]);
    });
    figure.addEventListener("blur", () => show(null));
    figure.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const { curve } = now ?? all[0][0];
      const k = curve.indexOf(now ?? curve[0]);
      const step = (by) => curve[Math.min(Math.max(k + by, 0), curve.length - 1)];
      const other = (by) => {
        const below = curve[k].z === undefined ? null : curve[k + by * new Set(curve.map((p) => p.x)).size];
        if (below) return below; // the next row of an image
        const next = all[(all.indexOf(curve) + by + all.length) % all.length];
        return next[0].panel === curve[k].panel
          ? nearest(next, curve[k].px, curve[k].py)
          : next[Math.min(k, next.length - 1)];
      };
      const moves = {
        ArrowRight: () => step(1),
        ArrowLeft: () => step(-1),
        Home: () => curve[0],
        End: () => curve.at(-1),
        ArrowDown: () => other(1),
        ArrowUp: () => other(-1),
        Escape: () => null,
      };
      if (!Object.hasOwn(moves, event.key)) return;
      event.preventDefault();
      show(moves[event.key]());
    });
  }

  for (const figure of document.querySelectorAll(LIVING)) living(figure);
})();

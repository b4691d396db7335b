// Colors of a widget: which mode the page is in, and the palette for it.
//
//   const stop = watchTheme(root, redraw)    sets root.dataset.theme to "light" or "dark", calls redraw when it changes
//   const c = palette(root)                  c.ink c.muted c.line c.surface c.plot c.accent c.alert c.test c.zero c.low
//                                            c.high
//   c.classes[k]                             color of class k; CLASS_SHAPES[k] is its marker: never tell classes by
//                                            color alone
//   prefersReducedMotion()                   true when the reader asked for less motion
//
// The values themselves stand in widget.css as CSS variables. Binary data: class 0 (y = -1) is the orange square, class
// 1 (y = +1) the blue circle; a field runs from low (orange) over zero to high (blue).

export const CLASS_SHAPES = ["square", "circle"];

const darkQuery = () => window.matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const book = document.documentElement.dataset.theme;
  if (book === "dark" || book === "light") return book === "dark";
  const lab = document.body.dataset.jpThemeLight;
  if (lab === "false" || lab === "true") return lab === "false";
  return darkQuery().matches;
}

export function watchTheme(root, onChange) {
  const update = () => {
    const theme = isDark() ? "dark" : "light";
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    onChange();
  };
  root.dataset.theme = isDark() ? "dark" : "light";
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const query = darkQuery();
  query.addEventListener("change", update);
  return () => {
    observer.disconnect();
    query.removeEventListener("change", update);
  };
}

export function palette(root) {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(`--nn-${name}`).trim();
  const names = ["ink", "muted", "line", "surface", "plot", "accent", "alert", "test", "zero", "low", "high"];
  const colors = Object.fromEntries(names.map((name) => [name, read(name)]));
  colors.classes = CLASS_SHAPES.map((_, k) => read(`class-${k}`));
  return colors;
}

export function prefersReducedMotion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

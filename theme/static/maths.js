// Typesets the formulas once the widgets stand, so that no widget waits for MathJax, which is ten times the rest.
// `MathJax.startup.promise` holds from the start, as if MathJax were there: once kept, the page is typeset.
(() => {
  const address = new URL("mathjax/tex-chtml.js", document.currentScript.src);
  const load = (resolve) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(MathJax.startup.promise);
    script.onerror = resolve; // formulas stay in TeX
    document.head.append(script);
  };
  const widgets = Promise.resolve(window.nnlibHost);
  window.MathJax = { ...window.MathJax, startup: { promise: widgets.then(() => new Promise(load)) } };
})();

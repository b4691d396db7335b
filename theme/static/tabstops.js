// The keyboard reaches what scrolls sideways: the theme sees to it for code, and only when the page changes its width.
// Here for tables too, and also in a dropdown that is opened later. Widgets see to their own.

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const wide of document.querySelectorAll("main :is(pre, table.table):not(.nnlib-widget *)")) watcher.observe(wide);

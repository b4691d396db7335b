//   element(tag, { property: value }, ...children)
//   load(address)    a promise of a script that has run

export function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

export const load = (src) =>
  new Promise((onload, onerror) => document.head.append(element("script", { src, onload, onerror })));

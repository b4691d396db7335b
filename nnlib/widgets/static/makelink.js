// Makes and copies the link to a widget as it is (see link.js).
(() => {
  const { LONGEST, MARK, settingsOf, text, through } = window.nnlibLink;
  const MANY = "There are too many points for a link.";
  const OWN = "A link cannot carry your table. With another data set, it carries your settings.";

  async function pack(value) {
    const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text(value)));
    return btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  }

  // Numbers of long lists to five digits, which no picture shows to be others.
  const short = (v) => {
    const long = Array.isArray(v) && v.flat(3).length > 8;
    return long ? JSON.parse(text(v), (_, one) => (typeof one === "number" ? Number(one.toPrecision(5)) : one)) : v;
  };
  // Where in its file a table stands is of no use elsewhere.
  const pointsOf = ({ points, table: { source, ...table } = {}, ...given }) => ({
    ...given,
    points: short(points),
    ...(table.names && { table }),
  });
  // { link } or, in words, { refusal }.
  async function linkOf({ model, kind, number, first, hash }, lock = [], hide = []) {
    if (!window.CompressionStream) return { refusal: "This browser is too old to make links." };
    if (model.get("dataset") === "own") return { refusal: OWN };
    const changed = Object.keys(first).filter((name) => text(model.get(name)) !== text(first[name]));
    const s = Object.fromEntries(
      changed.map((name) => {
        const value = model.get(name);
        return [name, name === "_given" && value ? pointsOf(value) : short(value)];
      }),
    );
    if (s._given?.points.length > settingsOf(model)._given?.[1]) return { refusal: s._given.table ? OWN : MANY };
    const code = await pack({ k: kind, n: number, h: hash, s, lock, hide });
    const link = location.href.split("#")[0] + MARK + code;
    if (link.length < LONGEST) return { link };
    const [largest] = changed.sort((a, b) => text(s[b]).length - text(s[a]).length);
    if (largest === "_given" && model.get("_given").table) return { refusal: OWN };
    const what = { weights: "This network has too many weights for a link.", _given: MANY }[largest];
    return { refusal: what ?? "Too much has been changed for a link." };
  }

  async function copy({ widget, note, field, more }, lock, hide) {
    const { link, refusal } = await linkOf(widget, lock, hide);
    field.hidden = true;
    more.hidden = Boolean(refusal);
    if (refusal) return void (note.textContent = refusal);
    try {
      await navigator.clipboard.writeText(link);
      note.textContent = "Link copied.";
    } catch {
      Object.assign(field, { value: link, hidden: false }).focus();
      note.textContent = "Copy this link with Ctrl+C or ⌘C.";
    }
  }

  window.nnlibLink.copy = copy;
})();

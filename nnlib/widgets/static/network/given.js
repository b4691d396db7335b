// Points that Python or the reader gave. They keep their own units; where they come from a `table`, the plane and the
// network have them standardized as it says: { names, classes, center, scale } of x1, x2 and the target.
//
//   inPlane(given)            the points [x1, x2, target] as the network gets them
//   ownUnits(table, k, v)     a coordinate of the plane (k: 0 or 1), or a target (2), in units of the table
//   nameOf(table, k)          what it is called, shortened; without a table "x₁" or "x₂"
//   axesOf(table)             for plot.axes

const INDEX = ["x₁", "x₂", "y"];
const shorten = (text) => (text.length > 32 ? `${text.slice(0, 31)}…` : text);

export const inPlane = ({ points, table }) =>
  table ? points.map((point) => point.map((v, k) => (v - table.center[k]) / table.scale[k])) : points;

export const ownUnits = (table, k, v) => (table ? table.center[k] + table.scale[k] * v : v);

export const nameOf = (table, k) => (table ? shorten(table.names[k]) : INDEX[k]);

export function axesOf(table) {
  const axis = (k) =>
    table
      ? { label: `${INDEX[k]}: ${nameOf(table, k)}`, center: table.center[k], scale: table.scale[k] }
      : { label: INDEX[k] };
  return { x: axis(0), y: axis(1) };
}

// Numbers whose power of ten counts, such as what is left of a gradient.
//
//   raised(exponent)      as it is written above the line: ⁻¹²
//   power(exponent)       a place on an axis of powers of ten: 10⁻³, or 0.05 between two of them
//   tiny(value, digits)   in a sentence or a table, also where plot.js's fmt would call it 0: 2.5e−15

import { fmt } from "./plot.js";

export const raised = (exponent) => String(exponent).replace(/[-\d]/g, (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]));

export const power = (exponent) => {
  if (!Number.isInteger(exponent)) return fmt(10 ** exponent, 2);
  return exponent === 0 ? "1" : `10${raised(exponent)}`;
};

export const tiny = (value, digits) =>
  value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential(digits - 1).replace(/-/g, "−") : fmt(value, digits);

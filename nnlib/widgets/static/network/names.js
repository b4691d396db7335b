// What the parts of the network playground are called, in its controls, its readout and its table alike.

import { FEATURES } from "./data.js";
import { nameOf } from "./given.js";

export function createNames({ state, lab }) {
  const inputName = (feature) => {
    const { label } = FEATURES[feature];
    const k = ["x1", "x2"].indexOf(feature);
    return lab.table && k >= 0 ? `${label} (${nameOf(lab.table, k)})` : label;
  };
  const names = {
    inputs: () => state.get("features").map(inputName),
    plane: () => ["x1", "x2"].map(inputName),
    layer: (layer) => (layer === lab.last ? "output" : `hidden ${layer + 1}`),
    unit: (layer, to) => (layer === lab.last ? "the output" : `unit ${to + 1} of hidden layer ${layer + 1}`),
    source: (layer, from) => (layer === 0 ? names.inputs()[from] : `unit ${from + 1} of hidden layer ${layer}`),
    weight: ({ layer, to, from }) =>
      from < 0
        ? `Bias of ${names.unit(layer, to)}`
        : `Weight from ${names.source(layer, from)} to ${names.unit(layer, to)}`,
  };
  return names;
}

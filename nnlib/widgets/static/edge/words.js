// What is said of a run.

import { fmt } from "../shared/plot.js";
import { tiny } from "../shared/powers.js";
import { EVERY } from "./descent.js";

const RECENT = 100; // steps that a verdict looks back on
const count = (n) => n.toLocaleString("en-US");

// How often the loss has risen of late.
export function spoken({ losses, made }) {
  if (made === 0) return "";
  const last = losses.slice(-RECENT - 1);
  const rises = last.filter((loss, k) => k && loss > last[k - 1]).length;
  return made < RECENT
    ? `The loss has risen in ${rises} of ${count(made)} steps.`
    : `The loss has risen in ${rises} of the last ${RECENT} steps.`;
}

export function standing(run, limit, momentum) {
  const { losses, sharpness, made, diverged } = run;
  const formula = momentum ? "2(1 + μ)/η" : "2/η";
  const now = sharpness.at(-1);
  const first = `Step ${count(made)}: loss ${tiny(losses[made], 3)}, sharpness ${fmt(now)}, limit ${formula} = ${fmt(limit)}.`;
  if (diverged)
    return [
      `Diverged at step ${count(made)}. The last sharpness measured was ${fmt(now)}, the limit ${formula} is ${fmt(limit)}.`,
      "Go to the start, and choose a smaller rate.",
    ];
  const recent = sharpness.slice(-RECENT / EVERY);
  const ratio = recent.reduce((sum, value) => sum + value, 0) / recent.length / limit;
  const verdict =
    made < RECENT
      ? ratio > 1
        ? "The sharpness begins above its limit."
        : "The sharpness begins below its limit."
      : ratio < 0.9
        ? "Below the limit: no direction is too steep for this rate."
        : ratio < 1.1
          ? `At the edge: in the last ${RECENT} steps the sharpness was on average ${ratio.toFixed(2)} times its limit.`
          : "Above the limit: along the steepest direction, each step overshoots farther than the one before.";
  return [first, verdict, spoken(run)];
}

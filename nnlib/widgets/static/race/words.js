// The race in words: who is where, who was first, and what a step does to the error along each eigendirection.

import { fmt } from "../shared/plot.js";
import { tiny } from "../shared/powers.js";
import { TARGET, arrival } from "./surfaces.js";

const { abs, max, sqrt } = Math;
const list = (parts) => parts.join(", ");
export const amount = (v, digits = 2) => (v < 1e-12 ? "below 10⁻¹²" : tiny(v, digits));
const ROUNDING = 1e-9; // 2/λ as a rate, rounded, is on neither side of it
// A loss that went up and down by half in its last steps says little by its last value, whose digits are rounding's.
const swings = (losses, made) => {
  const last = losses.slice(max(0, made - 20), made + 1);
  return (
    last.some((v, k) => k && v > 1.5 * last[k - 1] && v > 1e-12) && last.some((v, k) => k && last[k - 1] > 1.5 * v)
  );
};
const steps = (n) => `${n} step${n === 1 ? "" : "s"}`;

export function standing(runs, made, least) {
  const above = least > 0 ? `loss above its minimum of ${tiny(least, 2)}` : "loss";
  if (!made) return `At the start, the ${above} is ${amount(runs[0].losses[0])}. Play or Step lets the optimizers go.`;
  const each = runs.map(({ name, losses, end }) =>
    end <= made
      ? `${name} has diverged (step ${end})`
      : `${name} ${amount(losses[made])}${swings(losses, made) ? " (swinging)" : ""}`,
  );
  return `After ${steps(made)}, ${above}: ${list(each)}.`;
}

export function finish(runs, made) {
  if (!made) return "";
  const there = runs.map((run) => [run.name, arrival(run)]).filter(([, k]) => k <= made);
  if (!there.length) return `None is below ${TARGET} for good yet.`;
  there.sort((a, b) => a[1] - b[1]);
  const first = there.filter(([, k]) => k === there[0][1]);
  const then = there.slice(first.length).map(([name, k]) => `${name} (${k})`);
  const names = first.map(([name]) => name).join(" and ");
  return `First below ${TARGET} for good: ${names}, from step ${first[0][1]}${then.length ? `; then ${list(then)}` : ""}.`;
}

// What a step of SGD multiplies the error by along a direction of that curvature, and what one of SGD with momentum
// does in the long run: the larger root of z² − (1 + μ − ηλ) z + μ = 0.
export const factor = (rate, value) => 1 - rate * value;
export function lasting(rate, value, mu) {
  const half = (1 + mu - rate * value) / 2;
  const under = half * half - mu;
  return under < 0 ? sqrt(mu) : max(abs(half + sqrt(under)), abs(half - sqrt(under)));
}

// Two numbers that differ, with as many digits as show it.
function apart(a, b) {
  let digits = 3;
  while (digits < 12 && fmt(a, digits) === fmt(b, digits)) digits += 1;
  return [fmt(a, digits), fmt(b, digits)];
}

const FACTOR = "1\u00a0−\u00a0ηλ";
const NAMES = ["steep", "flat"];
export const round = (modes) => modes[0].value - modes[1].value < 1e-9 * modes[0].value;
export const directions = (modes) =>
  round(modes) ? ["first direction", "second direction"] : NAMES.map((name) => `${name} direction`);

export function predicted(runs, modes, mu) {
  const along = (k) => (round(modes) ? "in every direction" : `along the ${NAMES[k]} direction`);
  const which = round(modes) ? [0] : [0, 1];
  return runs.flatMap(({ name, rate }) => {
    if (name === "SGD") {
      const [worst] = modes;
      const f = which.map((k) => factor(rate, modes[k].value));
      if (abs(f[0]) > 1 + ROUNDING) {
        const [eta, limit] = apart(rate, 2 / worst.value);
        return `SGD diverges ${along(0)}: ${FACTOR} = ${apart(f[0], -1)[0]}, since η = ${eta} is above 2/λ = ${limit}.`;
      }
      const sides = (number) => (number.startsWith("−") ? `${number} (it changes sides)` : number);
      const each = which.map((k) => `${sides(fmt(f[k]))} ${along(k)} (λ = ${fmt(modes[k].value)})`);
      return `A step of SGD multiplies the error by ${FACTOR}: ${each.join(", ")}.`;
    }
    if (name !== "momentum") return [];
    const limit = (2 * (1 + mu)) / modes[0].value;
    if (rate > limit * (1 + ROUNDING)) {
      const [eta, bound] = apart(rate, limit);
      return `Momentum diverges ${along(0)}: η = ${eta} is above 2 (1 + μ)/λ = ${bound}.`;
    }
    const f = modes.map(({ value }) => fmt(lasting(rate, value, mu)));
    const each = f[0] === f[1] ? `${f[0]} in every direction` : which.map((k) => `${f[k]} ${along(k)}`).join(", ");
    return `With momentum, the factor of a step is in the long run ${each}.`;
  });
}

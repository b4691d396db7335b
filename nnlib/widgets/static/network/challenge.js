// The challenges in the page: one is chosen and set up, its rules are watched, and what was reached is remembered in
// the reader's browser.

import { button, element, group, row, select } from "../shared/controls.js";
import { CHALLENGES, broken } from "./challenges.js";
import { createSetup } from "./setup.js";

const KEY = "nnlib-challenges";

// A browser may refuse to keep anything, and what it kept may be anything.
function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return new Set(CHALLENGES.map(({ id }) => id).filter((id) => kept.includes(id)));
  } catch {
    return new Set();
  }
}
function save(reached) {
  try {
    localStorage.setItem(KEY, JSON.stringify([...reached]));
  } catch {}
}

export function createChallenge(parts) {
  const { state, lab } = parts;
  const setUp = createSetup(parts);
  let reached = load();
  let chosen = null;
  let won = null; // the epoch in which the chosen one was reached
  const text = element("p", { class: "nn-challenge-text" });
  const status = element("p", { class: "nn-note", role: "status" });
  const control = select({ label: "Challenge", name: "challenge", options: [], value: "", onChange: choose });
  const again = button({ label: "Set up again", name: "challenge-again", onClick: () => choose(chosen.id) });
  const forget = button({
    label: "Forget what I reached",
    name: "challenge-forget",
    onClick() {
      reached = new Set();
      save(reached);
      say();
      control.el.querySelector("select").focus(); // this button is gone
    },
  });

  function choose(id) {
    chosen = won = null; // what is still on screen does not count
    const next = CHALLENGES.find((one) => one.id === id);
    if (next) setUp(next.settings);
    // After the new points, which come as soon as all that changes with them is here.
    queueMicrotask(() => {
      chosen = next ?? null;
      state.refresh();
    });
  }

  function look() {
    const { network, trainer } = lab;
    const part = (from, to) => Array.from(network.parameters.subarray(from, to));
    return {
      get: state.get,
      epoch: trainer.epoch,
      units: state.get("hidden").reduce((sum, count) => sum + count, 0),
      parameters: network.parameters.length,
      weights: network.layers.flatMap(({ weight, bias }) => part(weight, bias)),
      biases: network.layers.flatMap(({ outputs, bias }) => part(bias, bias + outputs)),
      ...lab.losses,
    };
  }

  function say() {
    const mark = (id) => (reached.has(id) ? "✓ " : "");
    const options = CHALLENGES.map(({ id, title }, k) => [id, `${mark(id)}${k + 1}. ${title}`]);
    control.setOptions([["", "choose one of twelve"], ...options], chosen?.id ?? "");
    again.el.hidden = !chosen;
    forget.el.hidden = reached.size === 0;
    text.textContent = chosen?.text ?? "";
    text.hidden = !chosen;
    let news = "";
    if (won !== null) news = `Reached after ${won} ${won === 1 ? "epoch" : "epochs"}. `;
    else if (chosen) {
      const reason = broken(chosen, look());
      news = reason ? `Rule broken: ${reason}. ` : "Not reached yet. ";
    }
    const line = `${news}${reached.size} of ${CHALLENGES.length} reached.`;
    if (status.textContent !== line) status.textContent = line; // or it would be read aloud again
    status.classList.toggle("nn-won", won !== null);
  }

  function watch() {
    if (!chosen || won !== null || lab.diverged) return;
    const now = look();
    if (broken(chosen, now) || !chosen.goal(now)) return;
    won = now.epoch;
    reached.add(chosen.id);
    save(reached);
  }
  state.on("trained", watch);
  state.on("refresh", () => {
    watch();
    say();
  });
  return group("Challenges", row(control.el, again.el, forget.el), text, status);
}

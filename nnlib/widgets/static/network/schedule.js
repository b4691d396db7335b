// The learning rate over the epochs: its schedule, the epochs that this takes, and the rate that is in force.

import { element, select, write } from "../shared/controls.js";
import { fmt } from "../shared/plot.js";
import { rateAt } from "./rates.js";

const LABELS = [
  ["constant", "none"],
  ["StepLR", "StepLR: a tenth after every N epochs"],
  ["CosineAnnealingLR", "CosineAnnealingLR: to 0 in N epochs and back"],
  ["LinearLR", "LinearLR: warm-up in N epochs"],
];

// `span`: the control of the trait schedule_epochs.
export function createSchedule({ state, frame, lab }, span) {
  const { get, put } = state;
  const control = select({
    label: "Schedule",
    name: "schedule",
    options: LABELS,
    value: get("schedule"),
    onChange: (schedule) => put({ schedule }),
  });
  const now = element("span", { class: "nn-note" });
  control.el.classList.add("nn-wide");
  control.el.querySelector("label").append(now);
  frame.listen(state.model, ["schedule"], () => control.set(get("schedule")));
  frame.listen(state.model, ["schedule", "schedule_epochs"], state.refresh);
  state.on("refresh", () => {
    const schedule = get("schedule");
    span.hidden = now.hidden = schedule === "constant";
    const rate = rateAt(schedule, get("learning_rate"), lab.trainer.epoch, get("schedule_epochs"));
    write(now, `, now ${fmt(rate)}`);
  });
  return [control.el, span];
}

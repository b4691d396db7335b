// Training: its buttons, its speed and the count of its epochs, and run.el, what is said once it has diverged.
//
// The trait `playing` says whether some view trains; the view that is to train follows it and plays.
// run.open(), at the end of render, plays where the page was saved with `playing`.

import { button, element, select, write } from "../shared/controls.js";
import { createPlayer } from "../shared/frame.js";
import { prefersReducedMotion } from "../shared/theme.js";

const SLICE = 7; // milliseconds of training per animation frame at most, so that the page stays live
const PAUSE = 0.025; // seconds between two pictures at least: one in every second frame of most screens
const WORDS = 0.1; // and between two changes of words and controls, which have the page laid out again
const FRAME = 1 / 60;

export function createRun({ state, frame, lab, sync, picker }) {
  const { get, put, has, refresh } = state;
  const playButton = button({
    label: "Play",
    name: "play",
    primary: true,
    onClick: () => (get("playing") ? sync.stop() : sync.start()),
  });
  const stepButton = button({ label: "Step", name: "step", onClick: step });
  const seedButton = button({ label: "New weights", name: "new-seed", onClick: () => put({ seed: get("seed") + 1 }) });
  const speed = select({
    label: "Speed",
    name: "speed",
    value: "60",
    options: [
      ["5", "5 epochs a second"],
      ["60", "60 epochs a second"],
      ["1000", "1000 epochs a second"],
    ],
  });
  const counter = element("span", { class: "nn-epoch" });
  if (has("play")) {
    frame.actions.prepend(playButton.el, stepButton.el);
    frame.actions.append(seedButton.el, speed.el);
    frame.head.append(counter);
  }
  const problem = element("div", { class: "nn-diverged", role: "alert" });
  const restoreButton = button({
    label: "Restore the last finite weights",
    name: "restore",
    primary: true,
    onClick: restore,
  });

  // Where playing stops by itself: only what lies ahead when it starts, so that Play goes on beyond what was reached.
  let stops = {};
  function aim() {
    lab.stopped = null;
    const [epoch, loss] = [get("stop_epoch"), get("stop_loss")];
    stops = { epoch: epoch > lab.trainer.epoch && epoch, loss: loss > 0 && lab.lossOf(lab.train).loss > loss && loss };
  }
  function reached() {
    if (stops.epoch && lab.trainer.epoch >= stops.epoch) return "epoch";
    return stops.loss && lab.lossOf(lab.train).loss <= stops.loss ? "loss" : null;
  }
  frame.listen(state.model, ["stop_epoch", "stop_loss"], aim);
  state.on("build", aim);

  const held = () => (picker.holding ? picker.selected : null);

  function step() {
    sync.stop();
    if (lab.diverged) return;
    // A pause may have come inside an epoch; a step always ends with one.
    lab.advance(1, Infinity, held());
    sync.push();
    refresh();
  }

  function restore() {
    lab.restore();
    sync.push();
    refresh();
    playButton.el.focus();
  }

  // Pictures take about half of the time at most, also where one takes longer than a frame: the page stays live.
  let pause = PAUSE;
  let since = 0; // seconds since what is shown was the newest
  let sinceWords = 0; // the same of words and controls
  let ticks = 0; // since the last picture, which took its time before the first of them
  let unseen = false;
  function show(seconds, trained) {
    since += seconds;
    sinceWords += seconds;
    ticks += 1;
    unseen ||= trained;
    if (ticks === 1) pause = Math.max(PAUSE, Math.min(0.5, 3 * (seconds - FRAME)));
    if (!unseen || since < pause) return;
    [since, ticks, unseen] = [0, 0, false];
    if (sinceWords < WORDS) return frame.redraw();
    sinceWords = 0;
    refresh();
  }

  let owed = 0; // epochs that the speed asks for and that are not yet trained
  const player = createPlayer(frame, {
    tick(seconds) {
      if (lab.diverged) return false;
      owed = Math.min(owed + seconds * Number(speed.value), Math.max(1, Number(speed.value) / 2));
      const epochs = Math.floor(owed);
      if (epochs) {
        owed -= epochs;
        lab.advance(epochs, SLICE, held(), reached);
        state.tell("trained");
        sync.pushSoon();
      }
      show(seconds, epochs > 0);
      return !lab.diverged && !lab.stopped;
    },
    onChange(playing) {
      owed = 0;
      if (playing) return aim();
      sync.push();
      sync.stop();
    },
  });

  function follow() {
    sync.claim();
    if (!get("playing")) player.pause();
    else if (sync.mine) player.play();
    frame.quiet(get("playing")); // also in a view that only follows
    refresh();
  }

  function open() {
    if (!get("playing")) return;
    // Nobody has asked for the motion, unless another view trains already.
    if (prefersReducedMotion() && !get("_trainer")) sync.stop();
    else follow();
  }

  function showProblem() {
    const { diverged, lastFinite } = lab;
    const key = diverged ? `${diverged.epoch} ${lastFinite.epoch}` : "";
    if (problem.dataset.key === key) return;
    problem.dataset.key = key;
    problem.replaceChildren();
    if (!diverged) return;
    const advice =
      get("learning_rate") > 0.03 ? `a smaller learning rate than ${get("learning_rate")}` : "smaller weights";
    problem.append(
      element("p", {
        text: `Training stopped in epoch ${diverged.epoch}: a weight went beyond ±1,000,000 or is no longer a number. Each step overshot and made the next one larger. Try ${advice}.`,
      }),
      restoreButton.el,
      element("span", { class: "nn-note", text: `They are those of epoch ${lastFinite.epoch}. Reset starts over.` }),
    );
  }

  state.on("refresh", () => {
    playButton.setLabel(get("playing") ? "Pause" : "Play");
    playButton.disable(Boolean(lab.diverged));
    stepButton.disable(Boolean(lab.diverged));
    const digits = String(lab.trainer.epoch).padStart(6, "0");
    write(counter, `Epoch ${digits.replace(/(\d{3})$/, ",$1")}`);
    showProblem();
  });
  frame.listen(state.model, ["playing"], follow);
  return { el: problem, open };
}

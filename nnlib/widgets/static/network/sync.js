// The weights in step with Python, and with other views of the same model.
//
// The trait `weights` follows the network that is trained here, at most a few times a second, and moves it when Python
// assigns. Of several views, as a notebook may show, one trains and the others follow.
//
//   sync.push()  sync.pushSoon()             tell Python the weights
//   sync.start()  sync.stop()                set the trait `playing`, here or for whichever view trains
//   sync.claim()  sync.mine  sync.training   is it for this view to train, and does it?

import { sizesOf } from "./lab.js";

const EVERY = 250; // milliseconds between two messages while something moves

export function createSync({ state, frame, lab }) {
  const { model, get, put } = state;
  const me = Math.random().toString(36).slice(2);
  let timer = 0;
  let pushing = false;
  const sync = {
    push() {
      clearTimeout(timer);
      timer = 0;
      // While a new shape arrives the network still has the old one, and Python would refuse the whole message.
      if (!lab.trainer || !lab.network.isFinite() || String(lab.network.sizes) !== String(lab.sizes)) return;
      const now = { weights: lab.network.toLists(), epoch: lab.trainer.epoch };
      pushing = true;
      // Once more in one: Jupyter merges what waits to be sent, trait by trait. Python also hears which of its own
      // assignments has arrived.
      put({ ...now, _report: { ...now, asked: get("_asked")[0] } });
      pushing = false;
    },
    pushSoon() {
      timer ||= setTimeout(sync.push, EVERY);
    },
    stop() {
      if (get("playing")) put({ playing: false });
    },
    get mine() {
      return get("_trainer") === me;
    },
    get training() {
      return get("playing") && sync.mine;
    },
    // The view whose button was pressed trains: another one may be scrolled away, where it rests.
    start() {
      put({ playing: true, _trainer: me });
    },
    // Started by Python, the first view to hear of it.
    claim() {
      if (!get("playing")) model.set({ _trainer: "" });
      else if (!get("_trainer")) model.set({ _trainer: me });
    },
  };

  // Weights that Python assigned: shown, and what a reset goes back to from now on.
  function adopt() {
    if (pushing) return;
    const weights = get("weights");
    const fits = String(sizesOf(weights)) === String(lab.network.sizes);
    const following = fits && get("playing") && !sync.mine;
    if (!following) lab.start = weights;
    if (!fits) return; // a change of `hidden` comes with it
    lab.network.fromLists(weights);
    lab.trainer.epoch = get("epoch");
    lab.touched = true;
    if (following) {
      lab.changed();
      lab.record();
    } else {
      lab.newTrainer();
      lab.forget();
    }
    state.refresh();
  }
  frame.listen(model, ["weights"], adopt);
  // Python has assigned weights, which are here. Of an epoch that it had already it says nothing else.
  frame.follow(model, ["_asked"], () => {
    const epoch = get("_asked")[1];
    if (lab.trainer.epoch !== epoch) {
      lab.trainer.epoch = epoch;
      lab.newTrainer();
      lab.forget();
      state.refresh();
    }
    if (sync.mine || !get("playing")) sync.pushSoon();
  });
  frame.addCleanup(() => clearTimeout(timer));
  frame.addCleanup(() => {
    if (!sync.mine) return;
    model.set({ _trainer: "" }); // or no later view could train
    sync.stop();
  });
  return sync;
}

// What the parts of the playground share. A part takes from here, and from parts made before it, what it needs; no part
// calls a later one by name.
//
//   state.get(name)  state.put({ name: value })   the model's traits, which are the settings and, last, the weights
//   state.has(group)                              does the page show this group of controls?
//   state.on(moment, handler)                     the handlers run in the order in which the parts were made
//   state.tell(moment, ...)  state.refresh()      something has happened; something shown has changed
//
// The moments: "load", the points or their features are others; "build", so is the network; "trained", its weights have
// been trained while it plays, of which only some are followed by a refresh; "refresh", controls and words follow the
// state; "draw", with the colors, pictures are painted; "reset", the reader asked for one; "setup", with
// its settings, a preset or a challenge starts over.

export function createState(model) {
  const handlers = { load: [], build: [], trained: [], refresh: [], draw: [], reset: [], setup: [] };
  const state = {
    model,
    get: (name) => model.get(name),
    put(changes) {
      model.set(changes);
      model.save_changes();
    },
    has: (group) => state.get("controls").includes(group),
    on(moment, handler) {
      handlers[moment].push(handler);
    },
    tell(moment, ...about) {
      for (const handler of handlers[moment]) handler(...about);
    },
    refresh: () => state.tell("refresh"),
  };
  return state;
}

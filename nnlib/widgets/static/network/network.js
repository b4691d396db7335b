// The network playground with all its controls.

import { createChallenge } from "./challenge.js";
import { createProgram } from "./code.js";
import { foldGroups } from "./fold.js";
import { createPlayground } from "./playground.js";
import { createPoints } from "./points.js";
import { createPresets } from "./presets.js";
import { createSchedule } from "./schedule.js";

// By the group of controls that shows it; network.py has the same names in EXTRAS. Last: what is done with all.
const extras = {
  challenges: createChallenge,
  code: createProgram,
  points: createPoints,
  presets: createPresets,
  schedule: createSchedule,
  finish: foldGroups,
};

export default createPlayground(extras);

// The program of what is on screen: the points, the line, and the perceptron rule from here on.

import { createCode, python, rows } from "../shared/code.js";
import { imports, readingOf } from "../shared/tablecode.js";

const MOST = 500; // points that are written out

export function createProgram(frame, board, limit) {
  const { get, record } = board;

  function points() {
    const [X, y, dataset] = [get("X"), get("y"), get("dataset")];
    const own = record();
    const unchanged = String([X, y]) === String([own.X, own.y]);
    if (own.source && unchanged)
      return [
        `# ${own.feature_names.join(" and ")}; class +1 is ${own.class_names[1]}, −1 is ${own.class_names[0]}.`,
        ...readingOf({ ...own, classes: own.class_names }),
        "X, y = points[:, :2], 2 * points[:, 2].astype(int) - 1",
      ];
    if (!["given", "own"].includes(dataset) && unchanged)
      return [
        `playground = PerceptronPlayground(dataset=${python(dataset)})`,
        "X, y = np.array(playground.X), np.array(playground.y)",
      ];
    const written =
      y.length > MOST
        ? `points = ...  # put the ${y.length} points [x1, x2, y] here, too many to write out`
        : `points = np.array(${rows(X.map((x, i) => [...x, y[i]]))})  # x1, x2, y`;
    return [written, "X, y = points[:, :2], points[:, 2].astype(int)"];
  }

  function program() {
    const { center, scale } = record();
    const made = points();
    const reads = made[0].startsWith("#");
    return [
      ...(reads ? [...imports, ""] : []),
      "import numpy as np",
      "",
      "import nnlib as nn",
      ...(made[0].startsWith("playground") ? ["from nnlib.widgets import PerceptronPlayground"] : []),
      "",
      ...made,
      ...(board.standardized
        ? ["# The weights act on features of like size.", `Z = (X - ${python(center)}) / ${python(scale)}`]
        : ["Z = X"]),
      "",
      `model = nn.Perceptron(learning_rate=${get("learning_rate")})`,
      `model.weights, model.bias = np.array(${python(get("w"))}), ${get("b")}`,
      'print("on screen:", np.sum(model.predict(Z) != y), "points on the wrong side")',
      "",
      "# The perceptron rule from here on: each point on the wrong side in turn, as Step takes them.",
      `i, right, updates = ${get("cursor") % get("y").length}, 0, 0`,
      `while right < len(y) and updates < ${limit}:`,
      "    if model.update(Z[i], y[i]):",
      "        updates, right = updates + 1, 0",
      "    else:",
      "        right += 1",
      "    i = (i + 1) % len(y)",
      'print("after", updates, "updates:", np.sum(model.predict(Z) != y), "points on the wrong side")',
      "print(model.weights, model.bias)",
      "",
    ].join("\n");
  }

  createCode(frame, program);
}

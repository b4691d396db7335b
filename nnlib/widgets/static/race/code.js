// The race as an nnlib program.

import { createCode, python } from "../shared/code.js";
import { OUTSIDE } from "./surfaces.js";

const LOSSES = {
  bowl: "0.5 * (w * w).sum()",
  ravine: "0.5 * ((w @ hessian) * w).sum()",
  saddle: "(w[0] ** 2 - 4) ** 2 / 16 + 0.5 * w[1] ** 2",
  rosenbrock: "(1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2",
  line: "nn.mse_loss(w[0] * x + w[1], y)",
  network: "nn.mse_loss(w[1] * nn.Tanh()(w[0] * x), y)",
};
const MAKERS = {
  SGD: (lr) => `nn.SGD([w], lr=${lr})`,
  momentum: (lr, mu) => `nn.SGD([w], lr=${lr}, momentum=${mu})`,
  RMSprop: (lr) => `nn.RMSprop([w], lr=${lr})`,
  Adam: (lr) => `nn.Adam([w], lr=${lr})`,
};

const exact = (v) => Number(v.toPrecision(12)); // without what rounding leaves

// race() gives { surface, runs }, settings() the traits.
export function createProgram(frame, settings, race) {
  createCode(frame, () => {
    const now = settings();
    const { surface, runs } = race();
    const given = [];
    if (now.surface === "ravine")
      given.push(
        `hessian = np.array(${python([surface.gradient(1, 0), surface.gradient(0, 1)].map((row) => row.map(exact)))})`,
      );
    if (surface.data)
      ["x", "y"].map((name, k) => given.push(`${name} = np.array(${python(surface.data.map((p) => p[k]))})`));
    return [
      "import numpy as np",
      "",
      "import nnlib as nn",
      "",
      ...given,
      ...(given.length ? [""] : []),
      "def loss(w):",
      `    return ${LOSSES[now.surface]}`,
      "",
      "optimizers = {",
      ...runs.map(({ name, rate }) => `    "${name}": lambda w: ${MAKERS[name](rate, now.momentum)},`),
      "}",
      "paths = {}",
      "for name, make in optimizers.items():",
      `    w = nn.Tensor(np.array(${python(now.start)}, dtype=float), requires_grad=True)`,
      "    optimizer, path = make(w), [w.data.copy()]",
      `    while len(path) <= ${now.steps} and np.abs(w.data).max() <= ${OUTSIDE}:  # beyond, it has diverged`,
      "        optimizer.zero_grad()",
      "        loss(w).backward()",
      "        optimizer.step()",
      "        path.append(w.data.copy())",
      "    paths[name] = np.array(path)",
      '    print(f"{name}: loss {loss(w).item():.3g} after {len(path) - 1} steps")',
    ].join("\n");
  });
}

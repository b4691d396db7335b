// The run as an nnlib program.

import { createCode, python } from "../shared/code.js";

export function createProgram(frame, settings) {
  createCode(frame, () => {
    const { rates, momentum, degree, seed, steps } = settings();
    const changes = rates.length > 1;
    return [
      "import numpy as np",
      "",
      "import nnlib as nn",
      "from nnlib.widgets import EdgePlayground",
      "",
      "x = np.linspace(-1, 1, 20)[:, None]",
      `y = np.cos(${degree} * np.arccos(x))`,
      `net = EdgePlayground(seed=${seed}).network  # the first weights of the page`,
      `optimizer = nn.SGD(net.parameters(), lr=${rates[0][1]}${momentum ? `, momentum=${momentum}` : ""})`,
      ...(changes ? [`rates = dict(${python(rates)})  # from which step`] : []),
      "losses = []",
      `for step in range(${steps}):`,
      ...(changes ? ["    optimizer.lr = rates.get(step, optimizer.lr)"] : []),
      "    optimizer.zero_grad()",
      "    loss = 0.5 * nn.mse_loss(net(x), y)",
      "    loss.backward()",
      "    losses.append(loss.item())",
      "    optimizer.step()",
      'print(f"loss {0.5 * nn.mse_loss(net(x), y).item():.3g}")',
    ].join("\n");
  });
}

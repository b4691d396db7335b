// The diagram's connections, on a layer of their own. Of all pictures these curves cost the browser most, and while a
// network trains they hardly change from one picture to the next.
//
//   const connections = createConnections()
//   connections.draw(plot, { units, weightOf, colors, zoom, tolerance })   they are painted anew once a line has changed by
//                                                                    more pixels than `tolerance`; with 0 always, and
//                                                                    then straight into the plot

export const thickness = (w) => 0.6 + 5 * Math.tanh(Math.abs(w) / 2.5);

export function createConnections(strokeCurve) {
  const canvas = document.createElement("canvas");
  const ctx = canvas.getContext("2d");
  let shown = "";
  let widths = []; // of a negative weight below 0

  function paint(ctx, { units, colors }, widths) {
    const [negative, positive] = colors.classes;
    ctx.save();
    ctx.lineCap = "butt";
    each(units, (a, b, _, k) => {
      const width = Math.abs(widths[k]);
      ctx.strokeStyle = widths[k] < 0 ? negative : positive;
      ctx.lineWidth = width;
      ctx.globalAlpha = 0.35 + 0.65 * Math.min(1, width / 2.5);
      ctx.setLineDash(widths[k] < 0 ? [5, 3.5] : []);
      strokeCurve(ctx, a, b);
    });
    ctx.restore();
  }

  return {
    draw(plot, picture) {
      const { units, weightOf, colors, zoom, tolerance } = picture;
      const ratio = zoom * (window.devicePixelRatio || 1);
      const now = [];
      each(units, (_a, _b, name) => {
        const w = weightOf(name);
        const width = Number.isFinite(w) ? thickness(w) : 0.6;
        now.push(w < 0 ? -width : width);
      });
      if (!tolerance) {
        shown = "";
        return paint(plot.ctx, picture, now);
      }
      const { width, height } = plot.canvas;
      const key = JSON.stringify([width, height, ratio, units, colors.classes]);
      if (key !== shown || now.some((w, k) => Math.abs(w - widths[k]) > tolerance)) {
        [shown, widths] = [key, now];
        [canvas.width, canvas.height] = [width, height]; // which also clears it
        ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
        paint(ctx, picture, now);
      }
      // Pixel upon pixel, also where the ratio is no whole number.
      plot.ctx.save();
      plot.ctx.setTransform(1, 0, 0, 1, 0, 0);
      plot.ctx.drawImage(canvas, 0, 0);
      plot.ctx.restore();
    },
  };
}

function each(units, visit) {
  let k = 0;
  for (let layer = 0; layer + 1 < units.length; layer++) {
    for (const [to, b] of units[layer + 1].entries()) {
      for (const [from, a] of units[layer].entries()) visit(a, b, { layer, to, from }, k++);
    }
  }
}

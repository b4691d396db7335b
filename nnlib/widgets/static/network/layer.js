// A part of a picture that is painted once and kept as long as nobody could see a change.
//
//   const layer = createLayer()
//   layer.draw(plot, { of, sizes, tolerance }, paint)   paint(ctx), in the plot's own coordinates, is called again once the
//                                                       plot has another size, one of the things `of` is another one,
//                                                       or one of the numbers `sizes` differs by more than `tolerance`

export function createLayer() {
  const canvas = document.createElement("canvas");
  const ctx = canvas.getContext("2d");
  let painted = [],
    paintedSizes = [];
  return {
    draw(plot, { of, sizes = [], tolerance = 0 }, paint) {
      const { width, height } = plot.canvas;
      const transform = plot.ctx.getTransform();
      const now = [width, height, transform.a, sizes.length, ...of];
      const kept =
        now.every((thing, k) => thing === painted[k]) &&
        sizes.every((size, k) => Math.abs(size - paintedSizes[k]) <= tolerance); // never for a nan
      if (!kept) {
        [painted, paintedSizes] = [now, sizes];
        if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
        ctx.setTransform(1, 0, 0, 1, 0, 0);
        ctx.clearRect(0, 0, width, height);
        ctx.setTransform(transform);
        for (const name of ["font", "lineCap", "lineJoin"]) ctx[name] = plot.ctx[name];
        paint(ctx);
      }
      // Pixel upon pixel, also where the ratio is no whole number.
      plot.ctx.save();
      plot.ctx.setTransform(1, 0, 0, 1, 0, 0);
      plot.ctx.drawImage(canvas, 0, 0);
      plot.ctx.restore();
    },
  };
}

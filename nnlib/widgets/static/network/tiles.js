// Maps as images, all on one canvas: the browser takes one larger image sooner than many small ones.
//
//   const tiles = createTiles(count, side)          `count` images of side x side pixels
//   tiles.paint(k, shades, colors)                  shades { values, middle, top }: values over a square grid, of which
//                                                   every so many-th is painted; middle ± top spans the colors
//   tiles.show()                                    after all that is painted
//   tiles.draw(k, ctx, x, y, width, height)

export function createTiles(count, side) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [side, side * count];
  const ctx = canvas.getContext("2d");
  const image = ctx.createImageData(side, side * count);
  const pixels = new Uint32Array(image.data.buffer);
  return {
    side,
    paint(k, { values, middle, top }, colors) {
      const grid = Math.sqrt(values.length);
      const step = grid / side;
      const scale = 127.5 / top;
      const zero = 127.5 - middle * scale;
      let pixel = k * side * side;
      for (let j = 0; j < side; j++) {
        const row = j * step * grid;
        for (let i = 0; i < side; i++) {
          const level = zero + values[row + i * step] * scale;
          pixels[pixel++] = colors[level <= 0 ? 0 : level >= 255 ? 255 : level | 0];
        }
      }
    },
    show() {
      ctx.putImageData(image, 0, 0);
    },
    draw(k, target, x, y, width, height) {
      target.imageSmoothingEnabled = true;
      target.drawImage(canvas, 0, k * side, side, side, x, y, width, height);
    },
  };
}

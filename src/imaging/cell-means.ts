import type { LinearImage } from "./raw-frame.js";

export interface Cell {
  /** Of the centre of its px, -1 at the image's first px, 1 at its last. */
  readonly x: number;
  readonly y: number;
  readonly mean: number;
}

/** Means of one channel over a grid of equal parts of the image, row-major. Of mono images every channel is the same. */
export function cellMeans(image: LinearImage, channel: 0 | 1 | 2, columns: number, rows: number): Cell[] {
  const { widthPx, heightPx, channels, shares } = image;
  const source = Math.min(channel, channels - 1);
  return Array.from({ length: columns * rows }, (_, i) => {
    const [left, right] = part(i % columns, columns, widthPx);
    const [top, bottom] = part(Math.floor(i / columns), rows, heightPx);
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) sum += shares[(y * widthPx + x) * channels + source] as number;
    }
    return {
      x: (left + right - 1) / (widthPx - 1) - 1,
      y: (top + bottom - 1) / (heightPx - 1) - 1,
      mean: sum / ((right - left) * (bottom - top)),
    };
  });
}

function part(index: number, parts: number, size: number): readonly [number, number] {
  const from = Math.floor((index * size) / parts);
  return [from, Math.max(from + 1, Math.floor(((index + 1) * size) / parts))];
}

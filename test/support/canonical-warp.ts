import type { TruthImage } from "../../src/alignment/truth/truth-folder.js";

type FloatImage = TruthImage<Float32Array>;
type Mask = TruthImage<Uint8Array>;

/** Keys' cubic kernel (a = -1/2). */
function cubic(distance: number): number {
  const t = Math.abs(distance);
  if (t < 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
  return t < 2 ? -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2 : 0;
}

/** Bicubic sample; NaN where the sixteen pixels around it are not all there. */
function sample(image: FloatImage, x: number, y: number, channel: number): number {
  const { width, height, channels, data } = image;
  const [left, top] = [Math.floor(x) - 1, Math.floor(y) - 1];
  if (!(left >= 0 && top >= 0 && left + 3 < width && top + 3 < height)) return Number.NaN;
  const weights = [0, 1, 2, 3].map((i) => cubic(x - left - i));
  let sum = 0;
  for (let j = 0; j < 4; j++) {
    const row = cubic(y - top - j);
    const start = ((top + j) * width + left) * channels + channel;
    for (let i = 0; i < 4; i++) sum += row * (weights[i] ?? 0) * (data[start + i * channels] ?? Number.NaN);
  }
  return sum;
}

/** Takes lens shading and plate out: the image as a share of a white's. */
export function withoutShading(image: FloatImage, flat: FloatImage): FloatImage {
  return { ...image, data: image.data.map((value, i) => value / (flat.data[i] ?? Number.NaN)) };
}

/** Each pixel of the result shows what `image` shows where the map says; NaN where the map is. */
export function resampled(image: FloatImage, map: FloatImage): FloatImage {
  const { width, height } = map;
  const { channels } = image;
  const data = new Float32Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [map.data[pixel * 2] ?? Number.NaN, map.data[pixel * 2 + 1] ?? Number.NaN];
    for (let channel = 0; channel < channels; channel++) {
      data[pixel * channels + channel] = sample(image, x, y, channel);
    }
  }
  return { width, height, channels, data };
}

/** Flow as absolute places: what {@link resampled} takes. */
export function placesOf(flow: FloatImage): FloatImage {
  const data = flow.data.map((value, i) => {
    const pixel = i >> 1;
    return value + (i % 2 === 0 ? pixel % flow.width : Math.floor(pixel / flow.width));
  });
  return { ...flow, data };
}

/** 1 where the mask is 1 within `radius` px all around, square. */
export function eroded(mask: Mask, radius: number): Mask {
  const { width, height } = mask;
  const along = (from: Uint8Array, step: number, position: (i: number) => number, extent: number) =>
    from.map((_, i) => {
      const at = position(i);
      if (at < radius || at >= extent - radius) return 0;
      for (let d = -radius; d <= radius; d++) if (from[i + d * step] !== 1) return 0;
      return 1;
    });
  const rows = along(mask.data, 1, (i) => i % width, width);
  return { ...mask, data: along(rows, width, (i) => Math.floor(i / width), height) };
}

export interface Agreement {
  /** Peak signal-to-noise ratio, peak 1, over all channels. */
  readonly psnrDb: number;
  readonly pixels: number;
}

/** Over the pixels that both masks admit and both images have. */
export function agreement(a: FloatImage, b: FloatImage, masks: readonly Mask[]): Agreement {
  let sum = 0;
  let values = 0;
  for (let i = 0; i < a.data.length; i++) {
    const pixel = Math.floor(i / a.channels);
    const difference = (a.data[i] ?? Number.NaN) - (b.data[i] ?? Number.NaN);
    if (Number.isNaN(difference) || masks.some((mask) => mask.data[pixel] !== 1)) continue;
    sum += difference * difference;
    values++;
  }
  return { psnrDb: -10 * Math.log10(sum / values), pixels: values / a.channels };
}

/** A mask of one view where the other sees it: 1 where the place that the flow leads to is in `mask`. */
export function carried(mask: Mask, places: FloatImage): Mask {
  const { width, height } = mask;
  const data = Uint8Array.from({ length: width * height }, (_, pixel) => {
    const [x, y] = [Math.round(places.data[pixel * 2] ?? -1), Math.round(places.data[pixel * 2 + 1] ?? -1)];
    return x >= 0 && y >= 0 && x < width && y < height ? (mask.data[y * width + x] ?? 0) : 0;
  });
  return { width, height, channels: 1, data };
}

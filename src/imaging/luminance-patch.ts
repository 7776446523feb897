/** A small luminance picture of one part of a frame, upright and un-mirrored by coordinates only. */
import { type Orientation, orientationOf } from "./orientation.js";
import { pixelLayouts } from "./pixel-layout.js";
import type { LinearImage, SampleFrame } from "./raw-frame.js";

/** Something with luminance: stored samples or a decoded image, seen upright. */
export interface LuminanceSource {
  readonly values: Uint16Array | Float32Array;
  readonly orientation: Orientation;
  readonly channels: 1 | 3;
  /** Value in the dark, and one over (white - dark). */
  readonly black: number;
  readonly perRange: number;
  readonly isMosaic: boolean;
}

export function luminanceOfSamples(frame: SampleFrame): LuminanceSource {
  const layout = pixelLayouts[frame.pixelFormat];
  return {
    values: frame.samples,
    orientation: orientationOf(frame, frame.mount),
    channels: layout.samplesPerPixel,
    black: frame.blackLevel,
    perRange: 1 / (frame.whiteLevel - frame.blackLevel),
    isMosaic: layout.cfa !== null,
  };
}

export function luminanceOfImage(image: LinearImage): LuminanceSource {
  return {
    values: image.shares,
    orientation: orientationOf(image, { rotationDeg: 0, mirrored: false }),
    channels: image.channels,
    black: 0,
    perRange: 1,
    isMosaic: false,
  };
}

/** Upright px, the right and lower edge excluded. */
export interface PixelBox {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Summed-area table of a patch: entry (i, j) is the sum of all patch px above and left of (i, j). */
export interface LuminancePatch {
  /** Size of the patch; the table has one more row and column. */
  readonly columns: number;
  readonly rows: number;
  /** Source px per patch px. */
  readonly binning: number;
  readonly table: Float64Array;
}

/**
 * Averages `binning` × `binning` px into one, all channels alike. A mosaic is averaged over at least
 * 2 × 2 px, so that every patch px has seen all of its colors in the same mixture; an even binning
 * is needed from 2 on. Px outside of the frame repeat its edge.
 */
export function luminancePatch(source: LuminanceSource, box: PixelBox, binning: number): LuminancePatch {
  const columns = Math.ceil(box.widthPx / binning);
  const rows = Math.ceil(box.heightPx / binning);
  const table = new Float64Array((columns + 1) * (rows + 1));
  const span = source.isMosaic ? Math.max(2, binning) : binning;
  for (let row = 0; row < rows; row++) {
    let rowSum = 0;
    for (let column = 0; column < columns; column++) {
      rowSum += meanOver(source, box.leftPx + column * binning, box.topPx + row * binning, span);
      const above = row * (columns + 1) + column + 1;
      table[above + columns + 1] = (table[above] as number) + rowSum;
    }
  }
  return { columns, rows, binning, table };
}

function meanOver(source: LuminanceSource, left: number, top: number, span: number): number {
  const { values, channels } = source;
  const { origin, stepU, stepV, widthPx, heightPx } = source.orientation;
  let sum = 0;
  for (let v = top; v < top + span; v++) {
    const row = origin + Math.min(Math.max(v, 0), heightPx - 1) * stepV;
    for (let u = left; u < left + span; u++) {
      const i = (row + Math.min(Math.max(u, 0), widthPx - 1) * stepU) * channels;
      sum += values[i] as number;
      if (channels === 3) sum += (values[i + 1] as number) + (values[i + 2] as number);
    }
  }
  return (sum / (span * span * channels) - source.black) * source.perRange;
}

/** Mean luminance over patch px [left, right) × [top, bottom), all inside of the patch. */
export function patchMean(
  patch: LuminancePatch,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  const { table, columns } = patch;
  const at = (column: number, row: number): number => table[row * (columns + 1) + column] as number;
  const sum = at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
  return sum / ((right - left) * (bottom - top));
}

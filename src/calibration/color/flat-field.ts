/** Gains that make a uniform target uniform, for each channel, from images of one. */
import { setImmediate } from "node:timers/promises";
import { WorldError } from "../../base/errors.js";
import { leastSquares } from "../../color/least-squares.js";
import { type Cell, cellMeans } from "../../imaging/cell-means.js";
import { inSlices } from "../../imaging/in-slices.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { ColorCalibration } from "../../schema/calibration-color.js";

export type FlatField = NonNullable<NonNullable<ColorCalibration["light"]["near"]>["flat"]>;

/** Nodes along the longer and the shorter side; between two of them gains are straight to better than 0.1 %. */
const [longNodes, shortNodes] = [33, 27];
/** Of the polynomial of the signal's logarithm; lenses, plate and shading are smooth. */
const degree = 6;
const leastSignal = 0.05;
const mostSignal = 0.95;
/** Cells along each side that the uniformity is judged in. */
const judgedCells = 24;

const powers: readonly (readonly [number, number])[] = Array.from({ length: degree + 1 }, (_, total) =>
  Array.from({ length: total + 1 }, (_, y) => [total - y, y] as const),
).flat();

const termsAt = (x: number, y: number): number[] => powers.map(([i, j]) => x ** i * y ** j);

/** -1 at the first px, 1 at the last one. */
const centred = (index: number, count: number): number => (count > 1 ? (2 * index) / (count - 1) - 1 : 0);

/**
 * A smooth surface through each channel's signal, as gains on a coarse grid over the whole image, 1 in its middle.
 * Noise, dust and texture of the target average out.
 * @param images of the same even field, dark offset taken off; they are averaged. Mono images give equal channels.
 * @throws WorldError CALIBRATION_REFUSED when a channel is too dark or near saturation anywhere.
 */
export async function makeFlatField(images: readonly LinearImage[]): Promise<FlatField> {
  const { widthPx, heightPx } = images[0] as LinearImage;
  const [columns, rows] = widthPx >= heightPx ? [longNodes, shortNodes] : [shortNodes, longNodes];
  const gains = new Array<number>(columns * rows * 3);
  for (const channel of [0, 1, 2] as const) {
    const surface = await fitSurface(images, channel, columns, rows);
    const middle = surface(0, 0);
    for (let node = 0; node < columns * rows; node++) {
      const x = centred(node % columns, columns);
      const y = centred(Math.floor(node / columns), rows);
      gains[3 * node + channel] = Math.exp(middle - surface(x, y));
    }
  }
  return { columns, rows, gains };
}

/** Logarithm of a channel's signal at (x, y), each -1 to 1. */
async function fitSurface(
  images: readonly LinearImage[],
  channel: 0 | 1 | 2,
  columns: number,
  rows: number,
): Promise<(x: number, y: number) => number> {
  const cells: (readonly Cell[])[] = [];
  for (const image of images) {
    cells.push(cellMeans(image, channel, columns, rows));
    await setImmediate();
  }
  const terms: number[][] = [];
  const logs: number[][] = [];
  for (const [i, cell] of (cells[0] ?? []).entries()) {
    const signal = cells.reduce((sum, means) => sum + (means[i]?.mean as number), 0) / cells.length;
    if (!(signal > leastSignal && signal < mostSignal)) throw badField(signal);
    terms.push(termsAt(cell.x, cell.y));
    logs.push([Math.log(signal)]);
  }
  // More cells than terms, spread over the image: always determined.
  const weights = leastSquares(terms, logs) as number[][];
  return (x, y) => termsAt(x, y).reduce((sum, term, k) => sum + term * (weights[k]?.[0] as number), 0);
}

/** The image with every px times its gain, bilinear between the nodes. */
export async function applyFlatField(image: LinearImage, flat: FlatField): Promise<LinearImage> {
  const { widthPx, channels } = image;
  const shares = new Float32Array(new SharedArrayBuffer(image.shares.byteLength));
  const rowLength = widthPx * channels;
  await inSlices(
    shares.length,
    (from, to) => {
      for (let y = from / rowLength; y < to / rowLength; y++) fillRow(shares, image, flat, y);
    },
    rowLength,
  );
  return { ...image, shares };
}

function fillRow(
  shares: Float32Array,
  image: LinearImage,
  { columns, rows, gains }: FlatField,
  y: number,
): void {
  const { widthPx, heightPx, channels } = image;
  const [top, down] = nodeAt(y, heightPx, rows);
  const rowGains = Float64Array.from({ length: columns * channels }, (_, i) => {
    const [column, channel] = [Math.floor(i / channels), i % channels];
    const above = gains[(top * columns + column) * 3 + channel] as number;
    const below = gains[((top + 1) * columns + column) * 3 + channel] as number;
    return above + down * (below - above);
  });
  for (let x = 0; x < widthPx; x++) {
    const [left, right] = nodeAt(x, widthPx, columns);
    for (let channel = 0; channel < channels; channel++) {
      const before = rowGains[left * channels + channel] as number;
      const after = rowGains[(left + 1) * channels + channel] as number;
      const at = (y * widthPx + x) * channels + channel;
      shares[at] = (image.shares[at] as number) * (before + right * (after - before));
    }
  }
}

/** The node before a px, and the way on to the next one, 0 to 1. */
function nodeAt(pixel: number, pixels: number, nodes: number): readonly [number, number] {
  const at = pixels > 1 ? (pixel / (pixels - 1)) * (nodes - 1) : 0;
  const node = Math.min(Math.floor(at), nodes - 2);
  return [node, at - node];
}

/** Greatest departure of any part (1/24 of each side) from the mean, in any channel, share of it. */
export async function unevenness(image: LinearImage): Promise<number> {
  let worst = 0;
  for (let channel = 0; channel < image.channels; channel++) {
    const means = cellMeans(image, channel as 0 | 1 | 2, judgedCells, judgedCells).map(({ mean }) => mean);
    const middle = means.reduce((sum, value) => sum + value, 0) / means.length;
    worst = Math.max(worst, ...means.map((value) => Math.abs(value / middle - 1)));
    await setImmediate();
  }
  return worst;
}

function badField(signal: number): WorldError {
  return new WorldError(
    "CALIBRATION_REFUSED",
    `A part of the flat field has ${(100 * signal).toFixed(1)} % of the range in one channel: too dark or too bright.`,
    { advice: "Fill the whole view with an even white and expose it to 30 to 80 % of the range." },
  );
}

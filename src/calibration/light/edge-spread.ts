/** Edge spread functions of slanted edges, oversampled (ISO 12233, e-SFR). */
import type { ImagePlane } from "../../imaging/image-plane.js";

type Place = readonly [number, number];

/** A straight edge between two places, px. */
export interface SlantedEdge {
  readonly from: Place;
  readonly to: Place;
  /** How far to either side nothing but the edge is seen, px. */
  readonly halfWidthPx: number;
}

export interface EdgeSpread {
  /** Which way the contrast runs: an upright edge shows the resolution along x. */
  readonly along: "x" | "y";
  /** Mean signal by distance from the edge, `binPx` apart, rising or falling. */
  readonly values: Float64Array;
  readonly binPx: number;
}

/** Bins of a pixel, as ISO 12233 has it. */
const oversampling = 4;
/** Left out at either end of an edge, share of its length: corners are no edges. */
const endShare = 0.18;
/** The edge must cross a whole pixel on its way for every bin to be filled. */
const leastSlantPx = 1;
const leastHalfWidthPx = 3;
const leastContrast = 0.04;
const saturationShare = 0.985;

/** @returns null for an edge that is too little slanted, too faint, saturated, or leaves the image. */
export function edgeSpread(plane: ImagePlane, edge: SlantedEdge): EdgeSpread | null {
  const upright = Math.abs(edge.to[1] - edge.from[1]) > Math.abs(edge.to[0] - edge.from[0]);
  const view = viewOf(plane, upright);
  const turned = ([x, y]: Place): Place => (upright ? [x, y] : [y, x]);
  const start = lineBetween(turned(edge.from), turned(edge.to));
  if (edge.halfWidthPx < leastHalfWidthPx || !isInside(view, start, edge.halfWidthPx)) return null;
  const first = fittedLine(view, start, edge.halfWidthPx);
  const line = first === null ? null : fittedLine(view, first, edge.halfWidthPx);
  if (line === null || Math.abs(line.slope) * (line.toY - line.fromY) < leastSlantPx) return null;
  const values = binned(view, line, edge.halfWidthPx);
  return values === null ? null : { along: upright ? "x" : "y", values, binPx: 1 / oversampling };
}

/** The image as if the edge were upright: x and y exchanged for a level one. */
interface PlaneView {
  readonly columns: number;
  readonly rows: number;
  at(x: number, y: number): number;
}

function viewOf({ data, widthPx, heightPx }: ImagePlane, upright: boolean): PlaneView {
  if (upright) return { columns: widthPx, rows: heightPx, at: (x, y) => data[y * widthPx + x] as number };
  return { columns: heightPx, rows: widthPx, at: (x, y) => data[x * widthPx + y] as number };
}

/** x = offset + slope · y, for whole rows from `fromY` to `toY`. */
interface Line {
  readonly offset: number;
  readonly slope: number;
  readonly fromY: number;
  readonly toY: number;
}

function lineBetween(a: Place, b: Place): Line {
  const [upper, lower] = a[1] < b[1] ? [a, b] : [b, a];
  const slope = (lower[0] - upper[0]) / (lower[1] - upper[1]);
  const end = endShare * (lower[1] - upper[1]);
  return {
    offset: upper[0] - slope * upper[1],
    slope,
    fromY: Math.ceil(upper[1] + end),
    toY: Math.floor(lower[1] - end),
  };
}

/** Pixels of a row whose distance from the edge, across it, is at most the half-width. */
function spanAt({ offset, slope }: Line, y: number, halfWidthPx: number): { from: number; to: number } {
  const middle = offset + slope * y;
  const reach = halfWidthPx * Math.hypot(1, slope);
  return { from: Math.ceil(middle - reach), to: Math.floor(middle + reach) };
}

function isInside({ columns, rows }: PlaneView, line: Line, halfWidthPx: number): boolean {
  return (
    line.toY - line.fromY >= leastHalfWidthPx &&
    line.fromY >= 0 &&
    line.toY < rows &&
    [line.fromY, line.toY].every((y) => {
      const { from, to } = spanAt(line, y, halfWidthPx);
      return from >= 1 && to < columns - 1;
    })
  );
}

/** The line through the rows' centroids of the derivative, weighted towards the line as known (Hann). */
function fittedLine(view: PlaneView, line: Line, halfWidthPx: number): Line | null {
  let [n, sumY, sumX, sumYY, sumXY] = [0, 0, 0, 0, 0];
  const sign = Math.sign(contrastOf(view, line, halfWidthPx));
  for (let y = line.fromY; y <= line.toY; y++) {
    const x = rowCentroid(view, line, y, halfWidthPx, sign);
    if (x === null) continue;
    n += 1;
    sumY += y;
    sumX += x;
    sumYY += y * y;
    sumXY += x * y;
  }
  const determinant = n * sumYY - sumY * sumY;
  if (n < leastHalfWidthPx || !(determinant > 0)) return null;
  const slope = (n * sumXY - sumX * sumY) / determinant;
  const fitted = { ...line, offset: (sumX - slope * sumY) / n, slope };
  return isInside(view, fitted, halfWidthPx) ? fitted : null;
}

function contrastOf(view: PlaneView, line: Line, halfWidthPx: number): number {
  let sum = 0;
  for (let y = line.fromY; y <= line.toY; y++) {
    const { from, to } = spanAt(line, y, halfWidthPx);
    sum += view.at(to, y) - view.at(from, y);
  }
  return sum;
}

function rowCentroid(
  view: PlaneView,
  line: Line,
  y: number,
  halfWidthPx: number,
  sign: number,
): number | null {
  const { from, to } = spanAt(line, y, halfWidthPx);
  const middle = line.offset + line.slope * y;
  const reach = (to - from) / 2 + 1;
  let [sum, moment] = [0, 0];
  for (let x = from; x < to; x++) {
    const place = x + 0.5 - middle;
    const weight = sign * (view.at(x + 1, y) - view.at(x, y)) * (1 + Math.cos((Math.PI * place) / reach));
    sum += weight;
    moment += weight * place;
  }
  const off = moment / sum;
  return sum > 0 && Math.abs(off) < halfWidthPx ? middle + off : null;
}

/** Mean signal by distance across the edge; null where a bin stays empty, or the edge is faint or saturated. */
function binned(view: PlaneView, line: Line, halfWidthPx: number): Float64Array | null {
  const count = 2 * Math.floor(halfWidthPx * oversampling);
  const [sums, counts] = [new Float64Array(count), new Float64Array(count)];
  const across = 1 / Math.hypot(1, line.slope);
  for (let y = line.fromY; y <= line.toY; y++) {
    const { from, to } = spanAt(line, y, halfWidthPx);
    for (let x = from; x <= to; x++) {
      const value = view.at(x, y);
      if (value > saturationShare) return null;
      const bin = Math.floor((x - line.offset - line.slope * y) * across * oversampling) + count / 2;
      if (bin < 0 || bin >= count) continue;
      sums[bin] = (sums[bin] as number) + value;
      counts[bin] = (counts[bin] as number) + 1;
    }
  }
  if (counts.includes(0)) return null;
  const means = sums.map((sum, bin) => sum / (counts[bin] as number));
  const contrast = Math.abs((means[count - 1] as number) - (means[0] as number));
  return contrast < leastContrast ? null : means;
}

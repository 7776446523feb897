/** The depth at which a lens is sharpest, from how sharp edges at several depths are. */
import { leastSquares } from "../../color/least-squares.js";
import { madSigma } from "../../stats/median.js";

export interface DepthSharpness {
  /** From the entrance pupil along the optical axis. */
  readonly depthMm: number;
  /** Cycles per px. */
  readonly mtf50: number;
}

export interface BestFocus {
  readonly depthMm: number;
  readonly sigmaMm: number;
  /** At that depth. */
  readonly mtf50: number;
}

const leastEdges = 20;
/** Of all edges, before and behind the best focus: less does not bracket it. */
const leastShareOfASide = 0.1;
/** Of the curve's bend, in its own standard deviations. */
const leastBend = 5;
const passes = 20;

/**
 * A spot out of focus grows with the difference of the vergences 1 / depth, and the squares of spot sizes add, so
 * 1 / MTF50² is a parabola over 1 / depth. It is fitted with weights that let go of edges that are far off (Cauchy).
 * @returns null when the depths do not bracket the best focus, or nothing bends.
 */
export function bestFocus(edges: readonly DepthSharpness[]): BestFocus | null {
  if (edges.length < leastEdges) return null;
  const middle = edges.reduce((sum, { depthMm }) => sum + 1 / depthMm, 0) / edges.length;
  const spread = Math.sqrt(
    edges.reduce((sum, { depthMm }) => sum + (1 / depthMm - middle) ** 2, 0) / edges.length,
  );
  if (!(spread > 0)) return null;
  const places = edges.map(({ depthMm }) => (1 / depthMm - middle) / spread);
  const fit = parabola(
    places,
    edges.map(({ mtf50 }) => 1 / mtf50 ** 2),
  );
  if (fit === null || !(fit.bend > leastBend * fit.sigmaBend)) return null;
  const summit = -fit.slope / (2 * fit.bend);
  const nearer = places.filter((place) => place > summit).length / places.length;
  if (Math.min(nearer, 1 - nearer) < leastShareOfASide) return null;
  const depthMm = 1 / (middle + spread * summit);
  const least = fit.level + fit.slope * summit + fit.bend * summit ** 2;
  if (!(least > 0)) return null;
  // d depth = depth² d vergence; the summit is known as well as the slope is.
  const sigmaMm = depthMm ** 2 * spread * (fit.sigmaSlope / (2 * fit.bend));
  return { depthMm, sigmaMm, mtf50: 1 / Math.sqrt(least) };
}

interface Parabola {
  readonly level: number;
  readonly slope: number;
  readonly bend: number;
  readonly sigmaSlope: number;
  readonly sigmaBend: number;
}

/** Errors are relative to the value: the same share of every MTF50. */
function parabola(places: readonly number[], values: readonly number[]): Parabola | null {
  const rows = places.map((x) => [1, x, x * x]);
  let weights = values.map((value) => 1 / value ** 2);
  for (let pass = 1; ; pass++) {
    const solution = leastSquares(
      rows,
      values.map((value) => [value]),
      weights,
    );
    if (solution === null) return null;
    const [level, slope, bend] = solution.map(([value]) => value as number) as [number, number, number];
    const scales = places.map((x, i) =>
      Math.max(level + slope * x + bend * x * x, 0.1 * (values[i] as number)),
    );
    const misses = places.map(
      (x, i) => ((values[i] as number) - level - slope * x - bend * x * x) / (scales[i] as number),
    );
    const spread = madSigma(misses, 0) ?? 0;
    if (pass === passes) return { level, slope, bend, ...sigmasOf(places, scales, spread) };
    const wide = Math.max(2.385 * spread, 1e-12);
    weights = misses.map((miss, i) => 1 / ((1 + (miss / wide) ** 2) * (scales[i] as number) ** 2));
  }
}

/** Of slope and bend: from the weighted places about their weighted mean, where the two hardly correlate. */
function sigmasOf(
  places: readonly number[],
  scales: readonly number[],
  spread: number,
): { sigmaSlope: number; sigmaBend: number } {
  const weights = scales.map((scale) => 1 / (scale * Math.max(spread, 1e-9)) ** 2);
  const sum = (value: (x: number) => number) =>
    places.reduce((total, x, i) => total + (weights[i] as number) * value(x), 0);
  const all = sum(() => 1);
  const mean = sum((x) => x) / all;
  const squares = sum((x) => (x - mean) ** 2);
  const fourths = sum((x) => ((x - mean) ** 2 - squares / all) ** 2);
  return { sigmaSlope: 1 / Math.sqrt(squares), sigmaBend: 1 / Math.sqrt(Math.max(fourths, 1e-300)) };
}

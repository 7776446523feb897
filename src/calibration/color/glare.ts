import { type ColorCheckerEdition, colorCheckerEditions, grayPatches } from "../../color/color-checker.js";
import { linearSrgbOfXyz, type Triple, xyzOfLab } from "../../color/lab.js";
import { leastSquares } from "../../color/least-squares.js";

export interface GrayRamp {
  /** Signal that stray light adds to every patch, share of the range; 0 where none can be told from the fit. */
  readonly glare: Triple;
  /** Greatest departure of a gray patch but the black one from a straight line, share of its signal. */
  readonly departure: number;
}

/** The intercept counts when it is this many of its standard errors above 0, and this share of a white's signal. */
const significance = 3;
const leastGlare = 5e-4;

/**
 * Black level and glare from the gray patches: signal = gain · reflectance + glare, for each channel (the idea is
 * dcamprof's). The grays' reflectance in a camera's channels is taken as that in sRGB's. A tone curve shows as a
 * departure from the line.
 * @param patches signal of the 24 patches; `usable` ones only count.
 */
export function measureGrayRamp(
  patches: readonly Triple[],
  usable: readonly number[],
  edition: ColorCheckerEdition,
): GrayRamp {
  const grays = grayPatches.filter((patch) => usable.includes(patch));
  const fits = ([0, 1, 2] as const).map((channel) => {
    const reflectances = grays.map((patch) => reflectanceOf(patch, channel, edition));
    return fitRamp(
      reflectances,
      grays.map((patch) => (patches[patch] as Triple)[channel]),
    );
  });
  const glare = fits.map((fit) => fit.glare) as unknown as Triple;
  return { glare, departure: Math.max(...fits.map((fit) => fit.departure)) };
}

function reflectanceOf(patch: number, channel: 0 | 1 | 2, edition: ColorCheckerEdition): number {
  return linearSrgbOfXyz(xyzOfLab(colorCheckerEditions[edition][patch] as Triple))[channel];
}

function fitRamp(
  reflectances: readonly number[],
  signals: readonly number[],
): { readonly glare: number; readonly departure: number } {
  const rows = reflectances.map((reflectance) => [reflectance, 1]);
  // The patches are made to so many percent of their reflectance.
  const weights = reflectances.map((reflectance) => 1 / reflectance ** 2);
  const solved = leastSquares(
    rows,
    signals.map((signal) => [signal]),
    weights,
  );
  if (solved === null || rows.length < 3) return { glare: 0, departure: Number.NaN };
  const [gain, intercept] = solved.map(([value]) => value) as [number, number];
  const errors = reflectances.map(
    (reflectance, i) => (signals[i] as number) - gain * reflectance - intercept,
  );
  const variance =
    errors.reduce((sum, error, i) => sum + (weights[i] as number) * error ** 2, 0) / (rows.length - 2);
  const sum = (power: number): number =>
    reflectances.reduce((total, value, i) => total + (weights[i] as number) * value ** power, 0);
  const sigma = Math.sqrt((variance * sum(2)) / (sum(0) * sum(2) - sum(1) ** 2));
  const departures = errors.slice(0, -1).map((error, i) => Math.abs(error) / (signals[i] as number));
  return {
    glare: intercept > Math.max(significance * sigma, leastGlare * gain) ? intercept : 0,
    departure: Math.max(...departures),
  };
}

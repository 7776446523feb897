import { leastSquares } from "../../color/least-squares.js";

export interface ExposedSignal {
  readonly exposureUs: number;
  /** Mean signal of the same even light, share of the range, dark offset taken off. */
  readonly share: number;
}

/** Darker ones are noise, brighter ones begin to saturate. */
const [leastShare, mostShare] = [0.02, 0.95];
const leastExposures = 5;
/** The longest exposure must give this many times the light of the shortest for a line to mean anything. */
const leastRange = 2;

/**
 * Greatest departure of the signal from a straight line over the exposure, share of the signal.
 * @returns null when fewer than five exposures are well lit, or the light does not follow the exposure (a strobe's).
 */
export function linearityError(signals: readonly ExposedSignal[]): number | null {
  const used = signals.filter(({ share }) => share > leastShare && share < mostShare);
  if (used.length < leastExposures) return null;
  const shares = used.map(({ share }) => share);
  if (Math.max(...shares) < leastRange * Math.min(...shares)) return null;
  const line = leastSquares(
    used.map(({ exposureUs }) => [exposureUs / 1000, 1]),
    shares.map((share) => [share]),
    shares.map((share) => 1 / share ** 2),
  );
  if (line === null) return null;
  const [slope, offset] = line.map(([value]) => value) as [number, number];
  const departures = used.map(
    ({ exposureUs, share }) => Math.abs(share - (slope * exposureUs) / 1000 - offset) / share,
  );
  return Math.max(...departures);
}

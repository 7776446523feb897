/** Modulation transfer of an edge spread function (ISO 12233). */
import type { EdgeSpread } from "./edge-spread.js";

/** Of the window's half-width: flat up to here, then falling off as a cosine (Tukey). */
const flatShare = 0.5;
const frequencyStep = 0.02;
/** Beyond the sampling frequency there is nothing that pixels could show. */
const highestFrequency = 1;

/** Contrast at a spatial frequency, cycles per px, relative to that of broad areas. */
export type Modulation = (cyclesPerPx: number) => number;

/**
 * Transform of the line spread: differences of neighbouring bins, windowed about their centroid. What the differences
 * and the bins' own width take away is given back.
 */
export function modulationOf({ values, binPx }: Pick<EdgeSpread, "values" | "binPx">): Modulation {
  const line = Float64Array.from(
    { length: values.length - 1 },
    (_, i) => (values[i + 1] as number) - (values[i] as number),
  );
  const centre = centroidOf(line);
  const reach = Math.min(centre, line.length - 1 - centre) + 1;
  const windowed = line.map((value, i) => value * tukey(Math.abs(i - centre) / reach));
  const whole = Math.abs(windowed.reduce((sum, value) => sum + value, 0));
  return (cyclesPerPx) => {
    const turn = 2 * Math.PI * cyclesPerPx * binPx;
    let [real, imaginary] = [0, 0];
    for (const [i, value] of windowed.entries()) {
      real += value * Math.cos(turn * i);
      imaginary += value * Math.sin(turn * i);
    }
    return Math.hypot(real, imaginary) / whole / sinc(cyclesPerPx * binPx) ** 2;
  };
}

/** Lowest frequency, cycles per px, at which half of the contrast is left; null when there is none up to 1. */
export function mtf50Of(modulation: Modulation): number | null {
  let before = 1;
  for (let step = 1; step * frequencyStep <= highestFrequency; step++) {
    const now = modulation(step * frequencyStep);
    if (now <= 0.5) return (step - (0.5 - now) / (before - now)) * frequencyStep;
    before = now;
  }
  return null;
}

function centroidOf(line: Float64Array): number {
  let [sum, moment] = [0, 0];
  for (const [i, value] of line.entries()) {
    sum += value * value;
    moment += value * value * i;
  }
  return moment / sum;
}

function tukey(share: number): number {
  if (share <= flatShare) return 1;
  return share >= 1 ? 0 : (1 + Math.cos((Math.PI * (share - flatShare)) / (1 - flatShare))) / 2;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

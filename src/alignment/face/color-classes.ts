/** Tells skin, hair and background of one image apart by color, learnt from where they surely are in this image. */
import type { ReducedImage } from "./reduced-image.js";

/** Logarithmic light and color of every cell, [cell][light, red over green, blue over green]. */
export type ColorFeatures = Float32Array;

/** A Gaussian with axes along the features. */
export interface ColorClass {
  readonly mean: readonly number[];
  readonly sigma: readonly number[];
}

const features = 3;
/** Light below this share of white is noise. */
const darkest = 0.002;
/** Of every class: no surface is more even than this (light, color), natural log. */
const leastSigma: readonly number[] = [0.12, 0.04, 0.04];
const fewestCells = 20;

export function colorFeatures({ values, channels, validShare }: ReducedImage): ColorFeatures {
  const result = new Float32Array(features * validShare.length);
  for (let cell = 0; cell < validShare.length; cell++) {
    const at = (channel: number): number =>
      Math.log(Math.max(values[cell * channels + channel] as number, darkest));
    const light = at(channels === 3 ? 1 : 0);
    result[features * cell] = light;
    if (channels === 1) continue;
    result[features * cell + 1] = at(0) - light;
    result[features * cell + 2] = at(2) - light;
  }
  return result;
}

/**
 * Of the cells that `isSure` names; by quantiles, so that a few others among them hardly count. Null of too few.
 * @param leastLightSigma for surfaces that are lit unevenly, natural log.
 */
export function learnClass(
  image: ColorFeatures,
  isSure: (cell: number) => boolean,
  leastLightSigma = 0,
): ColorClass | null {
  const cells: number[] = [];
  for (let cell = 0; cell < image.length / features; cell++) if (isSure(cell)) cells.push(cell);
  if (cells.length < fewestCells) return null;
  const mean: number[] = [];
  const sigma: number[] = [];
  for (let k = 0; k < features; k++) {
    const sorted = new Float64Array(cells.map((cell) => image[features * cell + k] as number)).sort();
    const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] as number;
    mean.push(quantile(0.5));
    // Of a Gaussian, 68 % lie within one sigma either way.
    sigma.push(
      Math.max((quantile(0.84) - quantile(0.16)) / 2, leastSigma[k] as number, k === 0 ? leastLightSigma : 0),
    );
  }
  return { mean, sigma };
}

/** Logarithm of the density at every cell, never below that of six sigmas in one feature. */
export function logDensities({ mean, sigma }: ColorClass, image: ColorFeatures): Float64Array {
  const densities = new Float64Array(image.length / features);
  const scale = sigma.reduce((sum, of) => sum + Math.log(of), 0);
  for (let cell = 0; cell < densities.length; cell++) {
    let squares = 0;
    for (let k = 0; k < features; k++) {
      const departure = ((image[features * cell + k] as number) - (mean[k] as number)) / (sigma[k] as number);
      squares += departure * departure;
    }
    densities[cell] = -Math.min(squares, 36) / 2 - scale;
  }
  return densities;
}

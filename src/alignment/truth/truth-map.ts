/** The truth's map from a canonical pixel to the captured frame, and back. */
import type { Pixel } from "../../geometry/brown-camera.js";
import { choleskyFactor, choleskySolve } from "../../stats/cholesky.js";
import { betweenPixels } from "./between-pixels.js";
import type { TruthImage } from "./truth-folder.js";

/** Of the polynomial that starts the inversion; the map's own values decide in the end. */
const degree = 5;
/** Every so many pixels one is fitted. */
const stride = 37;
const terms = ((degree + 1) * (degree + 2)) / 2;
const rounds = 4;

export class TruthMap {
  readonly #map: TruthImage<Float32Array>;
  readonly #inverse: Polynomials | null;

  /** @param map `canonicalToNear` or `canonicalToFar`: (x, y) of the frame, NaN where there is no surface. */
  constructor(map: TruthImage<Float32Array>) {
    this.#map = map;
    this.#inverse = fittedInverse(map);
  }

  /** Frame pixel that the real optics show at a canonical one; null next to where there is no surface. */
  frameOf(canonical: Pixel): Pixel | null {
    return betweenPixels(this.#map, canonical);
  }

  /** Canonical pixel that shows a frame pixel; null where there is no surface. */
  canonicalOf(frame: Pixel): Pixel | null {
    if (this.#inverse === null) return null;
    let [x, y] = this.#inverse.at(frame);
    const slopes = this.#inverse.slopes;
    for (let round = 0; round < rounds; round++) {
      const seen = this.frameOf([x, y]);
      if (seen === null) return null;
      const [dx, dy] = [frame[0] - seen[0], frame[1] - seen[1]];
      x += slopes[0] * dx + slopes[1] * dy;
      y += slopes[2] * dx + slopes[3] * dy;
    }
    return [x, y];
  }
}

/** Two polynomials of a frame pixel: the canonical pixel. */
class Polynomials {
  readonly #middle: Pixel;
  readonly #scale: number;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  /** ∂x/∂u, ∂x/∂v, ∂y/∂u, ∂y/∂v in the middle: good enough for an iteration anywhere. */
  readonly slopes: readonly [number, number, number, number];

  constructor(middle: Pixel, scale: number, x: Float64Array, y: Float64Array) {
    this.#middle = middle;
    this.#scale = scale;
    this.#x = x;
    this.#y = y;
    const [right, below] = [this.at([middle[0] + 1, middle[1]]), this.at([middle[0], middle[1] + 1])];
    const [x0, y0] = this.at(middle);
    this.slopes = [right[0] - x0, below[0] - x0, right[1] - y0, below[1] - y0];
  }

  at([u, v]: Pixel): Pixel {
    const [x, y] = [(u - this.#middle[0]) * this.#scale, (v - this.#middle[1]) * this.#scale];
    return [combined(this.#x, x, y), combined(this.#y, x, y)];
  }
}

function fittedInverse({ width, height, data }: TruthImage<Float32Array>): Polynomials | null {
  const middle: Pixel = [width / 2, height / 2];
  const scale = 2 / width;
  const normal = new Float64Array(terms * terms);
  const [sumX, sumY] = [new Float64Array(terms), new Float64Array(terms)];
  for (let pixel = 0; pixel < width * height; pixel += stride) {
    const frame: Pixel = [data[2 * pixel] as number, data[2 * pixel + 1] as number];
    if (Number.isNaN(frame[0])) continue;
    const powers = powersOf(frame, middle, scale);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    for (let k = 0; k < terms; k++) {
      const power = powers[k] as number;
      for (let l = 0; l <= k; l++)
        normal[k * terms + l] = (normal[k * terms + l] as number) + power * (powers[l] as number);
      sumX[k] = (sumX[k] as number) + power * x;
      sumY[k] = (sumY[k] as number) + power * y;
    }
  }
  const factor = choleskyFactor(normal, terms);
  return factor && new Polynomials(middle, scale, choleskySolve(factor, sumX), choleskySolve(factor, sumY));
}

function powersOf([u, v]: Pixel, middle: Pixel, scale: number): Float64Array {
  const [x, y] = [(u - middle[0]) * scale, (v - middle[1]) * scale];
  const powers = new Float64Array(terms);
  let k = 0;
  let along = 1;
  for (let i = 0; i <= degree; i++) {
    let power = along;
    for (let j = 0; j <= degree - i; j++) {
      powers[k++] = power;
      power *= y;
    }
    along *= x;
  }
  return powers;
}

/** By Horner's rule, in the order of {@link powersOf}. */
function combined(factors: Float64Array, x: number, y: number): number {
  let sum = 0;
  let end = terms;
  for (let i = degree; i >= 0; i--) {
    const start = end - (degree - i + 1);
    let row = 0;
    for (let k = end - 1; k >= start; k--) row = row * y + (factors[k] as number);
    sum = sum * x + row;
    end = start;
  }
  return sum;
}

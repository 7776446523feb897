/** Terms of a camera color that a color map is linear in. */
import type { Triple } from "./lab.js";

const root2 = (value: number): number => Math.sqrt(Math.max(0, value));

const linear = ([r, g, b]: Triple): number[] => [r, g, b];

const rootPolynomial2 = ([r, g, b]: Triple): number[] => [r, g, b, root2(r * g), root2(g * b), root2(r * b)];

const rootPolynomial3 = (color: Triple): number[] => {
  const [r, g, b] = color;
  return [
    ...rootPolynomial2(color),
    Math.cbrt(r * g * g),
    Math.cbrt(g * b * b),
    Math.cbrt(r * b * b),
    Math.cbrt(g * r * r),
    Math.cbrt(b * g * g),
    Math.cbrt(b * r * r),
    Math.cbrt(r * g * b),
  ];
};

const powers = ([r, g, b]: Triple, degree: number): number[] => [r ** degree, g ** degree, b ** degree];

/**
 * Root polynomials: Finlayson, Mackiewicz, Hurlbert, IEEE Trans. Image Processing 24(5), 2015; they scale with the
 * exposure as the matrix does. Polynomials: Cheung, Westland, Connah, Ripamonti, Coloration Technology 120(1), 2004,
 * with 7 terms, and the columns of a Vandermonde matrix; they hold at one exposure only.
 */
export const expansions = {
  matrix: linear,
  "root-polynomial-2": rootPolynomial2,
  "root-polynomial-3": rootPolynomial3,
  "polynomial-7": ([r, g, b]: Triple): number[] => [r, g, b, r * g, r * b, g * b, 1],
  "vandermonde-1": (color: Triple): number[] => [...color, 1],
  "vandermonde-3": (color: Triple): number[] => [...powers(color, 3), ...powers(color, 2), ...color, 1],
} as const satisfies Record<string, (color: Triple) => number[]>;

export type ExpansionName = keyof typeof expansions;

export const expansionNames = Object.keys(expansions) as ExpansionName[];

/** Device-independent color: CIE L*a*b*, XYZ and linear sRGB. */

export type Triple = readonly [number, number, number];

/** XYZ of the D50 white that ICC profiles use (ICC.1:2022), Y = 1. */
export const whiteD50: Triple = [0.9642, 1, 0.8249];

/** XYZ of the D65 white of sRGB and Rec.2020 (xy 0.3127, 0.3290), Y = 1. */
export const whiteD65: Triple = [0.3127 / 0.329, 1, (1 - 0.3127 - 0.329) / 0.329];

/** CIE 15: L*a*b* to XYZ under the same white, D50 unless another one is named; a perfect white has Y = 1. */
export function xyzOfLab([lightness, a, b]: Triple, white: Triple = whiteD50): Triple {
  const fy = (lightness + 16) / 116;
  const invert = (f: number): number => (f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29));
  return [white[0] * invert(fy + a / 500), white[1] * invert(fy), white[2] * invert(fy - b / 200)];
}

/** CIE 15: XYZ to L*a*b*; the straight part near black goes on below zero. */
export function labOfXyz([x, y, z]: Triple, white: Triple = whiteD50): Triple {
  const bend = (t: number): number => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);
  const [fx, fy, fz] = [bend(x / white[0]), bend(y / white[1]), bend(z / white[2])];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** XYZ under D50 to linear sRGB (IEC 61966-2-1), Bradford-adapted to D65; values outside 0..1 are kept. */
const srgbOfXyzD50: readonly Triple[] = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
];

export function linearSrgbOfXyz(xyz: Triple): Triple {
  return multiply(srgbOfXyzD50, xyz);
}

/** matrix · vector; the matrix by rows. */
export function multiply(matrix: readonly Triple[], [x, y, z]: Triple): Triple {
  const row = (index: number): number => {
    const [a, b, c] = matrix[index] as Triple;
    return a * x + b * y + c * z;
  };
  return [row(0), row(1), row(2)];
}

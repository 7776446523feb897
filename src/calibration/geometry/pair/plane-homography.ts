/** Maps between two planes by straight lines. */
import type { Pixel } from "../../../geometry/brown-camera.js";
import { type Matrix3, quaternionOfMatrix, type Rigid } from "../../../geometry/rigid.js";
import { cross, dot, scale, subtract, unit, type Vector3 } from "../../../geometry/vector.js";
import { choleskyFactor, choleskySolve } from "../../../stats/cholesky.js";

/** Brings points about the origin to a mean distance of 1, so that squares of their products can be compared. */
interface Centring {
  readonly middle: Pixel;
  readonly factor: number;
}

/**
 * The homography that takes `from` to `to`, by linear least squares of the cross-multiplied equations.
 * @returns null for fewer than four points or points on a line.
 */
export function fitHomography(from: readonly Pixel[], to: readonly Pixel[]): Matrix3 | null {
  if (from.length < 4 || from.length !== to.length) return null;
  const [a, b] = [centringOf(from), centringOf(to)];
  const normal = new Float64Array(64);
  const right = new Float64Array(8);
  const accumulate = (row: readonly number[], value: number): void => {
    for (let i = 0; i < 8; i++) {
      right[i] = (right[i] as number) + (row[i] as number) * value;
      for (let j = 0; j < 8; j++)
        normal[8 * i + j] = (normal[8 * i + j] as number) + (row[i] as number) * (row[j] as number);
    }
  };
  for (const [i, point] of from.entries()) {
    const [x, y] = centred(point, a);
    const [u, v] = centred(to[i] as Pixel, b);
    accumulate([x, y, 1, 0, 0, 0, -u * x, -u * y], u);
    accumulate([0, 0, 0, x, y, 1, -v * x, -v * y], v);
  }
  const factor = choleskyFactor(normal, 8);
  if (factor === null) return null;
  const h = choleskySolve(factor, right);
  const at = (i: number): number => h[i] as number;
  return uncentred(
    [
      [at(0), at(1), at(2)],
      [at(3), at(4), at(5)],
      [at(6), at(7), 1],
    ],
    a,
    b,
  );
}

/**
 * Pose of a plane (z = 0, mm) from the homography that takes it to the plane z = 1 of a camera (Zhang 2000, 3.1); its
 * rotation is the nearest one in the bisector sense.
 */
export function poseOfPlane(homography: Matrix3): Rigid {
  const column = (i: 0 | 1 | 2): Vector3 => [homography[0][i], homography[1][i], homography[2][i]];
  const [h1, h2, h3] = [column(0), column(1), column(2)];
  const size = (Math.hypot(...h1) + Math.hypot(...h2)) / 2;
  const factor = Math.sign(h3[2]) / size;
  const [a, b] = [unit(scale(h1, factor)), unit(scale(h2, factor))];
  // Half the departure from a right angle goes to each axis.
  const half = dot(a, b) / 2;
  const x = unit(subtract(a, scale(b, half)));
  const z = unit(cross(x, subtract(b, scale(a, half))));
  const y = cross(z, x);
  const rotation = quaternionOfMatrix([
    [x[0], y[0], z[0]],
    [x[1], y[1], z[1]],
    [x[2], y[2], z[2]],
  ]);
  return { rotation, translationMm: scale(h3, factor) };
}

function centringOf(points: readonly Pixel[]): Centring {
  const mean = (k: 0 | 1): number => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const middle: Pixel = [mean(0), mean(1)];
  const spread =
    points.reduce((sum, [x, y]) => sum + Math.hypot(x - middle[0], y - middle[1]), 0) / points.length;
  return { middle, factor: spread > 0 ? 1 / spread : 1 };
}

function centred([x, y]: Pixel, { middle, factor }: Centring): Pixel {
  return [(x - middle[0]) * factor, (y - middle[1]) * factor];
}

/** B⁻¹ H A with A and B the centrings. */
function uncentred(h: Matrix3, a: Centring, b: Centring): Matrix3 {
  const right = h.map(([p, q, r]): Vector3 => {
    const shift = r - a.factor * (p * a.middle[0] + q * a.middle[1]);
    return [p * a.factor, q * a.factor, shift];
  });
  const [r0, r1, r2] = right as unknown as Matrix3;
  const row = (r: Vector3, middle: number): Vector3 => [
    r[0] / b.factor + middle * r2[0],
    r[1] / b.factor + middle * r2[1],
    r[2] / b.factor + middle * r2[2],
  ];
  return [row(r0, b.middle[0]), row(r1, b.middle[1]), r2];
}

/** The mean of the meshes of several heads: as large as each other, and symmetric. */
import type { Vector3 } from "../../src/geometry/vector.js";
import type { SeenHead } from "./mean-head-views.js";

export interface MeanMesh {
  readonly points: readonly Vector3[];
  /** mm of each head per mm of the mean one, in the order of the heads. */
  readonly scales: readonly number[];
}

/** Mean distance of adults' pupils, mm (N. A. Dodgson, "Variation and extrema of human interpupillary distance", 2004). */
export const meanPupilDistanceMm = 63;

/** Points of the mesh on the middle line. The others are numbered side by side: left ones below 248, right ones from it. */
const middlePoints = new Set([
  0, 1, 2, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 94, 151, 152, 164, 168, 175, 195, 197, 199,
  200,
]);
const meshPoints = 468;
const firstRight = 248;

/** [468]: the point that is a point's image in a mirror. */
const mirrorOf: readonly number[] = (() => {
  const mirror = Array.from({ length: meshPoints }, (_, i) => i);
  const left = mirror.filter((i) => i < firstRight && !middlePoints.has(i));
  for (const [k, i] of left.entries()) [mirror[i], mirror[firstRight + k]] = [firstRight + k, i];
  return mirror;
})();

/** Twice as many change no tenth of a millimetre. */
const rounds = 8;
/** Points further behind the eyes lie on the contour, where depth is uncertain: they do not tell a head's size. */
const deepestForSizeMm = -90;

/** Alternates between the mean and the sizes of the heads, which are fitted to it by the width and height of the mesh. */
export function meanMeshOf(heads: readonly SeenHead[]): MeanMesh {
  let scales = heads.map(({ pupilDistanceMm }) => pupilDistanceMm / meanPupilDistanceMm);
  let points: Vector3[] = [];
  for (let round = 0; round < rounds; round++) {
    points = symmetric(meanOf(heads, scales));
    const fitted = heads.map(({ mesh }) => sizeOver(mesh, points));
    // Keeps the mean head's pupils at their distance.
    const pupilsMm = mean(heads.map(({ pupilDistanceMm }, k) => pupilDistanceMm / (fitted[k] as number)));
    scales = fitted.map((scale) => (scale * pupilsMm) / meanPupilDistanceMm);
  }
  return { points: symmetric(meanOf(heads, scales)), scales };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function meanOf(heads: readonly SeenHead[], scales: readonly number[]): Vector3[] {
  return Array.from({ length: meshPoints }, (_, i) => {
    const seen = heads.flatMap(({ mesh }, k) => {
      const point = mesh[i] ?? null;
      return point === null ? [] : [point.map((mm) => mm / (scales[k] as number))];
    });
    const along = (axis: number): number => mean(seen.map((point) => point[axis] as number));
    return [along(0), along(1), along(2)];
  });
}

function symmetric(points: readonly Vector3[]): Vector3[] {
  return points.map(([x, y, h], i) => {
    const [mirroredX, mirroredY, mirroredH] = points[mirrorOf[i] as number] as Vector3;
    return [(x - mirroredX) / 2, (y + mirroredY) / 2, (h + mirroredH) / 2];
  });
}

/** Least squares scale of a mesh over another across the view, each about its own middle. */
function sizeOver(mesh: SeenHead["mesh"], reference: readonly Vector3[]): number {
  const pairs = mesh.flatMap((point, i) =>
    point !== null && point[2] > deepestForSizeMm ? [[point, reference[i] as Vector3] as const] : [],
  );
  let [product, square] = [0, 0];
  for (const axis of [0, 1] as const) {
    const middle = mean(pairs.map(([point]) => point[axis]));
    const middleOfReference = mean(pairs.map(([, other]) => other[axis]));
    for (const [point, other] of pairs) {
      product += (point[axis] - middle) * (other[axis] - middleOfReference);
      square += (other[axis] - middleOfReference) ** 2;
    }
  }
  return product / square;
}

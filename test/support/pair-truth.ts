/** What a calibration of the virtual rig's pair should find, from its truth alone. */
import type { Pixel } from "../../src/geometry/brown-camera.js";
import { rotate } from "../../src/geometry/rigid.js";
import { add, dot, scale, subtract, unit, type Vector3 } from "../../src/geometry/vector.js";
import type { SceneTruth } from "../../src/schema/scene-truth.js";
import { choleskyFactor, choleskySolve } from "../../src/stats/cholesky.js";
import type { SeenPair, TruePoint } from "./seen-pair.js";

const eyePlaneMm = 1600;

export interface TrueStop {
  /** Where the far image's middle ray meets the mean plane of the boards that were held in the eye plane. */
  readonly faceMm: Vector3;
  /** Along that ray. */
  readonly normal: Vector3;
  /** Along the far camera's x and y. */
  readonly lateralMm: readonly [number, number];
  readonly nearDistanceMm: number;
  readonly separationMm: number;
  readonly magnificationRatio: number;
  /** Exact points all over the face, at heights of -35, 0 and 35 mm and about. */
  readonly points: readonly TruePoint[];
}

/** Truth at one stop, with the eye plane as the views of `pair` had it. */
export async function trueStop(pair: SeenPair, distanceMm: number): Promise<TrueStop> {
  const places = [-3, 0, 3].flatMap((z) => [-25, 25].map((x): Vector3 => [x, x / 2, eyePlaneMm + z]));
  const local: TruePoint[] = [];
  let truth: SceneTruth | undefined;
  for (const place of places) {
    const seen = await pair.pointsAt(distanceMm, "charuco-a4", place);
    truth = seen.truth;
    local.push(...seen.points.filter(({ positionMm: [x, y] }) => Math.hypot(x, y) < 70));
  }
  const points: TruePoint[] = [];
  for (const height of [-35, 0, 35])
    points.push(...(await pair.pointsAt(distanceMm, "charuco-a4", [0, 0, eyePlaneMm - height])).points);
  const { near, far } = (truth as SceneTruth).arms;
  const field = { near: fitted(local, "near"), far: fitted(local, "far") };
  const [width, height] = far.imageSize;
  const middle: Pixel = [(width - 1) / 2, (height - 1) / 2];
  const [front, back] = [placeSeenAt(field.far, middle, -3), placeSeenAt(field.far, middle, 3)];
  const normal = unit(subtract(back, front));
  const depths = pair.views
    .filter(({ role }) => role === "eye-plane")
    .map(({ truth: seen, boardId }) => onMeanPlane(seen, boardId, front, normal));
  const faceMm = add(front, scale(normal, depths.reduce((sum, depth) => sum + depth, 0) / depths.length));
  const [N, C] = [near.effectivePupilMm, far.effectivePupilMm];
  const sight = unit(subtract(faceMm, N));
  const toFar = subtract(C, N);
  const aside = subtract(toFar, scale(sight, dot(toFar, sight)));
  const axis = (direction: Vector3): Vector3 => rotate(far.T_rig_camera.rotation, direction);
  return {
    faceMm,
    normal,
    lateralMm: [dot(aside, axis([1, 0, 0])), dot(aside, axis([0, 1, 0]))],
    nearDistanceMm: Math.hypot(...subtract(faceMm, N)),
    separationMm: -dot(toFar, sight),
    magnificationRatio: pxPerMm(field.near, faceMm) / pxPerMm(field.far, faceMm),
    points,
  };
}

/** px over (x, y, z - eye plane), mm. */
type Field = (place: Vector3) => Pixel;

/** A smooth map through exact points: all terms up to third order in x and y, each with its change with depth. */
function fitted(points: readonly TruePoint[], arm: "near" | "far"): Field {
  const termsOf = ([x, y, z]: Vector3): number[] => {
    const [u, v, w] = [x / 70, y / 70, (z - eyePlaneMm) / 5];
    const flat: number[] = [];
    for (let i = 0; i <= 4; i++) for (let j = 0; i + j <= 4; j++) flat.push(u ** i * v ** j);
    return [...flat, ...flat.slice(0, 15).map((term) => term * w), w * w, w * w * u, w * w * v];
  };
  const size = termsOf([0, 0, 0]).length;
  const normal = new Float64Array(size * size);
  const right = [new Float64Array(size), new Float64Array(size)] as const;
  for (const point of points) {
    const terms = termsOf(point.positionMm);
    for (let i = 0; i < size; i++) {
      for (const axis of [0, 1] as const)
        right[axis][i] = (right[axis][i] as number) + (terms[i] as number) * point[arm][axis];
      for (let j = 0; j < size; j++)
        normal[i * size + j] = (normal[i * size + j] as number) + (terms[i] as number) * (terms[j] as number);
    }
  }
  for (let i = 0; i < size; i++) normal[i * size + i] = (normal[i * size + i] as number) * (1 + 1e-13);
  const factor = choleskyFactor(normal, size);
  if (factor === null) throw new Error("the points do not determine the map");
  const coefficients = right.map((b) => choleskySolve(factor, b));
  const field: Field = (place) => {
    const terms = termsOf(place);
    const [x, y] = coefficients.map((c) => terms.reduce((sum, term, i) => sum + term * (c[i] as number), 0));
    return [x as number, y as number];
  };
  const worst = Math.max(
    ...points.map((point) => {
      const [x, y] = field(point.positionMm);
      return Math.hypot(x - point[arm][0], y - point[arm][1]);
    }),
  );
  if (worst > 1e-2) throw new Error(`the map misses a point by ${worst} px`);
  return field;
}

/** By Newton's method. */
function placeSeenAt(field: Field, [u, v]: Pixel, depthOffsetMm: number): Vector3 {
  let place: Vector3 = [0, 0, eyePlaneMm + depthOffsetMm];
  for (let step = 0; step < 10; step++) {
    const [x, y, z] = place;
    const [at, right, down] = [field(place), field([x + 0.1, y, z]), field([x, y + 0.1, z])];
    const [a, b, c, d] = [
      (right[0] - at[0]) * 10,
      (down[0] - at[0]) * 10,
      (right[1] - at[1]) * 10,
      (down[1] - at[1]) * 10,
    ];
    const [ex, ey] = [u - at[0], v - at[1]];
    const determinant = a * d - b * c;
    place = [x + (d * ex - b * ey) / determinant, y + (a * ey - c * ex) / determinant, z];
  }
  return place;
}

function pxPerMm(field: Field, [x, y, z]: Vector3): number {
  const [left, right] = [field([x - 1, y, z]), field([x + 1, y, z])];
  const [top, bottom] = [field([x, y - 1, z]), field([x, y + 1, z])];
  const [a, b] = [(right[0] - left[0]) / 2, (right[1] - left[1]) / 2];
  const [c, d] = [(bottom[0] - top[0]) / 2, (bottom[1] - top[1]) / 2];
  return Math.sqrt(Math.abs(a * d - b * c));
}

/** How far along a ray the mean plane of a board's corners lies. */
function onMeanPlane(truth: SceneTruth, boardId: string, from: Vector3, direction: Vector3): number {
  const points = truth.pointSets.find(({ name }) => name === boardId)?.points ?? [];
  const normal = new Float64Array(9);
  const right = new Float64Array(3);
  for (const { far } of points) {
    const [x, y, z] = far.positionMm;
    const row = [1, x, y];
    for (let i = 0; i < 3; i++) {
      right[i] = (right[i] as number) + (row[i] as number) * (z - eyePlaneMm);
      for (let j = 0; j < 3; j++)
        normal[3 * i + j] = (normal[3 * i + j] as number) + (row[i] as number) * (row[j] as number);
    }
  }
  const [offset = 0, alongX = 0, alongY = 0] = choleskySolve(
    choleskyFactor(normal, 3) as Float64Array,
    right,
  );
  const height = ([x, y, z]: Vector3): number => z - eyePlaneMm - offset - alongX * x - alongY * y;
  return -height(from) / (direction[2] - alongX * direction[0] - alongY * direction[1]);
}

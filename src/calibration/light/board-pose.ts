/** Depths of a flat board's points from one image of it. */
import { leastSquares } from "../../color/least-squares.js";
import { poseVector, quaternionOfMatrix, type Rigid, rigidOfPose, transform } from "../../geometry/rigid.js";
import { cross, dot, scale, subtract, unit, type Vector3 } from "../../geometry/vector.js";
import type { SeenCorners } from "./board-edges.js";

/** x / z and y / z of what a pixel sees. */
type Direction = readonly [number, number];

interface Sight {
  readonly place: Vector3;
  readonly seen: Direction;
}

const leastCorners = 8;
const steps = 10;

/**
 * Pose of a flat board: from the homography of its plane, then by least squares of the directions.
 * @param cornersMm [id]: in the board's own frame, z = 0.
 * @param direction of a pixel; null where none is known.
 * @returns T_camera_board; null with fewer than 8 corners, or when they lie in line.
 */
export function boardPose(
  { ids, pointsPx }: SeenCorners,
  cornersMm: readonly Vector3[],
  direction: (px: readonly [number, number]) => Direction | null,
): Rigid | null {
  const sights: Sight[] = [];
  for (let i = 0; i < ids.length; i++) {
    const seen = direction([pointsPx[2 * i] as number, pointsPx[2 * i + 1] as number]);
    if (seen !== null) sights.push({ place: cornersMm[ids[i] as number] as Vector3, seen });
  }
  if (sights.length < leastCorners) return null;
  const start = poseOfHomography(sights);
  return start === null ? null : refined(start, sights);
}

/** The board's axes are unit vectors, so the homography's scale is known (Zhang 2000). */
function poseOfHomography(sights: readonly Sight[]): Rigid | null {
  const size = Math.max(...sights.map(({ place: [x, y] }) => Math.hypot(x, y)));
  const solution = leastSquares(
    sights.flatMap(({ place, seen: [u, v] }) => {
      const [x, y] = scale(place, 1 / size);
      return [
        [x, y, 1, 0, 0, 0, -u * x, -u * y],
        [0, 0, 0, x, y, 1, -v * x, -v * y],
      ];
    }),
    sights.flatMap(({ seen: [u, v] }) => [[u], [v]]),
  )?.map(([value]) => value as number);
  if (solution === undefined) return null;
  const [a, b, c, d, e, f, g, h] = solution as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const depthMm = (2 * size) / (Math.hypot(a, d, g) + Math.hypot(b, e, h));
  const right = unit([a, d, g]);
  const down = unit(subtract([b, e, h], scale(right, dot([b, e, h], right))));
  const away = cross(right, down);
  const rotation = quaternionOfMatrix([
    [right[0], down[0], away[0]],
    [right[1], down[1], away[1]],
    [right[2], down[2], away[2]],
  ]);
  return { rotation, translationMm: [c * depthMm, f * depthMm, depthMm] };
}

/** Gauss–Newton; a long lens shows perspective so weakly that the homography alone is mm off in depth. */
function refined(start: Rigid, sights: readonly Sight[]): Rigid | null {
  let pose: readonly number[] = poseVector(start);
  for (let step = 0; step < steps; step++) {
    const now = directionsOf(pose, sights);
    const gradients = pose.map((value, i) => {
      const by = i < 3 ? 1e-6 : 1e-4;
      const moved = directionsOf(pose.with(i, value + by), sights);
      return moved.map((component, k) => (component - (now[k] as number)) / by);
    });
    const solution = leastSquares(
      now.map((_, k) => gradients.map((gradient) => gradient[k] as number)),
      now.map((component, k) => [(sights[k >> 1] as Sight).seen[(k & 1) as 0 | 1] - component]),
    );
    if (solution === null) return null;
    pose = pose.map((value, i) => value + (solution[i]?.[0] as number));
  }
  return pose.every(Number.isFinite) ? rigidOfPose(pose) : null;
}

function directionsOf(pose: readonly number[], sights: readonly Sight[]): number[] {
  const T_camera_board = rigidOfPose(pose);
  return sights.flatMap(({ place }) => {
    const [x, y, z] = transform(T_camera_board, place);
    return [x / z, y / z];
  });
}

/** Mean magnification of a board, px per mm, by the distances between corners that follow each other. */
export function boardScale({ ids, pointsPx }: SeenCorners, cornersMm: readonly Vector3[]): number | null {
  let [px, mm] = [0, 0];
  for (let i = 1; i < ids.length; i++) {
    const [a, b] = [cornersMm[ids[i - 1] as number] as Vector3, cornersMm[ids[i] as number] as Vector3];
    px += Math.hypot(
      (pointsPx[2 * i] as number) - (pointsPx[2 * i - 2] as number),
      (pointsPx[2 * i + 1] as number) - (pointsPx[2 * i - 1] as number),
    );
    mm += Math.hypot(a[0] - b[0], a[1] - b[1]);
  }
  return mm > 0 ? px / mm : null;
}

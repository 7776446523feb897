/** Which board to hold where, so that the pair is well determined at every stop. */
import { multiplyQuaternions, quaternionOfVector, rotate, vectorOfQuaternion } from "../../geometry/rigid.js";
import type { Vector3 } from "../../geometry/vector.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { poseSentence } from "./pose-words.js";
import { commonHalfField, type RigField, rigField } from "./rig-field.js";

/** Half sizes of a flat board: of its inner corners and of its sheet, across and down, mm. */
export interface BoardExtent {
  readonly id: string;
  readonly corners: readonly [number, number];
  readonly sheet: readonly [number, number];
}

export interface PlannedPose {
  /** Unique in the plan: `450-03`. */
  readonly name: string;
  readonly role: "eye-plane" | "pose";
  readonly boardId: string;
  /** `T_rig_target`; rotation vector in degrees. */
  readonly pose: { readonly translationMm: Vector3; readonly rotationDeg: Vector3 };
  /** What to ask a person. */
  readonly text: string;
}

/** One visit of a stop. */
export interface PlannedStop {
  readonly distanceMm: number;
  /** The stop was visited before: this tells how well the carriage returns. */
  readonly isReturn: boolean;
  readonly poses: readonly PlannedPose[];
}

export interface PlanOptions {
  readonly stopsMm: readonly number[];
  /** Of each stop; fewer than 6 do not determine it. */
  readonly views: number;
  /** Which board is held at a stop. */
  readonly boardAt: (distanceMm: number) => BoardExtent;
}

/** Further from the eye plane nothing is gained, and heads do not reach there. */
const mostDepthMm = 70;
/** As a share of the near distance: beyond, the near image blurs over more px than corners bear. */
const depthShare = 0.19;
const tiltsDeg = [15, 40] as const;
/** Turn about the line of sight, so that rows of corners do not run along rows of pixels. */
const mostRollDeg = 12;
/** Gap that a sheet keeps from the half mirror. */
const plateGapMm = 8;
/** Share of the half field up to which the outermost corners may come. */
const fieldShare = 0.95;
/** Views at the return to the first stop: as many as determine a stop well, and never more than the others have. */
const mostReturnViews = 12;
/** Places in the view, corners of the image first: a lens shows there what it is. */
const places = [
  [-1, -1],
  [1, 1],
  [1, -1],
  [-1, 1],
  [0, 0],
] as const;
const goldenTurn = Math.PI * (3 - Math.sqrt(5));

/** All stops in the order given, then the first one again. */
export function posePlan(config: RigConfig, { stopsMm, views, boardAt }: PlanOptions): PlannedStop[] {
  const stopAt = (distanceMm: number, count: number, suffix: string): PlannedPose[] => {
    const field = rigField(config, distanceMm);
    const board = boardAt(distanceMm);
    return Array.from({ length: count }, (_, index) => {
      const name = `${distanceMm}${suffix}-${String(index + 1).padStart(2, "0")}`;
      return plannedPose(name, index, field, board);
    });
  };
  const stops = stopsMm.map((distanceMm) => ({
    distanceMm,
    isReturn: false,
    poses: stopAt(distanceMm, views, ""),
  }));
  const first = stopsMm[0];
  if (stopsMm.length < 2 || first === undefined) return stops;
  return [
    ...stops,
    { distanceMm: first, isReturn: true, poses: stopAt(first, Math.min(views, mostReturnViews), "-return") },
  ];
}

function plannedPose(name: string, index: number, field: RigField, board: BoardExtent): PlannedPose {
  const role = index === 0 ? "eye-plane" : "pose";
  const pose = role === "eye-plane" ? facing(field) : tilted(index, field, board);
  const text = poseSentence(board.id, role, pose, field.farDistanceMm);
  return { name, role, boardId: board.id, pose, text };
}

function facing(field: RigField): PlannedPose["pose"] {
  return { translationMm: [0, 0, field.farDistanceMm], rotationDeg: [0, 0, 0] };
}

/** Depth, tilt and its direction are spread evenly by low-discrepancy sequences, whatever the number of views. */
function tilted(index: number, field: RigField, board: BoardExtent): PlannedPose["pose"] {
  const [leastDeg, mostDeg] = tiltsDeg;
  const tilt = leastDeg + (mostDeg - leastDeg) * Math.min(1, 0.3 + radicalInverse(index, 3));
  const reach = Math.min(mostDepthMm, depthShare * field.nearDistanceMm);
  const wished = reach * clamp(1.3 * (2 * radicalInverse(index, 2) - 1), -1, 1);
  const [right, down] = places[(index - 1) % places.length] ?? [0, 0];
  // On the left and before the eye plane only a board has room whose left edge is turned away from the half mirror.
  const isTight = wished > 0 || right < 0;
  const direction = isTight ? Math.abs(wrapped(index * goldenTurn)) : index * goldenTurn;
  const rotationDeg = turned(tilt, direction, mostRollDeg * (2 * radicalInverse(index, 5) - 1));
  for (const side of [right, right / 2, 0, 1]) {
    const [x, y] = placed([side, down], rotationDeg, wished, field, board);
    const heightMm = Math.min(wished, mostHeightMm(rotationDeg, x, field, board));
    const fits = heightMm >= -reach || side === 1;
    if (fits) return { translationMm: [x, y, field.farDistanceMm - heightMm], rotationDeg };
  }
  throw new RangeError("the last side always fits");
}

/** First the roll in the board's own plane, then the tilt. */
function turned(tiltDeg: number, direction: number, rollDeg: number): Vector3 {
  const rad = Math.PI / 180;
  const tilt = quaternionOfVector([
    Math.cos(direction) * tiltDeg * rad,
    Math.sin(direction) * tiltDeg * rad,
    0,
  ]);
  const [x, y, z] = vectorOfQuaternion(multiplyQuaternions(tilt, quaternionOfVector([0, 0, rollDeg * rad])));
  return [x / rad, y / rad, z / rad];
}

/** Half extent of the board's inner corners across and down as the cameras see it, and its half depth. */
function reachOf(rotationDeg: Vector3, [width, height]: readonly [number, number]): Vector3 {
  const corners = rotatedCorners(rotationDeg, [width, height]);
  const most = (axis: 0 | 1 | 2): number => Math.max(...corners.map((corner) => Math.abs(corner[axis])));
  return [most(0), most(1), most(2)];
}

function rotatedCorners(rotationDeg: Vector3, [width, height]: readonly [number, number]): Vector3[] {
  const rad = Math.PI / 180;
  const rotation = quaternionOfVector([rotationDeg[0] * rad, rotationDeg[1] * rad, rotationDeg[2] * rad]);
  const signs = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const;
  return signs.map(([x, y]) => rotate(rotation, [x * width, y * height, 0]));
}

/** Moves the board so far that its outermost corners come to the rim of what both cameras see there. */
function placed(
  [right, down]: readonly [number, number],
  rotationDeg: Vector3,
  heightMm: number,
  field: RigField,
  board: BoardExtent,
): readonly [number, number] {
  const [width, height] = commonHalfField(field, heightMm);
  const [reachX, reachY] = reachOf(rotationDeg, board.corners);
  return [right * Math.max(0, fieldShare * width - reachX), down * Math.max(0, fieldShare * height - reachY)];
}

/**
 * How far towards the cameras the board may come without touching the half mirror. That stands at 45°, its left edge
 * towards the subject: on that side x + z is more than where it crosses the axis.
 */
function mostHeightMm(rotationDeg: Vector3, x: number, field: RigField, board: BoardExtent): number {
  const closest = Math.min(
    ...rotatedCorners(rotationDeg, board.sheet).map((corner) => corner[0] + corner[2]),
  );
  return field.farDistanceMm + x + closest - field.plateZMm - plateGapMm * Math.SQRT2;
}

/** Van der Corput's sequence: 1/2, 1/4, 3/4, 1/8 … for base 2. */
function radicalInverse(index: number, base: number): number {
  let [sum, share] = [0, 1 / base];
  for (let rest = index; rest > 0; rest = Math.floor(rest / base), share /= base)
    sum += (rest % base) * share;
  return sum;
}

/** The same angle from -π to π. */
function wrapped(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** Whether both arms look at the same world: boards that move for one move alike for the other. */
import { CallerError } from "../../../base/errors.js";
import type { Vector3 } from "../../../geometry/vector.js";
import { median } from "../../../stats/median.js";
import { flipX } from "../observations/flip.js";
import type { SeenBoard } from "../observations/seen-board.js";
import { angleBetween, meanRigid } from "./mean-rigid.js";
import type { PairInput } from "./pair-input.js";
import { nearFarOf, type StartValues, startValues } from "./start-values.js";

/** Start values give 0.1 to 1° on good views; a mirror gives twice the boards' tilts. */
const agreeDeg = 4;
/** Boards that all face the same way leave focal length and distance apart from one another. */
const leastTiltDeg = 8;

/**
 * @throws CallerError CALIBRATION_REFUSED when an arm is mirrored that should not be, when boards do not move alike, or
 * when they all had one angle.
 */
export function requireOneWorld(input: PairInput, start: StartValues): void {
  requireTilts(start);
  const scatter = scatterDeg(input, start);
  if (scatter <= agreeDeg) return;
  for (const other of [withNear(input, (seen) => seen), withNear(input, (seen) => renumbered(seen, input))]) {
    if (scatterDeg(other, startValues(other)) < Math.min(agreeDeg, scatter / 3))
      throw wrongHandedness(scatter);
  }
  throw new CallerError(
    "CALIBRATION_REFUSED",
    `Boards turn differently before the two cameras, by ${scatter.toFixed(0)}° in the middle: these are no views of one moment and one rig.`,
    {
      advice:
        "Check that near and far images are paired rightly, that they show the same board, and that neither plate nor cameras were moved.",
    },
  );
}

/** Median angle between what views say of a near camera's turn, of the worst stop. */
function scatterDeg(input: PairInput, start: StartValues): number {
  const ofStops = input.stops.map((_, stop) => {
    const motions = nearFarOf(input.views, start.views, stop).map(({ T_near_far }) => T_near_far);
    const middle = meanRigid(motions).rotation;
    return median(motions.map(({ rotation }) => (angleBetween(rotation, middle) * 180) / Math.PI)) ?? 0;
  });
  return Math.max(...ofStops);
}

function withNear(input: PairInput, renumber: (seen: SeenBoard) => SeenBoard): PairInput {
  const [width] = input.imageSizePx.near;
  const flipped = (seen: SeenBoard): SeenBoard => ({
    ...renumber(seen),
    pointsPx: flipX(seen.pointsPx, width),
  });
  return { ...input, views: input.views.map((view) => ({ ...view, near: view.near && flipped(view.near) })) };
}

/** As a detector counts the corners of a chessboard in a mirror: each row from its other end. */
function renumbered(seen: SeenBoard, { boards }: PairInput): SeenBoard {
  const corners = boards.find(({ id }) => id === seen.boardId)?.cornersMm ?? [];
  const other = (id: number): number => {
    const [x, y] = corners[id] as Vector3;
    const found = corners.findIndex(([u, v]) => Math.abs(u + x) < 1e-6 && Math.abs(v - y) < 1e-6);
    return found < 0 ? id : found;
  };
  return { ...seen, ids: seen.ids.map(other) };
}

function requireTilts({ views }: StartValues): void {
  const turns = views.flatMap(({ T_far_board, T_near_board }) => T_far_board ?? T_near_board ?? []);
  // Across the view: the board's normal's part.
  const leans = turns.map(
    ({ rotation: [w, x, y, z] }) => [2 * (x * z + w * y), 2 * (y * z - w * x)] as const,
  );
  let greatest = 0;
  for (const a of leans)
    for (const b of leans) greatest = Math.max(greatest, Math.hypot(a[0] - b[0], a[1] - b[1]));
  const deg = (2 * Math.asin(Math.min(1, greatest / 2)) * 180) / Math.PI;
  if (deg >= leastTiltDeg) return;
  throw new CallerError(
    "CALIBRATION_REFUSED",
    `All boards face the same way within ${deg.toFixed(1)}°: focal lengths and distances cannot be told apart.`,
    { advice: "Tilt the board by 20 to 40° to the left, to the right, up and down in some of the views." },
  );
}

function wrongHandedness(scatter: number): CallerError {
  return new CallerError(
    "CALIBRATION_REFUSED",
    `The near images are mirrored: boards turn differently before the two cameras by ${scatter.toFixed(0)}°, and alike once the near images are flipped.`,
    {
      advice:
        "The near arm must be un-mirrored exactly once: check `mount.mirrored` of both arms in the rig config, and that no camera flips by itself.",
    },
  );
}

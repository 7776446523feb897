/**
 * Images of a board that were handled unlike the others before they came here. A chessboard looks the same in a mirror
 * and upside down, and such views fit a camera whose principal point lies on the other side of the image's middle; so
 * that offset alone gives them away, and a camera without one is none the worse for them.
 */
import { CallerError } from "../../../base/errors.js";
import type { Intrinsics } from "../../../geometry/brown-camera.js";
import type { Solver } from "../../../native/solver.js";
import { listed } from "../observations/listed.js";
import type { KnownBoard, SeenBoard } from "../observations/seen-board.js";
import {
  type CameraModel,
  type CameraSolution,
  noneFree,
  plainModel,
  residualsOf,
  solveCamera,
} from "./solve-camera.js";
import type { SolvedViews } from "./solve-views.js";
import { startValues } from "./start-values.js";
import { unlessUndetermined } from "./undetermined.js";

type Axis = 0 | 1;

/** What may have been done to some of the images, and along which of its axes the principal point tells. */
interface Handling {
  readonly words: string;
  /** Across and down. */
  readonly reversed: readonly [boolean, boolean];
  readonly toldBy: Axis;
}

const turned = { words: "turned by 180°", reversed: [true, true] } as const;
const turns: readonly Handling[] = [
  { ...turned, toldBy: 0 },
  { ...turned, toldBy: 1 },
];
const flips: readonly Handling[] = [
  { words: "flipped left to right", reversed: [true, false], toldBy: 0 },
  { words: "flipped upside down", reversed: [false, true], toldBy: 1 },
];

/** Images are refused when undoing it brings the error below this share. */
const convincingShare = 0.85;
/** Of the image's longer side: a principal point nearer to the middle is moved there to tell views apart. */
const leastOffset = 0.02;
/** Residuals beyond so many standard deviations count as such ones. */
const capSigmas = 5;
const mostRounds = 5;

interface Separation {
  readonly handling: Handling;
  readonly images: readonly string[];
  /** Capped root mean squares per point, px: as the images are, and with those undone. */
  readonly errorPx: readonly [number, number];
}

/**
 * @param handednessKnown markers were seen: no image is flipped unlike the others.
 * @throws CallerError CALIBRATION_REFUSED naming the images.
 */
export async function requireAlike(
  solver: Solver,
  board: KnownBoard,
  solved: SolvedViews,
  model: CameraModel,
  handednessKnown: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  // A bent board moves what single views say of the principal point too.
  const warp = { startMm: model.warp?.startMm ?? [0, 0], free: true } as const;
  const plain: CameraModel = { ...plainModel, warp, covariance: false };
  const found: Separation[] = [];
  for (const handling of handednessKnown ? turns : [...flips, ...turns]) {
    const separation = await unlessUndetermined(separate(solver, board, solved, handling, plain, signal));
    if (separation !== null) found.push(separation);
  }
  const [best] = found.toSorted((a, b) => shareOf(a) - shareOf(b));
  if (best !== undefined && shareOf(best) < convincingShare) throw unlike(best, solved.images.views.length);
}

function shareOf({ errorPx: [asGiven, undone] }: Separation): number {
  return undone / asGiven;
}

/** Sorts the views by which of two opposite cameras each fits better, again and again until none changes sides. */
async function separate(
  solver: Solver,
  board: KnownBoard,
  { images, solution }: SolvedViews,
  handling: Handling,
  model: CameraModel,
  signal: AbortSignal | undefined,
): Promise<Separation | null> {
  const size = images.imageSizePx;
  const original = images.views.map((view) => view.board);
  const undone = original.map(() => false);
  let seen = original;
  let current: CameraSolution = solution;
  for (let round = 0; round < mostRounds; round++) {
    const camera = withOffset(current.intrinsics, size, handling.toldBy);
    const errors = await Promise.all(
      [camera, opposite(camera, size, handling.reversed)].map(async (intrinsics) => {
        const fixed = { ...model, free: noneFree, warp: null, reject: false };
        const fit = await solveCamera(solver, board, seen, { ...current, intrinsics }, fixed, { signal });
        return seen.map((_, view) => cappedSquares(fit, view, current.bundle.noiseSigmaPx));
      }),
    );
    const changing = seen.map((_, i) => (errors[1]?.[i] as number) < (errors[0]?.[i] as number));
    if (!changing.some(Boolean) || changing.every(Boolean)) break;
    for (const [i, changes] of changing.entries()) undone[i] = undone[i] !== changes;
    seen = original.map((view, i) => (undone[i] ? reversedBoard(view, size, handling.reversed) : view));
    const start = await startValues(seen, board, size);
    current = await solveCamera(solver, board, seen, start, model, { signal });
  }
  if (current === solution) return null;
  const noise = current.bundle.noiseSigmaPx;
  const asGiven = await solveCamera(solver, board, original, solution, model, { signal });
  const fewer = undone.filter(Boolean).length * 2 <= undone.length;
  return {
    handling,
    images: images.views.flatMap(({ image }, i) => (undone[i] === fewer ? [image] : [])),
    errorPx: [cappedRms(asGiven, original, noise), cappedRms(current, original, noise)],
  };
}

function withOffset(intrinsics: Intrinsics, size: readonly [number, number], axis: Axis): Intrinsics {
  const middle = (size[axis] - 1) / 2;
  const offset = intrinsics[2 + axis] as number;
  const least = leastOffset * Math.max(...size);
  if (Math.abs(offset - middle) >= least) return intrinsics;
  return intrinsics.with(2 + axis, middle + least) as unknown as Intrinsics;
}

/** The camera that sees the same in images that are reversed. */
function opposite(
  [fx, fy, cx, cy, k1, k2, p1, p2, k3]: Intrinsics,
  [widthPx, heightPx]: readonly [number, number],
  [across, down]: Handling["reversed"],
): Intrinsics {
  const centre = [across ? widthPx - 1 - cx : cx, down ? heightPx - 1 - cy : cy] as const;
  return [fx, fy, ...centre, k1, k2, down ? -p1 : p1, across ? -p2 : p2, k3];
}

function reversedBoard(
  board: SeenBoard,
  size: readonly [number, number],
  reversed: Handling["reversed"],
): SeenBoard {
  const pointsPx = board.pointsPx.map((value, i) => {
    const axis = (i % 2) as Axis;
    return reversed[axis] ? size[axis] - 1 - value : value;
  });
  return { ...board, pointsPx };
}

/** Of a view's distances, outliers too. */
function cappedSquares(solution: CameraSolution, view: number, noiseSigmaPx: number): number {
  const { residualsPx } = residualsOf(solution, view);
  const cap = (capSigmas * noiseSigmaPx) ** 2;
  let sum = 0;
  for (let i = 0; i < residualsPx.length; i += 2) {
    sum += Math.min(cap, (residualsPx[i] as number) ** 2 + (residualsPx[i + 1] as number) ** 2);
  }
  return sum;
}

function cappedRms(solution: CameraSolution, seen: readonly SeenBoard[], noiseSigmaPx: number): number {
  const points = seen.reduce((sum, { ids }) => sum + ids.length, 0);
  const squares = seen.reduce((sum, _, view) => sum + cappedSquares(solution, view, noiseSigmaPx), 0);
  return Math.sqrt(squares / points);
}

function unlike({ handling, images, errorPx }: Separation, views: number): CallerError {
  const [asGiven, undone] = errorPx.map((px) => px.toFixed(2));
  const { words } = handling;
  return new CallerError(
    "CALIBRATION_REFUSED",
    `${listed(images)} ${images.length === 1 ? "is" : "are"} ${words}, or else the other ${views - images.length} are: ` +
      `undone, the error is ${undone} px per point instead of ${asGiven}.`,
    {
      advice:
        "Give images of one camera that were all handled alike: flip, turn and crop all of them or none.",
    },
  );
}

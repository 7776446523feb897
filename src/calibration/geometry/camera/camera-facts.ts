/** Numbers of a solved camera that its gates look at. */
import type { ExpectedHandedness } from "../observations/handedness.js";
import type { SeenBoard } from "../observations/seen-board.js";
import type { BoardBend } from "./board-bend.js";
import { sigmasOf } from "./camera-body.js";
import type { CameraTrust } from "./camera-trust.js";
import { medianOf } from "./image-grid.js";
import { type CameraSolution, residualsOf } from "./solve-camera.js";
import type { SolvedViews } from "./solve-views.js";
import { coverageOf } from "./view-spread.js";

export interface CameraFacts {
  readonly views: number;
  readonly tiltSpreadDeg: number;
  /** 0 to 1. */
  readonly coverage: number;
  readonly rmsPointPx: number;
  /** Greatest rms of a view over the median of all, and that view's image. */
  readonly worstViewRatio: number;
  readonly worstView: string;
  /** All corners seen, and those left out. */
  readonly points: number;
  readonly outliers: number;
  readonly heldOutRmsPx: number | null;
  /** Of fx and fy, the greater one, share. */
  readonly focalSigmaShare: number;
  /** Medians over the image, at the distance of the boards first. */
  readonly uncertainty: readonly { readonly distanceMm: number; readonly medianPx: number }[];
  readonly crossValidationRatio: number | null;
  readonly bend: BoardBend | null;
  /** Whether the camera was solved with that bend rather than with a flat board. */
  readonly bendSolved: boolean;
  readonly expected: ExpectedHandedness;
  /** Whether the images were mirrored as they were given; null: no markers told. */
  readonly mirrored: boolean | null;
}

export function cameraFacts(
  { images, solution, kept, tiltSpreadDeg }: SolvedViews,
  { uncertainty, heldOutRmsPx, crossValidationRatio, bend }: CameraTrust,
  handedness: Pick<CameraFacts, "expected" | "mirrored">,
): CameraFacts {
  const { views, imageSizePx } = images;
  const errors = views.map((_, i) => viewRmsPx(solution, i));
  const worst = Math.max(...errors);
  const points = cornerCount(views.map(({ board }) => board));
  const [fx, fy] = solution.intrinsics;
  const sigma = sigmasOf(solution);
  return {
    views: views.length,
    tiltSpreadDeg,
    coverage: coverageOf(kept, imageSizePx),
    rmsPointPx: solution.bundle.rmsPointPx,
    worstViewRatio: worst / medianOf(errors),
    worstView: views[errors.indexOf(worst)]?.image ?? "",
    points,
    outliers: points - cornerCount(kept),
    heldOutRmsPx,
    focalSigmaShare: Math.max(sigma[0] / fx, sigma[1] / fy),
    uncertainty: uncertainty.map(({ distanceMm, map }) => ({ distanceMm, medianPx: medianOf(map.values) })),
    crossValidationRatio,
    bend,
    bendSolved: solution.warpMm !== null,
    ...handedness,
  };
}

/** Per point over all of a view's corners, outliers too. */
function viewRmsPx(solution: CameraSolution, view: number): number {
  const { residualsPx } = residualsOf(solution, view);
  return Math.sqrt((2 * residualsPx.reduce((sum, value) => sum + value * value, 0)) / residualsPx.length);
}

function cornerCount(seen: readonly SeenBoard[]): number {
  return seen.reduce((sum, { ids }) => sum + ids.length, 0);
}

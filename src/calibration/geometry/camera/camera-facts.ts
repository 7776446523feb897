/** Numbers of a solved camera that its gates look at. */
import type { ExpectedHandedness } from "../observations/handedness.js";
import type { SeenBoard } from "../observations/seen-board.js";
import type { BoardBend } from "./board-bend.js";
import { sigmasOf } from "./camera-body.js";
import type { CameraTrust } from "./camera-trust.js";
import { countedCells, coverageOf, coveredSamples, type ImageCells } from "./image-cells.js";
import { medianOf } from "./image-grid.js";
import { type CameraSolution, residualsOf } from "./solve-camera.js";
import type { SolvedViews } from "./solve-views.js";

/** What is known of projections at a distance, one sigma, px. */
export interface UncertaintyFacts {
  readonly distanceMm: number;
  /** Over the whole image. */
  readonly medianPx: number;
  /** Where corners were seen: not exceeded on 95 % of it, and where it is greatest. */
  readonly coveredPx: number;
  readonly worstAtPx: readonly [number, number];
}

export interface CameraFacts {
  readonly views: number;
  /** Images that were given and could not be used. */
  readonly unused: number;
  readonly tiltSpreadDeg: number;
  /** 0 to 1. */
  readonly coverage: number;
  readonly rmsPointPx: number;
  /** Greatest rms of a view's kept corners over the median of all, and that view's image. */
  readonly worstViewRatio: number;
  readonly worstView: string;
  /** Of the view that lost most of its corners: the share left out, and its image. */
  readonly worstLossShare: number;
  readonly worstLossView: string;
  /** All corners seen, and those left out. */
  readonly points: number;
  readonly outliers: number;
  readonly heldOutRmsPx: number | null;
  /** Of fx and fy, the greater one, share. */
  readonly focalSigmaShare: number;
  /** At the distance of the boards first. */
  readonly uncertainty: readonly UncertaintyFacts[];
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
  const { views, unused, imageSizePx } = images;
  const errors = views.map((_, i) => keptRmsPx(solution, i));
  const worst = Math.max(...errors);
  const losses = views.map(({ board }, i) => 1 - (kept[i]?.ids.length ?? 0) / board.ids.length);
  const worstLossShare = Math.max(...losses);
  const cells = countedCells(
    kept.map(({ pointsPx }) => pointsPx),
    imageSizePx,
  );
  const points = cornerCount(views.map(({ board }) => board));
  const [fx, fy] = solution.intrinsics;
  const sigma = sigmasOf(solution);
  return {
    views: views.length,
    unused: unused.length,
    tiltSpreadDeg,
    coverage: coverageOf(cells),
    rmsPointPx: solution.bundle.rmsPointPx,
    worstViewRatio: worst / medianOf(errors),
    worstView: views[errors.indexOf(worst)]?.image ?? "",
    worstLossShare,
    worstLossView: views[losses.indexOf(worstLossShare)]?.image ?? "",
    points,
    outliers: points - cornerCount(kept),
    heldOutRmsPx,
    focalSigmaShare: Math.max(sigma[0] / fx, sigma[1] / fy),
    uncertainty: uncertainty.map((at) => uncertaintyFacts(at, cells)),
    crossValidationRatio,
    bend,
    bendSolved: solution.warpMm !== null,
    ...handedness,
  };
}

function uncertaintyFacts(
  { distanceMm, map }: CameraTrust["uncertainty"][number],
  cells: ImageCells,
): UncertaintyFacts {
  const covered = coveredSamples(map, cells).toSorted((a, b) => a.value - b.value);
  return {
    distanceMm,
    medianPx: medianOf(map.values),
    coveredPx: covered[Math.ceil(0.95 * covered.length) - 1]?.value ?? Number.NaN,
    worstAtPx: covered.at(-1)?.px ?? [Number.NaN, Number.NaN],
  };
}

/** Per point over the corners that were kept. */
function keptRmsPx(solution: CameraSolution, view: number): number {
  const { residualsPx, outliers } = residualsOf(solution, view);
  const kept = residualsPx.filter((_, i) => outliers[Math.floor(i / 2)] !== 1);
  return Math.sqrt((2 * kept.reduce((sum, value) => sum + value * value, 0)) / kept.length);
}

function cornerCount(seen: readonly SeenBoard[]): number {
  return seen.reduce((sum, { ids }) => sum + ids.length, 0);
}

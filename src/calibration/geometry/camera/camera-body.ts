/** A calibration of one camera as its record has it. */
import { rigidOfPose } from "../../../geometry/rigid.js";
import { vectorAt } from "../../../geometry/vector.js";
import { sigmaAt } from "../../../stats/propagated-covariance.js";
import type { CalibrationBody } from "../../record/create-record.js";
import type { ImageSighting, KnownBoard, SeenBoard } from "../observations/seen-board.js";
import type { CameraFacts } from "./camera-facts.js";
import type { CameraTrust } from "./camera-trust.js";
import type { SortedImages } from "./camera-views.js";
import { type CameraSolution, residualsOf } from "./solve-camera.js";
import type { SolvedViews } from "./solve-views.js";

export type CameraBody = Extract<CalibrationBody, { readonly kind: "camera" }>;
type ViewRecord = CameraBody["views"][number];
type Sigmas = CameraBody["camera"]["sigma"];

/** One standard deviation of each of the nine; 0 where it was held. */
export function sigmasOf({ bundle }: CameraSolution): Sigmas {
  const { parameters, values } = bundle.covariance;
  const sigmas = new Array<number>(9).fill(0);
  for (const [i, parameter] of parameters.entries()) {
    if (!("camera" in parameter) || parameter.parameter > 8) continue;
    sigmas[parameter.parameter] = sigmaAt(values, parameters.length, i);
  }
  return sigmas as unknown as Sigmas;
}

/** What was given to a calibration of one camera. */
export interface CameraInput {
  readonly sightings: readonly ImageSighting[];
  readonly board: KnownBoard;
  readonly solve: CameraBody["solve"];
}

/** All but the header of the record. */
export function cameraBody(
  { sightings, board, solve }: CameraInput,
  { images, solution }: SolvedViews,
  { uncertainty, crossValidation, heldOutRmsPx }: CameraTrust,
  { points, outliers }: Pick<CameraFacts, "points" | "outliers">,
): CameraBody {
  const { rmsPointPx, noiseSigmaPx } = solution.bundle;
  const rmsCoordinatePx = rmsPointPx / Math.SQRT2;
  return {
    kind: "camera",
    solve,
    camera: {
      imageSizePx: images.imageSizePx,
      intrinsics: solution.intrinsics,
      sigma: sigmasOf(solution),
      free: solution.problem.cameras[0]?.freeIntrinsics ?? [],
    },
    errors: { rmsPointPx, rmsCoordinatePx, heldOutRmsPx, noiseSigmaPx, points, outliers },
    board: boardRecord(board, solution),
    views: viewRecords(sightings, board.id, images, solution),
    uncertainty,
    crossValidation,
  };
}

function boardRecord({ id, board, cornersMm }: KnownBoard, solution: CameraSolution): CameraBody["board"] {
  const shapeMm = solution.bundle.boards[0]?.shapeMm ?? null;
  return {
    id,
    cornersMm: cornersMm.map(([x, y, z]) => [x, y, z] as const),
    squareMm: board.squareMm,
    warpMm: solution.warpMm,
    shapeMm: shapeMm && cornersMm.map((_, corner) => vectorAt(shapeMm, corner)),
  };
}

/** Every image that there was, in its order, used or not. */
function viewRecords(
  sightings: readonly ImageSighting[],
  boardId: string,
  { views, unused }: SortedImages,
  solution: CameraSolution,
): ViewRecord[] {
  const records = sightings.map(
    ({ image }): ViewRecord => ({ image, sighting: null, T_camera_board: null, message: null }),
  );
  for (const { index, image, message } of unused) {
    const seen = sightings[index]?.boards.find((board) => board.boardId === boardId);
    const sighting = seen === undefined ? null : sightingRecord(seen, notUsed);
    records[index] = { image, sighting, T_camera_board: null, message };
  }
  for (const [i, { index, image, board }] of views.entries()) {
    const T_camera_board = rigidOfPose(solution.poses[i] ?? []);
    const sighting = sightingRecord(board, residualsOf(solution, i));
    records[index] = { image, sighting, T_camera_board, message: null };
  }
  return records;
}

const notUsed = { residualsPx: new Float64Array(), outliers: new Uint8Array() };

function sightingRecord(
  { ids, pointsPx, sigmaPx, mirrored }: SeenBoard,
  { residualsPx, outliers }: ReturnType<typeof residualsOf>,
): NonNullable<ViewRecord["sighting"]> {
  return {
    ids: Array.from(ids),
    pointsPx: Array.from(pointsPx),
    sigmaPx: sigmaPx && Array.from(sigmaPx),
    residualsPx: Array.from(residualsPx),
    outliers: Array.from(outliers.keys()).filter((i) => outliers[i] === 1),
    mirroredInFile: mirrored,
  };
}

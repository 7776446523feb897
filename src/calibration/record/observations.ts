/** What a geometric calibration was made from, taken out of its record: enough to solve it again. */
import { identity } from "../../geometry/rigid.js";
import type {
  BoardSighting,
  CalibrationBoard,
  CameraCalibration,
  PairCalibration,
} from "../../schema/calibration-geometry.js";
import type { ImageSighting, KnownBoard, SeenBoard } from "../geometry/observations/seen-board.js";
import type { PairInput } from "../geometry/pair/pair-input.js";

export interface CameraObservations {
  readonly board: KnownBoard;
  readonly sightings: readonly ImageSighting[];
}

/** Outliers and images that were not used are among them: a solve finds its own. */
export function cameraObservations({ board, camera, views }: CameraCalibration): CameraObservations {
  const sightings = views.map(({ image, sighting, message }): ImageSighting => {
    const found = sighting === null ? [] : [seenBoard(board.id, sighting)];
    const missing = sighting === null ? [{ boardId: board.id, message: message ?? "not used" }] : [];
    return { image, sizePx: camera.imageSizePx, boards: found, missing };
  });
  return { board: knownBoard(board), sightings };
}

/** Stops and sightings that were not used are among them too. */
export function pairObservations({
  stops,
  unsolvedStops,
  views,
  boards,
  far,
  solve,
}: PairCalibration): PairInput {
  const [first] = stops;
  return {
    stops: [...stops, ...unsolvedStops].map(({ distanceMm }) => ({ distanceMm })),
    views: views.map(({ name, stop, role, board, near, far: seenFar }) => {
      const boardId = boards[board]?.id ?? "";
      return {
        name,
        stop,
        role,
        boardId,
        near: near && seenBoard(boardId, near),
        far: seenFar && seenBoard(boardId, seenFar),
      };
    }),
    boards: boards.map(knownBoard),
    imageSizePx: { near: first?.near.imageSizePx ?? far.imageSizePx, far: far.imageSizePx },
    farDistanceMm: solve.farDistanceMm,
  };
}

function seenBoard(boardId: string, { ids, pointsPx, sigmaPx, mirroredInFile }: BoardSighting): SeenBoard {
  return {
    boardId,
    ids: Int32Array.from(ids),
    pointsPx: Float64Array.from(pointsPx),
    sigmaPx: sigmaPx && Float64Array.from(sigmaPx),
    mirrored: mirroredInFile,
  };
}

/** Corners are row-major on a grid; how the squares between them were printed no longer matters. */
function knownBoard({ id, cornersMm, squareMm }: CalibrationBoard): KnownBoard {
  const firstY = cornersMm[0]?.[1] ?? 0;
  const nextRow = cornersMm.findIndex(([, y]) => Math.abs(y - firstY) > squareMm / 2);
  const across = nextRow < 0 ? cornersMm.length : nextRow;
  return {
    id,
    board: {
      squaresX: across + 1,
      squaresY: cornersMm.length / across + 1,
      squareMm,
      topLeftSquare: "black",
    },
    cornersMm,
    T_target_board: identity,
  };
}

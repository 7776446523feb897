/** Solved pairs, from a solve and from a record. */
import { identity } from "../../../geometry/rigid.js";
import type { BoardSighting, PairCalibration } from "../../../schema/calibration-geometry.js";
import type { SeenCorners } from "./board-pose.js";
import { foundCorners } from "./board-shape.js";
import { withoutOutliers } from "./held-out.js";
import type { JointSolution } from "./joint-solve.js";
import type { PairInput } from "./pair-input.js";
import { type CameraParameter, cameraNames, parameterOfName } from "./pair-state.js";
import type { SolvedPair, SolvedView } from "./solved-pair.js";

export function solvedPair(input: PairInput, solution: JointSolution, exactBoards: boolean): SolvedPair {
  const { stops, imageSizePx, farDistanceMm } = input;
  const views = input.views.flatMap((view, index): SolvedView[] => {
    const pose = solution.T_rig_board[index];
    const residuals = solution.sightings.get(index);
    if (!pose || !residuals) return [];
    return [
      {
        name: view.name,
        stop: view.stop,
        role: view.role,
        board: input.boards.findIndex(({ id }) => id === view.boardId),
        near: view.near && withoutOutliers(view.near, residuals.near?.outliers),
        far: view.far && withoutOutliers(view.far, residuals.far?.outliers),
        T_rig_board: pose,
      },
    ];
  });
  return {
    state: solution.state,
    covariance: solution.covariance,
    noiseSigmaPx: solution.noiseSigmaPx,
    stops,
    cornersMm: solution.boards.map(({ cornersMm }) => cornersMm),
    views,
    imageSizePx,
    farDistanceMm,
    exactBoards,
  };
}

/** What a record was made of, for checks against it and for asking it anew. */
export function solvedPairOf(record: Omit<PairCalibration, "gates" | "rig" | "commandLine">): SolvedPair {
  const cameras = cameraNames(record.stops);
  const parameters = record.covariance.names.flatMap((name): CameraParameter[] => {
    const parameter = parameterOfName(cameras, name);
    return parameter === null ? [] : [parameter];
  });
  return {
    state: {
      far: { intrinsics: record.far.intrinsics, T_camera_rig: identity },
      near: record.stops.map(({ near, T_camera_rig }) => ({ intrinsics: near.intrinsics, T_camera_rig })),
    },
    covariance: { parameters, values: record.covariance.values },
    noiseSigmaPx: Math.hypot(record.errors.near.noiseSigmaPx, record.errors.far.noiseSigmaPx) / Math.SQRT2,
    stops: record.stops.map(({ distanceMm }) => ({ distanceMm })),
    cornersMm: record.boards.map(({ cornersMm, warpMm, shapeMm }) =>
      foundCorners(cornersMm, warpMm, shapeMm),
    ),
    views: record.views.map((view) => ({
      ...view,
      near: view.near && keptCorners(view.near),
      far: view.far && keptCorners(view.far),
    })),
    imageSizePx: {
      near: (record.stops[0] ?? { near: record.far }).near.imageSizePx,
      far: record.far.imageSizePx,
    },
    farDistanceMm: Math.hypot(...record.eyePlane.pointMm),
    exactBoards: record.boards.every(({ shapeMm }) => shapeMm === null),
  };
}

function keptCorners(sighting: BoardSighting): SeenCorners {
  const left = new Set(sighting.outliers);
  return withoutOutliers(
    sighting,
    Uint8Array.from(sighting.ids, (_, i) => Number(left.has(i))),
  );
}

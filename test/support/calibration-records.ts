/** Calibration records as large and as various as real ones, seeded. They fit the schema, and their parts fit each other. */
import {
  type CalibrationOf,
  createRecord,
  type RecordContext,
} from "../../src/calibration/record/create-record.js";
import { compose } from "../../src/geometry/rigid.js";
import type { Calibration } from "../../src/schema/calibration.js";
import type { SolvedCamera } from "../../src/schema/calibration-geometry.js";
import { recordContext } from "./calibration-fixtures.js";
import { simulatedColor } from "./simulated-color.js";
import { simulatedLight, simulatedSync } from "./simulated-light.js";
import { eyePlaneMap, facePoint, farCamera, simulatedStop, stopsMm } from "./simulated-stop.js";
import { bowlMap, errorsOf, SimulatedViews } from "./simulated-views.js";
import { pairGates, variousGates } from "./various-gates.js";

/** One of every kind. */
export function simulatedRecords(): Calibration[] {
  return [simulatedSync(), simulatedCamera(), simulatedPair(), simulatedColor(), simulatedLight()];
}

const allFree = [true, true, true, true, true, true, true, true, true];

/** OpenCV's left camera with a chessboard, 13 images, one of them empty. */
export function simulatedCamera(views = 13, context: Partial<RecordContext> = {}): CalibrationOf<"camera"> {
  const boards = new SimulatedViews(7, 0.14);
  const board = boards.board("chessboard-9x6", 9, 6, 25);
  const camera: SolvedCamera = {
    imageSizePx: [640, 480],
    intrinsics: [532.827, 532.946, 342.487, 233.856, -0.28088, 0.02518, 0.00122, -0.00014, 0.16343],
    sigma: [0.64, 0.63, 0.92, 0.83, 0.0061, 0.031, 0.00021, 0.00018, 0.052],
    free: allFree,
  };
  const seen = Array.from({ length: views }, (_, i) => {
    const T_camera_board = boards.pose([0, 0, 420], [90, 60, 90], 40);
    const sighting = i === 5 ? null : boards.sighting(camera, board, T_camera_board);
    return {
      image: `left${String(i + 1).padStart(2, "0")}.jpg`,
      sighting,
      T_camera_board: sighting === null ? null : T_camera_board,
      message: sighting === null ? "no board of 9 × 6 corners was found" : null,
    };
  });
  const size = {
    columns: 41,
    rows: 31,
    from: [0, 0] as [number, number],
    to: [639, 479] as [number, number],
  };
  return createRecord(
    {
      kind: "camera",
      solve: { warp: false, shapeSigmaMm: null, robustSigmas: null, expected: "any", distanceMm: 1600 },
      camera,
      errors: errorsOf(seen.map(({ sighting }) => sighting)),
      board,
      views: seen,
      uncertainty: [
        {
          distanceMm: 400,
          map: bowlMap(size, {
            title: "Uncertainty",
            unit: "px",
            placeUnit: "px",
            middle: 0.026,
            corner: 0.31,
          }),
        },
        {
          distanceMm: 1600,
          map: bowlMap(size, {
            title: "Uncertainty",
            unit: "px",
            placeUnit: "px",
            middle: 0.11,
            corner: 1.9,
          }),
        },
      ],
      crossValidation: bowlMap(size, {
        title: "Cross-validation",
        unit: "px",
        placeUnit: "px",
        middle: 0.05,
        corner: 0.55,
      }),
    },
    recordContext({
      gates: variousGates,
      commandLine: [
        "nearfar",
        "calibrate",
        "geometry",
        "--images",
        "my photos",
        "--board",
        "chessboard:9x6:25",
      ],
      rig: null,
      ...context,
    }),
  );
}

/**
 * The virtual rig's pair: a far camera of 180 mm at 1600 mm, the near one at 4.8 px/mm in the eye plane at every stop,
 * the near pupil up to 0.4 mm off the line.
 */
export function simulatedPair(
  size: { readonly stops?: number; readonly viewsPerStop?: number } = {},
  context: Partial<RecordContext> = {},
): CalibrationOf<"pair"> {
  const boards = new SimulatedViews(11, 0.1);
  const board = boards.board("charuco-a4", 16, 11, 16);
  const chosen = stopsMm.slice(0, size.stops ?? 4);
  const stops = chosen.map((distanceMm, i) => simulatedStop(distanceMm, i));
  const views = stops.flatMap((stop, index) =>
    Array.from({ length: size.viewsPerStop ?? 12 }, (_, i) => {
      const eyePlane = i === 0;
      const T_rig_board = boards.pose([0, 0, 1600], eyePlane ? [2, 2, 1] : [45, 60, 60], eyePlane ? 1 : 30);
      return {
        name: `${stop.distanceMm}-${String(i + 1).padStart(2, "0")}`,
        board: 0,
        stop: index,
        role: eyePlane ? ("eye-plane" as const) : ("pose" as const),
        near: boards.sighting(stop.near, board, compose(stop.T_camera_rig, T_rig_board)),
        far: boards.sighting(farCamera, board, T_rig_board),
        T_rig_board,
        unused: null,
      };
    }),
  );
  const maps = (title: string, middle: number, corner: number) =>
    chosen.map((distanceMm) => ({
      distanceMm,
      map: eyePlaneMap(title, middle, corner * (1 + 200 / distanceMm)),
    }));
  const names = [
    "far.fx",
    "far.fy",
    "far.cx",
    "far.cy",
    "far.k1",
    ...chosen.flatMap((mm) => ["rx", "ry", "rz", "tx", "ty", "tz"].map((name) => `${mm}.${name}`)),
  ];
  return createRecord(
    {
      kind: "pair",
      solve: { boardErrorMm: 0.15, farDistanceMm: 1600 },
      far: farCamera,
      stops,
      unsolvedStops: [],
      eyePlane: { pointMm: facePoint, normal: [0, 0, -1], source: "board" },
      covariance: { names, values: names.flatMap((_, i) => names.map((_, j) => (i === j ? 1e-4 : 0))) },
      errors: { near: errorsOf(views.map(({ near }) => near)), far: errorsOf(views.map((view) => view.far)) },
      boards: [board],
      views,
      returnErrorMm: 0.031,
      uncertainty: maps("Uncertainty", 0.02, 0.09),
      crossValidation: maps("Cross-validation", 0.03, 0.16),
    },
    recordContext({
      expiresAt: "2026-12-23T08:15:30.123Z",
      commandLine: [
        "nearfar",
        "calibrate",
        "geometry",
        "--rig",
        "rig-configs/virtual.yaml",
        "--store",
        "portraits",
      ],
      gates: pairGates,
      ...context,
    }),
  );
}

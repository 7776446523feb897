/** Small calibration records, made as the calibrations make them. */
import {
  type CalibrationBody,
  type CalibrationOf,
  createRecord,
  type RecordContext,
} from "../../src/calibration/record/create-record.js";
import { gate } from "../../src/calibration/record/gate.js";
import type { CalibratedRig, Gate } from "../../src/schema/calibration-header.js";

export const calibratedBench: CalibratedRig = {
  name: "bench",
  near: { vendor: "Aravis", model: "Fake", serial: "CAM-near" },
  far: { vendor: "Aravis", model: "Fake", serial: "CAM-far" },
  boardId: "0123456789abcdef",
  config: { near: { exposureUs: 8000 } },
  virtual: true,
};

export const passedGate: Gate = gate({
  id: "skew-p95",
  title: "Skew",
  value: 12,
  unit: "µs",
  warn: 50,
  fail: 200,
  advice: "Adopt the proposed delays.",
});

export function recordContext(overrides: Partial<RecordContext> = {}): RecordContext {
  return {
    createdAt: "2026-11-23T08:15:30.123Z",
    expiresAt: null,
    softwareVersion: "0.1.0",
    commandLine: ["nearfar", "calibrate"],
    rig: calibratedBench,
    gates: [passedGate],
    ...overrides,
  };
}

const none = { near: null, far: null };

export const syncBody = {
  kind: "sync",
  skewKind: "assumed",
  before: { delayUs: { near: 15, far: 0 }, lagUs: none, skewUs: null, shots: [] },
  proposedDelayUs: null,
  verified: null,
  ledCounter: null,
} as const satisfies CalibrationBody;

export const lightBody = {
  kind: "light",
  ghost: [],
  veil: none,
  polarisation: null,
  sharpness: { near: [], far: [] },
  advice: [],
} as const satisfies CalibrationBody;

/** OpenCV's left camera, as the reference tables have it, with two corners of one view. */
export const cameraBody = {
  kind: "camera",
  solve: { warp: false, shapeSigmaMm: null, robustSigmas: null, expected: "any", distanceMm: null },
  camera: {
    imageSizePx: [640, 480],
    intrinsics: [532.827, 532.946, 342.487, 233.856, -0.28088, 0.02518, 0.00122, -0.00014, 0.16343],
    sigma: [0.64, 0.63, 0.9, 0.8, 0.006, 0.03, 0.0002, 0.0002, 0.05],
    free: [true, true, true, true, true, true, true, true, true],
  },
  errors: {
    rmsPointPx: 0.19542,
    rmsCoordinatePx: 0.13818,
    heldOutRmsPx: 0.198,
    noiseSigmaPx: 0.14,
    points: 702,
    outliers: 0,
  },
  board: {
    id: "chessboard-9x6",
    cornersMm: [
      [0, 0, 0],
      [25, 0, 0],
    ],
    squareMm: 25,
    warpMm: null,
    shapeMm: null,
  },
  views: [
    {
      image: "left01.jpg",
      sighting: {
        ids: [0, 1],
        pointsPx: [100.1234567891, 200.5, 122.25, 201],
        sigmaPx: null,
        residualsPx: [0.1, -0.00000012345, 0, 0.25],
        outliers: [],
        mirroredInFile: null,
      },
      T_camera_board: { rotation: [1, 0, 0, 0], translationMm: [-30, -20, 400] },
      message: null,
    },
  ],
  uncertainty: [],
  crossValidation: null,
} as const satisfies CalibrationBody;

export function syncRecord(overrides: Partial<RecordContext> = {}): CalibrationOf<"sync"> {
  return createRecord(syncBody, recordContext(overrides));
}

export function lightRecord(overrides: Partial<RecordContext> = {}): CalibrationOf<"light"> {
  return createRecord(lightBody, recordContext(overrides));
}

export function cameraRecord(overrides: Partial<RecordContext> = {}): CalibrationOf<"camera"> {
  return createRecord(cameraBody, recordContext(overrides));
}

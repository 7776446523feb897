/** A rig's stops with a near pupil that is not quite in line, as a calibration of the pair tells of them. */
import { quaternionOfVector, rotate } from "../../src/geometry/rigid.js";
import type { Vector3 } from "../../src/geometry/vector.js";
import type { GridMap, PairCalibration, SolvedCamera } from "../../src/schema/calibration-geometry.js";
import { bowlMap } from "./simulated-views.js";

export const stopsMm = [230, 300, 390, 500, 650, 840, 1070, 1370];
export const facePoint: [number, number, number] = [1.2, -0.8, 1600];
const sensorPx: [number, number] = [1024, 1280];

/** 180 mm at 1600 mm. */
export const farCamera: SolvedCamera = {
  imageSizePx: sensorPx,
  intrinsics: [7683.2, 7671.9, 522.1, 633.4, -0.12, 0, 0, 0, 0],
  sigma: [1.9, 1.9, 6.2, 7.4, 0.03, 0, 0, 0, 0],
  free: [true, true, true, true, true, false, false, false, false],
};

/** Over 300 mm; the near camera's portrait sensor does not see all of it. */
export function eyePlaneMap(title: string, middle: number, corner: number): GridMap {
  const side = 16;
  const map = bowlMap(
    { columns: side, rows: side, from: [-150, -150], to: [150, 150] },
    { title, unit: "px", placeUnit: "mm", middle, corner },
  );
  const place = (index: number): number => (300 * index) / (side - 1) - 150;
  const isSeen = (i: number): boolean =>
    Math.abs(place(i % side)) < 107 && Math.abs(place(Math.floor(i / side))) < 134;
  return { ...map, values: map.values.map((value, i) => (isSeen(i) ? value : null)) };
}

/** The near pupil up to 0.4 mm off the line, less at later stops. */
export function simulatedStop(distanceMm: number, index: number): PairCalibration["stops"][number] {
  const focal = 4.8 * distanceMm;
  const near: SolvedCamera = {
    imageSizePx: sensorPx,
    intrinsics: [focal, focal * 1.0002, 515.3 - index, 641.2 + index, -0.08, 0.06, 0.0003, -0.0002, 0],
    sigma: [0.3, 0.3, 0.8, 0.9, 0.002, 0.006, 0.0001, 0.0001, 0],
    free: [true, true, true, true, true, true, true, true, false],
  };
  // Off the line from the far pupil (0, 0, 0) to the face point by so much.
  const off = [0.05 - 0.012 * index, -0.03 + 0.02 * index] as const;
  const alongMm = 1600 - distanceMm;
  const pupil: Vector3 = [
    off[0] + (facePoint[0] * alongMm) / 1600,
    off[1] + (facePoint[1] * alongMm) / 1600,
    alongMm,
  ];
  const [w, x, y, z] = quaternionOfVector([-0.0006, 0.0009, 0.0021]);
  const [tx, ty, tz] = rotate([w, x, y, z], pupil);
  const lateral = (value: number) => ({
    value: (-value * 1600) / distanceMm,
    sigma: 0.012 + 2 / distanceMm,
  });
  return {
    distanceMm,
    near,
    T_camera_rig: {
      rotation: [w, x, y, z] as [number, number, number, number],
      translationMm: [-tx, -ty, -tz] as [number, number, number],
    },
    readOuts: {
      lateralOffsetMm: { x: lateral(off[0]), y: lateral(off[1]) },
      pitchMdeg: { value: -34.4, sigma: 3.1 },
      yawMdeg: { value: 51.6, sigma: 2.9 },
      rollMdeg: { value: 120.3, sigma: 0.8 },
      aimErrorPx: { x: 2.31, y: -4.82 },
      pupilSeparationMm: { value: 1600 - distanceMm, sigma: 0.62 },
      nearDistanceMm: { value: distanceMm + 0.2, sigma: 0.11 },
      farDistanceMm: { value: 1600.4, sigma: 0.58 },
      magnificationRatio: { value: 1.00031, sigma: 0.00004 },
      earFlowSigmaPx: 0.05 + 12 / distanceMm,
      overlayRmsPx: index === 2 ? null : 0.06 + 0.01 * index,
      advice:
        index === 0
          ? ["Move the near camera 0.3 mm to its left (x screw, a third of a turn clockwise)."]
          : [],
    },
  };
}

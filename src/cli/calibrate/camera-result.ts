/** What a calibration of one camera prints. */
import type { CameraFacts } from "../../calibration/geometry/camera/camera-facts.js";
import { medianOf } from "../../calibration/geometry/camera/image-grid.js";
import { type CameraCalibration, type GridMap, intrinsicNames } from "../../schema/calibration-geometry.js";
import { formatTable } from "../table.js";
import { gateLines } from "./gate-lines.js";
import { verdictLine } from "./verdict-line.js";

/** One JSON object; px and mm where a name says nothing else. */
export function cameraJson(record: CameraCalibration, facts: CameraFacts): object {
  const { camera, errors, board, views, uncertainty, crossValidation } = record;
  const [fx, fy, cx, cy, ...distortion] = camera.intrinsics;
  const [sigmaFx, sigmaFy, sigmaCx, sigmaCy, ...sigmaDistortion] = camera.sigma;
  return {
    type: "calibration",
    kind: record.kind,
    calibrationId: record.calibrationId,
    verdict: record.verdict,
    rmsPoint: errors.rmsPointPx,
    rmsCoordinate: errors.rmsCoordinatePx,
    heldOutRms: errors.heldOutRmsPx,
    noiseSigma: errors.noiseSigmaPx,
    points: errors.points,
    outliers: errors.outliers,
    outlierCorners: outlierCorners(record),
    imageSize: camera.imageSizePx,
    ...{ fx, fy, cx, cy },
    /** k1 k2 p1 p2 k3 */
    distortion,
    sigma: { fx: sigmaFx, fy: sigmaFy, cx: sigmaCx, cy: sigmaCy, distortion: sigmaDistortion },
    board: { id: board.id, squareMm: board.squareMm, warpMm: board.warpMm },
    bend: facts.bend,
    mirrored: facts.mirrored,
    images: {
      used: usedImages(record),
      failed: views.flatMap(({ image, message }) => (message === null ? [] : [{ image, reason: message }])),
    },
    tiltSpreadDeg: facts.tiltSpreadDeg,
    coverage: facts.coverage,
    uncertainty: uncertainty.map(({ distanceMm, map }, i) => ({
      distanceMm,
      ...summaryOf(map),
      covered: facts.uncertainty[i]?.coveredPx,
      worstAt: facts.uncertainty[i]?.worstAtPx,
    })),
    crossValidation: crossValidation && { ...summaryOf(crossValidation), ratio: facts.crossValidationRatio },
    gates: record.gates,
  };
}

/**
 * The same for people.
 * @param kept whether the record was written anywhere.
 */
export function cameraLines(record: CameraCalibration, facts: CameraFacts, kept: boolean): string[] {
  const { errors, views, gates } = record;
  const failed = views.flatMap(({ image, message }) => (message === null ? [] : [`  ${image}: ${message}`]));
  const heldOut = errors.heldOutRmsPx;
  return [
    `${usedImages(record).length} of ${views.length} images used, ${errors.points} corners, ${errors.outliers} left out`,
    ...failed,
    ...intrinsicsTable(record),
    `Error per point ${px(errors.rmsPointPx)}, per coordinate ${px(errors.rmsCoordinatePx)}, ` +
      `on images held out ${heldOut === null ? "not known (fewer than 6 images)" : px(heldOut)}`,
    ...uncertaintyLines(record, facts),
    ...noteLines(facts),
    ...gateLines(gates),
    verdictLine(record, kept),
  ];
}

export function intrinsicsTable({ camera }: CameraCalibration): string[] {
  const rows = intrinsicNames.map((name, i) => {
    const [value, sigma] = [camera.intrinsics[i] as number, camera.sigma[i] as number];
    const digits = i < 4 ? 3 : 6;
    const unit = i < 4 ? "px" : "";
    return [name, value.toFixed(digits), camera.free[i] ? `± ${sigma.toFixed(digits)}` : "held", unit];
  });
  return formatTable(["", "value", "sigma", ""], rows);
}

function uncertaintyLines(
  { uncertainty, crossValidation }: CameraCalibration,
  { uncertainty: known }: CameraFacts,
): string[] {
  const lines = uncertainty.map(({ distanceMm, map }, i) => {
    const { median, worst } = summaryOf(map);
    const [x, y] = known[i]?.worstAtPx.map((place) => place.toFixed(0)) ?? [];
    return (
      `Projection uncertainty at ${distanceMm.toFixed(0)} mm: median ${px(median)}, worst ${px(worst)}; ` +
      `up to ${px(known[i]?.coveredPx ?? Number.NaN)} on 95 % of where corners were seen, worst there about pixel (${x}, ${y})`
    );
  });
  if (crossValidation === null) return lines;
  const { median, worst } = summaryOf(crossValidation);
  return [...lines, `Models of odd and even images differ by: median ${px(median)}, worst ${px(worst)}`];
}

function noteLines({ bend, mirrored }: CameraFacts): string[] {
  const lies =
    mirrored === null ? null : mirrored ? "mirrored; the camera is the un-mirrored one" : "as seen";
  const [a, b] = bend?.bendMm ?? [];
  return [
    ...(bend === null || a === undefined || b === undefined
      ? []
      : [
          `Board bent by ${a.toFixed(2)} ± ${bend.sigmaMm[0].toFixed(2)} mm across, ` +
            `${b.toFixed(2)} ± ${bend.sigmaMm[1].toFixed(2)} mm down`,
        ]),
    lies === null
      ? "Handedness unknown: the board has no markers, and looks the same in a mirror."
      : `Images lie ${lies}.`,
    "One camera cannot check the side of a square: it sets distances alone. Measure it.",
  ];
}

function usedImages({ views }: CameraCalibration): string[] {
  return views.flatMap(({ image, T_camera_board }) => (T_camera_board === null ? [] : [image]));
}

function outlierCorners({ views }: CameraCalibration): object[] {
  return views.flatMap(({ image, sighting }) => {
    if (sighting === null) return [];
    const { ids, pointsPx, residualsPx, outliers } = sighting;
    const at = (values: readonly number[], i: number): readonly number[] => values.slice(2 * i, 2 * i + 2);
    return outliers.map((i) => ({ image, id: ids[i], px: at(pointsPx, i), residualPx: at(residualsPx, i) }));
  });
}

function summaryOf({ values }: GridMap): { readonly median: number; readonly worst: number } {
  const known = values.filter((value) => value !== null);
  return { median: medianOf(known), worst: Math.max(...known) };
}

const px = (value: number): string => `${Number(value.toPrecision(3))} px`;

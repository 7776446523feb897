/** What a calibration of the pair prints. */
import { isReturn, stopNames } from "../../calibration/record/stop-names.js";
import type { Measured, PairCalibration } from "../../schema/calibration-geometry.js";
import { formatTable } from "../table.js";

type Stop = PairCalibration["stops"][number];

/** One JSON object: everything but the observations and the maps, which the record has. */
export function pairJson(record: PairCalibration): object {
  const { kind, calibrationId, createdAt, verdict, far, stops, eyePlane, errors, returnErrorMm, gates } =
    record;
  return {
    type: "calibration",
    ...{ kind, calibrationId, createdAt, verdict, errors },
    far,
    stops,
    eyePlane,
    views: record.views.length,
    boards: record.boards.map(({ id, warpMm }) => ({ id, warpMm })),
    returnErrorMm,
    gates,
  };
}

/** The same for people. */
export function pairFindings(record: PairCalibration): string[] {
  const { errors, views, returnErrorMm, stops } = record;
  const armLine = (arm: "near" | "far"): string => {
    const { points, outliers, rmsPointPx, heldOutRmsPx } = errors[arm];
    const heldOut = heldOutRmsPx === null ? "not known" : px(heldOutRmsPx);
    return `${arm}: ${points} corners, ${outliers} left out; error per point ${px(rmsPointPx)}, on views held out ${heldOut}`;
  };
  const unused = views.flatMap((view) => (view.unused === null ? [] : [`  ${view.name}: ${view.unused}`]));
  return [
    `${usedOf(views)} views at ${stops.length} stops`,
    ...unused,
    armLine("near"),
    armLine("far"),
    ...readOutLines(stops),
    ...(returnErrorMm === null
      ? []
      : [`The carriage came back to ${stops[0]?.distanceMm} mm within ${returnErrorMm.toFixed(3)} mm`]),
    ...adviceLines(stops),
  ];
}

function usedOf(views: PairCalibration["views"]): string {
  const used = views.filter(({ T_rig_board }) => T_rig_board !== null).length;
  return used === views.length ? String(used) : `${used} of ${views.length}`;
}

/** A stop that was visited twice is told of once. */
function adviceLines(stops: readonly Stop[]): string[] {
  const once = stops.filter((_, i) => !isReturn(stops, i));
  return once.flatMap(({ distanceMm, readOuts }) =>
    readOuts.advice.map((sentence) => `At ${distanceMm} mm: ${sentence}`),
  );
}

/** One row a visit. */
export function readOutLines(stops: readonly Pick<Stop, "distanceMm" | "readOuts">[]): string[] {
  const header = [
    "stop mm",
    "lateral x mm",
    "lateral y mm",
    "roll °",
    "pitch °",
    "yaw °",
    "near distance mm",
    "magnification",
    "overlay px",
    "ear σ px",
  ];
  return formatTable(
    header,
    stopNames(stops, String).map((name, i) => [name, ...readOutCells(stops[i] as (typeof stops)[number])]),
  );
}

function readOutCells({ readOuts }: Pick<Stop, "readOuts">): string[] {
  const { lateralOffsetMm, rollMdeg, pitchMdeg, yawMdeg, nearDistanceMm, magnificationRatio } = readOuts;
  return [
    plusMinus(lateralOffsetMm.x, 3),
    plusMinus(lateralOffsetMm.y, 3),
    ...[rollMdeg, pitchMdeg, yawMdeg].map((mdeg) => plusMinus(scaled(mdeg, 1e-3), 3)),
    plusMinus(nearDistanceMm, 1),
    plusMinus(magnificationRatio, 5),
    readOuts.overlayRmsPx === null ? "" : readOuts.overlayRmsPx.toFixed(3),
    readOuts.earFlowSigmaPx.toFixed(3),
  ];
}

export function plusMinus({ value, sigma }: Measured, digits: number): string {
  return `${value.toFixed(digits)} ± ${sigma.toFixed(digits)}`;
}

function scaled({ value, sigma }: Measured, factor: number): Measured {
  return { value: value * factor, sigma: sigma * factor };
}

const px = (value: number): string => `${Number(value.toPrecision(3))} px`;

/** The null test: at the farthest stop near and far see nearly the same, so what is left of the flow is error. */
import { WorldError } from "../../../base/errors.js";
import type { Gate } from "../../../schema/calibration-header.js";
import { gate } from "../../record/gate.js";
import { type CheckedPair, calibratedStop, cornersOf, type JointSighting } from "./calibrated-stop.js";
import { type FlowError, type FlowSummary, flowErrors, summaryOf } from "./seen-flow.js";

export interface NullTest extends FlowSummary {
  readonly distanceMm: number;
  /** Of means over cells of the picture, corner noise averaged away; the worst one. */
  readonly worstCellPx: number;
  readonly gate: Gate;
}

const failPx = 0.3;
const warnPx = 0.2;
/** Side of the cells, canonical px, and corners that one needs to be counted. */
const cellPx = 128;
const cornersInCell = 6;

/**
 * @param sightings of boards in the eye plane and about it, taken at the record's farthest stop.
 * @throws WorldError CALIBRATION_FAILED when both arms saw no board in common.
 */
export function nullTest(record: CheckedPair, sightings: readonly JointSighting[]): NullTest {
  const distanceMm = Math.max(...record.stops.map((stop) => stop.distanceMm));
  const stop = calibratedStop(record, distanceMm);
  const errors = sightings.flatMap((sighting) =>
    flowErrors(stop, sighting.near, sighting.far, cornersOf(record, sighting.board)),
  );
  const summary = summaryOf(errors);
  if (summary === null) {
    throw new WorldError("CALIBRATION_FAILED", "No board was seen by both cameras.", {
      advice: `Move the near camera to ${distanceMm} mm and hold a board where the face will be.`,
    });
  }
  const worstCellPx = worstCell(errors);
  return {
    distanceMm,
    ...summary,
    worstCellPx,
    gate: gate({
      id: "null-test",
      title: `Flow left over at ${distanceMm} mm, worst part of the picture`,
      value: Math.max(worstCellPx, Math.hypot(...summary.meanPx)),
      unit: "px",
      warn: warnPx,
      fail: failPx,
      advice: "Something moved since the calibration: run `nearfar calibrate check`, then calibrate anew.",
    }),
  };
}

function worstCell(errors: readonly FlowError[]): number {
  const cells = new Map<string, FlowError[]>();
  for (const error of errors) {
    const key = error.nearPx.map((at) => Math.floor(at / cellPx)).join(" ");
    cells.set(key, [...(cells.get(key) ?? []), error]);
  }
  const means = [...cells.values()].flatMap((cell) => {
    const summary = cell.length >= cornersInCell ? summaryOf(cell) : null;
    return summary ? [Math.hypot(...summary.meanPx)] : [];
  });
  return Math.max(0, ...means);
}

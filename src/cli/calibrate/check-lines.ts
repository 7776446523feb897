/** What `nearfar calibrate check` prints. */
import type { PairCheck } from "../../calibration/geometry/check/check-pair.js";
import type { NullTest } from "../../calibration/geometry/check/null-test.js";
import type { PhantomCheck } from "../../calibration/geometry/check/phantom-check.js";
import { formatTable } from "../table.js";
import { plusMinus, readOutLines } from "./pair-result.js";

/** One line a shot, short enough to stand beneath the last one. */
export function watchLine({ distanceMm, readOuts, shiftPx, flowRmsPx }: PairCheck): string {
  const { lateralOffsetMm, rollMdeg, pitchMdeg, yawMdeg, magnificationRatio, advice } = readOuts;
  const degrees = ({ value }: { readonly value: number }): string => (value / 1000).toFixed(3);
  return [
    `${distanceMm} mm`,
    `lateral ${plusMinus(lateralOffsetMm.x, 2)} / ${plusMinus(lateralOffsetMm.y, 2)} mm`,
    `roll ${degrees(rollMdeg)}° pitch ${degrees(pitchMdeg)}° yaw ${degrees(yawMdeg)}°`,
    `magnification ${magnificationRatio.value.toFixed(5)}`,
    `moved ${shiftPx.x.value.toFixed(2)} / ${shiftPx.y.value.toFixed(2)} px`,
    `flow error ${flowRmsPx.recorded.toFixed(3)} px`,
    ...advice.slice(0, 1),
  ].join("  ");
}

/** How the pair stands now against its calibration. */
export function checkLines(check: PairCheck): string[] {
  const { distanceMm, drift, shiftPx, flowRmsPx, readOuts } = check;
  const [x, y, z] = drift.moveMm;
  const [pitch, yaw, roll] = drift.turnMdeg;
  return [
    ...readOutLines([{ distanceMm, readOuts }]),
    `Since the calibration the near picture moved by ${plusMinus(shiftPx.x, 3)} / ${plusMinus(shiftPx.y, 3)} px; ` +
      `the flow is off by ${flowRmsPx.recorded.toFixed(3)} px (${flowRmsPx.refitted.toFixed(3)} px with the camera where it stands now)`,
    `Near camera: moved ${plusMinus(x, 2)} / ${plusMinus(y, 2)} / ${plusMinus(z, 2)} mm, ` +
      `turned ${plusMinus(pitch, 0)} / ${plusMinus(yaw, 0)} / ${plusMinus(roll, 0)} mdeg (pitch, yaw, roll)`,
    ...readOuts.advice,
  ];
}

/** Flow error by depth, one row a stop and depth. */
export function phantomLines(checks: readonly PhantomCheck[]): string[] {
  const rows = checks.flatMap(({ distanceMm, depths }) =>
    depths.map(({ heightMm, points, meanPx, rmsPx }) => [
      String(distanceMm),
      `${heightMm > 0 ? "+" : ""}${Math.round(heightMm)}`,
      String(points),
      `${meanPx[0].toFixed(3)} / ${meanPx[1].toFixed(3)}`,
      rmsPx.toFixed(3),
    ]),
  );
  return formatTable(["stop mm", "height mm", "corners", "mean px", "rms px"], rows);
}

export function nullLines({ distanceMm, points, meanPx, rmsPx, worstCellPx }: NullTest): string[] {
  return [
    `Null test at ${distanceMm} mm: mean ${meanPx[0].toFixed(3)} / ${meanPx[1].toFixed(3)} px, ` +
      `rms ${rmsPx.toFixed(3)} px of ${points} corners, worst part of the picture ${worstCellPx.toFixed(3)} px`,
  ];
}

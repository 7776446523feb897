import type { BoardSighting, PairCalibration } from "../../../schema/calibration-geometry.js";
import { boardPose } from "../camera/view-table.js";
import { inliers, residualPoints, rmsOf } from "../corners/residual-points.js";
import type { Content, Markup } from "../markup.js";
import { chosen, fixed, quantity } from "../numbers.js";
import { numberColumn, table, textColumn } from "../page-parts.js";

/** One row a board pose: what either arm saw of it, used or not. */
export function pairViewTable({ views, stops, unsolvedStops, boards }: PairCalibration): Markup {
  const rows = views.map((view): Content[] => {
    const board = boards[view.board];
    const pose = board === undefined || view.T_rig_board === null ? null : boardPose(view.T_rig_board, board);
    const stop = [...stops, ...unsolvedStops][view.stop];
    return [
      view.name,
      stop === undefined ? "–" : chosen(stop.distanceMm, ""),
      board?.id ?? "–",
      view.role === "eye-plane" ? "eye plane" : "",
      ...armCells(view.near),
      ...armCells(view.far),
      pose === null ? "–" : fixed(pose.tiltDeg, 1),
      pose === null ? "–" : fixed(pose.distanceMm, 0),
      view.unused,
    ];
  });
  return table(
    [
      textColumn("View"),
      numberColumn("Stop, mm"),
      textColumn("Board"),
      textColumn("Role"),
      ...["Near: rms, px", "corners", "left out", "Far: rms, px", "corners", "left out", "Tilt, °"].map(
        numberColumn,
      ),
      numberColumn("From the far pupil, mm"),
      textColumn("Not used"),
    ],
    rows,
    "compact",
  );
}

function armCells(sighting: BoardSighting | null): Content[] {
  if (sighting === null) return ["–", "–", "–"];
  const points = residualPoints([sighting]);
  return [quantity(rmsOf(inliers(points)), "", 3), sighting.ids.length, sighting.outliers.length];
}

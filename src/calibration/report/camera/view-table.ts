import { type Rigid, rotate, transform } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import { norm, scale } from "../../../geometry/vector.js";
import type { CalibrationBoard, CameraCalibration } from "../../../schema/calibration-geometry.js";
import { inliers, residualPoints, rmsOf } from "../corners/residual-points.js";
import { type Content, type Markup, markup } from "../markup.js";
import { fixed, quantity } from "../numbers.js";
import { numberColumn, paragraph, table, textColumn } from "../page-parts.js";

/** One row an image; those that were not used say why. */
export function viewTable({ views, board }: CameraCalibration): Markup {
  const rows = views.map(({ image, sighting, T_camera_board, message }): Content[] => {
    if (sighting === null) return [image, "–", "–", "–", "–", "–", message];
    const points = residualPoints([sighting]);
    const pose = T_camera_board === null ? null : boardPose(T_camera_board, board);
    return [
      image,
      quantity(rmsOf(inliers(points)), "", 4),
      sighting.ids.length,
      sighting.outliers.length,
      pose === null ? "–" : fixed(pose.tiltDeg, 1),
      pose === null ? "–" : fixed(pose.distanceMm, 0),
      message ?? (sighting.mirroredInFile === true ? "was mirrored in the file" : null),
    ];
  });
  return markup`${table(
    [
      textColumn("Image"),
      ...["rms per point, px", "Corners", "Left out", "Tilt, °", "Distance, mm"].map(numberColumn),
      textColumn("Note"),
    ],
    rows,
  )}${paragraph("Tilt is the angle between the board's normal and the camera's axis, distance that of the board's middle. Boards all at one tilt or one distance leave the lens undetermined.")}`;
}

/** How a board stands before the camera. */
export function boardPose(
  T_camera_board: Rigid,
  { cornersMm }: CalibrationBoard,
): { readonly tiltDeg: number; readonly distanceMm: number } {
  const sum = cornersMm.reduce<Vector3>(
    (total, corner) => [total[0] + corner[0], total[1] + corner[1], total[2] + corner[2]],
    [0, 0, 0],
  );
  const middle = transform(T_camera_board, scale(sum, 1 / Math.max(1, cornersMm.length)));
  const cosine = Math.abs(rotate(T_camera_board.rotation, [0, 0, 1])[2]);
  return { tiltDeg: (180 / Math.PI) * Math.acos(Math.min(1, cosine)), distanceMm: norm(middle) };
}

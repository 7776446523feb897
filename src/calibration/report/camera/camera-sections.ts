/** The report on one camera. */
import type { CameraCalibration, FitErrors } from "../../../schema/calibration-geometry.js";
import { boardFigure } from "../board/board-figure.js";
import { coverageFigure } from "../corners/coverage-figure.js";
import { directionFigure } from "../corners/direction-figure.js";
import { regionFigure, regionTable } from "../corners/region-figure.js";
import { residualHistogram } from "../corners/residual-histogram.js";
import { residualPoints } from "../corners/residual-points.js";
import { vectorFigure } from "../corners/vector-figure.js";
import type { Content } from "../markup.js";
import { chosen, quantity, significant } from "../numbers.js";
import { facts, paragraph, row, section } from "../page-parts.js";
import { errorMapFigure } from "./error-map-figure.js";
import { intrinsicsTable } from "./intrinsics-table.js";
import { viewTable } from "./view-table.js";

/** Dots in one plot. */
const drawnCorners = 4000;

export function cameraSections(record: CameraCalibration): readonly Content[] {
  const { camera, errors, views, board, uncertainty, crossValidation } = record;
  const points = residualPoints(views.map(({ sighting }) => sighting));
  const size = camera.imageSizePx;
  return [
    section("Camera", row(intrinsicsTable([{ name: "camera", camera }]), facts(errorFacts(errors)))),
    section(
      "Corners",
      row(
        coverageFigure(points, size, "all views", drawnCorners),
        vectorFigure(points, size, "all views", drawnCorners),
        directionFigure(points, size, "all views", drawnCorners),
        residualHistogram(points, errors.noiseSigmaPx, "all views"),
      ),
      row(regionFigure(points, size, "all views"), regionTable(points, size)),
    ),
    section(
      "How far it can be trusted",
      row(
        uncertainty.map(({ distanceMm, map }) =>
          errorMapFigure(
            map,
            `Projection uncertainty at ${chosen(distanceMm, "mm", 4)}`,
            `One standard deviation of where a point at ${chosen(distanceMm, "mm", 4)} is imaged, from the noise of the corners alone. ` +
              "It is least where boards stood and grows away from them; errors that the model cannot have come on top.",
          ),
        ),
        crossValidation === null
          ? paragraph("No cross-validation: fewer than six views cannot be halved.")
          : errorMapFigure(
              crossValidation,
              "Cross-validation",
              "Distance between the models of the odd and of the even images. Up to about twice the uncertainty is noise; " +
                "well above it the lens does what the model cannot.",
            ),
      ),
    ),
    section("Views", viewTable(record)),
    section("Board", row(boardFigure(board))),
  ];
}

/** What the residuals say, for a table of facts. */
export function errorFacts(errors: FitErrors): [string, Content][] {
  const { rmsPointPx, rmsCoordinatePx, heldOutRmsPx, noiseSigmaPx, points, outliers } = errors;
  return [
    ["Reprojection error, per point", quantity(rmsPointPx, "px", 5)],
    ["The same per coordinate", `${quantity(rmsCoordinatePx, "px", 5)} (smaller by √2; mrcal's convention)`],
    [
      "Held out",
      heldOutRmsPx === null
        ? "not known: fewer than six views"
        : `${quantity(heldOutRmsPx, "px", 5)} per point, on images that the lens was not fitted to`,
    ],
    ["Noise of a coordinate", quantity(noiseSigmaPx, "px", 4)],
    [
      "Corners",
      `${points.toLocaleString("en-US")}, of which ${outliers} left out (${significant(points === 0 ? 0 : (100 * outliers) / points, 2)} %)`,
    ],
  ];
}

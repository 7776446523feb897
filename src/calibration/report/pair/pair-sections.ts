/** The report on the pair. */
import type { PairCalibration } from "../../../schema/calibration-geometry.js";
import { stopNames } from "../../record/stop-names.js";
import { boardFigure } from "../board/board-figure.js";
import { errorFacts } from "../camera/camera-sections.js";
import { intrinsicsTable } from "../camera/intrinsics-table.js";
import { type Content, markup } from "../markup.js";
import { chosen, quantity } from "../numbers.js";
import { chunks, facts, row, section, subsection } from "../page-parts.js";
import { eyePlaneMaps } from "./eye-plane-maps.js";
import { offsetFigure } from "./offset-figure.js";
import { pairGeometry } from "./pair-geometry.js";
import { pairViewTable } from "./pair-view-table.js";
import { adviceList, readOutTables } from "./read-out-table.js";
import { sideFigures } from "./side-figure.js";
import { allCornersRow, stopCorners } from "./stop-corners.js";

/** Cameras side by side. */
const camerasInTable = 5;

export function pairSections(record: PairCalibration): readonly Content[] {
  const { far, stops, errors, eyePlane, returnErrorMm, boards } = record;
  const geometry = pairGeometry(record);
  const cameras = [
    { name: "far", camera: far },
    ...stopNames(stops, (distanceMm) => chosen(distanceMm, "mm")).map((name, i) => ({
      name: `near at ${name}`,
      camera: (stops[i] as (typeof stops)[number]).near,
    })),
  ];
  return [
    section("What to turn", adviceList(stops), readOutTables(stops)),
    section("Where the pupils are", row(offsetFigure(record), sideFigures(geometry))),
    section(
      "How far it can be trusted",
      facts([
        ["Eye plane", eyePlaneText(eyePlane.source)],
        ["Return error of the rail", returnErrorMm === null ? "not tried" : quantity(returnErrorMm, "mm")],
      ]),
      eyePlaneMaps(record),
    ),
    section(
      "Cameras",
      chunks(cameras, camerasInTable).map(intrinsicsTable),
      row(
        markup`<div>${subsection("Near arm", facts(errorFacts(errors.near)))}</div>`,
        markup`<div>${subsection("Far arm", facts(errorFacts(errors.far)))}</div>`,
      ),
    ),
    section("Corners of all stops", allCornersRow(record, "far"), allCornersRow(record, "near")),
    section("Corners of each stop", stopCorners(record)),
    section("Boards", row(boards.map(boardFigure))),
    section("Views", pairViewTable(record)),
  ];
}

function eyePlaneText(source: PairCalibration["eyePlane"]["source"]): string {
  return source === "board"
    ? "from boards that stood where faces stand: scale is measured"
    : "from the distance in the rig's config: scale is only as good as that";
}

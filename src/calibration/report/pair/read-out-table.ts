import type { Measured, PairCalibration } from "../../../schema/calibration-geometry.js";
import { isReturn, stopNames } from "../../record/stop-names.js";
import { type Content, type Markup, markup } from "../markup.js";
import { chosen, fixed, quantity, withSigma } from "../numbers.js";
import { bulletList, chunks, numberColumn, paragraph, prose, table, textColumn } from "../page-parts.js";

type Stops = PairCalibration["stops"];
type ReadOuts = Stops[number]["readOuts"];

const measured = ({ value, sigma }: Measured): string => withSigma(value, sigma, "");

/** What is printed of a stop, one line each. */
const lines: readonly (readonly [string, (readOuts: ReadOuts) => Content])[] = [
  ["Lateral offset x, mm", ({ lateralOffsetMm }) => measured(lateralOffsetMm.x)],
  ["Lateral offset y, mm", ({ lateralOffsetMm }) => measured(lateralOffsetMm.y)],
  ["Pitch, thousandths of °", ({ pitchMdeg }) => measured(pitchMdeg)],
  ["Yaw, thousandths of °", ({ yawMdeg }) => measured(yawMdeg)],
  ["Roll, thousandths of °", ({ rollMdeg }) => measured(rollMdeg)],
  [
    "Aim of the near view off the face point, px",
    ({ aimErrorPx: { x, y } }) => `${fixed(x, 1)}, ${fixed(y, 1)}`,
  ],
  ["Between the pupils, mm", ({ pupilSeparationMm }) => measured(pupilSeparationMm)],
  ["Near pupil to face point, mm", ({ nearDistanceMm }) => measured(nearDistanceMm)],
  ["Far pupil to face point, mm", ({ farDistanceMm }) => measured(farDistanceMm)],
  ["Magnification near over far", ({ magnificationRatio }) => measured(magnificationRatio)],
  ["Uncertainty of the flow at the ear, px", ({ earFlowSigmaPx }) => quantity(earFlowSigmaPx, "", 3)],
  [
    "Disagreement over the eye plane, rms px",
    ({ overlayRmsPx }) => (overlayRmsPx === null ? "not known" : quantity(overlayRmsPx, "", 3)),
  ],
];

/** Stops side by side. */
const stopsInTable = 4;

/** Everything that can be adjusted or that tells how well it is, a stop a column. */
export function readOutTables(stops: Stops): Content {
  const names = stopNames(stops, (distanceMm) => chosen(distanceMm, "mm"));
  const columns = stops.map(({ readOuts }, i) => ({ name: names[i] as string, readOuts }));
  const tables = chunks(columns, stopsInTable).map((some) =>
    table(
      [textColumn("Stop"), ...some.map(({ name }) => numberColumn(name))],
      lines.map(([name, text]): Content[] => [name, ...some.map(({ readOuts }) => text(readOuts))]),
    ),
  );
  return [
    tables,
    paragraph(
      markup`<span class="dim">± one standard deviation. Lateral offset: far pupil from the near camera's line of sight to the face point; 1 mm of it moves the ear by up to a pixel. Flow and disagreement are in px of the canonical image.</span>`,
    ),
  ];
}

/** Which knob to turn which way, or that none needs it. A stop that was visited twice is told of once. */
export function adviceList(stops: Stops): Markup {
  const items = stops
    .filter((_, i) => !isReturn(stops, i))
    .flatMap(({ distanceMm, readOuts: { advice } }) =>
      advice.map((sentence) => markup`<strong>${chosen(distanceMm, "mm")}:</strong> ${prose(sentence)}`),
    );
  return items.length === 0 ? paragraph("Nothing needs to be turned at any stop.") : bulletList(items);
}

/** What a color calibration prints. */
import type { ArmColor, RecordedMap } from "../../calibration/color/arm-color.js";
import {
  errorOnOthers,
  type FittedMap,
  type JudgedMap,
  matrixOf,
} from "../../calibration/color/color-fit.js";
import { editionOf } from "../../calibration/color/edition.js";
import type { Transfer } from "../../calibration/color/linear-picture.js";
import { arms as bothArms } from "../../capture/rig.js";
import { colorCheckerEditions, colorCheckerPatches } from "../../color/color-checker.js";
import { mapColor } from "../../color/color-map.js";
import { labOfXyz, type Triple } from "../../color/lab.js";
import type { ColorCalibration } from "../../schema/calibration-color.js";
import { formatTable } from "../table.js";
import { gateLines } from "./gate-lines.js";
import { verdictLine } from "./verdict-line.js";

export interface ColorFileFacts {
  readonly image: string;
  readonly transfer: Transfer;
  readonly compared: readonly FittedMap[] | null;
  readonly color: ArmColor | null;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Mean and greatest only. */
function errorsOf({ deltaE00: { fit, leaveOneOut } }: Pick<JudgedMap, "deltaE00">) {
  return {
    fit: { mean: fit.mean, max: fit.max },
    leaveOneOut: leaveOneOut && { mean: leaveOneOut.mean, max: leaveOneOut.max },
  };
}

/** One JSON object; `deltaE00`, `matrix` and `patches` are those of the 3 × 3 matrix, linear camera color to XYZ (D50). */
export function colorFileJson(
  record: ColorCalibration,
  { image, transfer, compared, color }: ColorFileFacts,
): object {
  const arm = record.arms.near;
  const fits = arm?.toXyz ?? [];
  const matrix = matrixOf(fits);
  return {
    type: "calibration",
    kind: record.kind,
    calibrationId: record.calibrationId,
    verdict: record.verdict,
    image,
    target: record.target,
    transfer,
    deltaE00: matrix && errorsOf(matrix),
    matrix: matrix?.rows,
    recommended: fits[0]?.method,
    corners: arm?.chart.cornersPx,
    mirrored: arm?.chart.mirrored,
    glare: arm?.glare,
    fits: fits.map((fit) => ({ method: fit.method, rows: fit.rows, deltaE00: errorsOf(fit) })),
    patches: color === null ? [] : patchFacts(record, color),
    ...(compared === null
      ? {}
      : { compared: compared.map((fit) => ({ method: fit.method, deltaE00: errorsOf(fit) })) }),
    gates: record.gates,
  };
}

interface PatchFact {
  readonly name: string;
  readonly mean: Triple;
  readonly sigma: Triple;
  readonly pixels: number;
  readonly clippedShare: number;
  readonly referenceLab: Triple;
  readonly lab: Triple;
  /** Null for a patch that the fits left out. */
  readonly deltaE00: { readonly fit: number; readonly leaveOneOut: number } | null;
}

function patchFacts(record: ColorCalibration, color: ArmColor): PatchFact[] {
  const matrix = matrixOf(color.toXyz) as RecordedMap;
  const reference = colorCheckerEditions[editionOf(record.target)];
  return color.chart.patches.map((patch, i) => {
    const used = color.usable.indexOf(i);
    const [fit, leaveOneOut] = [matrix.deltaE00.fit.each[used], matrix.deltaE00.leaveOneOut?.each[used]];
    return {
      name: colorCheckerPatches[i] as string,
      ...patch,
      referenceLab: reference[i] as Triple,
      lab: labOfXyz(mapColor(matrix, color.colors[i] as Triple)),
      deltaE00: fit === undefined || leaveOneOut === undefined ? null : { fit, leaveOneOut },
    };
  });
}

const transferText = (transfer: Transfer): string =>
  transfer.kind === "gamma" ? `gamma ${transfer.gamma}` : transfer.kind === "srgb" ? "sRGB" : "linear light";

/**
 * The same for people.
 * @param kept whether the record was written anywhere.
 */
export function colorFileLines(record: ColorCalibration, facts: ColorFileFacts, kept: boolean): string[] {
  const { color, compared, transfer, image } = facts;
  const arm = record.arms.near;
  if (arm === null || color === null) return [];
  const lies = arm.chart.mirrored ? "mirrored, as in a reflection" : "as seen, not mirrored";
  return [
    `${image}: ${record.target}, ${lies}; values taken as ${transferText(transfer)}`,
    `Grid corners from dark skin on: ${arm.chart.cornersPx.map(([x, y]) => `(${x.toFixed(1)}, ${y.toFixed(1)})`).join(" ")} px`,
    ...patchTable(patchFacts(record, color)),
    ...mapTable(compared ?? arm.toXyz),
    ...matrixLines(arm.toXyz),
    ...gateLines(record.gates),
    verdictLine(record, kept),
  ];
}

function patchTable(patches: readonly PatchFact[]): string[] {
  const lab = ([l, a, b]: Triple): string => [l, a, b].map((value) => value.toFixed(1).padStart(6)).join("");
  const rows = patches.map(({ name, mean, referenceLab, lab: mapped, deltaE00 }) => [
    name,
    mean.map((share) => (100 * share).toFixed(1).padStart(5)).join(" "),
    lab(referenceLab),
    lab(mapped),
    deltaE00 === null ? "clipped" : deltaE00.fit.toFixed(2).padStart(5),
    deltaE00 === null ? "" : deltaE00.leaveOneOut.toFixed(2).padStart(5),
  ]);
  return formatTable(
    ["patch", "camera R G B, %", "L*a*b* wanted", "by the matrix", "ΔE00 fit", "left out"],
    rows,
  );
}

/** The error that counts stands first: that of colors which the map was not fitted to. */
function mapTable(fits: readonly Pick<JudgedMap, "method" | "deltaE00">[]): string[] {
  const rows = fits.map((map) => {
    const [others, { fit }] = [errorOnOthers(map), map.deltaE00];
    return [map.method, ...[others.mean, others.max, fit.mean, fit.max].map((error) => error.toFixed(2))];
  });
  const isRefit = fits.some(({ deltaE00 }) => deltaE00.leaveOneOut === null);
  const [othersName, fitName] = isRefit
    ? ["colored patches", "grays"]
    : ["leave-one-out", "of the fit itself"];
  return formatTable(["map, ΔE00", `${othersName} mean`, "max", `${fitName} mean`, "max"], rows);
}

function matrixLines(
  fits: readonly Pick<RecordedMap, "method" | "rows">[],
  title = "Linear camera color to XYZ (D50)",
): string[] {
  const matrix = matrixOf(fits);
  if (matrix === undefined) return [];
  const rows = matrix.rows.map((row) => `  ${row.map((entry) => entry.toFixed(6).padStart(10)).join(" ")}`);
  return [`${title}:`, ...rows];
}

/** Of a rig's calibration, for people. */
export function colorFindings(record: ColorCalibration): string[] {
  const { nearToFar, exposureRatio, arms, drift, refitOf } = record;
  return [
    ...(refitOf === null ? [] : [`For one session: ${refitOf} with new gains, by the grays of the chart`]),
    ...bothArms.flatMap((arm) => {
      const color = arms[arm];
      return color === null ? [] : [`The ${arm} camera to XYZ:`, ...mapTable(color.toXyz)];
    }),
    ...(nearToFar === null ? [] : ["The near camera to the far camera:", ...mapTable(nearToFar)]),
    ...matrixLines(nearToFar ?? [], "Linear near color to linear far color"),
    ...(exposureRatio === null
      ? []
      : [
          `Far over near signal of the grays: ${exposureRatio.map((ratio) => rounded(ratio, 3)).join(" ")} (R G B)`,
        ]),
    ...(drift?.pair
      ? [`Near to far has moved by ${drift.pair.mean.toFixed(2)} ΔE00 since ${drift.since}`]
      : []),
  ];
}

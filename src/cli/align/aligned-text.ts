/** An aligned pair in one line, for people and for programs. */
import type { AlignmentRecord } from "../../schema/alignment.js";

/** What a line tells of a pair. */
export interface AlignedShot {
  readonly shotId: number;
  readonly record: Pick<
    AlignmentRecord,
    "input" | "verdict" | "reasons" | "approximate" | "quality" | "rigFit" | "subject"
  >;
}

interface Measured {
  readonly value: number;
  readonly sigma: number;
}

export const shotName = (shotId: number): string => `#${String(shotId).padStart(4, "0")}`;

/** With its sign, so that directions are seen: `+3.1 ± 0.4`. */
export function signed({ value, sigma }: Measured, digits: number): string {
  return `${signedNumber(value, digits)} ± ${sigma.toFixed(digits)}`;
}

function signedNumber(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return value < 0 || Number(text) === 0 ? text.replace(/^-(?=[0.]+$)/, "") : `+${text}`;
}

/** `#0004 accept 250 mm  eyes +3.1 ± 0.4 mm  tangential 0.08 px …`; what is not known is left out. */
export function alignedText({ shotId, record }: AlignedShot): string {
  const { input, verdict, reasons, quality, rigFit } = record;
  const { eyePlaneMm, tangentialRmsPx, skinDeltaE00, coverage } = quality;
  const offset = rigFit?.nearPupilOffsetMm;
  const parts = [
    `${shotName(shotId)} ${verdict.padEnd(6)} ${String(input.distanceMm).padStart(4)} mm`,
    eyePlaneMm === null ? null : `eyes ${signed(eyePlaneMm, 1)} mm`,
    tangentialRmsPx === null ? null : `tangential ${tangentialRmsPx.toFixed(2)} px`,
    skinDeltaE00 === null ? null : `ΔE00 ${skinDeltaE00.toFixed(1)}`,
    coverage === null ? null : `coverage ${percent(coverage)}`,
    offset === undefined ? null : `offset ${signed(offset.x, 2)}, ${signed(offset.y, 2)} mm`,
    rigFit === null ? null : `roll ${signed(rigFit.rollMdeg, 0)} mdeg`,
    reasons.length === 0 ? null : reasons.join(", "),
  ];
  return parts.filter((part) => part !== null).join("  ");
}

export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** What the JSON line of an aligned pair tells of it; documented in README.md. */
export function alignedJson(record: AlignedShot["record"]): object {
  const { input, verdict, reasons, approximate, quality, rigFit, subject } = record;
  return {
    verdict,
    reasons,
    approximate,
    distanceMm: input.distanceMm,
    pair: input.pair?.calibrationId ?? null,
    color: input.color?.calibrationId ?? null,
    nearDistanceMm: subject?.nearDistanceMm ?? null,
    farDistanceMm: subject?.farDistanceMm ?? null,
    quality,
    rigFit: rigFit && { ...rigFit, zones: undefined },
  };
}

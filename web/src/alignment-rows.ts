/** The numbers of an aligned pair as rows of tables. */
import type { AlignmentRecord } from "../../src/schema/alignment.js";
import { percent, quantity, unknown, withSigma } from "./numbers.js";

export interface NumberRow {
  readonly name: string;
  readonly value: string;
  /** Beyond which it is warned of or rejected; empty when nothing is. */
  readonly limit: string;
}

type RigFit = NonNullable<AlignmentRecord["rigFit"]>;
type Subject = NonNullable<AlignmentRecord["subject"]>;
type Limits = AlignmentRecord["input"]["parameters"]["limits"];

const row = (name: string, value: string, limit = ""): NumberRow => ({ name, value, limit });

export function qualityRows({ quality, input }: AlignmentRecord): NumberRow[] {
  const { limits } = input.parameters;
  return [
    row(
      "Eyes before the calibrated eye plane",
      withSigma(quality.eyePlaneMm, "mm"),
      `warn beyond ${limits.eyePlaneWarnMm}, reject beyond ${limits.eyePlaneRejectMm} mm`,
    ),
    row(
      "Magnification error, near over far",
      withSigma(quality.magnificationError, "%"),
      `warn beyond ${limits.magnificationWarnPercent} %`,
    ),
    row(
      "Tangential residual, rms",
      quantity(quality.tangentialRmsPx, "px", 3),
      `warn beyond ${limits.tangentialWarnPx}, reject beyond ${limits.tangentialRejectPx} px`,
    ),
    row("Tangential chi²", quantity(quality.tangentialChi2, "", 2), "1 when its sigmas are right"),
    row(
      "Skin color, mean ΔE00",
      quantity(quality.skinDeltaE00, "", 2),
      `warn beyond ${limits.skinDeltaE00Warn}`,
    ),
    row(
      "Sharpness, near over far",
      quantity(quality.sharpnessRatio, "", 2),
      `warn beyond ${limits.sharpnessRatioWarn}, either way round`,
    ),
    row("Skew, near − far", quantity(quality.skewUs, "µs", 1), `warn beyond ${limits.skewWarnUs} µs`),
    row(
      "Coverage of the face's front",
      percent(quality.coverage),
      `warn below ${100 * limits.coverageWarn}, reject below ${100 * limits.coverageReject} %`,
    ),
    row("Confidence", percent(quality.confidence), `warn below ${100 * limits.confidenceWarn} %`),
    row("Flow's sigma, median", quantity(quality.medianSigmaPx, "px", 3)),
    row("Forward and backward disagree, median", quantity(quality.forwardBackwardPx, "px", 3)),
    row("Clipped on the face", percent(quality.clippedShare), `warn beyond ${100 * limits.clippedWarn} %`),
  ];
}

export function fitRows(fit: RigFit, limits: Limits): NumberRow[] {
  const { nearPupilOffsetMm: offset, rollMdeg, shiftPx, tangentialRmsPx } = fit;
  const offsetLimit = `warn beyond ${limits.offsetWarnMm} mm`;
  const shiftLimit = `warn beyond ${limits.shiftWarnPx} px`;
  return [
    row("Near pupil offset, x", withSigma(offset.x, "mm"), offsetLimit),
    row("Near pupil offset, y", withSigma(offset.y, "mm"), offsetLimit),
    row("Roll, clockwise", withSigma(rollMdeg, "m°"), `warn beyond ${limits.rollWarnMdeg} m°`),
    row("Shift, x", withSigma(shiftPx.x, "px"), shiftLimit),
    row("Shift, y", withSigma(shiftPx.y, "px"), shiftLimit),
    row(
      "Tangential rms",
      `${quantity(tangentialRmsPx.before, "px", 3)} before, ${quantity(tangentialRmsPx.after, "px", 3)} after`,
    ),
    row("Points", `${fit.points} used, ${fit.outliers} outliers`),
    row("Flow corrected by it", fit.applied ? "yes" : "no, not significant"),
  ];
}

const sources = { flow: "flow around the eyes", scale: "ratio of the faces' sizes" } as const;

export function subjectRows({ nearDistanceMm, farDistanceMm, source }: Subject): NumberRow[] {
  return [
    row("Near pupil to the eyes", withSigma(nearDistanceMm, "mm")),
    row("Far pupil to the eyes", withSigma(farDistanceMm, "mm")),
    row("Measured from", sources[source]),
  ];
}

export function resolutionRows({ resampling, input, canonical }: AlignmentRecord): NumberRow[] {
  const arms = ["near", "far"] as const;
  return [
    row("Size", `${input.parameters.sizePx} px for ${input.parameters.sideMm} mm`),
    ...arms.map((arm) => row(`Source px per px, ${arm}`, quantity(resampling[arm].sourcePxPerPx, "", 2))),
    ...arms.map((arm) => row(`Inside the frame, ${arm}`, percent(resampling[arm].validShare))),
    row("Epipole", canonical === null ? unknown : canonical.epipolePx.map((x) => x.toFixed(1)).join(", ")),
    row("Geometry", input.pair?.calibrationId ?? "none (approximate)"),
    row("Color", input.color?.calibrationId ?? "the cameras' own"),
  ];
}

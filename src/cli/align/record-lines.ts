/** The record of an aligned pair for people: numbers with units, zones, what it cannot see. */
import { type AlignmentRecord, alignmentReasons } from "../../schema/alignment.js";
import { plusMinus } from "../calibrate/pair-result.js";
import { formatTable } from "../table.js";
import { formatBytes } from "../units.js";
import { percent, signed } from "./aligned-text.js";

export function recordLines(record: AlignmentRecord): string[] {
  const facts = [
    ...madeOf(record),
    ...imageFacts(record),
    ...subjectFacts(record),
    ...rigFacts(record),
    ...qualityFacts(record),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    ...facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...zoneLines(record),
    `verdict: ${record.verdict}`,
    ...record.reasons.map((reason) => `  ${reason}: ${alignmentReasons[reason]}`),
    ...(record.blindTo.length === 0 ? [] : ["what this cannot see:"]),
    ...record.blindTo.map((sentence) => `  ${sentence}`),
  ];
}

type Facts = [name: string, value: string][];

function madeOf({ input, approximate }: AlignmentRecord): Facts {
  return [
    ["stop", `${input.distanceMm} mm from near pupil to eye plane`],
    [
      "geometry",
      input.pair?.calibrationId ??
        (approximate ? "homography and gain of a reference pair: approximate" : "none"),
    ],
    ["color", input.color?.calibrationId ?? "none: the cameras' own colors"],
  ];
}

function imageFacts({ input, resampling, canonical, files }: AlignmentRecord): Facts {
  const { sizePx } = input.parameters;
  const scale = canonical === null ? "" : `, ${canonical.pxPerMm.toFixed(3)} px/mm in the eye plane`;
  const ofArm = (arm: "near" | "far"): string => {
    const { sourcePxPerPx, validShare, clippedPx, flatField } = resampling[arm];
    const flat = flatField ? "" : ", no flat field";
    return `${sourcePxPerPx.toFixed(2)} frame px per px, ${percent(validShare)} valid, ${clippedPx} px clipped${flat}`;
  };
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    ["images", `${sizePx} × ${sizePx} px${scale}`],
    ["near", ofArm("near")],
    ["far", ofArm("far")],
    ["files", `${files.length}, ${formatBytes(bytes)}: ${files.map(({ name }) => name).join(", ")}`],
  ];
}

function subjectFacts({ subject, quality: { eyePlaneMm }, faces: { near } }: AlignmentRecord): Facts {
  const [yaw, pitch, roll] = [near?.yawDeg, near?.pitchDeg, near?.rollDeg].map((angle) => angle?.toFixed(0));
  const facts: Facts = [
    ["face", near === null ? "none found" : `yaw ${yaw}°, pitch ${pitch}°, roll ${roll}°`],
  ];
  if (eyePlaneMm !== null) {
    facts.push(["eyes", `${signed(eyePlaneMm, 1)} mm towards the cameras from the eye plane`]);
  }
  if (subject !== null) {
    const { nearDistanceMm, farDistanceMm, source } = subject;
    const [nearMm, farMm] = [plusMinus(nearDistanceMm, 1), plusMinus(farDistanceMm, 1)];
    facts.push(["distance", `near ${nearMm} mm, far ${farMm} mm (by ${source})`]);
  }
  return facts;
}

function rigFacts({ rigFit }: AlignmentRecord): Facts {
  if (rigFit === null) return [];
  const { nearPupilOffsetMm, rollMdeg, shiftPx, points, outliers, tangentialRmsPx, chi2, applied } = rigFit;
  const used = applied ? "corrected in the flow" : "not significant, not applied";
  return [
    [
      "pupil",
      `${signed(nearPupilOffsetMm.x, 3)}, ${signed(nearPupilOffsetMm.y, 3)} mm from where it was calibrated (${used})`,
    ],
    ["roll", `${signed(rollMdeg, 1)} mdeg`],
    ["shift", `${signed(shiftPx.x, 2)}, ${signed(shiftPx.y, 2)} px`],
    [
      "tangential",
      `${tangentialRmsPx.before.toFixed(3)} px rms before the fit, ${tangentialRmsPx.after.toFixed(3)} px after; chi² ${chi2.toFixed(2)}; ${points} points, ${outliers} outliers`,
    ],
  ];
}

function qualityFacts({ quality }: AlignmentRecord): Facts {
  const { magnificationError, skinDeltaE00, sharpnessRatio, skewUs, coverage, confidence } = quality;
  const { clippedShare, medianSigmaPx, forwardBackwardPx } = quality;
  const facts: [string, string | null][] = [
    ["magnification", magnificationError && `${signed(magnificationError, 2)} % off`],
    ["skin", skinDeltaE00 === null ? null : `ΔE00 ${skinDeltaE00.toFixed(2)} between the arms`],
    ["sharpness", sharpnessRatio === null ? null : `${sharpnessRatio.toFixed(2)} near over far`],
    ["skew", skewUs === null ? null : `${skewUs.toFixed(1)} µs`],
    ["coverage", coverage === null ? null : `${percent(coverage)} of the visible front`],
    ["confidence", confidence === null ? null : percent(confidence)],
    ["sigma", medianSigmaPx === null ? null : `${medianSigmaPx.toFixed(3)} px, median over the front`],
    [
      "there and back",
      forwardBackwardPx === null ? null : `${forwardBackwardPx.toFixed(3)} px, median over the front`,
    ],
    ["clipped", `${(100 * clippedShare).toFixed(1)} % of the face`],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

function zoneLines({ rigFit }: AlignmentRecord): string[] {
  if (rigFit === null || rigFit.zones.length === 0) return [];
  const rows = rigFit.zones.map(({ zone, points, tangentialRmsPx, chi2, texture }) => [
    zone,
    String(points),
    tangentialRmsPx.toFixed(3),
    chi2.toFixed(2),
    `${(100 * texture).toFixed(1)} %`,
  ]);
  return formatTable(["zone", "points", "tangential px rms", "chi²", "texture"], rows);
}

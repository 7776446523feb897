import type { FrameRecord, ShotRecord } from "../schema/records.js";

function frameOf(shot: ShotRecord, arm: FrameRecord["arm"]): FrameRecord | undefined {
  return shot.frames.find((frame) => frame.arm === arm);
}

/** The JSON line of one shot; documented in README.md. */
export function shotRecordLine(shot: ShotRecord): object {
  return {
    type: "shot",
    shotId: shot.shotId,
    sessionId: shot.sessionId,
    outcome: shot.outcome,
    verdict: shot.verdict,
    reasons: shot.reasons,
    skewUs: shot.skewUs,
    skewKind: shot.skewKind,
    distanceMm: shot.distanceMm,
    expression: shot.expression,
    pose: shot.pose,
    repeat: shot.repeat,
    retakeOf: shot.retakeOf,
    capturedAt: shot.capturedAt,
    bootId: shot.bootId,
    triggerNumber: shot.triggerNumber,
    objects: {
      near: frameOf(shot, "near")?.objectSha256 ?? null,
      far: frameOf(shot, "far")?.objectSha256 ?? null,
    },
  };
}

/** The verdict line a person reads while shooting. */
export function shotText(shot: ShotRecord, skewLimitUs?: number): string {
  const skew =
    shot.skewUs === null
      ? `skew ${shot.skewKind}`
      : `skew ${shot.skewUs.toFixed(1)} µs ${shot.skewKind}${skewLimitUs === undefined ? "" : ` (limit ${skewLimitUs})`}`;
  const measures = (["near", "far"] as const).flatMap((arm) => {
    const quality = frameOf(shot, arm)?.quality;
    if (!quality) return [];
    const clipped = (100 * quality.clippedShare).toFixed(1);
    return [`${arm} focus ${quality.sharpness.toPrecision(2)} clip ${clipped} %`];
  });
  const parts = [
    `#${String(shot.shotId).padStart(4, "0")} ${shot.verdict.padEnd(6)}`,
    `${shot.distanceMm} mm ${shot.expression} ${shot.pose}`,
    skew,
    ...measures,
    ...(shot.retakeOf === null ? [] : [`retake of #${shot.retakeOf}`]),
    ...(shot.outcome === "paired" ? [] : [shot.outcome]),
    ...(shot.reasons.length === 0 ? [] : [shot.reasons.join(", ")]),
  ];
  return parts.join("  ");
}

/** A comparison with the truth in one line, for people. */
import type { TruthComparison, ZoneFlow } from "./compare-with-truth.js";

/** e.g. `geometry 0.04 px · front 0.18 px median, 0.27 mean, 93 % kept, depth 0.8 mm, errors/sigma 1.04 · occlusion F1 0.93`. */
export function truthSummary({ canonical, nearToFar, occlusion, eyeDepthMm }: TruthComparison): string {
  const front = nearToFar.find(({ zone }) => zone === "front");
  const parts = [
    `geometry ${canonical.rmsPx.toFixed(2)} px`,
    front ? frontText(front) : "no front of a face",
    Number.isNaN(occlusion.f1) ? "nothing hidden" : `occlusion F1 ${occlusion.f1.toFixed(2)}`,
  ];
  if (eyeDepthMm !== null && eyeDepthMm.measured !== null) {
    const { measured, truth } = eyeDepthMm;
    parts.push(`eyes ${(measured - truth).toFixed(1)} mm off`);
  }
  return parts.join(" · ");
}

function frontText({ endPointPx, keptShare, depthMm, normalised }: ZoneFlow): string {
  if (endPointPx.count === 0) return "nothing measured on the front";
  return (
    `front ${endPointPx.median.toFixed(2)} px median, ${endPointPx.mean.toFixed(2)} mean, ` +
    `${(100 * keptShare).toFixed(0)} % kept, depth ${depthMm.mean.toFixed(1)} mm, ` +
    `error/sigma ${normalised.rms.toFixed(2)}`
  );
}

/** Tables of how far aligned pairs are from the truth. */
import type { TruthComparison, ZoneFlow } from "../../src/alignment/truth/compare-with-truth.js";
import type { FaceZone } from "../../src/schema/alignment.js";
import type { RenderedSubject } from "./rendered-pairs.js";

export interface FlowFigure {
  readonly subject: RenderedSubject;
  readonly distanceMm: number;
  readonly found: TruthComparison;
}

export function zoneOf(zones: readonly ZoneFlow[], name: FaceZone): ZoneFlow {
  const zone = zones.find((candidate) => candidate.zone === name);
  if (zone === undefined) throw new Error(`there is no ${name} in the truth's view`);
  return zone;
}

/** One line for each zone and direction, and one for occlusion and geometry. */
export function figureLines({ subject, distanceMm, found }: FlowFigure): string[] {
  const { source, identity, skinContrast } = subject;
  const who = `${source}:${identity} skin ${(100 * skinContrast).toFixed(0)} % at ${distanceMm} mm`;
  const { canonical, occlusion, strictOcclusion, measuredHidden, eyeDepthMm } = found;
  const eyes =
    eyeDepthMm === null
      ? ""
      : `; eyes ${eyeDepthMm.measured?.toFixed(1)} mm (truth ${eyeDepthMm.truth.toFixed(1)})`;
  return [
    `${who}: geometry ${canonical.rmsPx.toFixed(3)} px, far less near ${canonical.flowRmsPx.toFixed(3)}; ` +
      `occlusion F1 ${occlusion.f1.toFixed(3)} (precision ${occlusion.precision.toFixed(3)}, recall ` +
      `${occlusion.recall.toFixed(3)}; by the pixel ${strictOcclusion.f1.toFixed(3)}), ${occlusion.hidden} px hidden, ` +
      `${measuredHidden} measured all the same${eyes}`,
    ...found.nearToFar.map((zone) => `  near→far ${zoneLine(zone)}`),
    ...found.farToNear.map((zone) => `  far→near ${zoneLine(zone)}`),
  ];
}

function zoneLine({
  zone,
  pixels,
  keptShare,
  endPointPx,
  normalised,
  depthMm,
  sparsification,
}: ZoneFlow): string {
  const { mean, median, p95 } = endPointPx;
  return (
    `${zone.padEnd(8)} ${String(pixels).padStart(6)} px, ${(100 * keptShare).toFixed(0).padStart(3)} % kept: ` +
    `median ${median.toFixed(2)}, mean ${mean.toFixed(2)}, p95 ${p95.toFixed(2)} px; depth ${depthMm.median.toFixed(2)}, ` +
    `mean ${depthMm.mean.toFixed(2)} mm; error/sigma ${normalised.rms.toFixed(2)} (robust ${normalised.robust.toFixed(2)}); ` +
    `best 20 %, 50 %, all: ${[1, 4, 9].map((i) => sparsification[i]?.toFixed(2)).join(", ")}`
  );
}

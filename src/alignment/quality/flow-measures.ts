/** How much of the face was matched, and how well. */
import type { DepthView, RadialMatch } from "../../native/radial-match.js";
import { faceZones } from "../../schema/alignment.js";
import { median } from "../../stats/median.js";
import type { FaceZoneMap } from "../face/face-zones.js";

export interface FlowMeasures {
  /** Share of the visible front that has measured flow; null without a front. */
  readonly coverage: number | null;
  /** Share of that flow with a small sigma; null without flow. */
  readonly confidence: number | null;
  readonly medianSigmaPx: number | null;
  readonly forwardBackwardPx: number | null;
}

/** Every second pixel either way: neighbours say the same. */
const step = 2;
/** A sigma below this is small whatever the flow. */
const smallSigmaPx = 0.3;
/** Of the flow's length: below it the flow says more than its noise. */
const smallSigmaShare = 1 / 3;

/** Over the front of the face in the near image. */
export function flowMeasures(
  { near, far }: RadialMatch,
  { widthPx, heightPx, zones }: FaceZoneMap,
): FlowMeasures {
  const front = 1 + faceZones.indexOf("front");
  const sigmas: number[] = [];
  const disagreements: number[] = [];
  let [visible, confident] = [0, 0];
  for (let y = 0; y < heightPx; y += step) {
    for (let x = 0; x < widthPx; x += step) {
      const i = y * widthPx + x;
      if (zones[i] !== front || near.visible[i] === 0) continue;
      visible += 1;
      const [dx, dy] = [near.flow[2 * i] as number, near.flow[2 * i + 1] as number];
      const sigma = near.sigmaPx[i] as number;
      if (!Number.isFinite(dx + dy + sigma)) continue;
      sigmas.push(sigma);
      if (sigma < Math.max(smallSigmaPx, smallSigmaShare * Math.hypot(dx, dy))) confident += 1;
      const back = flowAt(far, widthPx, heightPx, x + dx, y + dy);
      if (back !== null) disagreements.push(Math.hypot(dx + back[0], dy + back[1]));
    }
  }
  return {
    coverage: visible === 0 ? null : sigmas.length / visible,
    confidence: sigmas.length === 0 ? null : confident / sigmas.length,
    medianSigmaPx: median(sigmas),
    forwardBackwardPx: median(disagreements),
  };
}

/** Flow between pixels, bilinear; null where one of the four is not measured. */
export function flowAt(
  { flow }: Pick<DepthView, "flow">,
  widthPx: number,
  heightPx: number,
  x: number,
  y: number,
): readonly [number, number] | null {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (!(left >= 0 && top >= 0 && left + 1 < widthPx && top + 1 < heightPx)) return null;
  const [s, t] = [x - left, y - top];
  const i = 2 * (top * widthPx + left);
  const component = (k: 0 | 1): number =>
    (1 - t) * ((1 - s) * (flow[i + k] as number) + s * (flow[i + 2 + k] as number)) +
    t * ((1 - s) * (flow[i + 2 * widthPx + k] as number) + s * (flow[i + 2 * widthPx + 2 + k] as number));
  const [dx, dy] = [component(0), component(1)];
  return Number.isFinite(dx + dy) ? [dx, dy] : null;
}

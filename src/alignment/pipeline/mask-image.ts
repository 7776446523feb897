/** The mask that lies beside a canonical image. */
import type { DepthView } from "../../native/radial-match.js";
import type { Resampled } from "../../native/resample.js";
import { faceZones, maskBits } from "../../schema/alignment.js";
import type { FaceZoneMap } from "../face/face-zones.js";

const frontCode = 1 + faceZones.indexOf("front");
/** By the values of `DepthView.visible`. */
const bitsOfSight = [maskBits.hidden, maskBits.visible, 0] as const;

/**
 * Bits as `maskBits`, sizePx × sizePx.
 * @param zones of the same view; null without a face in it.
 * @param view of the same arm; null where nothing was matched.
 */
export function maskImage(
  { flags }: Pick<Resampled, "flags">,
  zones: FaceZoneMap | null,
  view: Pick<DepthView, "depthMm" | "visible"> | null,
): Uint8Array {
  const mask = Uint8Array.from(flags);
  for (let i = 0; i < mask.length; i++) {
    const zone = zones === null ? 0 : (zones.zones[i] as number);
    let bits = mask[i] as number;
    if (zone !== 0) bits |= maskBits.head;
    if (zone === frontCode) bits |= maskBits.front;
    const isValid = (bits & maskBits.valid) !== 0;
    if (view !== null && isValid) bits |= bitsOfSight[view.visible[i] as 0 | 1 | 2];
    if (view !== null && !Number.isNaN(view.depthMm[i])) bits |= maskBits.measured;
    mask[i] = bits;
  }
  return mask;
}

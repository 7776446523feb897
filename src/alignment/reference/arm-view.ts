/** A whole frame of the reference pair, upright and small enough to look for boards and faces in. */
import { lumaOf } from "../../imaging/gray.js";
import type { Aligner } from "../../native/aligner.js";
import type { FrameSource, Resampled } from "../../native/resample.js";
import type { VisionImage } from "../../native/vision.js";
import { uprightSize } from "../input/require-fit.js";
import { canonicalWhite } from "../resample/canonical-white.js";
import { type PlaneMap, scaledAbout } from "./plane-map.js";

export interface ArmView {
  readonly source: FrameSource;
  /** Of the upright frame. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly image: Resampled;
  /** Frame px of a px of the image. */
  readonly frameOfView: PlaneMap;
}

/** Boards and faces are found to a fraction of a px in images of this size. */
const longestSidePx = 2048;

export async function viewOf(
  aligner: Pick<Aligner, "resample">,
  source: FrameSource,
  signal: AbortSignal | undefined,
): Promise<ArmView> {
  const { widthPx, heightPx } = uprightSize(source);
  const scale = Math.max(1, Math.max(widthPx, heightPx) / longestSidePx);
  const frameOfView = scaledAbout(scale, [-0.5, -0.5], [-0.5, -0.5]);
  const image = await aligner.resample(
    {
      source,
      map: { kind: "homography", homography: frameOfView },
      widthPx: Math.floor(widthPx / scale),
      heightPx: Math.floor(heightPx / scale),
      flat: null,
      dark: null,
      color: [],
      white: canonicalWhite,
    },
    signal === undefined ? {} : { signal },
  );
  return { source, widthPx, heightPx, image, frameOfView };
}

export function grayOf({ samples, channels, widthPx, heightPx }: Resampled): VisionImage {
  return { data: channels === 1 ? samples : lumaOf(samples, widthPx * heightPx), widthPx, heightPx };
}

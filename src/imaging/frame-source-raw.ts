/** Raw files of cameras, by LibRaw. */
import { createAligner } from "../native/aligner.js";
import type { FrameSource } from "../native/resample.js";
import type { Mount } from "../schema/rig-config.js";
import type { FrameReading } from "./frame-source.js";
import { sharedSamples } from "./shared-samples.js";

/** @throws WorldError FILE_CORRUPT for files that are damaged, no raw files or not of 2 × 2 color filters. */
export async function openRawSource(
  path: string,
  { mount, blackLevel, whiteLevel }: FrameReading,
  signal?: AbortSignal,
): Promise<FrameSource> {
  const aligner = createAligner({ threads: 1 });
  try {
    const raw = await aligner.readRawFile(path, signal === undefined ? {} : { signal });
    return {
      samples: sharedSamples(raw.samples),
      bitsPerSample: 16,
      widthPx: raw.widthPx,
      heightPx: raw.heightPx,
      samplesPerPixel: 1,
      cfa: raw.cfa,
      transfer: "linear",
      blackLevel: blackLevel ?? raw.blackLevel,
      whiteLevel: whiteLevel ?? raw.whiteLevel,
      mount: mountAfter(raw.rotationDeg, mount ?? { rotationDeg: 0, mirrored: false }),
    };
  } finally {
    await aligner.close();
  }
}

/**
 * What undoes the file's own turn first and then the mount. Un-mirroring comes first in a mount, and a clockwise turn
 * before a left-right flip is a counter-clockwise one after it.
 */
function mountAfter(turnDeg: Mount["rotationDeg"], { rotationDeg, mirrored }: Mount): Mount {
  const total = (rotationDeg + (mirrored ? 360 - turnDeg : turnDeg)) % 360;
  return { rotationDeg: total as Mount["rotationDeg"], mirrored };
}

import type { CameraFrame } from "../devices/contract/camera.js";
import type { RawFrame } from "../imaging/raw-frame.js";
import type { CameraConfig } from "../schema/rig-config.js";

/** A camera's frame with what its config says of the samples. The payload is not copied. */
export function rawFrameOf(frame: CameraFrame, config: CameraConfig): RawFrame {
  const { payload, pixelFormat, widthPx, heightPx } = frame;
  const { bitDepth, blackLevel, whiteLevel, mount } = config;
  return { payload, pixelFormat, widthPx, heightPx, bitDepth, blackLevel, whiteLevel, mount };
}

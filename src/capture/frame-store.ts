/** One frame's way into the dataset: analysed, written as an object, then previewed. */
import { CallerError } from "../base/errors.js";
import type { Dataset } from "../dataset/dataset.js";
import type { CameraFrame } from "../devices/contract/camera.js";
import type { Arm } from "../devices/contract/trigger-board.js";
import type { FrameProcessor } from "../imaging/frame-processor.js";
import type { FrameRecord } from "../schema/records.js";
import type { RigConfig } from "../schema/rig-config.js";
import { rawFrameOf } from "./camera-frame.js";
import { type CapturedShot, frameFacts } from "./captured-shot.js";
import type { JudgedFrame } from "./judge.js";

export interface FrameStoreOptions {
  readonly dataset: Pick<Dataset, "writeObject" | "writePreview">;
  readonly frameProcessor: FrameProcessor;
  readonly config: RigConfig;
  /** Longer side of the previews, in px. */
  readonly previewLongEdgePx: number;
}

export interface StoredFrame {
  readonly record: FrameRecord;
  readonly judged: JudgedFrame;
}

export class FrameStore {
  readonly #options: FrameStoreOptions;

  constructor(options: FrameStoreOptions) {
    this.#options = options;
  }

  /**
   * Writes the frame of one arm. null: the arm has none, or it is so broken that its payload has
   * not even the right size. Does not release the frame.
   */
  async write(shot: CapturedShot, arm: Arm): Promise<StoredFrame | null> {
    const closed = shot.trigger.frames[arm];
    if (closed === null) return null;
    const { config, dataset, frameProcessor } = this.#options;
    const facts = frameFacts(shot, arm, config[arm], closed);
    try {
      const processed = await frameProcessor.processFrame({
        ...rawFrameOf(closed.frame, config[arm]),
        ledCorners: config.ledCounter?.[arm],
        description: { sessionId: shot.open.sessionId, shotId: shot.open.shotId, ...sourceOf(facts) },
      });
      const object = await dataset.writeObject(processed.tiffParts, ".tif");
      // Of an incomplete frame the pixels are kept, but nothing is concluded from them.
      const quality = closed.outcome === "incomplete" ? null : processed.quality;
      const led = closed.outcome === "incomplete" ? null : processed.led;
      const record = { ...facts, objectSha256: object.sha256, bytes: object.bytes, quality };
      return { record, judged: { outcome: closed.outcome, quality, led } };
    } catch (error) {
      if (closed.outcome === "incomplete" && error instanceof CallerError) return null;
      throw error;
    }
  }

  /** Renders and keeps the preview. Derived data: the caller may ignore that it failed. */
  async preview(shotId: number, arm: Arm, frame: CameraFrame): Promise<void> {
    const { config, dataset, frameProcessor, previewLongEdgePx } = this.#options;
    const raw = rawFrameOf(frame, config[arm]);
    const jpeg = await frameProcessor.renderPreview(raw, { longEdgePx: previewLongEdgePx });
    await dataset.writePreview(shotId, arm, jpeg);
  }
}

function sourceOf(facts: ReturnType<typeof frameFacts>): Readonly<Record<string, unknown>> {
  const { arm, cameraSerial, frameId, deviceTimeNs } = facts;
  return { arm, cameraSerial, frameId, deviceTimeNs };
}

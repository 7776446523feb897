/** What an imaging worker can do; pure functions of their input, run by `imaging.worker.ts`. */
import type { FrameInput, ProcessedFrame } from "./frame-processor.js";
import { measureQuality } from "./frame-quality.js";
import { readLedCounter } from "./led-counter.js";
import { pixelLayouts } from "./pixel-layout.js";
import { type PreviewPixels, previewPixels } from "./preview-pixels.js";
import type { RawFrame } from "./raw-frame.js";
import { describeFrame } from "./tiff-description.js";
import { buildTiffHeader } from "./tiff-writer.js";
import { unpackSamples } from "./unpack.js";
import type { JobHandlers } from "./worker-jobs.js";

export interface PreviewJob {
  readonly frame: RawFrame;
  readonly longEdgePx: number;
}

/** Input and output of each job; both must survive a structured clone. */
export interface ImagingJobs {
  readonly analyse: { readonly input: FrameInput; readonly output: ProcessedFrame };
  readonly preview: { readonly input: PreviewJob; readonly output: PreviewPixels };
}

export const imagingJobs: JobHandlers<ImagingJobs> = {
  analyse(input) {
    const samples = unpackSamples(input);
    const { widthPx, heightPx, ledCorners, description } = input;
    const frame = { ...input, samples };
    const header = buildTiffHeader({
      widthPx,
      heightPx,
      samplesPerPixel: pixelLayouts[input.pixelFormat].samplesPerPixel,
      description: JSON.stringify(describeFrame(input, description)),
    });
    return {
      tiffParts: [header, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)],
      quality: measureQuality(frame),
      led: ledCorners === undefined ? null : readLedCounter(frame, ledCorners),
    };
  },
  preview({ frame, longEdgePx }) {
    return previewPixels({ ...frame, samples: unpackSamples(frame) }, longEdgePx);
  },
};

/** Frames in files, opened when they are needed and checked to be what was asked for. */
import { WorldError } from "../../base/errors.js";
import { type FrameReading, openFrameSource } from "../../imaging/frame-source.js";
import type { FrameSource } from "../../native/resample.js";
import type { FrameInput } from "../pair-input.js";
import { fileHash } from "./file-hash.js";

/**
 * @param sha256 what the file's hash must be.
 * @param check sees the opened frame; throws when it is not as it must be.
 */
export function frameInput(
  path: string,
  sha256: string,
  reading: FrameReading = {},
  check: (frame: FrameSource) => void = () => {},
): FrameInput {
  return {
    sha256,
    open: async (signal) => {
      const found = await fileHash(path, signal);
      if (found !== sha256) {
        throw new WorldError("FILE_CORRUPT", `${path} is damaged: its sha256 is ${found}, not ${sha256}.`, {
          advice: "Restore it from a backup; `nearfar session audit` checks all files of a store.",
        });
      }
      const frame = await openFrameSource(path, reading, signal);
      check(frame);
      return frame;
    },
  };
}

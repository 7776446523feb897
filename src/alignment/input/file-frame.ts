/** A picture file that somebody names as the frame of an arm. */
import { CallerError, WorldError } from "../../base/errors.js";
import { type FrameReading, openFrameSource } from "../../imaging/frame-source.js";
import { frameDescriptionIn } from "../../imaging/frame-source-tiff.js";
import type { FrameSource } from "../../native/resample.js";
import type { ArmName } from "../../schema/records.js";
import type { FrameInput } from "../pair-input.js";
import { fileHash } from "./file-hash.js";
import { frameInput } from "./frame-input.js";
import { type UprightSize, uprightSize } from "./require-fit.js";

export interface FileFrame {
  readonly input: FrameInput;
  readonly size: UprightSize;
  readonly mono: boolean;
  /** Of the camera; null: the file does not tell. */
  readonly serial: string | null;
  /** How its samples were read, where the file itself does not say so. */
  readonly assumption: string | null;
}

/**
 * Opens the file once to see what it is; the frame itself is read later.
 * @throws CallerError NOT_FOUND, USAGE for a stored frame of the other arm; WorldError FILE_CORRUPT.
 */
export async function fileFrame(
  path: string,
  arm: ArmName,
  reading: FrameReading,
  signal?: AbortSignal,
): Promise<FileFrame> {
  const frame = await openFrameSource(path, reading, signal);
  const source = ownSource(path);
  if (source !== null && source.arm !== null && source.arm !== arm) {
    throw new CallerError("USAGE", `${path} was taken by the ${source.arm} camera, not the ${arm} one.`, {
      advice: "Are the two files the other way round?",
    });
  }
  const size = uprightSize(frame);
  return {
    input: frameInput(path, await fileHash(path, signal), reading, (again) =>
      requireSameSize(path, size, uprightSize(again)),
    ),
    size,
    mono: frame.samplesPerPixel === 1 && frame.cfa === null,
    serial: source?.serial ?? null,
    assumption: source === null ? assumptionOf(path, arm, frame) : null,
  };
}

/** What nearfar wrote into one of its own frames; null for any other file. */
function ownSource(path: string): { arm: ArmName | null; serial: string | null } | null {
  const description = frameDescriptionIn(path);
  if (description === null) return null;
  const { arm, cameraSerial } = description.source;
  return {
    arm: arm === "near" || arm === "far" ? arm : null,
    serial: typeof cameraSerial === "string" ? cameraSerial : null,
  };
}

function assumptionOf(path: string, arm: ArmName, frame: FrameSource): string {
  const { blackLevel, whiteLevel, mount, transfer } = frame;
  const turned = mount.rotationDeg === 0 ? "upright" : `to be turned by ${mount.rotationDeg}°`;
  const side = mount.mirrored ? "a reflection, un-mirrored once" : "not mirrored";
  const light = transfer === "srgb" ? "sRGB" : `linear from ${blackLevel} to ${whiteLevel}`;
  return `${path}: taken as the ${arm} frame, ${turned}, ${side}, ${light}.`;
}

function requireSameSize(path: string, was: UprightSize, is: UprightSize): void {
  if (was.widthPx === is.widthPx && was.heightPx === is.heightPx) return;
  throw new WorldError("FILE_CORRUPT", `${path} has changed while it was read.`, {
    advice: "Run the command again once nothing writes to it.",
  });
}

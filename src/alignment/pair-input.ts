/** What one alignment starts from: two frames, the calibrations that hold for them, and how to work. */
import type { FrameSource } from "../native/resample.js";
import type { AlignmentLimits } from "../schema/alignment-limits.js";
import type { ColorCalibration } from "../schema/calibration-color.js";
import type { PairCalibration } from "../schema/calibration-geometry.js";

/** A frame by the hash of its file; read when it is needed. */
export interface FrameInput {
  readonly sha256: string;
  /** Opens the file, checking that it still has that hash. @throws WorldError FILE_CORRUPT. */
  open(signal?: AbortSignal): Promise<FrameSource>;
}

export interface UsedCalibration<Record> {
  readonly record: Record;
  /** Of its text. */
  readonly sha256: string;
}

/** A pair of the same session that shows something still and flat, for an alignment without geometry. */
export interface ReferencePair {
  readonly near: FrameInput;
  readonly far: FrameInput;
}

export interface PairInput {
  readonly near: FrameInput;
  readonly far: FrameInput;
  /** Near entrance pupil to eye plane, as the rail was told, mm. */
  readonly distanceMm: number;
  readonly skewUs: number | null;
  readonly geometry: (UsedCalibration<PairCalibration> & { readonly stopIndex: number }) | null;
  readonly color: UsedCalibration<ColorCalibration> | null;
  /** Used when `geometry` is null. */
  readonly reference: ReferencePair | null;
  /** What was let pass on the user's word, or is known before any pixel is read. */
  readonly expired: boolean;
}

export interface AlignmentParameters {
  readonly sizePx: number;
  readonly sideMm: number;
  readonly flow: boolean;
  readonly depthRangeMm: readonly [number, number];
  readonly limits: AlignmentLimits;
}

export const usualParameters = {
  sizePx: 1024,
  sideMm: 300,
  flow: true,
  depthRangeMm: [-160, 80],
} as const satisfies Omit<AlignmentParameters, "limits">;

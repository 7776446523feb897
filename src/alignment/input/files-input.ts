/** What the alignment of two files starts from. */
import { CallerError, WorldError } from "../../base/errors.js";
import type { FrameReading } from "../../imaging/frame-source.js";
import type { AlignmentLimits } from "../../schema/alignment-limits.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { PairInput, ReferencePair } from "../pair-input.js";
import type { CalibrationShelf } from "./calibration-shelf.js";
import { type CalibrationWishes, chooseColor, choosePair, type Occasion } from "./choose-calibrations.js";
import { fileFrame } from "./file-frame.js";
import { geometryFor } from "./geometry-for.js";
import { requireAlike, type Taken } from "./reference-choice.js";

export interface FilesRequest extends CalibrationWishes {
  readonly near: string;
  readonly far: string;
  /** How to read files that are no frames of nearfar's own. */
  readonly reading: { readonly near: FrameReading; readonly far: FrameReading };
  /** Near entrance pupil to eye plane, mm; may be left out where the calibration has one stop only. */
  readonly distanceMm?: number;
  /** A still pair that stands in for the geometry. */
  readonly reference?: { readonly near: string; readonly far: string };
  readonly limits: Pick<AlignmentLimits, "stopToleranceMm">;
  /** UTC with ms: calibrations must hold now. */
  readonly now: string;
}

export interface FilesInput {
  readonly input: PairInput;
  /** Sentences for people: what the files do not tell and was assumed. */
  readonly assumptions: readonly string[];
}

/** @throws as `shotInput` and `fileFrame`; USAGE when the distance is needed and not told. */
export async function filesInput(
  shelf: CalibrationShelf,
  request: FilesRequest,
  signal?: AbortSignal,
): Promise<FilesInput> {
  const near = await fileFrame(request.near, "near", request.reading.near, signal);
  const far = await fileFrame(request.far, "far", request.reading.far, signal);
  const occasion: Occasion = {
    inForce: [],
    serials: { near: near.serial, far: far.serial },
    at: request.now,
  };
  const pair = await choosePair(shelf, occasion, request);
  const distanceMm = distanceOf(request.distanceMm, pair?.record ?? null);
  const sizes = { near: near.size, far: far.size };
  const { stopToleranceMm } = request.limits;
  const hasReference = request.reference !== undefined;
  const geometry = geometryFor(pair, sizes, distanceMm, stopToleranceMm, hasReference);
  const color = near.mono || far.mono ? null : await chooseColor(shelf, occasion, request);
  const reference = geometry === null ? await referenceOf(request, sizes, signal) : null;
  const input = {
    near: near.input,
    far: far.input,
    distanceMm,
    skewUs: null,
    geometry,
    color,
    reference,
    expired: geometry?.expired === true || color?.expired === true,
  };
  return { input, assumptions: [near.assumption, far.assumption].filter((each) => each !== null) };
}

function distanceOf(asked: number | undefined, record: PairCalibration | null): number {
  if (asked !== undefined) return asked;
  const stops = [...new Set(record?.stops.map((stop) => stop.distanceMm))];
  if (stops.length === 1) return stops[0] as number;
  const which = record === null ? "" : `: ${record.calibrationId} has the stops ${stops.join(", ")} mm`;
  throw new CallerError("USAGE", `How far the near camera stood is not told${which}.`, {
    advice: "Give the distance from near pupil to eye plane with --distance, in mm.",
  });
}

async function referenceOf(
  { reference, reading }: FilesRequest,
  sizes: Taken["sizes"],
  signal: AbortSignal | undefined,
): Promise<ReferencePair> {
  if (reference === undefined) {
    throw new WorldError("ALIGN_NO_CALIBRATION", "No geometric calibration was named for these files.", {
      advice:
        "Name one with --calibration, or a still, flat pair of the same set-up with --reference NEAR,FAR.",
    });
  }
  const near = await fileFrame(reference.near, "near", reading.near, signal);
  const far = await fileFrame(reference.far, "far", reading.far, signal);
  // A virtual rig's cameras have other serials in each run: sizes must do.
  const serials = { near: null, far: null };
  const taken = { sizes: { near: near.size, far: far.size }, serials };
  requireAlike({ name: "the reference", taken }, { sizes, serials });
  return { near: near.input, far: far.input };
}

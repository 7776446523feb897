/** What the alignment of a stored shot starts from. */
import { WorldError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import { pixelLayouts } from "../../imaging/pixel-layout.js";
import type { AlignmentLimits } from "../../schema/alignment-limits.js";
import type { FrameRecord, SessionRecord, ShotRecord } from "../../schema/records.js";
import type { PairInput } from "../pair-input.js";
import type { CalibrationShelf } from "./calibration-shelf.js";
import { type CalibrationWishes, chooseColor, choosePair, type Occasion } from "./choose-calibrations.js";
import { geometryFor } from "./geometry-for.js";
import {
  framesOfPair,
  objectInput,
  type Reference,
  referenceFor,
  requireAlike,
  takenWith,
} from "./reference-choice.js";

export interface ShotChoice extends CalibrationWishes {
  readonly limits: Pick<AlignmentLimits, "stopToleranceMm">;
  /** For shots that no geometric calibration holds for. */
  readonly references: readonly Reference[];
}

/**
 * Chooses calibrations and stop and checks that they hold; reads no pixel.
 * @throws CallerError USAGE for a shot that is no pair, NOT_FOUND or CALIBRATION_REFUSED for what was named;
 *   WorldError ALIGN_SIZE, ALIGN_CAMERA, ALIGN_EXPIRED, ALIGN_NO_FLAT, ALIGN_NO_STOP, ALIGN_NO_CALIBRATION,
 *   FILE_CORRUPT.
 */
export async function shotInput(
  { dataset, shelf }: { readonly dataset: Pick<Dataset, "objectPath">; readonly shelf: CalibrationShelf },
  shot: ShotRecord,
  session: Pick<SessionRecord, "calibrations" | "rigConfig">,
  choice: ShotChoice,
): Promise<PairInput> {
  const frames = framesOfPair(shot);
  const taken = takenWith(session, frames);
  const occasion: Occasion = {
    inForce: session.calibrations,
    serials: taken.serials,
    at: shot.capturedAt,
  };
  const pair = await choosePair(shelf, occasion, choice);
  const { stopToleranceMm } = choice.limits;
  const reference = referenceFor(choice.references, shot.distanceMm, stopToleranceMm);
  const geometry = geometryFor(pair, taken.sizes, shot.distanceMm, stopToleranceMm, reference !== null);
  if (geometry === null && reference === null) throw noCalibration(shot, choice.references.length > 0);
  if (geometry === null && reference !== null) requireAlike(reference, taken);
  const inColor = [frames.near, frames.far].every((frame) => !isMono(frame));
  const color = inColor ? await chooseColor(shelf, occasion, choice) : null;
  return {
    near: objectInput(dataset, frames.near),
    far: objectInput(dataset, frames.far),
    distanceMm: shot.distanceMm,
    skewUs: shot.skewUs,
    geometry,
    color,
    reference: geometry === null ? reference : null,
    expired: geometry?.expired === true || color?.expired === true,
  };
}

function isMono({ pixelFormat }: FrameRecord): boolean {
  const { cfa, samplesPerPixel } = pixelLayouts[pixelFormat];
  return cfa === null && samplesPerPixel === 1;
}

function noCalibration({ shotId, distanceMm }: ShotRecord, hasReferences: boolean): WorldError {
  const but = hasReferences ? ` and no reference pair is of ${distanceMm} mm` : "";
  return new WorldError(
    "ALIGN_NO_CALIBRATION",
    `No geometric calibration is known of shot ${shotId}'s cameras${but}.`,
    {
      advice:
        "Calibrate the pair (`nearfar calibrate geometry`), name a calibration with --calibration, or a still, flat pair of the session with --reference.",
    },
  );
}

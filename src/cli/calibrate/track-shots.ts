/** Shots of a stored session, each held against a calibration by the board in it. */
import { CallerError } from "../../base/errors.js";
import { calibratedStop } from "../../calibration/geometry/check/calibrated-stop.js";
import { type TrackedShot, trackRig } from "../../calibration/geometry/check/track-rig.js";
import { detectInImage } from "../../calibration/geometry/observations/detect-boards.js";
import { requireHandedness } from "../../calibration/geometry/observations/handedness.js";
import type { KnownBoard, SeenBoard } from "../../calibration/geometry/observations/seen-board.js";
import type { Dataset } from "../../dataset/dataset.js";
import { readGrayFile } from "../../imaging/gray-file.js";
import type { Vision } from "../../native/vision.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { ArmName, ShotRecord } from "../../schema/records.js";

export interface Tracker {
  readonly dataset: Dataset;
  readonly record: PairCalibration;
  readonly board: KnownBoard;
  readonly vision: Vision;
  readonly signal: AbortSignal;
}

/**
 * What a shot tells, or a sentence that says why it tells nothing.
 * @throws CallerError CALIBRATION_REFUSED when markers tell that an arm's images are mirrored; the signal's reason.
 */
export async function trackShot(tracker: Tracker, shot: ShotRecord): Promise<TrackedShot | string> {
  const { record, board } = tracker;
  const problem = stopProblem(record, shot.distanceMm);
  if (problem !== null) return problem;
  const near = await seenBy(tracker, shot, "near");
  const far = near === null ? null : await seenBy(tracker, shot, "far");
  const tracked = near && far && trackRig(record, shot.distanceMm, { board, near, far });
  return tracked ?? "The board was not seen well enough by both cameras.";
}

function stopProblem(record: PairCalibration, distanceMm: number): string | null {
  try {
    calibratedStop(record, distanceMm);
    return null;
  } catch (error) {
    if (error instanceof CallerError && error.code === "USAGE") return error.message;
    throw error;
  }
}

async function seenBy(tracker: Tracker, shot: ShotRecord, arm: ArmName): Promise<SeenBoard | null> {
  const frame = shot.frames.find((each) => each.arm === arm);
  if (frame === undefined) return null;
  const { objectSha256: sha256, bytes } = frame;
  const image = await readGrayFile(tracker.dataset.objectPath({ sha256, bytes }, ".tif"), tracker.signal);
  const found = await detectInImage(`shot ${shot.shotId}`, image, [tracker.board], tracker);
  requireHandedness([found], { expected: "as-seen", subject: `the ${arm} camera` });
  return found.boards[0] ?? null;
}

/** What a shot must fulfil before it is stored, checked before anything touches the disk. */
import { CallerError } from "../base/errors.js";
import {
  type ShotRecord,
  type ShotReview,
  type StrayFrame,
  shotRecordSchema,
  shotReviewSchema,
  strayFrameSchema,
} from "../schema/records.js";

const int64Max = 2n ** 63n - 1n;
const int64Min = -(2n ** 63n);

/** @throws CallerError USAGE when the record breaks its schema, a pair is not whole, or an integer exceeds 64 bits. */
export function checkShot(shot: ShotRecord): void {
  const parsed = shotRecordSchema.safeParse(shot);
  if (!parsed.success) throw unfit(`shot ${shot.shotId}`, parsed.error.message);
  for (const arm of ["near", "far"] as const) {
    const paired = shot.frames.filter((frame) => frame.arm === arm && frame.outcome === "paired").length;
    const wanted = shot.outcome === "paired" && shot.purpose === "pair" ? 1 : 0;
    if (paired !== wanted) {
      throw unfit(
        `shot ${shot.shotId}`,
        `outcome ${shot.outcome} with ${paired} paired ${arm} frames instead of ${wanted}`,
      );
    }
  }
  if (shot.purpose === "sync" && shot.frames.length > 0) {
    throw unfit(`shot ${shot.shotId}`, "the frames of a sync shot are strays");
  }
  checkIntegers(`shot ${shot.shotId}`, [
    shot.hostTimeNs,
    shot.strobeTick,
    ...[shot.edgeTick, shot.exposureStartTick, shot.exposureEndTick].flatMap((ticks) => [
      ticks.near,
      ticks.far,
    ]),
    ...shot.frames.flatMap((frame) => [frame.deviceTimeNs, frame.hostTimeNs]),
  ]);
}

/** @throws CallerError USAGE when the record breaks its schema or an integer exceeds 64 bits. */
export function checkStray(frame: StrayFrame): void {
  const parsed = strayFrameSchema.safeParse(frame);
  if (!parsed.success) throw unfit("a stray frame", parsed.error.message);
  checkIntegers("a stray frame", [frame.deviceTimeNs, frame.hostTimeNs]);
}

/** @throws CallerError USAGE when the record breaks its schema. */
export function checkReview(review: ShotReview): void {
  const parsed = shotReviewSchema.safeParse(review);
  if (!parsed.success) throw unfit("a review", parsed.error.message);
}

/** SQLite would clamp a larger integer without a word. */
function checkIntegers(what: string, texts: readonly (string | null)[]): void {
  for (const text of texts) {
    if (text === null) continue;
    const value = BigInt(text);
    if (value > int64Max || value < int64Min) throw unfit(what, `${text} does not fit into 64 bits`);
  }
}

export function unfit(what: string, reason: string): CallerError {
  return new CallerError("USAGE", `${what} cannot be stored: ${reason}`, {
    advice: "Nothing was stored; this is a defect of the caller, please report it.",
  });
}

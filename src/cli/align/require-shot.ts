import { CallerError } from "../../base/errors.js";
import type { AlignmentEntry, Dataset } from "../../dataset/dataset.js";
import type { ShotRecord } from "../../schema/records.js";

/** @throws CallerError NOT_FOUND */
export async function requireShot(dataset: Dataset, shotId: number): Promise<ShotRecord> {
  const shot = await dataset.shot(shotId);
  if (shot !== null) return shot;
  throw new CallerError("NOT_FOUND", `There is no shot ${shotId} in ${dataset.directory}.`, {
    advice: "`nearfar session show` lists the shots of a session.",
  });
}

/** The newest alignment of a shot. @throws CallerError NOT_FOUND */
export async function requireAlignment(dataset: Dataset, shotId: number): Promise<AlignmentEntry> {
  await requireShot(dataset, shotId);
  const [entry] = await dataset.alignments({ shotId });
  if (entry !== undefined) return entry;
  throw new CallerError("NOT_FOUND", `Shot ${shotId} is not aligned yet.`, {
    advice: `\`nearfar align --store ${dataset.directory} --shot ${shotId}\` does it.`,
  });
}

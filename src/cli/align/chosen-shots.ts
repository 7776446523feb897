/** Which shots of a store are to be aligned. */
import { framesOfPair } from "../../alignment/input/reference-choice.js";
import { CallerError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { ShotRecord } from "../../schema/records.js";
import { requireSession } from "../require-session.js";
import type { AlignOptions } from "./align-options.js";
import { requireShot } from "./require-shot.js";

/**
 * Those that are named, else all pairs of the session or of the store.
 * @throws CallerError NOT_FOUND for a session or shot that is not there; USAGE for a named shot that is no pair or
 *   of another session.
 */
export async function chosenShots(
  dataset: Dataset,
  { session, shot }: Pick<AlignOptions, "session" | "shot">,
): Promise<readonly ShotRecord[]> {
  if (session !== undefined) await requireSession(dataset, session);
  if (shot === undefined) {
    return dataset.shots({
      outcome: "paired",
      purpose: "pair",
      ...(session === undefined ? {} : { sessionId: session }),
    });
  }
  const shots = await Promise.all([...new Set(shot)].map((shotId) => requireShot(dataset, shotId)));
  for (const each of shots) {
    framesOfPair(each);
    if (session === undefined || each.sessionId === session) continue;
    throw new CallerError("USAGE", `Shot ${each.shotId} is of session ${each.sessionId}.`, {
      advice: "Leave --session out, or name shots of that session.",
    });
  }
  return shots;
}

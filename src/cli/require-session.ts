import { CallerError } from "../base/errors.js";
import type { Dataset } from "../dataset/dataset.js";
import type { SessionRecord } from "../schema/records.js";

/** @throws CallerError NOT_FOUND */
export async function requireSession(dataset: Dataset, sessionId: string): Promise<SessionRecord> {
  const session = await dataset.session(sessionId);
  if (session !== null) return session;
  throw new CallerError("NOT_FOUND", `There is no session ${sessionId} in ${dataset.directory}.`, {
    advice: `\`nearfar session list --store ${dataset.directory}\` shows those that are there.`,
  });
}

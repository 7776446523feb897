/** What the database knows of a shot before it is changed; asked inside the writing transaction. */
import type { ShotRecord } from "../schema/records.js";
import { unfit } from "./shot-rules.js";
import type { SqliteConnection } from "./sqlite-connection.js";

interface ShotState {
  readonly session_id: string;
  readonly purpose: string;
  readonly committed_at: string | null;
}

function shotState(connection: SqliteConnection, shotId: number): Promise<ShotState | null> {
  return connection.first<ShotState>("SELECT session_id, purpose, committed_at FROM shot WHERE shot_id = ?", [
    shotId,
  ]);
}

/** @throws CallerError USAGE unless the shot was opened, as what it claims to be, and has no result yet. */
export async function assertOpen(connection: SqliteConnection, shot: ShotRecord): Promise<void> {
  const state = await shotState(connection, shot.shotId);
  const what = `shot ${shot.shotId}`;
  if (state === null) throw unfit(what, "it was never opened");
  if (state.session_id !== shot.sessionId) throw unfit(what, `it was opened in session ${state.session_id}`);
  if (state.purpose !== shot.purpose) throw unfit(what, `it was opened with purpose ${state.purpose}`);
  if (state.committed_at !== null) throw unfit(what, `it was stored at ${state.committed_at} already`);
}

/** @throws CallerError USAGE unless the shot has been committed. */
export async function assertCommitted(connection: SqliteConnection, shotId: number): Promise<void> {
  const state = await shotState(connection, shotId);
  if (state === null || state.committed_at === null) throw unfit("a review", `shot ${shotId} is not stored`);
}

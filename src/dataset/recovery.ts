/**
 * Brings the database to the end of the journal when a store is opened for writing: after a crash
 * the last lines, and the whole journal when the database is new or was dropped.
 */

import { WorldError } from "../base/errors.js";
import type { Logger } from "../base/log.js";
import { applyEntry } from "./apply-entry.js";
import { type JournalLine, type JournalMark, readJournal } from "./journal.js";
import { corruptLine, decodeLine } from "./journal-entry.js";
import type { StoreLayout } from "./layout.js";
import { readSidecar } from "./sidecar.js";
import type { SqliteConnection } from "./sqlite-connection.js";
import { recordJournalEnd } from "./store-writer.js";

/** Lines per transaction: one fsync for many, and little to repeat after another crash. */
const linesPerTransaction = 1000;

/**
 * Checks every line of the journal and applies those that the database lacks. Resolves with the
 * journal's end and the number of applied lines.
 * @throws WorldError FILE_CORRUPT for a damaged line or sidecar, or a journal that is shorter
 *   than what the database has seen; the database then stands at the last good transaction.
 */
export async function catchUp(
  connection: SqliteConnection,
  layout: StoreLayout,
  logger: Logger,
): Promise<{ readonly end: JournalMark; readonly applied: number }> {
  const known = await knownEnd(connection);
  let end: JournalMark = { lines: 0, bytes: 0 };
  let missing: JournalLine[] = [];
  let applied = 0;
  for await (const line of readJournal(layout.journal)) {
    end = line.end;
    if (end.lines === known.lines && end.bytes !== known.bytes) {
      throw corruptLine(layout.journal, end.lines, "the database knows another text up to here");
    }
    if (end.lines > known.lines) missing.push(line);
    if (missing.length < linesPerTransaction) continue;
    applied += await applyLines(connection, layout, missing);
    missing = [];
  }
  if (end.lines < known.lines) throw shorterThanKnown(layout, end, known);
  if (missing.length > 0) applied += await applyLines(connection, layout, missing);
  if (applied > 0) logger.warn({ applied, lines: end.lines }, "database brought up to date from the journal");
  return { end, applied };
}

async function knownEnd(connection: SqliteConnection): Promise<JournalMark> {
  const known = await connection.first<JournalMark>(
    "SELECT journal_lines AS lines, journal_bytes AS bytes FROM meta",
  );
  return known ?? { lines: 0, bytes: 0 };
}

async function applyLines(
  connection: SqliteConnection,
  layout: StoreLayout,
  lines: readonly JournalLine[],
): Promise<number> {
  await connection.run("BEGIN IMMEDIATE");
  try {
    for (const line of lines) {
      const entry = decodeLine(line.text, line.number, layout.journal);
      await applyEntry(connection, entry, (shotId, sha256) => readSidecar(layout, shotId, sha256));
      await recordJournalEnd(connection, line.end);
    }
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => {});
    throw error;
  }
  return lines.length;
}

function shorterThanKnown(layout: StoreLayout, end: JournalMark, known: JournalMark): WorldError {
  return new WorldError(
    "FILE_CORRUPT",
    `${layout.journal} ends after line ${end.lines}, but the database has seen ${known.lines} lines`,
    { advice: "Restore the journal from a copy of the store; nothing was changed." },
  );
}

/**
 * The one writing connection of a store, behind a queue, and the journal that goes before it.
 *
 * Order of every change: BEGIN IMMEDIATE; rows, and beside them the sidecar, durably; journal line
 * and its fsync; COMMIT, which fsyncs the WAL. Rows come first so that a record that breaks a
 * constraint never reaches the journal; a crash between journal and COMMIT is repaired by
 * recovery.ts, which applies the line again.
 */
import type { Clock } from "../base/clock.js";
import { applyEntry, type ShotSource } from "./apply-entry.js";
import { codeOf } from "./error-code.js";
import type { Journal, JournalMark } from "./journal.js";
import { type JournalBody, type JournalEntry, parseEntry } from "./journal-entry.js";
import { unfit } from "./shot-rules.js";
import type { SqliteConnection } from "./sqlite-connection.js";
import { WriterQueue } from "./writer-queue.js";

/** What a change is, decided inside the transaction where nothing else can come between. */
export interface Change<T> {
  /** null: nothing is to be changed after all. */
  readonly entry: JournalBody | null;
  readonly shotSource?: ShotSource;
  /** A file that must be durable before the journal speaks of it; written beside the rows. */
  readonly durableFirst?: Promise<void>;
  readonly result: T;
}

export class StoreWriter {
  readonly #connection: SqliteConnection;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #queue = new WriterQueue();

  constructor(connection: SqliteConnection, journal: Journal, clock: Clock) {
    this.#connection = connection;
    this.#journal = journal;
    this.#clock = clock;
  }

  /** Makes one change durable in journal and database. When it rejects, neither holds it. */
  write<T>(decide: (connection: SqliteConnection) => Promise<Change<T>>): Promise<T> {
    return this.#queue.run(async () => {
      this.#journal.assertUsable();
      const before = this.#journal.end;
      await this.#connection.run("BEGIN IMMEDIATE");
      try {
        const change = await decide(this.#connection);
        if (change.entry === null) {
          await this.#connection.run("ROLLBACK");
          return change.result;
        }
        change.durableFirst?.catch(() => {}); // awaited below
        const line = this.#journal.prepare({ ...change.entry, at: this.#clock.utcNow() });
        // The rows come from the line as it will be read back, so that a rebuild makes the same.
        const entry = parseEntry(line.text);
        if (typeof entry === "string") throw unfit(`the entry ${change.entry.kind}`, entry);
        await allSettledOrThrow([change.durableFirst, this.#writeRows(entry, change, line.end)]);
        await this.#journal.append(line);
        await this.#commit(before);
        return change.result;
      } catch (error) {
        // Fails when SQLite has rolled back by itself (a full disk); nothing is open then either.
        await this.#connection.run("ROLLBACK").catch(() => {});
        throw error;
      }
    });
  }

  /** A change of scratch tables, which the journal does not know. */
  writeScratch(change: (connection: SqliteConnection) => Promise<void>): Promise<void> {
    return this.#queue.run(async () => {
      await this.#connection.run("BEGIN IMMEDIATE");
      try {
        await change(this.#connection);
        await this.#connection.run("COMMIT");
      } catch (error) {
        await this.#connection.run("ROLLBACK").catch(() => {});
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#queue.drained();
    await this.#connection.close();
    await this.#journal.close();
  }

  async #writeRows(entry: JournalEntry, change: Change<unknown>, end: JournalMark): Promise<void> {
    await applyEntry(this.#connection, entry, change.shotSource ?? noShot);
    await recordJournalEnd(this.#connection, end);
  }

  async #commit(before: JournalMark): Promise<void> {
    try {
      await this.#connection.run("COMMIT");
    } catch (error) {
      // Full or busy: certainly not committed, so the line must go. Anything else may have
      // reached the disk; recovery decides at the next opening.
      if (!["SQLITE_FULL", "SQLITE_BUSY"].includes(codeOf(error))) {
        throw this.#journal.breakDown("a transaction failed while it was committed", error);
      }
      await this.#journal.cutBack(before);
      throw error;
    }
  }
}

/** Notes in the database how much of the journal it holds. */
export async function recordJournalEnd(connection: SqliteConnection, end: JournalMark): Promise<void> {
  await connection.run("UPDATE meta SET journal_lines = ?, journal_bytes = ?", [end.lines, end.bytes]);
}

/** Waits for all, so that nothing goes on behind a failure; throws the first one. */
async function allSettledOrThrow(tasks: readonly (Promise<void> | undefined)[]): Promise<void> {
  for (const outcome of await Promise.allSettled(tasks)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

function noShot(): never {
  throw new Error("this change has no shot");
}

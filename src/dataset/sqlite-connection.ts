/**
 * sqlite3 with promises and types; the only file that imports it.
 *
 * Values are strings, numbers and null on purpose: sqlite3 6 binds a BigInt silently as NULL and
 * returns integers above 2^53 wrong. 64-bit integers travel as decimal strings, written by
 * `CAST(? AS INTEGER)` and read by `CAST(x AS TEXT)`.
 */
import sqlite3 from "sqlite3";

export type SqlValue = string | number | null;
export type SqlParameters = readonly SqlValue[];

/** How long a statement waits for a lock that another program holds. */
const busyTimeoutMs = 5_000;

export interface ConnectionOptions {
  /**
   * `write` creates the file when missing and switches it to WAL; `read` never changes it;
   * `frozen` reads a file that nothing can write (a read-only mount): no locks, no -shm file;
   * `lock` is for a file that only serves as a lock: created when missing, no WAL.
   */
  readonly access: "write" | "read" | "frozen" | "lock";
}

/** One SQLite connection. Statements of one connection share its transaction: see WriterQueue. */
export class SqliteConnection {
  readonly #database: sqlite3.Database;
  readonly #statements = new Map<string, Promise<sqlite3.Statement>>();

  private constructor(database: sqlite3.Database) {
    this.#database = database;
  }

  /** Opens the file and sets the pragmas that every connection needs. Rejects with sqlite3's own error. */
  static async open(path: string, options: ConnectionOptions): Promise<SqliteConnection> {
    const connection = new SqliteConnection(await openDatabase(path, options));
    try {
      await connection.execute(
        `PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;`,
      );
      if (options.access === "write") {
        await connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      }
    } catch (error) {
      await connection.close();
      throw error;
    }
    return connection;
  }

  /** Runs one statement; resolves with the number of changed rows. */
  async run(sql: string, parameters: SqlParameters = []): Promise<number> {
    const statement = await this.#statement(sql);
    return new Promise((resolve, reject) => {
      statement.run(parameters, function (error) {
        if (error === null) resolve(this.changes);
        else reject(error);
      });
    });
  }

  /** All rows of one query. `Row` is the caller's promise about the columns that the SQL names. */
  async all<Row>(sql: string, parameters: SqlParameters = []): Promise<readonly Row[]> {
    const statement = await this.#statement(sql);
    return new Promise((resolve, reject) => {
      statement.all<Row>(parameters, (error, rows) => (error === null ? resolve(rows) : reject(error)));
    });
  }

  /** First row of a query, or null. */
  async first<Row>(sql: string, parameters: SqlParameters = []): Promise<Row | null> {
    return (await this.all<Row>(sql, parameters))[0] ?? null;
  }

  /** Runs several statements; when one fails, an open transaction stays open. */
  execute(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#database.exec(sql, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  async close(): Promise<void> {
    for (const statement of await Promise.allSettled(this.#statements.values())) {
      if (statement.status === "fulfilled") statement.value.finalize();
    }
    this.#statements.clear();
    await new Promise<void>((resolve, reject) => {
      this.#database.close((error) => (error === null ? resolve() : reject(error)));
    });
  }

  /** Prepares a statement once; preparing costs as much as a small insert. SQL texts are few and fixed. */
  #statement(sql: string): Promise<sqlite3.Statement> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = new Promise<sqlite3.Statement>((resolve, reject) => {
      const statement = this.#database.prepare(sql, (error: Error | null) =>
        error === null ? resolve(statement) : reject(error),
      );
    });
    this.#statements.set(sql, prepared);
    prepared.catch(() => this.#statements.delete(sql));
    return prepared;
  }
}

function openDatabase(path: string, options: ConnectionOptions): Promise<sqlite3.Database> {
  const flags: Readonly<Record<ConnectionOptions["access"], number>> = {
    write: sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE,
    read: sqlite3.OPEN_READONLY,
    frozen: sqlite3.OPEN_READONLY | sqlite3.OPEN_URI,
    lock: sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE,
  };
  const name =
    options.access === "frozen"
      ? `file:${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}?immutable=1`
      : path;
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(name, flags[options.access] | sqlite3.OPEN_FULLMUTEX, (error) =>
      error === null ? resolve(database) : reject(error),
    );
  });
}

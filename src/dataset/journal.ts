/** The append-only journal: what it says has happened, whatever became of the database. */
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { WorldError } from "../base/errors.js";
import { syncDirectory } from "./durable-files.js";
import { codeOf } from "./error-code.js";
import { checkLine, encodeEntry, type JournalEntry } from "./journal-entry.js";

/** A place between two lines. */
export interface JournalMark {
  readonly lines: number;
  readonly bytes: number;
}

export interface JournalLine {
  readonly number: number;
  readonly text: Buffer;
  /** The place behind this line. */
  readonly end: JournalMark;
}

const newline = 0x0a;

/**
 * Every whole line, each checked. Text behind the last newline, which a crash may leave, is not
 * a line and was never acknowledged.
 * @throws WorldError FILE_CORRUPT with the line number when a whole line is not what was written.
 */
export async function* readJournal(path: string): AsyncGenerator<JournalLine> {
  let rest: Buffer = Buffer.alloc(0);
  let end: JournalMark = { lines: 0, bytes: 0 };
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      rest = Buffer.concat([rest, chunk as Buffer]);
      let start = 0;
      for (let stop = rest.indexOf(newline); stop >= 0; stop = rest.indexOf(newline, start)) {
        const text = rest.subarray(start, stop);
        end = { lines: end.lines + 1, bytes: end.bytes + text.length + 1 };
        checkLine(text, end.lines, path);
        yield { number: end.lines, text, end };
        start = stop + 1;
      }
      rest = rest.subarray(start);
    }
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** Appends lines, each fsynced before `append` resolves. One writer, one call at a time. */
export class Journal {
  readonly #handle: FileHandle;
  readonly #path: string;
  #end: JournalMark;
  #broken: WorldError | null = null;

  private constructor(handle: FileHandle, path: string, end: JournalMark) {
    this.#handle = handle;
    this.#path = path;
    this.#end = end;
  }

  /**
   * Opens the file for appending behind `end`, the last whole line; a torn line behind it is cut
   * off. Makes the file when missing.
   */
  static async open(path: string, end: JournalMark): Promise<Journal> {
    const handle = await open(path, "a");
    try {
      if ((await handle.stat()).size !== end.bytes) await handle.truncate(end.bytes);
      await handle.sync();
      await syncDirectory(dirname(path));
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new Journal(handle, path, end);
  }

  get end(): JournalMark {
    return this.#end;
  }

  /** The line that `append(entry)` will write and the place behind it. */
  prepare(entry: JournalEntry): { readonly text: string; readonly end: JournalMark } {
    const lines = this.#end.lines + 1;
    const text = `${encodeEntry(entry, lines)}\n`;
    return { text, end: { lines, bytes: this.#end.bytes + Buffer.byteLength(text) } };
  }

  /** Writes and fsyncs what `prepare` returned. When it rejects, the journal is as it was. */
  async append(line: { readonly text: string; readonly end: JournalMark }): Promise<void> {
    this.assertUsable();
    try {
      await this.#handle.appendFile(line.text);
    } catch (error) {
      await this.cutBack(this.#end);
      throw error;
    }
    try {
      await this.#handle.datasync();
    } catch (error) {
      // After a failed fsync the kernel may have dropped the pages: what is on disk is unknown.
      throw this.breakDown("an fsync failed", error);
    }
    this.#end = line.end;
  }

  /** Takes back the lines behind `mark`: the transaction they announced did not happen. */
  async cutBack(mark: JournalMark): Promise<void> {
    try {
      await this.#handle.truncate(mark.bytes);
      await this.#handle.datasync();
      this.#end = mark;
    } catch (error) {
      throw this.breakDown("a failed line could not be taken back", error);
    }
  }

  /** Refuses every later write: only opening the store again can tell what is on disk. */
  breakDown(reason: string, cause: unknown): WorldError {
    this.#broken ??= new WorldError("STORE_IO", `${this.#path}: ${reason}; the store takes no more writes`, {
      advice: "Every acknowledged shot is safe. Check the disk, then open the store again.",
      cause,
    });
    return this.#broken;
  }

  assertUsable(): void {
    if (this.#broken !== null) throw this.#broken;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

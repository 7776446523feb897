import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { z } from "zod";
import { CallerError, WorldError } from "../../base/errors.js";

const answerSchema = z.discriminatedUnion("ok", [
  z.strictObject({ id: z.int(), ok: z.literal(true), result: z.unknown() }),
  z.strictObject({ id: z.int().nullable(), ok: z.literal(false), error: z.string() }),
]);

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** JSON lines over the rig's control socket: one answer for each request, in any order. */
export class ControlConnection {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #ended: Error | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const lines = createInterface({ input: socket }).on("line", (line) => this.#answer(line));
    // What ended the connection does not matter; `close` follows every error, which both emit.
    lines.on("error", () => {});
    socket.on("error", () => {});
    socket.on("close", () => this.#end("the virtual rig closed its control socket"));
  }

  static open(path: string): Promise<ControlConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.removeListener("error", reject);
        resolve(new ControlConnection(socket));
      });
    });
  }

  /** The `result` of the answer. Rejects with SCENE_INVALID when refused, RIG_FAILED when cut off. */
  request(op: string, fields: object): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ ...fields, id, op })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #answer(line: string): void {
    const answer = answerSchema.safeParse(parsed(line));
    if (!answer.success || answer.data.id === null) {
      this.#end(`what listens there is no virtual rig of this version: ${line.slice(0, 200)}`);
      this.#socket.destroy();
      return;
    }
    const pending = this.#pending.get(answer.data.id);
    this.#pending.delete(answer.data.id);
    if (answer.data.ok) pending?.resolve(answer.data.result);
    else pending?.reject(refused(answer.data.error));
  }

  #end(reason: string): void {
    this.#ended ??= new WorldError("RIG_FAILED", reason, { advice: "Start the virtual rig again." });
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** The rig runs on: what was asked for cannot be. */
function refused(reason: string): CallerError {
  return new CallerError("SCENE_INVALID", `the virtual rig refused: ${reason}`, {
    advice: "`nearfar rig scene --help` says what it can show.",
  });
}

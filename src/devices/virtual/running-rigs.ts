/** Finds virtual rigs that run on this machine, by the control sockets they leave in the temporary folder. */
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallerError } from "../../base/errors.js";
import { ControlConnection } from "./control-connection.js";

/** Name of every rig's control socket: this, the id of the process that started it, a random part. */
export const socketPrefix = "nearfar-rig-";

export interface RunningRig {
  readonly socket: string;
  /** The nearfar process that started it. */
  readonly startedBy: number;
}

/** Rigs whose socket answers; files that a killed process left are passed over. */
export async function runningRigs(): Promise<readonly RunningRig[]> {
  const found: RunningRig[] = [];
  for (const name of (await readdir(tmpdir())).sort()) {
    const match = /^nearfar-rig-(\d+)-[0-9a-f]+\.sock$/.exec(name);
    if (match === null) continue;
    const socket = join(tmpdir(), name);
    try {
      (await ControlConnection.open(socket)).close();
      found.push({ socket, startedBy: Number(match[1]) });
    } catch {
      // Nobody listens: what was left of a killed rig.
    }
  }
  return found;
}

/**
 * The only rig that runs, or the one at `socket`.
 * @throws CallerError NOT_FOUND when none or several run.
 */
export async function findRunningRig(socket?: string): Promise<string> {
  if (socket !== undefined) return socket;
  const rigs = await runningRigs();
  if (rigs.length === 1 && rigs[0] !== undefined) return rigs[0].socket;
  if (rigs.length === 0) {
    throw new CallerError("NOT_FOUND", "no virtual rig is running", {
      advice: "Start one with `nearfar rig run --rig FILE`, or with `nearfar capture`, in another terminal.",
    });
  }
  const list = rigs.map((rig) => `${rig.socket} (started by process ${rig.startedBy})`).join(", ");
  throw new CallerError("NOT_FOUND", `several virtual rigs are running: ${list}`, {
    advice: "Name one with --socket PATH.",
  });
}

import type { Clock } from "../base/clock.js";
import type { ProbedPort } from "../cli/services.js";
import { openTriggerBoard } from "../devices/trigger/open-board.js";
import { listPorts } from "../devices/trigger/ports.js";

async function probe(path: string, clock: Clock, signal?: AbortSignal): Promise<ProbedPort> {
  try {
    const board = await openTriggerBoard({ clock, path, ...(signal === undefined ? {} : { signal }) });
    const { identity } = board;
    await board.close();
    return { path, board: identity, problem: null };
  } catch (error) {
    return { path, board: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Asks every USB serial port whether a trigger board sits there, all at once. */
export async function probePorts(clock: Clock, signal?: AbortSignal): Promise<readonly ProbedPort[]> {
  return Promise.all((await listPorts()).map((path) => probe(path, clock, signal)));
}

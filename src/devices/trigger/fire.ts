/**
 * One trigger from request to result. `not-fired` and `fired` are said only with proof from the
 * board; whatever cannot be proved any more is `unknown`.
 */
import type { FireResult } from "../contract/trigger-board.js";
import { bootIdText } from "./handshake.js";
import type { TriggerLink } from "./link.js";
import { RequestLost } from "./link-errors.js";
import { BoardRefusal, readRegister, writeRegister } from "./registers.js";
import { reportOf, type TriggerWatch } from "./trigger-watch.js";

/** How often the board is asked whether it is still firing once its events are overdue. */
const askAgainMs = 100;
/** Times that one fire may lose its link and get it back before it is given up as unknown. */
const maxLosses = 3;

/** What a fire needs of the board object, whose link may be replaced meanwhile. */
export interface FireHost {
  readonly link: TriggerLink;
  /** The boot in which the fire is sent, and a tick of it. */
  readonly bootId: string;
  readonly lastTick: bigint;
  /** Brings a lost link back; resolves with the reason when that was not possible in time. */
  restore(): Promise<string | null>;
}

type Boot = Pick<FireHost, "bootId" | "lastTick">;

/**
 * @param limitMs longest time from fire to `done` with the settings in force, margin included
 */
export async function fireTrigger(host: FireHost, watch: TriggerWatch, limitMs: number): Promise<FireResult> {
  const boot: Boot = { bootId: host.bootId, lastTick: host.lastTick };
  const deadlineMs = performance.now() + limitMs;
  const sent = await sendFire(host.link, watch.shotId);
  if (typeof sent !== "string") return sent;
  if (sent === "accepted") await watch.rest(limitMs);
  for (let losses = 0; ; losses++) {
    try {
      return await settle(host.link, watch, boot, deadlineMs);
    } catch (error) {
      if (!(error instanceof RequestLost) || losses === maxLosses) return unknown(messageOf(error));
      const obstacle = await host.restore();
      if (obstacle !== null) return unknown(`${error.message}; ${obstacle}`);
    }
  }
}

/** "doubtful": the board may or may not have obeyed. */
async function sendFire(link: TriggerLink, shotId: number): Promise<FireResult | "accepted" | "doubtful"> {
  try {
    await writeRegister(link, "fire", { shotId });
    return "accepted";
  } catch (error) {
    // A refusal of a repetition proves nothing: the board may have obeyed the first and booted.
    if (error instanceof BoardRefusal && error.attempts === 1) return notFired(error.message);
    if (error instanceof RequestLost && !error.mayHaveArrived) return notFired(error.message);
    return "doubtful";
  }
}

/**
 * Asks for what the events did not tell. Requests are served in order, so an answer proves that
 * every earlier request has been obeyed, refused or lost for good.
 * @throws RequestLost
 */
async function settle(
  link: TriggerLink,
  watch: TriggerWatch,
  boot: Boot,
  deadlineMs: number,
): Promise<FireResult> {
  while (watch.done === null && (await readRegister(link, "state")).value.state === "firing") {
    if (performance.now() > deadlineMs) return unknown("the board is still firing long after it should");
    await watch.rest(askAgainMs);
  }
  if (watch.done !== null && watch.fired !== null && !lacksExposure(watch)) return verdict(watch);
  await recover(link, watch);
  // Asked last: what was read above belongs to this boot only if it has not ended since.
  const now = await readRegister(link, "bootId");
  if (bootIdText(now.value.id) !== boot.bootId || now.tick < boot.lastTick) {
    return unknown("the board was reset after the fire");
  }
  return verdict(watch);
}

function lacksExposure({ done, near, far }: TriggerWatch): boolean {
  if (done === null) return false;
  return (done.pulsesNear > 0 && near === null) || (done.pulsesFar > 0 && far === null);
}

/** Reads the board's memory of its last events into the gaps. */
async function recover(link: TriggerLink, watch: TriggerWatch): Promise<void> {
  const done = watch.done ?? (await readRegister(link, "lastDone")).value;
  if (!watch.belongs(done)) return;
  watch.done = done;
  if (watch.fired === null) {
    const { value } = await readRegister(link, "lastFired");
    if (watch.belongs(value)) watch.fired = value;
  }
  if (watch.near === null && done.pulsesNear > 0) {
    const { value } = await readRegister(link, "lastExposureNear");
    if (watch.belongs(value)) watch.near = value;
  }
  if (watch.far === null && done.pulsesFar > 0) {
    const { value } = await readRegister(link, "lastExposureFar");
    if (watch.belongs(value)) watch.far = value;
  }
}

/** Every accepted fire ends in `done`; without one, none was accepted. */
function verdict({ done, fired, near, far }: TriggerWatch): FireResult {
  if (done === null) return notFired("the fire request never reached the board");
  if (fired === null) return unknown("the board lost its record of the trigger edges");
  if (fired.nearTick === 0n && fired.farTick === 0n) {
    return notFired("the board was disarmed before the trigger lines rose");
  }
  return { kind: "fired", report: reportOf({ fired, near, far, done }) };
}

function notFired(reason: string): FireResult {
  return { kind: "not-fired", reason };
}

function unknown(reason: string): FireResult {
  return { kind: "unknown", reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

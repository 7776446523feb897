/**
 * The handshake after both cameras were armed: dry triggers until it is certain which frame answers
 * which trigger, so that the first real shot is already matched by time.
 */
import type { Clock } from "../base/clock.js";
import type { CameraFrame } from "../devices/contract/camera.js";
import type { Arm, FireResult, TriggerBoard, TriggerSettings } from "../devices/contract/trigger-board.js";
import { edgeNoise, feedbackNoise } from "./camera-clock.js";
import { type ClockVote, voteOffset } from "./clock-vote.js";
import type { Condition } from "./condition.js";
import { fireTrigger } from "./fire-trigger.js";
import type { FrameIntake } from "./frame-intake.js";
import type { Pairing } from "./pairing.js";
import { arms, type PerArm } from "./rig.js";
import { type SyncTrouble, syncError } from "./sync-error.js";

/** A shot as whoever fires it has opened it. */
export interface NumberedShot {
  readonly shotId: number;
}

export interface DryTrigger<Open extends NumberedShot = NumberedShot> {
  readonly open: Open;
  readonly fire: FireResult;
}

export interface BarrierRig<Open extends NumberedShot = NumberedShot> {
  readonly board: TriggerBoard;
  readonly settings: TriggerSettings;
  readonly pairing: Pairing<CameraFrame>;
  readonly intake: FrameIntake;
  readonly changed: Condition;
  readonly clock: Clock;
  /** How long a frame may take after its exposure, in ms. */
  readonly frameTimeoutMs: number;
  readonly openShot: () => Promise<Open>;
  readonly signal: AbortSignal;
}

/** Triggers that must agree on an arm's clock offset. */
const leastVotes = 3;
const mostTriggers = 16;
/** Triggers without a single frame (or fire) after which waiting on is pointless. */
const mostSilent = 4;
/** Silence that is listened to before the first trigger. */
const quietMs = 150;
/** Frames in that silence that make a camera free-running; fewer may be stragglers. */
const leastFreeFrames = 3;
/** Drift of two crystals over the handshake, as a share of its length. */
const driftShare = 200e-6;

/**
 * Fires dry triggers until each of `unsynced` has its clock fitted and the last trigger was answered
 * by exactly one frame of each of them. Every trigger fired is appended to `fired`, also when this
 * throws; the caller closes and records them.
 * @throws WorldError SYNC_FAILED naming the camera that is silent, free-running or unsteady;
 *   CAMERA_LOST when one goes away meanwhile.
 */
export async function syncCameras<Open extends NumberedShot>(
  rig: BarrierRig<Open>,
  unsynced: readonly Arm[],
  fired: DryTrigger<Open>[],
): Promise<void> {
  await requireQuiet(rig, unsynced);
  const before = rig.intake.arrivals;
  while (fired.length < mostTriggers) {
    rig.signal.throwIfAborted();
    const clean = await fireDry(rig, unsynced, fired);
    const votes = unsynced.map((arm) => voteOf(rig, arm, fired));
    if (clean && votes.every(isDecided)) {
      for (const [index, arm] of unsynced.entries()) adopt(rig, arm, votes[index] ?? null);
      return;
    }
    const trouble = hopeless(rig, unsynced, fired, before);
    if (trouble !== null) throw syncError(trouble, fired);
  }
  const undecided = unsynced.find((arm) => !isDecided(voteOf(rig, arm, fired))) ?? unsynced[0] ?? "near";
  const many = arrivedSince(rig, undecided, before) > 2 * fired.length;
  throw syncError({ kind: many ? "free-running" : "unsteady", arm: undecided }, fired);
}

async function requireQuiet(rig: BarrierRig, unsynced: readonly Arm[]): Promise<void> {
  const before = rig.intake.arrivals;
  await rig.changed.until(() => rig.signal.aborted, quietMs);
  rig.signal.throwIfAborted();
  const arm = unsynced.find((candidate) => arrivedSince(rig, candidate, before) >= leastFreeFrames);
  if (arm !== undefined) throw syncError({ kind: "free-running", arm }, []);
}

/** One dry trigger; true when each unsynced arm answered with exactly one frame. */
async function fireDry<Open extends NumberedShot>(
  rig: BarrierRig<Open>,
  unsynced: readonly Arm[],
  fired: DryTrigger<Open>[],
): Promise<boolean> {
  const { board, settings, pairing, intake, changed, clock } = rig;
  const open = await rig.openShot();
  const before = intake.arrivals;
  pairing.open(open.shotId);
  const { result, window } = await fireTrigger(board, open.shotId, settings, clock);
  fired.push({ open, fire: result });
  if (result.kind === "not-fired") intake.dismiss(pairing.notFired(open.shotId));
  if (result.kind === "unknown") intake.dismiss(pairing.unknown(open.shotId, window));
  if (result.kind !== "fired") return false;
  intake.dismiss(pairing.fired(open.shotId, result.report));
  const isGone = (): boolean => rig.signal.aborted || arms.some((arm) => intake.lost(arm) !== null);
  const answered = (): boolean => unsynced.every((arm) => arrivedSince(rig, arm, before) > 0);
  await changed.until(() => answered() || isGone(), rig.frameTimeoutMs);
  // Uneven gaps: a frame that is late by one trigger then fits no offset that others propose.
  await changed.until(isGone, 20 + ((fired.length * 37) % 71));
  throwIfLost(rig);
  return unsynced.every((arm) => arrivedSince(rig, arm, before) === 1);
}

function throwIfLost(rig: BarrierRig): void {
  for (const arm of arms) {
    const error = rig.intake.lost(arm);
    if (error !== null) throw error;
  }
}

function voteOf(rig: BarrierRig, arm: Arm, fired: readonly DryTrigger[]): ClockVote | null {
  const ticks = fired
    .map(({ open }) => rig.pairing.exposureStart(open.shotId, arm))
    .filter((tick) => tick !== null);
  const stamps = rig.pairing
    .held(arm)
    .filter((frame) => frame.status === "complete")
    .map((frame) => frame.deviceTimeNs);
  const noise = rig.settings.feedback[arm] ? feedbackNoise : edgeNoise;
  const spanUs = Number((ticks.at(-1) ?? 0n) - (ticks[0] ?? 0n)) / 16;
  return voteOffset(ticks, stamps, 2 * noise.floorUs + spanUs * driftShare);
}

function isDecided(vote: ClockVote | null): boolean {
  return vote !== null && vote.samples.length >= leastVotes && vote.rivalVotes + 1 < vote.samples.length;
}

function adopt(rig: BarrierRig, arm: Arm, vote: ClockVote | null): void {
  if (vote !== null) rig.intake.dismiss(rig.pairing.setClock(arm, vote.samples));
}

function hopeless(
  rig: BarrierRig,
  unsynced: readonly Arm[],
  fired: readonly DryTrigger[],
  before: PerArm<number>,
): SyncTrouble | null {
  const refused = fired.slice(-mostSilent).filter(({ fire }) => fire.kind !== "fired");
  if (refused.length >= mostSilent) return { kind: "not-fired", reason: reasonOf(refused.at(-1)) };
  if (fired.length < mostSilent) return null;
  const silent = unsynced.find((arm) => arrivedSince(rig, arm, before) === 0);
  return silent === undefined ? null : { kind: "silent", arm: silent };
}

function reasonOf(dry: DryTrigger | undefined): string {
  return dry === undefined || dry.fire.kind === "fired" ? "" : dry.fire.reason;
}

function arrivedSince(rig: BarrierRig, arm: Arm, before: PerArm<number>): number {
  return rig.intake.arrivals[arm] - before[arm];
}

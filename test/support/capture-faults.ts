/** Captures with faults that come and go at random, and the check of every outcome afterwards. */
import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { arms, type PerArm, perArm } from "../../src/capture/rig.js";
import type { RunSummary } from "../../src/capture/run-events.js";
import type { Arm } from "../../src/devices/contract/trigger-board.js";
import { readLedCounter } from "../../src/imaging/led-counter.js";
import { readStoredFrame } from "../../src/imaging/tiff-reader.js";
import {
  frameOutcomes,
  type ShotRecord,
  type StrayFrame,
  triggerOutcomes,
} from "../../src/schema/records.js";
import type { VirtualRigFaults } from "../../src/schema/virtual-rig.js";
import type { CaptureStand } from "./capture-stand.js";
import { ExposureLedger, type TriggerTruth } from "./exposure-ledger.js";
import { SeededRandom } from "./seeded-random.js";

type ArmFaults = NonNullable<VirtualRigFaults["near"]>;

const noArmFaults: ArmFaults = {
  packetLoss: 0,
  missingFrame: 0,
  lateFrame: 0,
  extraFrame: 0,
  stuckTrigger: false,
  unplugged: false,
};
const noLinkFaults = { toBoardBitFlip: 0, toHostBitFlip: 0, toBoardDrop: 0, toHostDrop: 0 };
const calm: VirtualRigFaults = { near: noArmFaults, far: noArmFaults, link: noLinkFaults };

/** One kind of trouble at a time on each arm and on the link, each with its own chance. */
function randomFaults(random: SeededRandom): VirtualRigFaults {
  const arm = (): ArmFaults => {
    const kind = random.whole(0, 7);
    if (kind === 0) return { ...noArmFaults, packetLoss: 0.02 };
    if (kind === 1) return { ...noArmFaults, missingFrame: 0.4 };
    if (kind === 2) return { ...noArmFaults, lateFrame: 0.4, lateMs: random.whole(100, 1500) };
    if (kind === 3) return { ...noArmFaults, extraFrame: 0.4 };
    if (kind === 4) return { ...noArmFaults, stuckTrigger: random.chance(0.5) };
    return noArmFaults;
  };
  const link = random.chance(0.15)
    ? { toBoardBitFlip: 0.003, toHostBitFlip: 0.003, toBoardDrop: 0.001, toHostDrop: 0.001 }
    : noLinkFaults;
  return { near: arm(), far: arm(), link };
}

export interface FaultyRun {
  readonly shots: number;
  readonly seed: number;
  /** Shots after which an arm's camera is unplugged for `unpluggedMs`. */
  readonly unplugAfter?: readonly number[];
  readonly unpluggedMs?: number;
  /** Shots after which the board stops executing for a second, then boots afresh. */
  readonly killAfter?: readonly number[];
}

/** When an arm's camera was unplugged: the frame it was sending then is cut off, though it was sent. */
interface Unplugged {
  readonly arm: Arm;
  readonly atMs: number;
}

export interface FaultyRunResult {
  readonly summary: RunSummary;
  readonly unplugged: readonly Unplugged[];
}

/** Runs a session of `shots` planned shots; faults change at every seventh shot or so. */
export async function runWithFaults(stand: CaptureStand, options: FaultyRun): Promise<FaultyRunResult> {
  const random = new SeededRandom(options.seed);
  const session = await stand.startSession(options.shots);
  const run = stand.run(session, { mostBroken: Number.POSITIVE_INFINITY });
  const changes: Promise<void>[] = [];
  const unplugged: Unplugged[] = [];
  let seen = 0;
  let held = false;
  const change = (work: () => Promise<void>): void => {
    held = true;
    changes.push(work().finally(() => (held = false)));
  };
  run.subscribe((event) => {
    if (event.kind !== "shot" || held) return;
    seen++;
    if (options.unplugAfter?.includes(seen)) {
      const arm = random.chance(0.5) ? "near" : "far";
      unplugged.push({ arm, atMs: Date.now() });
      change(() => unplug(stand, arm, options.unpluggedMs ?? 7000));
    } else if (options.killAfter?.includes(seen)) {
      change(() => killBoard(stand));
    } else if (random.chance(0.15)) {
      const faults = random.chance(0.35) ? calm : randomFaults(random);
      change(() => stand.setFaults(faults));
    }
  });
  const summary = await run.start();
  await Promise.all(changes);
  await stand.setFaults(calm);
  return { summary, unplugged };
}

async function unplug(stand: CaptureStand, arm: Arm, forMs: number): Promise<void> {
  await stand.setFaults({ ...calm, [arm]: { ...noArmFaults, unplugged: true } });
  await new Promise((resolve) => setTimeout(resolve, forMs));
  await stand.setFaults(calm);
}

async function killBoard(stand: CaptureStand): Promise<void> {
  await stand.setFaults({ ...calm, killedFirmware: true });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await stand.setFaults({ killedFirmware: false });
}

export interface CheckedSession {
  readonly triggers: number;
  readonly pairs: number;
  readonly frames: number;
  readonly byOutcome: Readonly<Record<string, number>>;
  /** Extra frames that the rig's cameras made. */
  readonly extraFrames: PerArm<number>;
}

/**
 * Holds the session against the run's own totals, the audit, the pixels of every pair and the
 * rig's truth. Fails on the first thing that does not fit.
 */
export async function checkSession(
  stand: CaptureStand,
  { summary, unplugged }: FaultyRunResult,
): Promise<CheckedSession> {
  const { dataset } = stand;
  const { sessionId, totals } = summary;
  const shots = await dataset.shots({ sessionId });
  const strays = await dataset.strays(sessionId);
  expect(await dataset.openShots(sessionId)).toEqual([]);
  expect(shots.length).toBe(totals.triggers);
  const byOutcome = Object.fromEntries(
    triggerOutcomes.map((outcome) => [outcome, shots.filter((shot) => shot.outcome === outcome).length]),
  );
  expect(byOutcome).toEqual(totals.triggersByOutcome);
  const frames = [...shots.flatMap((shot) => shot.frames), ...strays];
  for (const outcome of frameOutcomes) {
    const count = frames.filter((frame) => frame.outcome === outcome).length;
    expect({ outcome, count }).toEqual({ outcome, count: totals.framesByOutcome[outcome] });
  }
  requireUniqueTriggers(shots);
  requireUniqueFrames(frames);
  const ledger = new ExposureLedger(stand.sensor);
  const last = Math.max(...shots.map(({ shotId }) => shotId));
  for (const shot of shots) {
    if (shot.outcome === "paired" && shot.purpose === "pair") await checkPixels(stand, shot);
    const triggers = await truthOf(stand, shot);
    const cutOff = perArm((arm) => wasCutOff(shot, arm, unplugged));
    checkTruth(shot, triggers, strays, cutOff);
    // The cameras are disarmed once the last pair is stored: its extra frames may be on their way.
    ledger.enter(shot.shotId, triggers, shot.shotId === last ? { near: true, far: true } : cutOff);
  }
  const stored = shots.flatMap(({ shotId, frames }) => frames.map((frame) => ({ ...frame, shotId })));
  ledger.check([...stored, ...strays], totals.framesLost);
  const unchecked = shots.filter(({ outcome, bootId }) => outcome === "unknown" || bootId === null).length;
  expect(unchecked).toBeLessThanOrEqual(fewUnchecked(shots.length));
  const audit = await dataset.audit({ sessionId });
  expect(audit.findings).toEqual([]);
  const pairs = shots.filter((shot) => shot.outcome === "paired" && shot.purpose === "pair").length;
  return { triggers: shots.length, pairs, frames: frames.length, byOutcome, extraFrames: ledger.extraFrames };
}

/**
 * Triggers that may end without a truth to hold them against, because nobody could tell whether
 * they fired: 2, and 0.5 %. A run of 2,000 shots with faults has about 0.2 %.
 */
function fewUnchecked(triggers: number): number {
  return 2 + Math.floor(triggers / 200);
}

function requireUniqueTriggers(shots: readonly ShotRecord[]): void {
  const numbers = shots.flatMap(({ bootId, triggerNumber }) =>
    triggerNumber === null ? [] : [`${bootId} ${triggerNumber}`],
  );
  expect(new Set(numbers).size).toBe(numbers.length);
}

function requireUniqueFrames(
  frames: readonly Pick<StrayFrame, "arm" | "deviceTimeNs" | "hostTimeNs">[],
): void {
  const keys = frames.map(({ arm, deviceTimeNs, hostTimeNs }) => `${arm} ${deviceTimeNs} ${hostTimeNs}`);
  expect(new Set(keys).size).toBe(keys.length);
}

/** The LED counter in both stored frames names this shot and the exposure start in its record. */
async function checkPixels(stand: CaptureStand, shot: ShotRecord): Promise<void> {
  const corners = stand.config.ledCounter;
  if (corners === undefined) throw new Error("the stand has no LED counter");
  for (const arm of arms) {
    const stored = shot.frames.find((frame) => frame.arm === arm && frame.outcome === "paired");
    if (stored === undefined) throw new Error(`pair ${shot.shotId} has no ${arm} frame`);
    const object = { sha256: stored.objectSha256, bytes: stored.bytes };
    const file = await readFile(stand.dataset.objectPath(object, ".tif"));
    const led = readLedCounter(readStoredFrame(file), corners[arm]);
    expect({ shotId: shot.shotId, arm, led }).toMatchObject({ led: { kind: "read", shotId: shot.shotId } });
    const measured = shot.exposureStartTick[arm];
    if (led.kind !== "read" || measured === null) continue;
    // 10 µs are 160 ticks.
    expect(Math.abs(Number(led.tick - BigInt(measured)))).toBeLessThanOrEqual(160);
  }
}

async function truthOf(
  stand: CaptureStand,
  { bootId, shotId }: ShotRecord,
): Promise<readonly TriggerTruth[]> {
  if (bootId === null) return [];
  const truth = await stand.rig.request("truth", { bootId, shotId });
  return truth?.triggers ?? [];
}

/** The frame was on its way when its camera was unplugged. */
function wasCutOff(shot: ShotRecord, arm: Arm, unplugged: readonly Unplugged[]): boolean {
  const firedMs = Date.parse(shot.capturedAt);
  return unplugged.some((cut) => cut.arm === arm && Math.abs(firedMs - cut.atMs) < 500);
}

/** What became of the trigger is what the rig did with it. */
function checkTruth(
  shot: ShotRecord,
  triggers: readonly TriggerTruth[],
  strays: readonly StrayFrame[],
  cutOff: PerArm<boolean>,
): void {
  const { shotId, outcome, bootId } = shot;
  if (bootId === null) return;
  if (outcome === "not-fired") expect({ shotId, triggers }).toEqual({ shotId, triggers: [] });
  if (outcome === "unknown" || outcome === "not-fired") return;
  expect({ shotId, triggers: triggers.length }).toEqual({ shotId, triggers: 1 });
  for (const arm of arms) {
    // A handshake that failed cannot tell which frame is whose: they are extra.
    const unclear = shot.purpose === "sync" && outcome !== "paired";
    if (!cutOff[arm] && !unclear) checkFrameTruth(shot, arm, triggers[0], strays);
  }
}

function checkFrameTruth(
  shot: ShotRecord,
  arm: Arm,
  truth: TriggerTruth | undefined,
  strays: readonly StrayFrame[],
): void {
  const { shotId } = shot;
  const mine = [...shot.frames, ...strays.filter((frame) => frame.shotId === shotId)];
  const of = mine.filter((frame) => frame.arm === arm).map(({ outcome }) => outcome);
  const fate = truth?.[arm]?.fate ?? "missing";
  const allowed: Record<NonNullable<TriggerTruth[Arm]>["fate"], readonly string[]> = {
    sent: ["paired", "one-sided"],
    late: ["late", "paired", "one-sided", ""],
    missing: [""],
    "packets-lost": ["incomplete", "late", ""],
    stuck: [""],
    unplugged: [""],
  };
  expect({ shotId, arm, fate, outcomes: of }).toSatisfy(
    () => of.length <= 1 && allowed[fate].includes(of[0] ?? ""),
  );
}

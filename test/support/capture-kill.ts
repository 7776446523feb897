import { join } from "node:path";
import { silentLogger } from "../../src/base/log.js";
import type { AuditReport } from "../../src/dataset/dataset.js";
import { openDataset } from "../../src/dataset/open-dataset.js";
import { finished, jsonLines, repository, runCli, startCli } from "./cli.js";
import { SeededRandom } from "./seeded-random.js";
import { systemClock } from "./system-clock.js";

const virtualRig = join(repository, "rig-configs/virtual-plane.yaml");
/** More than 200 runs take; they must not come to the plan's end. */
const plannedShots = 20_000;
/** One kill in four may come before the first shot is acknowledged, while devices are opened. */
const earlyShare = 0.25;

/** A shot that the program printed, which means that it promised to keep it. */
interface Acknowledged {
  readonly shotId: number;
  readonly near: string | null;
  readonly far: string | null;
}

export interface KillReport {
  readonly acknowledged: readonly Acknowledged[];
  /** Shot ids that were printed and are not in the dataset with the same objects. */
  readonly lost: readonly number[];
  /** Shots the dataset calls paired without exactly one paired frame of each arm. */
  readonly halfPairs: readonly number[];
  readonly kills: number;
  /** Runs that ended by themselves without a shot: a session that did not go on after a kill. */
  readonly stuck: number;
  readonly audit: AuditReport;
}

/** Lines that a killed program did not finish are no promise. */
function acknowledgedIn(stdout: string): Acknowledged[] {
  const whole = stdout.slice(0, stdout.lastIndexOf("\n") + 1);
  return jsonLines(whole)
    .filter((line) => line.type === "shot")
    .map((line) => ({
      shotId: line.shotId as number,
      ...(line.objects as { near: string | null; far: string | null }),
    }));
}

/** When to kill: so long after the start, or after the first acknowledged shot. */
interface Moment {
  readonly after: "start" | "first-shot";
  readonly ms: number;
}

function randomMoment(random: SeededRandom): Moment {
  if (random.chance(earlyShare)) return { after: "start", ms: random.between(300, 4000) };
  return { after: "first-shot", ms: random.between(0, 800) };
}

async function runUntilKilled(words: readonly string[], moment: Moment): Promise<string> {
  const child = startCli(words);
  const result = finished(child);
  const kill = (): void => void setTimeout(() => child.kill("SIGKILL"), moment.ms);
  if (moment.after === "start") kill();
  else child.stdout.once("data", kill);
  return (await result).stdout;
}

/** Newest session of the store, or null while no run has lived long enough to start one. */
async function newestSession(store: string): Promise<string | null> {
  const result = await runCli("session", "list", "--store", store, "--json");
  return result.status === 0 ? String(jsonLines(result.stdout)[0]?.sessionId ?? "") || null : null;
}

/**
 * Kills `nearfar capture` (and `session resume`, which goes on with the same session) with SIGKILL
 * at seeded random moments, then compares what was promised with what is stored.
 */
export async function killCaptures(folder: string, kills: number, seed: number): Promise<KillReport> {
  const store = join(folder, "store");
  const random = new SeededRandom(seed);
  const acknowledged: Acknowledged[] = [];
  let stuck = 0;
  let sessionId: string | null = null;
  for (let kill = 0; kill < kills; kill++) {
    const start = ["capture", "--rig", virtualRig, "--shots", String(plannedShots)];
    const words = sessionId === null ? start : ["session", "resume", sessionId];
    const moment = randomMoment(random);
    const shots = acknowledgedIn(await runUntilKilled([...words, "--store", store, "--json"], moment));
    if (moment.after === "first-shot" && shots.length === 0) stuck++;
    acknowledged.push(...shots);
    sessionId ??= await newestSession(store);
  }
  return { acknowledged, kills, stuck, ...(await compare(store, acknowledged)) };
}

async function compare(
  store: string,
  acknowledged: readonly Acknowledged[],
): Promise<Pick<KillReport, "lost" | "halfPairs" | "audit">> {
  const dataset = await openDataset(store, { mode: "must-exist", clock: systemClock, logger: silentLogger });
  try {
    const shots = new Map((await dataset.shots({ purpose: "pair" })).map((shot) => [shot.shotId, shot]));
    const objectOf = (shotId: number, arm: "near" | "far"): string | null =>
      shots.get(shotId)?.frames.find((frame) => frame.arm === arm)?.objectSha256 ?? null;
    const lost = acknowledged.filter(
      ({ shotId, near, far }) =>
        !shots.has(shotId) || objectOf(shotId, "near") !== near || objectOf(shotId, "far") !== far,
    );
    const halfPairs = [...shots.values()].filter(({ outcome, frames }) => {
      const arms = frames.filter((frame) => frame.outcome === "paired").map((frame) => frame.arm);
      return outcome === "paired" ? arms.sort().join() !== "far,near" : arms.length > 0;
    });
    const audit = await dataset.audit({});
    return {
      lost: lost.map(({ shotId }) => shotId),
      halfPairs: halfPairs.map(({ shotId }) => shotId),
      audit,
    };
  } finally {
    await dataset.close();
  }
}

/** kill -9 of a program that aligns a store's pairs, at random moments, against a run that nobody disturbs. */
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { AuditFinding } from "../../src/dataset/dataset.js";
import { openStore } from "./dataset-fixtures.js";
import { SeededRandom } from "./seeded-random.js";

export interface AlignProgram {
  /** It ends by itself when all pairs are aligned. */
  start(store: string): ChildProcessByStdio<null, Readable, Readable>;
  /** Stands in what it prints of a pair that it has aligned, and in nothing before. */
  readonly sign: string;
}

/** What must not depend on when a program was killed; numbers and times of rows may. */
export interface AlignedStore {
  /** By shot: hashes of input, record and files. */
  readonly alignments: readonly string[];
  /** Names of all objects; each is the hash of its content, which the audit checks. */
  readonly objects: readonly string[];
  readonly findings: readonly AuditFinding[];
}

export interface AlignKillReport {
  readonly undisturbed: AlignedStore;
  readonly killed: AlignedStore;
  /** Kills that hit a program at work. */
  readonly kills: number;
  /** Pairs that were aligned when the last kill was over. */
  readonly alignedWhenKilled: number;
}

/** Of the work, how much the kills leave to the last run, about; enough that a machine that got faster leaves some. */
const shareLeft = 0.6;

/** Kills that come while the program starts and makes its first pairs. */
const earlyShare = 0.25;

/**
 * Copies `store` twice. One copy is aligned in peace, the other by programs that are killed at seeded moments while
 * they work, and then to the end.
 */
export async function killAlignments(
  store: string,
  program: AlignProgram,
  kills: number,
  seed: number,
): Promise<AlignKillReport> {
  const [peaceful, disturbed] = [`${store}-undisturbed`, `${store}-killed`];
  for (const copy of [peaceful, disturbed]) await cp(store, copy, { recursive: true });
  const { startMs, workMs } = await runToEnd(program, peaceful);
  const longestMs = (2 * (1 - shareLeft) * workMs) / kills;
  const random = new SeededRandom(seed);
  let hits = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const moment: Moment = random.chance(earlyShare)
      ? { after: "start", ms: random.between(0, startMs) }
      : { after: "first-pair", ms: random.between(0, longestMs) };
    if (await runUntilKilled(program, disturbed, moment)) hits += 1;
  }
  const alignedWhenKilled = (await contentOf(disturbed)).alignments.length;
  await runToEnd(program, disturbed);
  return {
    undisturbed: await contentOf(peaceful),
    killed: await contentOf(disturbed),
    kills: hits,
    alignedWhenKilled,
  };
}

interface Moment {
  readonly after: "start" | "first-pair";
  readonly ms: number;
}

/** How long it took to the first aligned pair, and from there to the end. */
async function runToEnd(
  { start, sign }: AlignProgram,
  store: string,
): Promise<{ readonly startMs: number; readonly workMs: number }> {
  const startedAt = performance.now();
  const child = start(store);
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += text;
  });
  const ended = once(child, "close");
  await Promise.race([printed(child.stdout, sign), ended]);
  const firstAt = performance.now();
  const [status] = await ended;
  expect(status, errors).toBe(0);
  return { startMs: firstAt - startedAt, workMs: performance.now() - firstAt };
}

/** False when the program had ended before it could be killed. */
async function runUntilKilled(
  { start, sign }: AlignProgram,
  store: string,
  { after, ms }: Moment,
): Promise<boolean> {
  const child = start(store);
  const ended = once(child, "close");
  child.stderr.resume();
  const signed = printed(child.stdout, sign);
  if (after === "first-pair") await Promise.race([signed, ended]);
  await Promise.race([sleep(ms), ended]);
  child.kill("SIGKILL");
  const [, killedBy] = await ended;
  return killedBy === "SIGKILL";
}

/** Reads on to the end, so that the program is never held up. */
function printed(output: Readable, sign: string): Promise<void> {
  let text = "";
  return new Promise((resolve) => {
    output.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes(sign)) resolve();
    });
  });
}

async function contentOf(store: string): Promise<AlignedStore> {
  const dataset = await openStore(store, "must-exist");
  try {
    const alignments = await dataset.alignments({ superseded: true });
    const { findings } = await dataset.audit({});
    const names = await readdir(join(store, "objects"), { recursive: true });
    return {
      alignments: alignments.map(({ shotId, inputKey, sha256, files }) =>
        [shotId, inputKey, sha256, ...files.map((file) => `${file.name} ${file.sha256}`)].join(" "),
      ),
      objects: names.filter((name) => name.includes(".")).sort(),
      findings,
    };
  } finally {
    await dataset.close();
  }
}

/**
 * A program that writes to a store, for tests that kill it or take its disk away.
 *
 *     node --import tsx test/support/dataset-child.ts SCENARIO STORE
 *
 * Prints one JSON object per line.
 */
import { readdirSync, writeSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type AlignRunOptions, alignShots } from "../../src/alignment/run/align-shots.js";
import { NearfarError } from "../../src/base/errors.js";
import type { Dataset } from "../../src/dataset/dataset.js";
import type { SessionRecord } from "../../src/schema/records.js";
import { alignmentInputOfShot, storeAlignment, syntheticPair } from "./aligned-pairs.js";
import { cameraRecord } from "./calibration-fixtures.js";
import { newSession, openStore, storePair } from "./dataset-fixtures.js";
import { systemClock } from "./system-clock.js";

/** Written at once, so that what was said before kill -9 is heard. */
function say(fact: object): void {
  writeSync(1, `${JSON.stringify(fact)}\n`);
}

function sayError(error: unknown): void {
  if (!(error instanceof NearfarError)) throw error;
  say({ code: error.code, message: error.message, advice: error.advice });
}

/** Stores pairs without end, two at a time, aligned or not, and calibrations beside them; says which are acknowledged. */
async function writeForever(directory: string): Promise<void> {
  const dataset = await openStore(directory);
  const session = (await dataset.sessions())[0] ?? (await dataset.startSession(newSession()));
  say({ ready: true });
  const lane = async (aligning: boolean): Promise<never> => {
    for (;;) {
      const shot = await storePair(dataset, session, { bytes: 300_000 });
      say({ acknowledged: shot });
      if (aligning) say({ aligned: await storeAlignment(dataset, shot) });
    }
  };
  const calibrate = async (): Promise<never> => {
    for (;;) {
      const record = cameraRecord();
      await dataset.addCalibration(record);
      say({ calibrated: record });
      await sleep(10);
    }
  };
  await Promise.all([lane(false), lane(true), calibrate()]);
}

/** Stores pairs until the disk is full; says what it was told and how many pairs were stored. */
async function storeUntilFull(dataset: Dataset, session: SessionRecord): Promise<void> {
  let acknowledged = 0;
  try {
    for (; acknowledged < 1000; acknowledged += 1) await storePair(dataset, session, { bytes: 200_000 });
  } catch (error) {
    sayError(error);
  }
  say({ acknowledged });
}

/** Fills a small disk with frames, frees a little, and goes on. */
async function fillDisk(directory: string): Promise<void> {
  const ballast = `${directory}-ballast`;
  await writeFile(ballast, new Uint8Array(2_000_000));
  const dataset = await openStore(directory);
  const session = await dataset.startSession(newSession());
  await storeUntilFull(dataset, session);
  say({ incoming: readdirSync(`${directory}/incoming`).length });
  await rm(ballast);
  await storeUntilFull(dataset, session);
  await rm(`${directory}/previews`, { recursive: true });
  await sayAudit(dataset);
}

/** Fills a small disk with records alone, which only journal and database hold. */
async function fillWithRecords(directory: string): Promise<void> {
  const ballast = `${directory}-ballast`;
  await writeFile(ballast, new Uint8Array(1_000_000));
  const dataset = await openStore(directory);
  let started = 0;
  try {
    for (; started < 5000; started += 1) await dataset.startSession(newSession({ plan: "x".repeat(3000) }));
  } catch (error) {
    sayError(error);
  }
  say({ started, found: (await dataset.sessions()).length });
  await rm(ballast);
  const session = await dataset.startSession(newSession());
  await storePair(dataset, session);
  await dataset.close();
  const again = await openStore(directory, "must-exist");
  say({ found: (await again.sessions()).length });
  await sayAudit(again);
}

async function sayAudit(dataset: Dataset): Promise<void> {
  const { triggersByOutcome, findings } = await dataset.audit({});
  say({
    pairs: triggersByOutcome.paired,
    errors: findings.filter((finding) => finding.severity === "error"),
  });
  await dataset.close();
}

/** Tries what a read-only folder allows and what it does not. */
async function tryReadOnly(directory: string): Promise<void> {
  for (const mode of ["must-exist", "create-if-missing"] as const)
    await openStore(directory, mode).catch(sayError);
  await openStore(`${directory}/new`, "create-if-missing").catch(sayError);
  const dataset = await openStore(directory, "read-only");
  say({ sessions: (await dataset.sessions()).length, shots: (await dataset.shots({})).length });
  await sayAudit(dataset);
}

/** Aligns all pairs, two at a time, each for a while of its own. */
async function align(directory: string): Promise<void> {
  const dataset = await openStore(directory, "must-exist");
  const prepare: AlignRunOptions["prepare"] = async (shot) => {
    const input = alignmentInputOfShot(shot);
    const make = () => sleep(20 + 13 * (shot.shotId % 5)).then(() => syntheticPair(input));
    return { input, align: make };
  };
  await alignShots({
    dataset,
    shots: await dataset.shots({}),
    prepare,
    concurrency: 2,
    clock: systemClock,
    signal: new AbortController().signal,
    onEvent: ({ kind, shotId }) => kind === "aligned" && say({ shotId }),
  });
  await dataset.close();
}

async function hold(directory: string): Promise<void> {
  await openStore(directory);
  say({ ready: true });
  setInterval(() => {}, 60_000);
}

const scenarios: Readonly<Record<string, (directory: string) => Promise<void>>> = {
  "write-forever": writeForever,
  "fill-disk": fillDisk,
  "fill-with-records": fillWithRecords,
  "read-only": tryReadOnly,
  align,
  hold,
};

const [scenario = "", directory = ""] = process.argv.slice(2);
await scenarios[scenario]?.(directory);

/**
 * Throughput of the store path for pairs of 5 MP frames (2 × 10 MB), as a share of plain
 * write + fsync of the same bytes. Every round runs all ways one after the other, so that a busy
 * machine slows all of them; the medians over the rounds are compared.
 *
 *     npx tsx test/bench/store.bench.ts [FOLDER] [ROUNDS]
 */
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset, StoredObject } from "../../src/dataset/dataset.js";
import type { SessionRecord } from "../../src/schema/records.js";
import { median } from "../support/bench-figures.js";
import {
  frameBytes,
  frameRecord,
  intentOf,
  newSession,
  openStore,
  shotRecord,
  temporaryFolder,
} from "../support/dataset-fixtures.js";
import { writePlain } from "../support/plain-write.js";

const frameLength = 2448 * 2048 * 2;
const pairsPerRound = 4;
/** What the other ways are held against. */
const peer = "plain write+fsync, one by one";
const pixels = [frameBytes(1, frameLength), frameBytes(2, frameLength)] as const;

/** The same pixels behind another head: no two objects are equal. */
let frameCount = 0;
function nextFrame(arm: 0 | 1): Uint8Array<SharedArrayBuffer>[] {
  frameCount += 1;
  return [frameBytes(frameCount, 256), pixels[arm]];
}

/** The safe order as one writes it down first: hash, write, fsync, read back, hash, rename, fsync. */
async function writeNaively(folder: string, parts: readonly Uint8Array[]): Promise<void> {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  const sha256 = hash.digest("hex");
  const temp = join(folder, `${sha256}.tmp`);
  await writePlain(temp, parts);
  const read = createHash("sha256")
    .update(await readFile(temp))
    .digest("hex");
  if (read !== sha256) throw new Error("read back differently");
  await rename(temp, join(folder, sha256));
  const directory = await open(folder, "r");
  await directory.sync();
  await directory.close();
}

async function storeOne(dataset: Dataset, session: SessionRecord): Promise<void> {
  const shot = await dataset.openShot(intentOf(session));
  const [near, far] = (await Promise.all([
    dataset.writeObject(nextFrame(0), ".tif"),
    dataset.writeObject(nextFrame(1), ".tif"),
  ])) as [StoredObject, StoredObject];
  await dataset.commitShot(shotRecord(shot, [frameRecord("near", near), frameRecord("far", far)]));
}

/** `lanes` shots in flight at a time. */
async function storeMany(dataset: Dataset, session: SessionRecord, lanes: number): Promise<void> {
  let left = pairsPerRound;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await storeOne(dataset, session);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function repeat(action: () => Promise<unknown>): Promise<void> {
  for (let pair = 0; pair < pairsPerRound; pair += 1) await action();
}

async function main(): Promise<void> {
  const temporary = process.argv[2] === undefined ? await temporaryFolder() : null;
  const base = temporary?.path ?? join(process.argv[2] as string, `nearfar-bench-${process.pid}`);
  const rounds = Number(process.argv[3] ?? 9);
  const scratch = join(base, "plain");
  await mkdir(base, { recursive: true });
  const dataset = await openStore(join(base, "store"));
  const session = await dataset.startSession(newSession());
  const path = (): string => join(scratch, `${process.hrtime.bigint()}`);
  const ways: Readonly<Record<string, () => Promise<void>>> = {
    [peer]: () =>
      repeat(async () => {
        await writePlain(path(), nextFrame(0));
        await writePlain(path(), nextFrame(1));
      }),
    "plain write+fsync, both at once": () =>
      repeat(() => Promise.all([writePlain(path(), nextFrame(0)), writePlain(path(), nextFrame(1))])),
    "naive safe order, one by one": () =>
      repeat(async () => {
        await writeNaively(scratch, nextFrame(0));
        await writeNaively(scratch, nextFrame(1));
      }),
    "naive safe order, both at once": () =>
      repeat(() => Promise.all([writeNaively(scratch, nextFrame(0)), writeNaively(scratch, nextFrame(1))])),
    "store, one shot at a time": () => storeMany(dataset, session, 1),
    "store, two shots in flight": () => storeMany(dataset, session, 2),
    "store, three shots in flight": () => storeMany(dataset, session, 3),
  };
  const times = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
  await storeMany(dataset, session, 2); // threads and SQLite's caches are warm
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      await mkdir(scratch, { recursive: true });
      const start = performance.now();
      await way();
      times.get(name)?.push((performance.now() - start) / pairsPerRound);
      await rm(scratch, { recursive: true });
    }
  }
  console.log(`pairs of 2 × ${frameLength + 256} bytes, ${rounds} rounds of ${pairsPerRound} pairs, medians`);
  const plain = times.get(peer) ?? [];
  for (const [name, values] of times) {
    // The ratio of each round, in which all ways met the same machine.
    const ratio = median(values.map((value, round) => (plain[round] ?? Number.NaN) / value));
    const figure = `${median(values).toFixed(1).padStart(6)} ms a pair`;
    const beside = `${peer} ${median(plain).toFixed(1)} ms`;
    console.log(`${`${name}:`.padEnd(33)} ${figure}, ${beside}, throughput ratio ${ratio.toFixed(2)}`);
  }
  await dataset.close();
  await rm(base, { recursive: true });
}

await main();

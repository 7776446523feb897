import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AlignedPair } from "../../src/alignment/aligned-pair.js";
import { type AlignRunOptions, alignShots } from "../../src/alignment/run/align-shots.js";
import type { AlignRunEvent } from "../../src/alignment/run/run-events.js";
import { type ErrorCode, WorldError } from "../../src/base/errors.js";
import type { Dataset } from "../../src/dataset/dataset.js";
import type { SessionRecord, ShotRecord } from "../../src/schema/records.js";
import { alignmentInputOfShot, storeAlignment, syntheticPair } from "../support/aligned-pairs.js";
import {
  intentOf,
  newSession,
  openStore,
  shotRecord,
  storePair,
  temporaryFolder,
} from "../support/dataset-fixtures.js";
import { systemClock } from "../support/system-clock.js";

describe("a run of alignments", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let dataset: Dataset;
  let session: SessionRecord;
  let shots: ShotRecord[];
  let events: AlignRunEvent[];
  /** Shot ids in the order in which their pairs were aligned. */
  let made: number[];

  beforeEach(async () => {
    folder = await temporaryFolder();
    dataset = await openStore(folder.path);
    session = await dataset.startSession(newSession());
    shots = [];
    for (let i = 0; i < 5; i += 1) shots.push(await storePair(dataset, session));
    events = [];
    made = [];
  });
  afterEach(async () => {
    await dataset.close();
    await folder.remove();
  });

  interface Run extends Partial<AlignRunOptions> {
    /** Instead of aligning the shot of this number at once. */
    readonly instead?: (shotId: number, signal: AbortSignal) => Promise<void>;
  }

  const run = ({ instead, ...options }: Run = {}): ReturnType<typeof alignShots> =>
    alignShots({
      dataset,
      shots,
      concurrency: 2,
      clock: systemClock,
      signal: new AbortController().signal,
      onEvent: (event) => events.push(event),
      async prepare(shot) {
        const input = alignmentInputOfShot(shot);
        const align = async (signal: AbortSignal): Promise<AlignedPair> => {
          await instead?.(shot.shotId, signal);
          made.push(shot.shotId);
          return syntheticPair(input);
        };
        return { input, align };
      },
      ...options,
    });

  const bad = (code: ErrorCode): WorldError =>
    new WorldError(code, "the frame is 10 px wide", { advice: "Calibrate again." });
  const alignedShots = async (): Promise<readonly number[]> =>
    (await dataset.alignments({})).map(({ shotId }) => shotId);
  const findings = async (): Promise<readonly string[]> =>
    (await dataset.audit({})).findings.map(({ kind }) => kind);

  it("keeps an alignment of every pair and says what it comes to", async () => {
    const summary = await run();
    expect(summary).toEqual({
      pairs: 5,
      notPairs: 0,
      aligned: 5,
      alreadyThere: 0,
      failed: 0,
      failedByCode: {},
      verdicts: { accept: 0, warn: 5, reject: 0 },
      reasons: { "no-face": 5, "no-color-calibration": 5 },
      seconds: expect.any(Number),
    });
    for (const entry of await dataset.alignments({})) {
      const shot = shots.find(({ shotId }) => shotId === entry.shotId) as ShotRecord;
      expect(await dataset.readAlignment(entry)).toMatchObject(
        syntheticPair(alignmentInputOfShot(shot)).record,
      );
    }
    expect(await alignedShots()).toEqual(shots.map(({ shotId }) => shotId));
    expect(events.map(({ kind }) => kind)).toEqual(Array(5).fill("aligned"));
    expect(events.map(({ progress }) => progress.done)).toEqual([1, 2, 3, 4, 5]);
    expect(events.at(-1)?.progress).toMatchObject({ all: 5, secondsLeft: 0 });
    expect(events[1]?.progress.secondsLeft).toBeGreaterThan(0);
  });

  it("makes nothing again that is there for the same inputs, and what others lack", async () => {
    await storeAlignment(dataset, shots[1] as ShotRecord, { verdict: "reject", reasons: [] });
    await storeAlignment(dataset, shots[2] as ShotRecord, {}, 200);
    expect(await run()).toMatchObject({ aligned: 4, alreadyThere: 1, verdicts: { warn: 4, reject: 1 } });
    expect(made.sort()).toEqual([1, 3, 4, 5]);
    expect(await run()).toMatchObject({ aligned: 0, alreadyThere: 5 });
    expect(made).toHaveLength(4);
    expect(events.slice(5).map(({ kind }) => kind)).toEqual(Array(5).fill("already-there"));
  });

  it("makes again what has lost a file", async () => {
    await run();
    const [entry] = await dataset.alignments({});
    await rm(dataset.objectPath(entry?.files[0] ?? { sha256: "", bytes: 0 }, ".tif"));
    expect(await findings()).toEqual(["object-missing"]);
    expect(await run()).toMatchObject({ aligned: 1, alreadyThere: 4 });
    expect(await findings()).toEqual([]);
    expect((await dataset.alignments({ superseded: true }))[0]).toEqual(entry);
  });

  it("leaves out what is not a pair", async () => {
    const sync = await dataset.openShot(intentOf(session, { purpose: "sync" }));
    const missed = await dataset.openShot(intentOf(session));
    const more = [
      shotRecord(sync, []),
      shotRecord(missed, [], { outcome: "both-missing", verdict: "BROKEN" }),
    ];
    expect(await run({ shots: [...shots, ...more] })).toMatchObject({ pairs: 5, notPairs: 2, aligned: 5 });
  });

  it("works on several pairs at a time, as many as it is told", async () => {
    let now = 0;
    let most = 0;
    const instead = async (): Promise<void> => {
      most = Math.max(most, ++now);
      await sleep(20);
      now -= 1;
    };
    await run({ concurrency: 3, instead });
    expect(most).toBe(3);
  });

  it("gives the same bytes in whatever order the pairs are made", async () => {
    await run({ concurrency: 5, instead: (shotId) => sleep(10 * (6 - shotId)) });
    const other = await openStore(`${folder.path}-2`);
    const inOrder = made;
    await other.startSession(newSession());
    const [second] = await other.sessions();
    for (let i = 0; i < 5; i += 1) await storePair(other, second as SessionRecord);
    await run({ dataset: other, concurrency: 1 });
    expect(inOrder.slice(0, 5)).not.toEqual([1, 2, 3, 4, 5]);
    const hashes = async (of: Dataset): Promise<readonly string[]> =>
      (await of.alignments({})).map(({ sha256 }) => sha256);
    expect(await hashes(other)).toEqual(await hashes(dataset));
    await other.close();
    await rm(`${folder.path}-2`, { recursive: true });
  });

  it("tells of a bad pair, whether it is found before or while aligning, and goes on", async () => {
    const instead = async (shotId: number): Promise<void> => {
      if (shotId === 2) throw bad("ALIGN_SIZE");
    };
    const prepare: AlignRunOptions["prepare"] = async (shot) => {
      if (shot.shotId > 3) throw bad("FILE_CORRUPT");
      const input = alignmentInputOfShot(shot);
      return { input, align: async () => instead(shot.shotId).then(() => syntheticPair(input)) };
    };
    expect(await run({ prepare })).toMatchObject({
      aligned: 2,
      failed: 3,
      failedByCode: { ALIGN_SIZE: 1, FILE_CORRUPT: 2 },
    });
    expect(events.find(({ shotId }) => shotId === 2)).toMatchObject({
      kind: "failed",
      code: "ALIGN_SIZE",
      message: "the frame is 10 px wide",
      advice: "Calibrate again.",
    });
    expect(await alignedShots()).toEqual([1, 3]);
    expect(await findings()).toEqual([]);
  });

  it("ends when it is aborted, keeps what was made, and goes on when it is run again", async () => {
    const abort = new AbortController();
    const instead = async (shotId: number, signal: AbortSignal): Promise<void> => {
      if (shotId < 3) return;
      if (shotId === 4) abort.abort(bad("INTERRUPTED"));
      await sleep(60_000, undefined, { signal });
    };
    await expect(run({ signal: abort.signal, instead })).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(await alignedShots()).toEqual([1, 2]);
    expect(await findings()).toEqual([]);
    expect(await run()).toMatchObject({ aligned: 3, alreadyThere: 2 });
  });

  it("ends with the store's error, or with a defect, and gives up the pairs in flight", async () => {
    const failing = (error: Error) => async (shotId: number, signal: AbortSignal) => {
      if (shotId === 2) throw error;
      await sleep(60_000, undefined, { signal });
    };
    await expect(run({ instead: failing(bad("STORE_IO")) })).rejects.toMatchObject({ code: "STORE_IO" });
    await expect(run({ instead: failing(new TypeError("defect")) })).rejects.toThrow("defect");
    await dataset.close();
    dataset = await openStore(folder.path, "read-only");
    await expect(run()).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
    expect(made.length).toBeLessThanOrEqual(2);
    expect(events).toEqual([]);
    expect(await alignedShots()).toEqual([]);
  });
});

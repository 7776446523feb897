import { chmod, readFile, rename, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AuditFinding, Dataset } from "../../src/dataset/dataset.js";
import type { SessionRecord, ShotRecord } from "../../src/schema/records.js";
import {
  frameBytes,
  frameRecord,
  intentOf,
  newSession,
  openStore,
  shotRecord,
  storePair,
  temporaryFolder,
} from "../support/dataset-fixtures.js";

describe("audit of a dataset", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let dataset: Dataset;
  let session: SessionRecord;
  let shots: ShotRecord[];

  beforeEach(async () => {
    folder = await temporaryFolder();
    dataset = await openStore(folder.path);
    session = await dataset.startSession(newSession());
    shots = [await storePair(dataset, session), await storePair(dataset, session)];
  });
  afterEach(async () => {
    await dataset.close();
    await folder.remove();
  });

  function objectPathOf(shot: number, frame: number): string {
    const record = shots[shot]?.frames[frame];
    return dataset.objectPath({ sha256: record?.objectSha256 ?? "", bytes: record?.bytes ?? 0 }, ".tif");
  }

  async function flipBit(path: string, offset: number): Promise<void> {
    const content = await readFile(path);
    content.writeUInt8(content.readUInt8(offset) ^ 0x10, offset);
    await chmod(path, 0o644);
    await writeFile(path, content);
  }

  async function findings(): Promise<readonly Partial<AuditFinding>[]> {
    const report = await dataset.audit({});
    return report.findings.map(({ kind, shotId, severity }) => ({ kind, shotId, severity }));
  }

  it("counts everything in a sound store and finds nothing", async () => {
    await dataset.recordStray({
      sessionId: session.sessionId,
      arm: "near",
      outcome: "extra",
      frameId: 1,
      deviceTimeNs: "1",
      hostTimeNs: "1",
      shotId: null,
    });
    const progress: (readonly [number, number])[] = [];
    const report = await dataset.audit({ onProgress: (done, all) => progress.push([done, all]) });
    expect(report).toMatchObject({
      sessions: 1,
      triggers: 2,
      triggersByOutcome: { paired: 2, unknown: 0 },
      frames: 5,
      framesByOutcome: { paired: 4, extra: 1 },
      objects: 4,
      bytes: 80_000,
      findings: [],
    });
    expect(progress).toEqual([
      [0, 4],
      [4, 4],
    ]);
  });

  it("finds a flipped bit and a removed object", async () => {
    await flipBit(objectPathOf(0, 1), 19_999);
    await rm(objectPathOf(1, 0));
    expect(await findings()).toEqual(
      expect.arrayContaining([
        { kind: "object-corrupt", shotId: 1, severity: "error" },
        { kind: "object-missing", shotId: 2, severity: "error" },
      ]),
    );
    const other = await dataset.startSession(newSession());
    expect((await dataset.audit({ sessionId: other.sessionId })).findings).toEqual([]);
    expect((await dataset.audit({ sessionId: session.sessionId })).findings).toHaveLength(2);
  });

  it("finds a missing sidecar and an altered one", async () => {
    await flipBit(`${folder.path}/shots/000/1.json`, 120);
    await rm(`${folder.path}/shots/000/2.json`);
    expect(await findings()).toEqual([
      { kind: "sidecar-differs", shotId: 1, severity: "error" },
      { kind: "sidecar-missing", shotId: 2, severity: "error" },
    ]);
  });

  it("notes what crashed writers left", async () => {
    await dataset.writeObject([frameBytes(100)], ".tif");
    await writeFile(`${folder.path}/incoming/dead.tmp`, "");
    await dataset.openShot(intentOf(session));
    expect(await findings()).toEqual([
      { kind: "open-shot", shotId: 3, severity: "note" },
      { kind: "object-orphan", shotId: null, severity: "note" },
      { kind: "temp-file", shotId: null, severity: "note" },
    ]);
    await dataset.endSession(session.sessionId);
    expect(await findings()).toContainEqual({ kind: "open-shot", shotId: 3, severity: "error" });
  });

  it("finds triggers that no shot accounts for, unless a shot's fate is unknown", async () => {
    const unknown = await dataset.openShot(intentOf(session));
    await dataset.commitShot(
      shotRecord(unknown, [], { outcome: "unknown", triggerNumber: null, bootId: null }),
    );
    await storePair(dataset, session, { shot: { triggerNumber: 4 } });
    expect(await findings()).toEqual([{ kind: "trigger-gap", shotId: 4, severity: "note" }]);
    await storePair(dataset, session, { shot: { triggerNumber: 6 } });
    await storePair(dataset, session, { shot: { triggerNumber: 6 } });
    expect(await findings()).toEqual([
      { kind: "trigger-gap", shotId: 4, severity: "note" },
      { kind: "trigger-gap", shotId: 5, severity: "error" },
      { kind: "trigger-gap", shotId: 6, severity: "error" },
    ]);
  });

  it("goes on where an aborted audit stopped", async () => {
    const open = await dataset.openShot(intentOf(session));
    // Three batches of 64 objects; the first holds the smallest hashes.
    const objects = await Promise.all(
      Array.from({ length: 150 }, (_, index) => dataset.writeObject([frameBytes(1000 + index, 64)], ".tif")),
    );
    const frames = objects.map((object) => frameRecord("near", object, { outcome: "one-sided" }));
    await dataset.commitShot(shotRecord(open, frames, { outcome: "far-missing" }));
    const smallest = [...objects].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))[0] ?? {
      sha256: "",
      bytes: 0,
    };
    const path = dataset.objectPath(smallest, ".tif");
    await rename(path, `${folder.path}/kept`);

    const abort = new AbortController();
    const aborted = dataset.audit({
      signal: abort.signal,
      onProgress: (done) => done >= 64 && abort.abort(),
    });
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    // Put back: what the first part found is remembered, not read again.
    await rename(`${folder.path}/kept`, path);
    const missing = { kind: "object-missing", shotId: open.shotId, severity: "error" };
    expect(await findings()).toEqual([missing]);
    // That audit was complete, so the next one starts afresh.
    expect(await findings()).toEqual([]);
  });
});

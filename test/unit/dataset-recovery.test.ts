import { appendFile, copyFile, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rebuildDatabase } from "../../src/dataset/rebuild-database.js";
import type { SessionRecord, ShotRecord } from "../../src/schema/records.js";
import { storeAlignment } from "../support/aligned-pairs.js";
import { syncRecord } from "../support/calibration-fixtures.js";
import {
  frameBytes,
  frameRecord,
  intentOf,
  newSession,
  openStore,
  shotRecord,
  storeOptions,
  storePair,
  temporaryFolder,
} from "../support/dataset-fixtures.js";
import { allRows } from "../support/dataset-rows.js";

describe("recovery of a dataset", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let journalPath: string;
  let session: SessionRecord;
  let shots: ShotRecord[];

  /** A closed store with something in every table. */
  beforeEach(async () => {
    folder = await temporaryFolder();
    journalPath = `${folder.path}/journal.jsonl`;
    const dataset = await openStore(folder.path);
    session = await dataset.startSession(newSession());
    shots = [
      await storePair(dataset, session),
      await storePair(dataset, session, { intent: { retakeOf: 1 } }),
    ];
    await dataset.recordStray({
      sessionId: session.sessionId,
      arm: "far",
      outcome: "late",
      frameId: 7,
      deviceTimeNs: "9223372036854775807",
      hostTimeNs: "-1",
      shotId: 1,
    });
    await dataset.recordReview({ shotId: 2, kind: "note", text: "café", reviewedAt: session.startedAt });
    const sync = await dataset.openShot(intentOf(session, { purpose: "sync" }));
    const failed = shotRecord(sync, [], { outcome: "unknown", verdict: "BROKEN", reasons: ["link-lost"] });
    await dataset.commitShot(failed);
    shots.push(failed);
    await dataset.endSession(session.sessionId);
    const { calibrationId } = await dataset.addCalibration(syncRecord());
    for (const shot of shots.slice(0, 2)) await storeAlignment(dataset, shot);
    const second = await dataset.startSession(
      newSession({ subject: { subjectId: "P002", consentRef: null }, calibrations: [calibrationId] }),
    );
    await dataset.openShot(intentOf(second, { planIndex: 3 }));
    await dataset.close();
  });
  afterEach(() => folder.remove());

  async function lines(): Promise<string[]> {
    return (await readFile(journalPath, "utf8")).split("\n").slice(0, -1);
  }

  it("rebuilds the database row by row from sidecars and journal", async () => {
    const before = await allRows(folder.path);
    for (const rows of Object.values(before)) expect(rows).not.toHaveLength(0);
    const { backup } = await rebuildDatabase(folder.path, storeOptions);
    expect(await allRows(folder.path)).toEqual(before);
    expect(backup).toMatch(/backups\/nearfar\.before-rebuild-/);
  });

  it("does the same when the database was dropped and the store is simply opened", async () => {
    const before = await allRows(folder.path);
    for (const end of ["", "-wal", "-shm"]) await rm(`${folder.path}/nearfar.sqlite${end}`, { force: true });
    await (await openStore(folder.path, "must-exist")).close();
    expect(await allRows(folder.path)).toEqual(before);
  });

  it("refuses to rebuild from a damaged sidecar, and names it", async () => {
    await writeFile(`${folder.path}/shots/000/2.json`, "{}\n");
    await expect(rebuildDatabase(folder.path, storeOptions)).rejects.toMatchObject({
      code: "FILE_CORRUPT",
      message: expect.stringContaining("shots/000/2.json"),
    });
    await rm(`${folder.path}/shots/000/2.json`);
    await expect(openStore(folder.path, "must-exist")).rejects.toMatchObject({ code: "FILE_CORRUPT" });
  });

  it("commits the shot whose journal line was written and whose transaction was not", async () => {
    await copyFile(`${folder.path}/nearfar.sqlite`, `${folder.path}/../${session.sessionId}.sqlite`);
    let dataset = await openStore(folder.path);
    const shot = await storePair(dataset, session);
    await dataset.close();
    await copyFile(`${folder.path}/../${session.sessionId}.sqlite`, `${folder.path}/nearfar.sqlite`);
    await rm(`${folder.path}/../${session.sessionId}.sqlite`);

    dataset = await openStore(folder.path);
    expect(await dataset.shots({})).toEqual([...shots, shot]);
    expect((await dataset.audit({})).findings.filter((finding) => finding.severity === "error")).toEqual([]);
    await dataset.close();
  });

  it.each(["{", '{"n":12,"at":"2026', "\0\0\0\0"])("cuts off a torn last line: %j", async (torn) => {
    const before = await readFile(journalPath);
    await appendFile(journalPath, torn);
    const dataset = await openStore(folder.path);
    expect(await dataset.shots({})).toEqual(shots);
    expect(before.equals(await readFile(journalPath))).toBe(true);
    await dataset.startSession(newSession());
    await dataset.close();
    expect((await lines()).length).toBeGreaterThan(0);
    await (await openStore(folder.path)).close();
  });

  it("names the line in which anything else is wrong, and changes nothing", async () => {
    const good = await lines();
    const damage: readonly [number, string[]][] = [
      [2, good.with(1, (good[1] ?? "").replace("neutral", "neutra1"))],
      [3, good.toSpliced(2, 1)],
      [4, good.toSpliced(3, 0, good[2] ?? "")],
      [1, good.with(0, "not json")],
      [5, good.with(4, "")],
    ];
    for (const [line, damaged] of damage) {
      const text = `${damaged.join("\n")}\n`;
      await writeFile(journalPath, text);
      await expect(openStore(folder.path)).rejects.toMatchObject({
        code: "FILE_CORRUPT",
        message: expect.stringContaining(`journal.jsonl, line ${line}:`),
      });
      expect(await readFile(journalPath, "utf8")).toBe(text);
    }
  });

  it("refuses a journal that ends before what the database has seen", async () => {
    const all = await lines();
    await truncate(journalPath, Buffer.byteLength(`${all.slice(0, -1).join("\n")}\n`));
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    await rm(journalPath);
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
  });

  it("finishes a creation that was interrupted", async () => {
    const fresh = `${folder.path}/incoming/half`;
    await (await openStore(fresh)).close();
    await rm(`${fresh}/STORE.json`);
    await rm(`${fresh}/objects/ab`, { recursive: true });
    await writeFile(`${fresh}/STORE.json.0.tmp`, "{");
    const dataset = await openStore(fresh);
    await dataset.writeObject([frameBytes(1)], ".tif");
    expect(frameRecord("near", { sha256: "0".repeat(64), bytes: 1 }).bytes).toBe(1);
    await dataset.close();
  });
});

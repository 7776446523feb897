import { readFile, rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Dataset } from "../../src/dataset/dataset.js";
import { SqliteConnection } from "../../src/dataset/sqlite-connection.js";
import type { FrameRecord, SessionRecord } from "../../src/schema/records.js";
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

describe("committing a shot", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let dataset: Dataset;
  let session: SessionRecord;

  beforeEach(async () => {
    folder = await temporaryFolder();
    dataset = await openStore(folder.path);
    session = await dataset.startSession(newSession());
  });
  afterEach(async () => {
    await dataset.close();
    await folder.remove();
  });

  async function pairOfFrames(): Promise<[FrameRecord, FrameRecord]> {
    const near = await dataset.writeObject([frameBytes(1)], ".tif");
    const far = await dataset.writeObject([frameBytes(2)], ".tif");
    return [frameRecord("near", near), frameRecord("far", far)];
  }

  async function countRows(table: string): Promise<number> {
    const connection = await SqliteConnection.open(`${folder.path}/nearfar.sqlite`, { access: "read" });
    const row = await connection.first<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
    await connection.close();
    return row?.n ?? -1;
  }

  it("shows nothing of a shot whose transaction fails in the middle, and takes it again", async () => {
    const frames = await pairOfFrames();
    const open = await dataset.openShot(intentOf(session));
    const journal = await readFile(`${folder.path}/journal.jsonl`, "utf8");
    // The frames are inserted before the foreign key of the shot fails.
    await expect(dataset.commitShot(shotRecord(open, frames, { retakeOf: 999 }))).rejects.toMatchObject({
      code: "USAGE",
    });
    expect(await dataset.shot(open.shotId)).toBeNull();
    expect(await countRows("frame")).toBe(0);
    expect(await countRows("object")).toBe(0);
    expect(await readFile(`${folder.path}/journal.jsonl`, "utf8")).toBe(journal);

    const shot = shotRecord(open, frames);
    await dataset.commitShot(shot);
    expect(await dataset.shots({})).toEqual([shot]);
    expect((await dataset.audit({})).findings).toEqual([]);
  });

  it("refuses half pairs, doubled arms, and pairs that are called something else", async () => {
    const [near, far] = await pairOfFrames();
    const open = await dataset.openShot(intentOf(session));
    for (const frames of [[], [near], [far], [near, near], [near, far, far]]) {
      await expect(dataset.commitShot(shotRecord(open, frames))).rejects.toMatchObject({ code: "USAGE" });
    }
    const misnamed = shotRecord(open, [near, far], { outcome: "near-missing" });
    await expect(dataset.commitShot(misnamed)).rejects.toMatchObject({ code: "USAGE" });
    expect(await dataset.shots({})).toEqual([]);
  });

  it("has a database that refuses half pairs and changes by itself", async () => {
    const shot = await storePair(dataset, session);
    const open = await dataset.openShot(intentOf(session));
    const { sha256 } = await dataset.writeObject([frameBytes(3)], ".tif");
    const connection = await SqliteConnection.open(`${folder.path}/nearfar.sqlite`, { access: "write" });
    const commit = `UPDATE shot SET committed_at = 'x', sidecar_sha256 = '${sha256}', captured_at = 'x',
      skew_kind = 'measured', verdict = 'KEEP', reasons = '[]', outcome =`;
    await expect(connection.run(`${commit} 'paired' WHERE shot_id = ${open.shotId}`)).rejects.toThrow(
      /exactly one/,
    );
    await expect(connection.run(`${commit} 'stolen' WHERE shot_id = ${open.shotId}`)).rejects.toThrow(
      /CHECK/,
    );
    await expect(
      connection.run(`UPDATE shot SET verdict = 'WARN' WHERE shot_id = ${shot.shotId}`),
    ).rejects.toThrow(/never/);
    await expect(connection.run("UPDATE frame SET arm = 'far'")).rejects.toThrow(/never changes/);
    await expect(connection.run("DELETE FROM object")).rejects.toThrow(/FOREIGN KEY/);
    await connection.close();
    expect(await dataset.shots({})).toEqual([shot]);
  });

  it("refuses frames whose objects were not written or differ in size", async () => {
    const [near, far] = await pairOfFrames();
    const open = await dataset.openShot(intentOf(session));
    const missing = { ...far, objectSha256: "0".repeat(64) };
    await expect(dataset.commitShot(shotRecord(open, [near, missing]))).rejects.toThrow(/was not written/);
    const longer = { ...far, bytes: far.bytes + 1 };
    await expect(dataset.commitShot(shotRecord(open, [near, longer]))).rejects.toThrow(/bytes instead of/);
  });

  it("takes a shot once, in its session, and only when it was opened", async () => {
    const shot = await storePair(dataset, session);
    await expect(dataset.commitShot({ ...shot, verdict: "RETAKE" })).rejects.toThrow(/already/);
    expect(await readFile(`${folder.path}/shots/000/1.json`, "utf8")).toContain('"KEEP"');
    await expect(dataset.commitShot({ ...shot, shotId: 50 })).rejects.toThrow(/never opened/);
    const open = await dataset.openShot(intentOf(session));
    const other = await dataset.startSession(newSession());
    const strayed = shotRecord(open, shot.frames, { sessionId: other.sessionId });
    await expect(dataset.commitShot(strayed)).rejects.toThrow(/was opened in session/);
    expect(await dataset.shots({})).toEqual([shot]);
  });

  it("lets a task's failure leave the tasks beside it alone", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        index % 4 === 3
          ? dataset.openShot(intentOf({ ...session, sessionId: "none" }))
          : dataset.openShot(intentOf(session, { planIndex: index })),
      ),
    );
    const opened = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(opened.map((shot) => shot.shotId)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(await dataset.openShots(session.sessionId)).toEqual(opened);
  });

  it("never gives a shot id twice: not after a reopening, not when the database was lost", async () => {
    await dataset.openShot(intentOf(session));
    await dataset.openShot(intentOf(session));
    await dataset.close();
    dataset = await openStore(folder.path, "must-exist");
    expect((await dataset.openShot(intentOf(session))).shotId).toBe(3);
    await dataset.close();
    await rm(`${folder.path}/nearfar.sqlite`);
    dataset = await openStore(folder.path, "must-exist");
    expect((await dataset.openShot(intentOf(session))).shotId).toBe(4);
  });
});

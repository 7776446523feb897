import { chmod, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLogger } from "../../src/base/log.js";
import { inputKeyOf } from "../../src/dataset/alignment-key.js";
import type { AlignmentEntry, Dataset } from "../../src/dataset/dataset.js";
import { StoreLayout } from "../../src/dataset/layout.js";
import { migrate, migrations } from "../../src/dataset/migrations.js";
import { rebuildDatabase } from "../../src/dataset/rebuild-database.js";
import { catchUp } from "../../src/dataset/recovery.js";
import { SqliteConnection } from "../../src/dataset/sqlite-connection.js";
import { type AlignmentRecord, alignmentFiles } from "../../src/schema/alignment.js";
import type { SessionRecord, ShotRecord } from "../../src/schema/records.js";
import { alignmentInputOfShot, storeAlignment, syntheticPair } from "../support/aligned-pairs.js";
import { cameraRecord } from "../support/calibration-fixtures.js";
import {
  intentOf,
  newSession,
  openStore,
  shotRecord,
  storeOptions,
  storePair,
  temporaryFolder,
} from "../support/dataset-fixtures.js";
import { allRows } from "../support/dataset-rows.js";

describe("alignments in a dataset", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let layout: StoreLayout;
  let dataset: Dataset;
  let session: SessionRecord;
  let shot: ShotRecord;

  beforeEach(async () => {
    folder = await temporaryFolder();
    layout = new StoreLayout(folder.path);
    dataset = await openStore(folder.path);
    session = await dataset.startSession(newSession());
    shot = await storePair(dataset, session);
  });
  afterEach(async () => {
    await dataset.close();
    await folder.remove();
  });

  const recordPath = ({ sha256 }: AlignmentEntry): string => layout.objectPath(sha256, ".json");
  const filePath = (file: AlignmentEntry["files"][number] | undefined): string =>
    layout.objectPath(file?.sha256 ?? "", file === undefined ? "" : alignmentFiles[file.name]);

  /** The record of a pair whose files are not written. */
  const looseRecord = (of = shot): AlignmentRecord => ({
    ...syntheticPair(alignmentInputOfShot(of)).record,
    files: [],
  });

  async function change(sql: string): Promise<void> {
    const connection = await SqliteConnection.open(layout.database, { access: "write" });
    await connection.execute(sql).finally(() => connection.close());
  }

  it("come back as they were stored, also after the store was closed", async () => {
    const input = alignmentInputOfShot(shot);
    const pair = syntheticPair(input);
    const entry = await storeAlignment(dataset, shot);
    await dataset.close();
    dataset = await openStore(folder.path, "read-only");
    expect(await dataset.findAlignment(shot.shotId, inputKeyOf(input))).toEqual(entry);
    expect(await dataset.findAlignment(shot.shotId + 1, inputKeyOf(input))).toBeNull();
    const record = await dataset.readAlignment(entry);
    expect(record).toEqual({ ...pair.record, files: entry.files });
    expect(await dataset.readAlignment(entry.alignmentNumber)).toEqual(record);
    for (const [index, { parts }] of pair.files.entries()) {
      const path = filePath(entry.files[index]);
      expect(Buffer.concat(parts).equals(await readFile(path))).toBe(true);
      expect((await stat(path)).mode & 0o777).toBe(0o444);
    }
    expect(entry).toMatchObject({ verdict: "warn", approximate: false, colorCalibrationId: null });
    await expect(dataset.addAlignment(shot.shotId, record)).rejects.toMatchObject({
      code: "STORE_READ_ONLY",
    });
    await expect(dataset.readAlignment(7)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("have the same bytes whenever and in whatever order of members they are made", async () => {
    const { sha256 } = await storeAlignment(dataset, shot);
    const other = await temporaryFolder();
    const second = await openStore(other.path);
    const again = await storePair(second, await second.startSession(newSession()));
    const record = looseRecord(again);
    const { input, ...rest } = { ...record, files: (await storeAlignment(second, again, {}, 151)).files };
    const shuffled = {
      ...Object.fromEntries(Object.entries(rest).reverse()),
      input: Object.fromEntries(Object.entries(input).reverse()),
    } as unknown as AlignmentRecord;
    expect((await second.addAlignment(again.shotId, shuffled)).sha256).toBe(sha256);
    await second.close();
    await other.remove();
  });

  it("are there once for the same inputs, also when they are added twice at a time", async () => {
    const [first, second] = await Promise.all([storeAlignment(dataset, shot), storeAlignment(dataset, shot)]);
    expect(second).toEqual(first);
    expect(await storeAlignment(dataset, shot)).toEqual(first);
    expect(await dataset.alignments({ superseded: true })).toEqual([first]);
    expect((await storeAlignment(dataset, shot, {}, 200)).alignmentNumber).toBe(first.alignmentNumber + 1);
  });

  it("are listed and counted by the newest of each shot", async () => {
    const secondShot = await storePair(dataset, session);
    const other = await dataset.startSession(newSession());
    const otherShot = await storePair(dataset, other);
    const late = await storeAlignment(dataset, secondShot, { verdict: "accept", reasons: [] });
    const old = await storeAlignment(dataset, shot, { verdict: "accept", reasons: [] });
    const newest = await storeAlignment(dataset, shot, { verdict: "reject", reasons: ["no-face"] }, 200);
    const elsewhere = await storeAlignment(dataset, otherShot);
    expect(await dataset.alignments({})).toEqual([newest, late, elsewhere]);
    expect(await dataset.alignments({ superseded: true, shotId: shot.shotId })).toEqual([newest, old]);
    expect(await dataset.alignments({ verdict: "accept" })).toEqual([late]);
    expect(await dataset.alignments({ sessionId: session.sessionId, limit: 1, offset: 1 })).toEqual([late]);
    const empty = await dataset.startSession(newSession());
    expect(await dataset.alignmentCounts()).toEqual(
      new Map([
        [session.sessionId, { aligned: 2, approximate: 0, verdicts: { accept: 1, warn: 0, reject: 1 } }],
        [other.sessionId, { aligned: 1, approximate: 0, verdicts: { accept: 0, warn: 1, reject: 0 } }],
        [empty.sessionId, { aligned: 0, approximate: 0, verdicts: { accept: 0, warn: 0, reject: 0 } }],
      ]),
    );
  });

  it.each<[string, () => Promise<[number, AlignmentRecord]>]>([
    ["reasons.0", async () => [1, { ...looseRecord(), reasons: ["ugly"] as never }]],
    [
      "was not written",
      async () => [1, { ...looseRecord(), files: [{ name: "near", sha256: "0".repeat(64), bytes: 9 }] }],
    ],
    ["near frame is another one", async () => [1, looseRecord(await storePair(dataset, session))]],
    ["not a stored pair", async () => [99, looseRecord()]],
    [
      "not a stored pair",
      async () => {
        const open = await dataset.openShot(intentOf(session));
        await dataset.commitShot(shotRecord(open, [], { outcome: "not-fired", verdict: "RETAKE" }));
        return [open.shotId, looseRecord()];
      },
    ],
    [
      "names a file twice",
      async () => {
        const [file] = (await storeAlignment(dataset, shot, {}, 200)).files;
        const files = file === undefined ? [] : [file, file];
        return [1, { ...looseRecord(), files }];
      },
    ],
  ])("are refused: %s; nothing is stored then", async (reason, attempt) => {
    const [shotId, record] = await attempt();
    const before = await allRows(folder.path);
    await expect(dataset.addAlignment(shotId, record)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining(reason.replace(".0", "[0]")),
    });
    expect(await allRows(folder.path)).toEqual(before);
    expect((await dataset.audit({})).findings).toEqual([]);
  });

  it("never change in the database, and belong to pairs only", async () => {
    await storeAlignment(dataset, shot);
    const fixed = "a stored alignment never changes";
    await expect(change("UPDATE alignment SET verdict = 'accept'")).rejects.toThrow(fixed);
    await expect(change("UPDATE alignment_file SET name = 'far'")).rejects.toThrow(fixed);
    const sync = await dataset.openShot(intentOf(session, { purpose: "sync" }));
    const copy = `INSERT INTO alignment SELECT 9, ${sync.shotId}, input_key, created_at, verdict, reasons,
      approximate, NULL, NULL, sha256 FROM alignment`;
    await expect(change(copy)).rejects.toThrow("only a committed pair can be aligned");
  });

  it("are counted and sound for the audit, of the store and of a session", async () => {
    const other = await dataset.startSession(newSession());
    await storeAlignment(dataset, shot);
    await storeAlignment(dataset, shot, {}, 200);
    await storeAlignment(dataset, await storePair(dataset, other));
    expect(await dataset.audit({})).toMatchObject({ alignments: 3, findings: [] });
    const ofOther = await dataset.audit({ sessionId: other.sessionId });
    // Two frames, three files of its own, the mask that all share, the record.
    expect(ofOther).toMatchObject({ alignments: 1, objects: 7, findings: [] });
  });

  it("are named by the audit when a bit of a file flips, a file is gone, or the record is altered", async () => {
    const entry = await storeAlignment(dataset, shot);
    const [near, far] = entry.files;
    await flipBit(filePath(near), 50_000);
    await rm(filePath(far));
    await chmod(recordPath(entry), 0o644);
    await writeFile(recordPath(entry), (await readFile(recordPath(entry), "utf8")).replace("warn", "accept"));
    await expect(dataset.readAlignment(entry)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    for (const scope of [{}, { sessionId: session.sessionId }]) {
      const { findings } = await dataset.audit(scope);
      const named = findings.map(({ kind, path, severity }) => `${kind} ${path} ${severity}`).sort();
      expect(named).toEqual(
        [
          `object-corrupt ${filePath(near)} error`,
          `object-corrupt ${recordPath(entry)} error`,
          `object-missing ${filePath(far)} error`,
        ].sort(),
      );
      for (const { shotId, message } of findings) {
        expect(shotId).toBe(shot.shotId);
        expect(message).toContain(`an alignment of shot ${shot.shotId}`);
      }
    }
    await storeAlignment(dataset, shot);
    expect((await dataset.audit({})).findings).toEqual([]);
  });

  it("that the database tells otherwise of than the record are found by the audit", async () => {
    const { alignmentNumber } = await storeAlignment(dataset, shot);
    await change("DROP TRIGGER alignments_never_change; UPDATE alignment SET verdict = 'accept'");
    expect((await dataset.audit({})).findings).toEqual([
      expect.objectContaining({
        kind: "alignment-differs",
        shotId: shot.shotId,
        message: expect.stringContaining(`alignment ${alignmentNumber}`),
      }),
    ]);
  });

  it("leave objects behind when they are cut off, which are noted and taken up by the next attempt", async () => {
    for (const { parts, name } of syntheticPair(alignmentInputOfShot(shot)).files)
      await dataset.writeObject(parts, alignmentFiles[name]);
    const { findings } = await dataset.audit({});
    expect(findings.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual(
      Array(4).fill("object-orphan note"),
    );
    await storeAlignment(dataset, shot);
    expect((await dataset.audit({})).findings).toEqual([]);
  });

  it("are rebuilt row by row", async () => {
    await storeAlignment(dataset, shot);
    await storeAlignment(dataset, shot, { verdict: "accept", reasons: [] }, 200);
    await dataset.close();
    const before = await allRows(folder.path);
    await rebuildDatabase(folder.path, storeOptions);
    expect(await allRows(folder.path)).toEqual(before);
    dataset = await openStore(folder.path);
    expect((await dataset.audit({})).findings).toEqual([]);
  });

  it("can be added to a store from before there were any, which is copied first and loses nothing", async () => {
    await dataset.addCalibration(cameraRecord());
    await dataset.close();
    for (const end of ["", "-wal", "-shm"]) await rm(`${layout.database}${end}`, { force: true });
    const connection = await SqliteConnection.open(layout.database, { access: "write" });
    await migrate(connection, layout, migrations.slice(0, 2));
    await catchUp(connection, layout, silentLogger);
    await connection.close();
    const before = await allRows(folder.path);
    dataset = await openStore(folder.path);
    expect(await stat(`${layout.backups}/nearfar.version-2.sqlite`)).toBeTruthy();
    expect(await allRows(folder.path)).toEqual({ ...before, alignment: [], alignment_file: [] });
    await storeAlignment(dataset, shot);
    await storePair(dataset, session);
    expect(await dataset.audit({})).toMatchObject({ alignments: 1, findings: [] });
  });
});

async function flipBit(path: string, position: number): Promise<void> {
  await chmod(path, 0o644);
  const file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 4]), 0, 1, position);
  await file.close();
}

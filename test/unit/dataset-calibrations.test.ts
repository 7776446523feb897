import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLogger } from "../../src/base/log.js";
import { calibrationsInForce } from "../../src/capture/calibrations-in-force.js";
import { lackingLine } from "../../src/cli/capture/calibrations-note.js";
import type { CalibrationEntry, Dataset } from "../../src/dataset/dataset.js";
import { encodeEntry, type JournalEntry } from "../../src/dataset/journal-entry.js";
import { StoreLayout } from "../../src/dataset/layout.js";
import { migrate, migrations } from "../../src/dataset/migrations.js";
import { rebuildDatabase } from "../../src/dataset/rebuild-database.js";
import { catchUp } from "../../src/dataset/recovery.js";
import { SqliteConnection } from "../../src/dataset/sqlite-connection.js";
import type { Calibration } from "../../src/schema/calibration.js";
import type { SessionRecord, ShotRecord } from "../../src/schema/records.js";
import {
  calibratedBench,
  cameraRecord,
  lightRecord,
  passedGate,
  syncRecord,
} from "../support/calibration-fixtures.js";
import {
  newSession,
  openStore,
  storeOptions,
  storePair,
  temporaryFolder,
} from "../support/dataset-fixtures.js";
import { allRows } from "../support/dataset-rows.js";
import { simulatedColor } from "../support/simulated-color.js";

const benchSerials = { near: "CAM-near", far: "CAM-far" };

describe("calibrations in a dataset", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let dataset: Dataset;

  beforeEach(async () => {
    folder = await temporaryFolder();
    dataset = await openStore(folder.path);
  });
  afterEach(async () => {
    await dataset.close();
    await folder.remove();
  });

  const objectOf = (entry: CalibrationEntry): string =>
    new StoreLayout(folder.path).objectPath(entry.sha256, ".json");

  async function replaceObject(entry: CalibrationEntry, text: string): Promise<void> {
    await chmod(objectOf(entry), 0o644);
    await writeFile(objectOf(entry), text);
  }

  it("come back as they were stored, also after the store was closed", async () => {
    const record = cameraRecord();
    const entry = await dataset.addCalibration(record);
    expect((await stat(objectOf(entry))).mode & 0o777).toBe(0o444);
    await dataset.close();
    dataset = await openStore(folder.path, "read-only");
    expect(await dataset.readCalibration(record.calibrationId)).toEqual(record);
    expect(await dataset.calibrations({})).toEqual([entry]);
    expect(entry).toMatchObject({
      kind: "camera",
      rig: { name: "bench", nearSerial: "CAM-near", farSerial: "CAM-far" },
      verdict: "PASS",
    });
    await expect(dataset.addCalibration(syncRecord())).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
  });

  it("are listed by kind and cameras, newest first", async () => {
    const other = { ...calibratedBench, near: { ...calibratedBench.near, serial: "CAM-other" } };
    const records = [
      syncRecord({ createdAt: "2026-11-23T08:00:00.000Z" }),
      lightRecord({ createdAt: "2026-11-23T10:00:00.000Z" }),
      syncRecord({ createdAt: "2026-11-23T09:00:00.000Z", rig: other }),
      cameraRecord({ createdAt: "2026-11-23T07:00:00.000Z", rig: null }),
    ];
    for (const record of records) await dataset.addCalibration(record);
    const found = async (
      filter: Parameters<Dataset["calibrations"]>[0],
    ): Promise<readonly (string | undefined)[]> =>
      (await dataset.calibrations(filter)).map(({ kind, createdAt }) => `${kind} ${createdAt.slice(11, 13)}`);
    expect(await found({})).toEqual(["light 10", "sync 09", "sync 08", "camera 07"]);
    expect(await found({ kind: "sync" })).toEqual(["sync 09", "sync 08"]);
    expect(await found({ serials: benchSerials })).toEqual(["light 10", "sync 08"]);
    expect(await found({ kind: "sync", serials: benchSerials })).toEqual(["sync 08"]);
  });

  it("give the newest of these cameras that did not fail, before a time if one is given", async () => {
    const at = (hour: string, overrides: Parameters<typeof syncRecord>[0] = {}) =>
      dataset.addCalibration(syncRecord({ createdAt: `2026-11-23T${hour}:00:00.000Z`, ...overrides }));
    const first = await at("08");
    const second = await at("09");
    await at("10", { gates: [{ ...passedGate, state: "FAIL", advice: "Check the cable." }] });
    expect(await dataset.latestCalibration("sync", benchSerials)).toEqual(second);
    expect(await dataset.latestCalibration("sync", benchSerials, second.createdAt)).toEqual(first);
    expect(await dataset.latestCalibration("sync", benchSerials, first.createdAt)).toBeNull();
    expect(await dataset.latestCalibration("pair", benchSerials)).toBeNull();
    expect(await dataset.latestCalibration("sync", { ...benchSerials, far: "CAM-new" })).toBeNull();
  });

  it("are refused twice under one id, or when they break their schema; nothing is stored then", async () => {
    const record = syncRecord();
    await dataset.addCalibration(record);
    await expect(dataset.addCalibration(record)).rejects.toMatchObject({ code: "USAGE" });
    await expect(dataset.addCalibration({ ...record, createdAt: "today" })).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("createdAt"),
    });
    expect(await dataset.calibrations({})).toHaveLength(1);
    await expect(dataset.readCalibration(syncRecord().calibrationId)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it("never change in the database", async () => {
    const { calibrationId } = await dataset.addCalibration(syncRecord());
    const connection = await SqliteConnection.open(`${folder.path}/nearfar.sqlite`, { access: "write" });
    const change = connection.run("UPDATE calibration SET verdict = 'WARN' WHERE calibration_id = ?", [
      calibrationId,
    ]);
    await expect(change).rejects.toThrow("a stored calibration never changes");
    await connection.close();
  });

  it("are refused when the object is missing or altered, and the audit names them", async () => {
    const lost = await dataset.addCalibration(syncRecord());
    const altered = await dataset.addCalibration(cameraRecord());
    const session = await dataset.startSession(newSession({ calibrations: [lost.calibrationId] }));
    expect(await dataset.audit({})).toMatchObject({ objects: 2, findings: [] });
    await rm(objectOf(lost));
    await replaceObject(altered, (await readFile(objectOf(altered), "utf8")).replace("left01", "left02"));
    for (const { calibrationId } of [lost, altered]) {
      await expect(dataset.readCalibration(calibrationId)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    }
    const { findings } = await dataset.audit({});
    expect(findings.map(({ kind, severity }) => `${kind} ${severity}`).sort()).toEqual([
      "object-corrupt error",
      "object-missing error",
    ]);
    const ofSession = await dataset.audit({ sessionId: session.sessionId });
    expect(ofSession.findings).toEqual([
      expect.objectContaining({
        kind: "object-missing",
        message: expect.stringContaining(`calibration ${lost.calibrationId}`),
      }),
    ]);
  });

  it("that the database tells otherwise of than the record are found by the audit", async () => {
    const { calibrationId } = await dataset.addCalibration(syncRecord());
    const connection = await SqliteConnection.open(`${folder.path}/nearfar.sqlite`, { access: "write" });
    await connection.execute(
      "DROP TRIGGER calibrations_never_change; UPDATE calibration SET expires_at = '2030-01-01T00:00:00.000Z'",
    );
    await connection.close();
    expect((await dataset.audit({})).findings).toEqual([
      expect.objectContaining({
        kind: "calibration-differs",
        message: expect.stringContaining(calibrationId),
      }),
    ]);
  });

  it("belong to the sessions that started with them", async () => {
    const ids = [syncRecord(), lightRecord()].map(({ calibrationId }) => calibrationId);
    await expect(dataset.startSession(newSession({ calibrations: ids }))).rejects.toMatchObject({
      code: "USAGE",
    });
    expect(await dataset.sessions()).toEqual([]);
    const sync = await dataset.addCalibration(syncRecord());
    const camera = await dataset.addCalibration(cameraRecord());
    const calibrations = [sync.calibrationId, camera.calibrationId];
    const session = await dataset.startSession(newSession({ calibrations }));
    const bare = await dataset.startSession(newSession());
    expect(session.calibrations).toEqual(calibrations);
    expect((await dataset.sessions()).map((each) => each.calibrations)).toEqual([[], calibrations]);
    expect((await dataset.endSession(bare.sessionId)).calibrations).toEqual([]);
  });

  it("are rebuilt row by row with the sessions that used them", async () => {
    const entry = await dataset.addCalibration(cameraRecord({ expiresAt: "2027-01-01T00:00:00.000Z" }));
    await dataset.addCalibration(lightRecord({ rig: null }));
    await dataset.startSession(newSession({ calibrations: [entry.calibrationId] }));
    await dataset.close();
    const before = await allRows(folder.path);
    await rebuildDatabase(folder.path, storeOptions);
    expect(await allRows(folder.path)).toEqual(before);
    dataset = await openStore(folder.path);
    expect((await dataset.audit({})).findings).toEqual([]);
  });
});

describe("calibrations in force", () => {
  it("are the newest of their kind that neither failed nor expired; the others are named in one line", async () => {
    const folder = await temporaryFolder();
    const dataset = await openStore(folder.path);
    const add = (record: Calibration): Promise<CalibrationEntry> => dataset.addCalibration(record);
    const early = { createdAt: "2026-11-01T08:00:00.000Z" };
    await add(syncRecord(early));
    const sync = await add(syncRecord({ expiresAt: "2026-12-01T00:00:00.000Z" }));
    const light = await add(lightRecord({ ...early, expiresAt: "2026-11-30T00:00:00.000Z" }));
    await add(cameraRecord());
    const now = await calibrationsInForce(dataset, benchSerials, "2026-11-29T00:00:00.000Z");
    expect(now.valid).toEqual([sync, light]);
    expect(lackingLine(now)).toContain("store: no pair, no color. ");
    const later = await calibrationsInForce(dataset, benchSerials, "2026-12-01T00:00:00.000Z");
    expect(later).toEqual({ valid: [], expired: [sync, light], missing: ["pair", "color"] });
    expect(lackingLine(later)).toContain("sync expired on 2026-12-01; light expired on 2026-11-30; no pair");
    expect(lackingLine({ expired: [], missing: [] })).toBeNull();
    const color = await add(simulatedColor({ ...early, rig: syncRecord().rig, gates: [] }));
    const refit = await add(
      simulatedColor({ rig: syncRecord().rig, gates: [], expiresAt: "2026-12-01T00:00:00.000Z" }),
    );
    const colorsAt = async (at: string) =>
      (await calibrationsInForce(dataset, benchSerials, at)).valid.filter(({ kind }) => kind === "color");
    expect(await colorsAt("2026-11-30T00:00:00.000Z")).toEqual([refit]);
    expect(await colorsAt("2026-12-01T00:00:00.000Z")).toEqual([color]);
    await dataset.close();
    await folder.remove();
  });
});

describe("a store from before there were calibrations", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let layout: StoreLayout;
  let session: SessionRecord;
  let shot: ShotRecord;

  /** A session's line as version 1 wrote it. */
  function withoutCalibrations(line: string, index: number): string {
    const entry = JSON.parse(line) as JournalEntry & { readonly data: { calibrations?: unknown } };
    delete entry.data.calibrations;
    return encodeEntry(entry, index + 1);
  }

  /** Writes the journal of version 1 and its database, filled from it. */
  beforeEach(async () => {
    folder = await temporaryFolder();
    layout = new StoreLayout(folder.path);
    const dataset = await openStore(folder.path);
    session = await dataset.startSession(newSession());
    shot = await storePair(dataset, session);
    await dataset.endSession(session.sessionId);
    await dataset.close();
    const lines = (await readFile(layout.journal, "utf8")).split("\n").slice(0, -1);
    await writeFile(
      layout.journal,
      lines.map((line, index) => `${withoutCalibrations(line, index)}\n`).join(""),
    );
    for (const end of ["", "-wal", "-shm"]) await rm(`${layout.database}${end}`, { force: true });
    const connection = await SqliteConnection.open(layout.database, { access: "write" });
    await migrate(connection, layout, migrations.slice(0, 1));
    await catchUp(connection, layout, silentLogger);
    await connection.close();
  });
  afterEach(() => folder.remove());

  it("is brought up to date with a copy beside it, and loses nothing", async () => {
    const before = await allRows(folder.path);
    const dataset = await openStore(folder.path);
    expect(await stat(`${layout.backups}/nearfar.version-1.sqlite`)).toBeTruthy();
    expect(await dataset.shots({})).toEqual([shot]);
    expect(await dataset.session(session.sessionId)).toMatchObject({ calibrations: [], plan: session.plan });
    const record = syncRecord();
    await dataset.addCalibration(record);
    const next = await dataset.startSession(newSession({ calibrations: [record.calibrationId] }));
    await storePair(dataset, next);
    expect((await dataset.audit({})).findings).toEqual([]);
    await dataset.close();
    const after = await allRows(folder.path);
    for (const [table, rows] of Object.entries(before)) {
      if (table !== "meta" && table !== "sqlite_sequence")
        expect(after[table]).toEqual(expect.arrayContaining([...rows]));
    }
    await rebuildDatabase(folder.path, storeOptions);
    expect(await allRows(folder.path)).toEqual(after);
  });

  it("keeps its rules: a half pair is still impossible, a frame without its object too", async () => {
    await (await openStore(folder.path)).close();
    const connection = await SqliteConnection.open(layout.database, { access: "write" });
    await expect(connection.run("DELETE FROM object")).rejects.toThrow("FOREIGN KEY");
    await expect(connection.run("UPDATE shot SET verdict = 'WARN'")).rejects.toThrow("never changes");
    await expect(connection.run("UPDATE frame SET object_sha256 = ''")).rejects.toThrow("never changes");
    await connection.close();
  });

  it("stays at version 1 when a row refers to nothing, which is said", async () => {
    const connection = await SqliteConnection.open(layout.database, { access: "write" });
    await connection.execute("PRAGMA foreign_keys = OFF; DELETE FROM object; PRAGMA foreign_keys = ON");
    await expect(migrate(connection, layout)).rejects.toMatchObject({
      code: "FILE_CORRUPT",
      message: expect.stringContaining("frame refer to rows of object"),
    });
    expect(await connection.first("PRAGMA user_version")).toEqual({ user_version: 1 });
    expect(await connection.first("PRAGMA foreign_keys")).toEqual({ foreign_keys: 1 });
    await connection.close();
  });
});

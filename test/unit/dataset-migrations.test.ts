import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreLayout } from "../../src/dataset/layout.js";
import { migrate, migrations, newestVersion } from "../../src/dataset/migrations.js";
import { SqliteConnection } from "../../src/dataset/sqlite-connection.js";
import type { ShotRecord } from "../../src/schema/records.js";
import { newSession, openStore, storePair, temporaryFolder } from "../support/dataset-fixtures.js";
import { allRows } from "../support/dataset-rows.js";

const newest = newestVersion(migrations);

const nextStep = {
  version: newest + 1,
  description: "tags",
  sql: "CREATE TABLE tag (shot_id INTEGER NOT NULL REFERENCES shot (shot_id), name TEXT NOT NULL) STRICT",
};

describe("versions of a store", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let layout: StoreLayout;
  let shot: ShotRecord;

  beforeEach(async () => {
    folder = await temporaryFolder();
    layout = new StoreLayout(folder.path);
    const dataset = await openStore(folder.path);
    shot = await storePair(dataset, await dataset.startSession(newSession()));
    await dataset.close();
  });
  afterEach(() => folder.remove());

  async function withConnection<T>(task: (connection: SqliteConnection) => Promise<T>): Promise<T> {
    const connection = await SqliteConnection.open(layout.database, { access: "write" });
    try {
      return await task(connection);
    } finally {
      await connection.close();
    }
  }

  const userVersion = (connection: SqliteConnection): Promise<{ user_version: number } | null> =>
    connection.first("PRAGMA user_version");

  /** Every file with what would show that somebody touched it. */
  async function fingerprint(): Promise<Readonly<Record<string, string>>> {
    const prints: Record<string, string> = {};
    for (const name of await readdir(folder.path, { recursive: true })) {
      const path = join(folder.path, name);
      const { mtimeMs, size, mode } = await stat(path);
      const sum = (await stat(path)).isFile()
        ? createHash("sha256")
            .update(await readFile(path))
            .digest("hex")
        : "";
      prints[name] = `${mtimeMs} ${size} ${mode} ${sum}`;
    }
    return prints;
  }

  it("copies the database before a later step changes it, and keeps its rows", async () => {
    const before = await allRows(folder.path);
    const backup = await withConnection((connection) =>
      migrate(connection, layout, [...migrations, nextStep]),
    );
    expect(backup).toBe(`${layout.backups}/nearfar.version-${newest}.sqlite`);
    expect(await withConnection(userVersion)).toEqual({ user_version: newest + 1 });
    const after = await allRows(folder.path);
    expect(after).toEqual({ ...before, tag: [] });

    const copy = await SqliteConnection.open(backup ?? "", { access: "read" });
    expect(await userVersion(copy)).toEqual({ user_version: newest });
    expect(await copy.first("SELECT shot_id, outcome FROM shot")).toEqual({
      shot_id: shot.shotId,
      outcome: "paired",
    });
    expect(await copy.first("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
    await copy.close();
  });

  it("leaves the version before a step that fails, whole and usable", async () => {
    const before = await allRows(folder.path);
    const bad = {
      ...nextStep,
      version: newest + 2,
      sql: "CREATE TABLE extra (x TEXT); INSERT INTO nowhere VALUES (1)",
    };
    const attempt = withConnection((connection) =>
      migrate(connection, layout, [...migrations, nextStep, bad]),
    );
    await expect(attempt).rejects.toThrow(/nowhere/);
    expect(await withConnection(userVersion)).toEqual({ user_version: newest + 1 });
    expect(await allRows(folder.path)).toEqual({ ...before, tag: [] });
  });

  it("does nothing, and makes no copy, when the database is up to date", async () => {
    expect(await withConnection((connection) => migrate(connection, layout))).toBeNull();
    expect(await readdir(folder.path)).not.toContain("backups");
  });

  it.each(["create-if-missing", "must-exist", "read-only"] as const)(
    "refuses a database of a newer version (%s) and touches nothing",
    async (mode) => {
      await withConnection((connection) => connection.execute("PRAGMA user_version = 99"));
      const before = await fingerprint();
      await expect(openStore(folder.path, mode)).rejects.toMatchObject({ code: "STORE_NEWER" });
      expect(await fingerprint()).toEqual(before);
    },
  );

  it("refuses a store of a newer version and touches nothing", async () => {
    await writeFile(layout.marker, JSON.stringify({ format: "nearfar-store", version: 2, more: true }));
    const before = await fingerprint();
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: "STORE_NEWER" });
    await expect(openStore(folder.path, "read-only")).rejects.toMatchObject({ code: "STORE_NEWER" });
    expect(await fingerprint()).toEqual(before);
  });

  it("refuses a marker and a database that are something else", async () => {
    await withConnection((connection) => connection.execute("PRAGMA application_id = 1"));
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    await writeFile(layout.database, "this is no database at all, but long enough to look at".repeat(40));
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    await writeFile(layout.marker, "[]");
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
  });
});

import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CallerError, WorldError } from "../../src/base/errors.js";
import { rebuildDatabase } from "../../src/dataset/rebuild-database.js";
import { newSession, openStore, storeOptions, temporaryFolder } from "../support/dataset-fixtures.js";

describe("opening a dataset", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  async function failureOf(opening: Promise<unknown>): Promise<unknown> {
    return opening.then(
      () => null,
      (error: unknown) => error,
    );
  }

  it("says how to get a deleted database back when it may only read, and that works", async () => {
    const store = `${folder.path}/store`;
    const writer = await openStore(store);
    const session = await writer.startSession(newSession());
    await writer.close();
    for (const end of ["", "-wal", "-shm"]) await rm(`${store}/nearfar.sqlite${end}`, { force: true });
    const left = await readdir(store);

    const failure = await failureOf(openStore(store, "read-only"));
    expect(failure).toBeInstanceOf(WorldError);
    expect(failure).toMatchObject({
      code: "STORE_NO_INDEX",
      kind: "store",
      advice: expect.stringContaining(`nearfar session rebuild --store ${store}`),
    });
    expect(await readdir(store)).toEqual(left);

    expect(await rebuildDatabase(store, storeOptions)).toEqual({ backup: null });
    const reader = await openStore(store, "read-only");
    expect(await reader.sessions()).toEqual([session]);
    await reader.close();
  });

  it.each(["create-if-missing", "must-exist", "read-only"] as const)(
    "takes a file on the path for the caller's mistake (%s)",
    async (mode) => {
      const file = `${folder.path}/letter.txt`;
      await writeFile(file, "dear");
      for (const path of [file, `${file}/store`, `${file}/deep/store`]) {
        const failure = await failureOf(openStore(path, mode));
        expect(failure).toBeInstanceOf(CallerError);
        expect(failure).toMatchObject({
          code: "STORE_PATH",
          exitStatus: 2,
          message: expect.stringContaining(path),
          advice: expect.stringContaining("Name a folder"),
        });
      }
      expect(await readdir(folder.path)).toEqual(["letter.txt"]);
      expect(await readFile(file, "utf8")).toBe("dear");
    },
  );

  it("makes no store behind a link to a file", async () => {
    await writeFile(`${folder.path}/letter.txt`, "dear");
    await symlink("letter.txt", `${folder.path}/link`);
    await expect(openStore(`${folder.path}/link`)).rejects.toMatchObject({ code: "STORE_PATH" });
    expect(await readFile(`${folder.path}/letter.txt`, "utf8")).toBe("dear");
  });

  it("rebuilds nothing where there is no store, and leaves no trace there", async () => {
    const foreign = `${folder.path}/thesis`;
    await mkdir(foreign);
    await writeFile(`${foreign}/thesis.tex`, "");
    await expect(rebuildDatabase(foreign, storeOptions)).rejects.toMatchObject({ code: "STORE_NOT_FOUND" });
    expect(await readdir(foreign)).toEqual(["thesis.tex"]);
    await expect(rebuildDatabase(`${foreign}/thesis.tex`, storeOptions)).rejects.toMatchObject({
      code: "STORE_PATH",
    });
  });
});

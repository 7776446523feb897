import { mkdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newSession, openStore, storePair, temporaryFolder } from "../support/dataset-fixtures.js";
import { startWithMounts, whyNoMounts } from "../support/dataset-processes.js";

const obstacle = whyNoMounts();

describe.skipIf(obstacle !== null)(
  `a store on a difficult disk${obstacle === null ? "" : ` (${obstacle})`}`,
  () => {
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;

    beforeEach(async () => {
      folder = await temporaryFolder();
    });
    afterEach(() => folder.remove());

    const full = {
      code: "STORE_FULL",
      message: expect.stringMatching(/the disk is full, \d+ bytes are free/),
      advice: expect.stringContaining("Every acknowledged shot is safe"),
    };

    it("says that the disk is full, keeps what it has, and goes on when there is space", async () => {
      const mount = `mount -t tmpfs -o size=8m none ${folder.path}`;
      const child = startWithMounts(mount, "fill-disk", `${folder.path}/store`);
      expect(await child.ended).toEqual({ status: 0, errors: "" });
      const [firstError, first, incoming, secondError, second, audit] = child.facts;
      expect(firstError).toEqual(full);
      expect(first?.acknowledged).toBeGreaterThan(3);
      expect(incoming).toEqual({ incoming: 0 });
      expect(secondError).toEqual(full);
      expect(second?.acknowledged).toBeGreaterThan(2);
      expect(audit).toEqual({
        pairs: Number(first?.acknowledged) + Number(second?.acknowledged),
        errors: [],
      });
    });

    it("does the same when journal and database fill it", async () => {
      const mount = `mount -t tmpfs -o size=6m none ${folder.path}`;
      const child = startWithMounts(mount, "fill-with-records", `${folder.path}/store`);
      expect(await child.ended).toEqual({ status: 0, errors: "" });
      const [error, first, second, audit] = child.facts;
      expect(error).toEqual(full);
      expect(first?.started).toBeGreaterThan(100);
      expect(first?.found).toBe(first?.started);
      expect(second).toEqual({ found: Number(first?.started) + 1 });
      expect(audit).toEqual({ pairs: 1, errors: [] });
    });

    it("refuses to write to a read-only mount and reads it", async () => {
      const directory = `${folder.path}/store`;
      await mkdir(directory);
      const dataset = await openStore(directory);
      await storePair(dataset, await dataset.startSession(newSession()));
      await dataset.close();
      const mount = `mount --bind ${directory} ${directory} && mount -o remount,ro,bind ${directory}`;
      const child = startWithMounts(mount, "read-only", directory);
      expect(await child.ended).toEqual({ status: 0, errors: "" });
      const readOnly = expect.objectContaining({ code: "STORE_READ_ONLY" });
      expect(child.facts).toEqual([
        readOnly,
        readOnly,
        readOnly,
        { sessions: 1, shots: 1 },
        { pairs: 1, errors: [] },
      ]);
    });
  },
);

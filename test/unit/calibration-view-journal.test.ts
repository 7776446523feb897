import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CollectedView } from "../../src/calibration/rig/collect-views.js";
import { ViewJournal } from "../../src/calibration/rig/view-journal.js";
import { withFolder } from "../support/cli.js";

function view(name: string): CollectedView {
  const seen = {
    boardId: "charuco-a4",
    ids: Int32Array.of(3, 7),
    pointsPx: Float64Array.of(1.5, 2, 30.25, 41),
    sigmaPx: null,
    mirrored: false,
  };
  const imageSizePx = { near: [512, 640], far: [512, 640] } as const;
  return { name, stop: 0, role: "pose", boardId: "charuco-a4", near: seen, far: null, imageSizePx };
}

/** What a process leaves that is killed while it writes; the name's ß is cut in two. */
const torn = Buffer.from('{"type":"view","name":"ß').subarray(0, -1);

describe("the views of a calibration", () => {
  test("outlive being killed in mid-line, again and again", () =>
    withFolder(async (folder) => {
      const path = join(folder, "calibrating", "views.jsonl");
      expect(await ViewJournal.count(path)).toBe(0);
      await (await ViewJournal.begin(path, "plan")).keep(view("a"));
      for (const [name, kept] of [
        ["b", ["a"]],
        ["c", ["a", "b"]],
      ] as const) {
        await appendFile(path, torn);
        const resumed = await ViewJournal.resume(path, "plan");
        expect(resumed.kept).toEqual(kept.map(view));
        await resumed.keep(view(name));
      }
      expect((await ViewJournal.resume(path, "plan")).kept).toEqual(["a", "b", "c"].map(view));
      expect(await ViewJournal.count(path)).toBe(3);
    }));

  test("that cannot be read are not taken for none", () =>
    withFolder(async (folder) => {
      await expect(ViewJournal.count(folder)).rejects.toMatchObject({ code: "STORE_IO" });
      await expect(ViewJournal.resume(folder, "plan")).rejects.toMatchObject({ code: "STORE_IO" });
    }));

  test("are refused to another plan, and then stay as they are", () =>
    withFolder(async (folder) => {
      const path = join(folder, "views.jsonl");
      await (await ViewJournal.begin(path, "plan")).keep(view("a"));
      await expect(ViewJournal.resume(path, "other")).rejects.toMatchObject({ code: "CALIBRATION_REFUSED" });
      expect(await ViewJournal.count(path)).toBe(1);
      await writeFile(path, torn);
      expect(await ViewJournal.count(path)).toBe(0);
      await expect(ViewJournal.resume(path, "plan")).rejects.toMatchObject({ code: "CALIBRATION_REFUSED" });
    }));
});

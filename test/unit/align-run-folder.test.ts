import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { requireFreeFolder, writeAlignedPair } from "../../src/alignment/run/write-aligned-pair.js";
import type { AlignmentInput } from "../../src/schema/alignment.js";
import { parseAlignmentText } from "../../src/schema/alignment-text.js";
import { alignmentInputOfShot, syntheticPair } from "../support/aligned-pairs.js";
import { withFolder } from "../support/cli.js";
import { frameRecord, shotRecord } from "../support/dataset-fixtures.js";

function inputOf(near: string): AlignmentInput {
  const open = {
    shotId: 1,
    sessionId: "s",
    openedAt: "2026-11-23T08:15:30.123Z",
    purpose: "pair",
    planIndex: 0,
    distanceMm: 450,
    expression: "neutral",
    pose: "frontal",
    repeat: 0,
    retakeOf: null,
  } as const;
  const frames = [
    frameRecord("near", { sha256: near.repeat(32), bytes: 1 }),
    frameRecord("far", { sha256: "22".repeat(32), bytes: 1 }),
  ];
  return alignmentInputOfShot(shotRecord(open, frames));
}

const pair = syntheticPair(inputOf("11"));
const otherPair = syntheticPair(inputOf("33"));

describe("an aligned pair in a folder", () => {
  it("is its files and its record", () =>
    withFolder(async (parent) => {
      const folder = join(parent, "aligned");
      const record = await writeAlignedPair(folder, pair);
      expect((await readdir(parent)).sort()).toEqual(["aligned"]);
      const names = ["far.tif", "near.tif", "nearMask.npy", "nearToFar.npy", "record.json"];
      expect((await readdir(folder)).sort()).toEqual(names);
      for (const [i, { name, parts }] of pair.files.entries()) {
        const content = Buffer.concat(parts);
        expect(
          content.equals(await readFile(join(folder, names.find((n) => n.startsWith(`${name}.`)) ?? ""))),
        ).toBe(true);
        expect(record.files[i]?.bytes).toBe(content.length);
      }
      const text = await readFile(join(folder, "record.json"), "utf8");
      expect(parseAlignmentText(text)).toEqual({ ok: true, record });
    }));

  it("takes the place of another one only by force, and of an empty folder at once", () =>
    withFolder(async (parent) => {
      const folder = join(parent, "aligned");
      await mkdir(folder);
      await writeAlignedPair(folder, pair);
      for (const attempt of [writeAlignedPair(folder, otherPair), requireFreeFolder(folder, false)]) {
        await expect(attempt).rejects.toMatchObject({
          code: "OUTPUT_EXISTS",
          advice: expect.stringContaining("--force"),
        });
      }
      const { input } = await writeAlignedPair(folder, otherPair, { force: true });
      expect(input).toEqual(otherPair.record.input);
      expect(await readFile(join(folder, "record.json"), "utf8")).toContain("33".repeat(32));
      expect(await readdir(parent)).toEqual(["aligned"]);
    }));

  it("never takes the place of anything else", () =>
    withFolder(async (parent) => {
      const folder = join(parent, "photos");
      await mkdir(folder);
      await writeFile(join(folder, "me.jpg"), "picture");
      await writeFile(join(parent, "file"), "text");
      for (const place of [folder, join(parent, "file")]) {
        const attempt = writeAlignedPair(place, pair, { force: true });
        await expect(attempt).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
      }
      await expect(writeAlignedPair(join(parent, "no", "where"), pair)).rejects.toMatchObject({
        code: "NOT_FOUND",
      });
      expect((await readdir(parent)).sort()).toEqual(["file", "photos"]);
      expect(await readdir(folder)).toEqual(["me.jpg"]);
    }));

  it("is not there at all when it cannot be written whole", () =>
    withFolder(async (parent) => {
      const tooLong = join(parent, "x".repeat(250));
      await expect(writeAlignedPair(tooLong, pair)).rejects.toMatchObject({ code: "USAGE" });
      const broken = { ...pair, record: { ...pair.record, verdict: "fine" as never } };
      await expect(writeAlignedPair(join(parent, "aligned"), broken)).rejects.toThrow("verdict");
      expect(await readdir(parent)).toEqual([]);
    }));
});

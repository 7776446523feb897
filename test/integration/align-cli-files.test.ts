import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Calibration } from "../../src/schema/calibration.js";
import { calibrationText } from "../../src/schema/calibration-text.js";
import { passedGate } from "../support/calibration-fixtures.js";
import { simulatedPair } from "../support/calibration-records.js";
import { errorLine, jsonLines, runCli } from "../support/cli.js";
import { temporaryFolder } from "../support/dataset-fixtures.js";
import { cameraModel, frameFile, planeScenes, smallWorld } from "../support/plane-pairs.js";

/** Small images without flow: what the command does with files matters here. */
const quick = ["--size", "128", "--no-flow"];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

describe("two files", () => {
  const scenes = planeScenes(smallWorld);
  let near: string;
  let far: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    [near, far] = [join(folder.path, "near.tif"), join(folder.path, "far.tif")];
    for (const [arm, path] of [
      ["near", near],
      ["far", far],
    ] as const) {
      const parts = frameFile(scenes[arm], cameraModel(smallWorld, arm), { arm, cameraSerial: `CAM-${arm}` });
      await writeFile(path, Buffer.concat(parts));
    }
  });

  afterAll(() => folder.remove());

  async function calibrationFile(record: Calibration): Promise<string> {
    const path = join(folder.path, "pair.json");
    await writeFile(path, calibrationText(record));
    return path;
  }

  const pairWords = (): string[] => [
    ...["align", "--near", near, "--far", far],
    ...["--reference", `${near},${far}`, "--distance", "450"],
  ];

  test("are aligned into a folder, which is replaced only when asked", async () => {
    const out = join(folder.path, "aligned");
    const words = [...pairWords(), "--out", out, ...quick];
    const run = await runCli(...words, "--json");
    expect(run).toMatchObject({ status: 0 });
    expect(jsonLines(run.stdout)).toEqual([
      expect.objectContaining({ type: "alignment", out, approximate: true }),
    ]);
    expect((await readdir(out)).sort()).toEqual([
      "far.tif",
      "farMask.npy",
      "near.tif",
      "nearMask.npy",
      "record.json",
    ]);
    const again = await runCli(...words);
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining("OUTPUT_EXISTS") });
    const before = await readFile(join(out, "record.json"), "utf8");
    expect((await runCli(...words, "--force")).status).toBe(0);
    expect(await readFile(join(out, "record.json"), "utf8")).toBe(before);
  });

  test("of another size than the calibration's, of other cameras, or swapped are refused and leave nothing", async () => {
    const record = simulatedPair({ stops: 4, viewsPerStop: 2 }, { expiresAt: null, gates: [passedGate] });
    const calibration = await calibrationFile(record);
    const out = join(folder.path, "none");
    const base = ["align", "--near", near, "--far", far, "--calibration", calibration, "--out", out];
    const size = await runCli(...base, "--distance", "300", "--json");
    expect(errorLine(size)).toMatchObject({
      code: "ALIGN_SIZE",
      message: expect.stringContaining("256 × 320 px"),
    });
    const distance = await runCli(...base, "--json");
    expect(errorLine(distance)).toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("230, 300, 390, 500 mm"),
    });
    const stop = await runCli(...base, "--distance", "450", "--json");
    expect(errorLine(stop)?.code).toBe("ALIGN_NO_STOP");
    const standIn = ["--distance", "450", "--reference", `${near},${far}`, "--dry-run", "--json"];
    expect(jsonLines((await runCli(...base, ...standIn)).stdout)).toMatchObject([
      { state: "to-align", pair: null },
    ]);
    const swapped = ["align", "--near", far, "--far", near, "--calibration", calibration, "--out", out];
    expect(errorLine(await runCli(...swapped, "--distance", "300", "--json"))?.code).toBe("USAGE");
    const without = ["align", "--near", near, "--far", far, "--distance", "300", "--out", out, "--json"];
    expect(errorLine(await runCli(...without))?.code).toBe("ALIGN_NO_CALIBRATION");
    const expired = { ...record, expiresAt: "2026-01-01T00:00:00.000Z" };
    const late = [
      "align",
      "--near",
      near,
      "--far",
      far,
      "--calibration",
      await calibrationFile(expired),
      "--out",
      out,
    ];
    expect(errorLine(await runCli(...late, "--distance", "300", "--json"))?.code).toBe("ALIGN_EXPIRED");
    expect(await readdir(folder.path)).not.toContain("none");
  });

  test("that are no pictures, or a raw file cut short, are refused", async () => {
    const broken = join(folder.path, "broken.nef");
    await writeFile(broken, Buffer.concat([Buffer.from("II*\0"), Buffer.alloc(400, 7)]));
    const words = [
      "align",
      "--near",
      broken,
      "--far",
      far,
      "--distance",
      "450",
      "--out",
      join(folder.path, "none"),
    ];
    const run = await runCli(...words, "--reference", `${near},${far}`, "--json");
    expect(errorLine(run)?.code).toBe("FILE_CORRUPT");
    const missing = await runCli(
      "align",
      "--near",
      "no.png",
      "--far",
      far,
      "--out",
      join(folder.path, "none"),
      "--json",
    );
    expect(errorLine(missing)?.code).toBe("NOT_FOUND");
  });

  test("pictures are taken as they stand, and what was assumed is said", async () => {
    const picture = sharp({ create: { width: 256, height: 320, channels: 3, background: "#778899" } });
    const path = join(folder.path, "picture.png");
    await picture.png().toFile(path);
    const words = [
      "align",
      "--near",
      path,
      "--far",
      path,
      "--reference",
      `${path},${path}`,
      "--distance",
      "450",
    ];
    const run = await runCli(...words, "--near-mirrored", "--linear", "--black", "2", "--dry-run", "--json");
    expect(run.status).toBe(0);
    const [ofNear, ofFar] = jsonLines(run.stderr).map(({ message }) => message);
    expect(ofNear).toMatch(/near frame, upright, a reflection, un-mirrored once, linear from 2 to 255/);
    expect(ofFar).toMatch(/far frame, upright, not mirrored, linear from 2 to 255/);
    expect(jsonLines(run.stdout)).toMatchObject([
      { type: "dry-run", state: "to-align", distanceMm: 450, pair: null },
    ]);
  });

  test("a folder that holds something else is left alone", async () => {
    const out = join(folder.path, "taken");
    await mkdir(out);
    await writeFile(join(out, "notes.txt"), "mine");
    const words = [...pairWords(), "--out", out];
    expect(errorLine(await runCli(...words, "--force", "--json"))?.code).toBe("OUTPUT_EXISTS");
    expect(await readdir(out)).toEqual(["notes.txt"]);
  });
});

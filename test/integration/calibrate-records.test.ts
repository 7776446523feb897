import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { opencvCamera } from "../../src/calibration/exchange/opencv-yaml.js";
import type { CameraCalibration, PairCalibration } from "../../src/schema/calibration-geometry.js";
import { calibrationText } from "../../src/schema/calibration-text.js";
import { syncRecord } from "../support/calibration-fixtures.js";
import { simulatedCamera, simulatedPair } from "../support/calibration-records.js";
import { type CliResult, jsonLines, runCli } from "../support/cli.js";
import { openStore, temporaryFolder } from "../support/dataset-fixtures.js";

const calibrate = (...words: string[]): Promise<CliResult> => runCli("calibrate", ...words);

describe("nearfar calibrate on records", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: string;
  let pair: PairCalibration;
  let camera: CameraCalibration;
  const at = (name: string): string => join(folder.path, name);
  const jsonOf = ({ stdout }: CliResult): Record<string, unknown> => jsonLines(stdout)[0] ?? {};

  beforeAll(async () => {
    folder = await temporaryFolder();
    store = at("store");
    pair = simulatedPair({ stops: 2, viewsPerStop: 1 });
    camera = simulatedCamera(8);
    const dataset = await openStore(store);
    for (const record of [pair, camera, syncRecord({ expiresAt: "2026-11-24T00:00:00.000Z" })]) {
      await dataset.addCalibration(record);
    }
    await dataset.close();
    await writeFile(at("camera.json"), calibrationText(camera));
  });
  afterAll(() => folder.remove());

  test("list names what the store has, all or of a kind", async () => {
    const { stdout } = await calibrate("list", "--store", store);
    expect(stdout).toMatch(new RegExp(`${pair.calibrationId} +pair .*bench \\(CAM-near, CAM-far\\)`));
    const ofKind = await calibrate("list", "--store", store, "--kind", "camera", "--json");
    expect(jsonLines(ofKind.stdout)).toMatchObject([
      { type: "calibration", calibrationId: camera.calibrationId },
    ]);
  });

  test("show tells a record's numbers and gates, or gives it whole", async () => {
    const { stdout } = await calibrate("show", pair.calibrationId, "--store", store);
    expect(stdout).toContain("-0.348 ± 0.021");
    expect(stdout).toContain("Turn the near arm's x screw at 230 mm");
    const whole = await calibrate("show", at("camera.json"), "--json");
    expect(jsonOf(whole)).toEqual(camera);
  });

  test("export writes a stop for other programs, and never over a file that is there", async () => {
    const words = ["export", pair.calibrationId, "--store", store, "--stop", "300", "--out"];
    const { status, stdout } = await calibrate(...words, at("pair.yml"), "--format", "opencv", "--json");
    expect(status).toBe(0);
    expect(jsonLines(stdout)).toEqual([{ type: "file", path: at("pair.yml"), format: "opencv" }]);
    expect(await readFile(at("pair.yml"), "utf8")).toContain(
      `calibration ${pair.calibrationId}, stop 300 mm`,
    );
    expect((await calibrate(...words, at("rig.cameramodel"), "--format", "mrcal")).status).toBe(0);
    await readFile(at("rig-near.cameramodel"));
    const again = await calibrate(...words, at("rig.cameramodel"), "--format", "mrcal", "--json");
    expect(again.status).toBe(2);
    expect(jsonLines(again.stderr)[0]?.code).toBe("OUTPUT_EXISTS");
  });

  test("what export writes, import reads, and compare finds equal", async () => {
    const out = at("far.yml");
    const words = ["export", pair.calibrationId, "--store", store, "--stop", "230", "--camera", "far"];
    await calibrate(...words, "--format", "opencv", "--out", out);
    expect(jsonOf(await calibrate("import", out, "--json"))).toMatchObject({
      type: "camera",
      imageSizePx: pair.far.imageSizePx,
      intrinsics: pair.far.intrinsics,
    });
    const same = ["compare", out, pair.calibrationId, "--store", store, "--stop", "230", "--camera", "far"];
    const difference = jsonOf(await calibrate(...same, "--distance", "1600", "--json"));
    expect(difference.maxPx).toBeLessThan(1e-6);
  });

  test("of a file of both cameras, import and compare take the one that is named", async () => {
    const out = at("both.yml");
    const stop = ["--store", store, "--stop", "230"];
    await calibrate("export", pair.calibrationId, ...stop, "--format", "opencv", "--out", out);
    const near = jsonOf(await calibrate("import", out, "--camera", "near", "--json"));
    expect(near.intrinsics).toEqual(pair.stops[0]?.near.intrinsics);
    const words = ["compare", out, pair.calibrationId, ...stop, "--camera", "far", "--distance", "1600"];
    expect(jsonOf(await calibrate(...words, "--json")).maxPx).toBeLessThan(1e-6);
    const { stderr } = await calibrate("import", out, "--json");
    expect(jsonLines(stderr)[0]).toMatchObject({ advice: expect.stringContaining("--camera near") });
  });

  test("compare sees a changed lens, and nothing in a camera that was only turned", async () => {
    const [fx, fy, cx, cy, k1, ...rest] = camera.camera.intrinsics;
    const changed = async (name: string, intrinsics: number[]): Promise<number> => {
      const plain = { ...camera.camera, intrinsics, rmsPointPx: null } as unknown as Parameters<
        typeof opencvCamera
      >[0];
      await writeFile(at(name), opencvCamera(plain, "for a test"));
      const result = await calibrate("compare", at("camera.json"), at(name), "--distance", "400", "--json");
      return jsonOf(result).rmsPx as number;
    };
    expect(await changed("bent.yml", [fx, fy, cx, cy, k1 + 0.01, ...rest])).toBeGreaterThan(0.1);
    expect(await changed("turned.yml", [fx, fy, cx + 0.5, cy, k1, ...rest])).toBeLessThan(0.05);
  });

  test("resolve finds the same camera in the record's own corners", async () => {
    const words = ["resolve", at("camera.json"), "--out", at("again")];
    const resolved = await calibrate(...words, "--json");
    const { of, rmsPointPx } = jsonOf(resolved) as {
      of: string;
      rmsPointPx: { before: number; after: number }[];
    };
    expect(of).toBe(camera.calibrationId);
    // The record holds the camera that its corners were made with, noise added; a fit is nearer to them.
    expect((rmsPointPx[0]?.after ?? 1) / (rmsPointPx[0]?.before ?? 0)).toBeCloseTo(0.95, 1);
    const once = await calibrate("resolve", at("again/record.json"), "--json");
    expect((jsonOf(once).cameras as { maxPx: number }[])[0]?.maxPx).toBeLessThan(1e-3);
  });

  test("resolve solves with what the record was solved with, and hands it on", async () => {
    const solve = { ...camera.solve, robustSigmas: 2, shapeSigmaMm: 0.05 };
    await writeFile(at("robust.json"), calibrationText({ ...camera, solve }));
    expect((await calibrate("resolve", at("robust.json"), "--out", at("robust"))).status).toBe(0);
    const again = JSON.parse(await readFile(at("robust/record.json"), "utf8")) as CameraCalibration;
    expect(again.solve).toEqual(solve);
    expect(again.board.shapeMm).not.toBeNull();
    expect(again.uncertainty[1]?.distanceMm).toBe(solve.distanceMm);
  });

  test.each([
    [["show", "20261123T081530Z-ffffff-pair", "--store"], 2, "NOT_FOUND"],
    [["export", "README.md", "--format", "opencv", "--out"], 5, "FILE_CORRUPT"],
  ] as const)("%s is refused with a code and leaves nothing behind", async (words, status, code) => {
    const last = words.at(-1) === "--store" ? [store] : words.at(-1) === "--out" ? [at("nothing")] : [];
    const result = await calibrate(...words, ...last, "--json");
    expect(result.status).toBe(status);
    expect(jsonLines(result.stderr)[0]?.code).toBe(code);
    await expect(readFile(at("nothing"))).rejects.toThrow("ENOENT");
  });
});

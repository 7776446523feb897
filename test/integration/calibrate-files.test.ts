/** `nearfar calibrate geometry` on files, through the real program. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { parseCalibrationText } from "../../src/schema/calibration-text.js";
import { photoCamera, writeBoardPhotos } from "../support/board-photos.js";
import { readCharuco } from "../support/board-picture.js";
import { type CliResult, jsonLines, runCli, withFolder } from "../support/cli.js";
import { sharedData } from "../support/shared-data.js";

const calibrate = (...words: string[]): Promise<CliResult> => runCli("calibrate", "geometry", ...words);

/** The one line of a result. */
interface Result {
  readonly verdict: string;
  readonly rmsPoint: number;
  readonly rmsCoordinate: number;
  readonly heldOutRms: number;
  readonly outliers: number;
  readonly outlierCorners: readonly { readonly image: string; readonly id: number }[];
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  readonly distortion: readonly number[];
  readonly sigma: { readonly fx: number; readonly distortion: readonly number[] };
  readonly mirrored: boolean | null;
  readonly images: {
    readonly used: readonly string[];
    readonly failed: readonly { readonly image: string; readonly reason: string }[];
  };
  readonly uncertainty: readonly { readonly distanceMm: number; readonly median: number }[];
}

async function result(...words: string[]): Promise<Result> {
  const { status, stdout, stderr } = await calibrate(...words, "--json");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const lines = jsonLines(stdout);
  expect(lines).toHaveLength(1);
  return lines[0] as unknown as Result;
}

/** The error of a call that fails, one JSON line on standard error and nothing on standard output. */
async function failure(
  ...words: string[]
): Promise<{ status: number | null; code: unknown; message: unknown }> {
  const { status, stdout, stderr } = await calibrate(...words, "--json");
  expect(stdout).toBe("");
  const [error] = jsonLines(stderr);
  return { status, code: error?.code, message: error?.message };
}

const photos = sharedData("opencv-left");
const skipped = photos === null ? " (skipped: there is no ../shared/data/opencv-left)" : "";

describe.skipIf(photos === null)(`OpenCV's photographs of a chessboard${skipped}`, () => {
  const folder = photos ?? "";

  it("are calibrated from the pictures alone", async () => {
    const found = await result("--images", folder, "--board", "chessboard:9x6:25", "--distance", "1000");
    expect(found.images.used).toHaveLength(13);
    expect(found.images.failed).toEqual([]);
    expect(found.rmsPoint).toBeLessThanOrEqual(0.2);
    expect(found.heldOutRms).toBeLessThanOrEqual(0.21);
    expect(Math.abs(found.fx - 533)).toBeLessThanOrEqual(1);
    expect(found.sigma.distortion).toHaveLength(5);
    expect(found.mirrored).toBeNull();
    expect(found.uncertainty.map(({ distanceMm }) => Math.round(distanceMm))[1]).toBe(1000);
  });

  it("give OpenCV's numbers from its corners, and a record and a report", async () => {
    await withFolder(async (place) => {
      const out = join(place, "camera");
      const found = await result("--corners", join(folder, "corners-win5.json"), "--out", out);
      for (const [name, value] of [
        ["fx", 532.827],
        ["fy", 532.946],
        ["cx", 342.487],
        ["cy", 233.856],
      ] as const) {
        expect(Math.abs(found[name] - value), name).toBeLessThan(1e-3);
      }
      expect(found.rmsPoint).toBeCloseTo(0.19542, 4);
      expect(found.rmsCoordinate).toBeCloseTo(0.19542 / Math.SQRT2, 4);
      expect((await readdir(out)).sort()).toEqual(["record.json", "report.html"]);
      const record = parseCalibrationText(await readFile(join(out, "record.json"), "utf8"));
      expect(record).toMatchObject({ ok: true, record: { kind: "camera", verdict: found.verdict } });
      const again = await failure("--corners", join(folder, "corners-win5.json"), "--out", out);
      expect(again).toMatchObject({ status: 2, code: "OUTPUT_EXISTS" });
    });
  });

  it("keep their focal length with corners measured in too large a window, which are told", async () => {
    const found = await result("--corners", join(folder, "corners-win11.json"));
    expect(Math.abs(found.fx - 533.5)).toBeLessThan(1);
    expect(found.outliers).toBeGreaterThan(10);
    expect(found.outlierCorners).toHaveLength(found.outliers);
    expect(found.outlierCorners[0]?.image).toMatch(/^left\d+\.jpg$/);
  });

  it("are shown to people as tables with advice", async () => {
    const { status, stdout } = await calibrate("--corners", join(folder, "corners-win5.json"));
    expect(status).toBe(0);
    expect(stdout).toMatch(/fx +532\.827 +± 0\.\d+ +px/);
    expect(stdout).toMatch(/per point 0\.195 px, per coordinate 0\.138 px, on images held out 0\.198 px/);
    expect(stdout).toContain("Handedness unknown");
    expect(stdout).toMatch(/PASS {2}not kept; --out FOLDER writes record and report\n$/);
  });

  it("with a turned one among them are refused", async () => {
    await withFolder(async (place) => {
      for (const name of ["left01.jpg", "left02.jpg"]) await copyFile(join(folder, name), join(place, name));
      await sharp(join(folder, "left03.jpg")).rotate(90).toFile(join(place, "left03.jpg"));
      const refusal = await failure("--images", place, "--board", "chessboard:9x6:25");
      expect(refusal).toMatchObject({ status: 5, code: "CALIBRATION_REFUSED" });
      expect(refusal.message).toContain("480 × 640 px (1, as left03.jpg)");
    });
  });
});

describe("pictures of a ChArUco board", () => {
  const board = readCharuco("charuco-small");

  it("cut off by the edges calibrate the camera, mirrored or not, among other files", async () => {
    await withFolder(async (place) => {
      const [seen, flipped] = [join(place, "seen"), join(place, "flipped")];
      for (const folder of [seen, flipped]) await mkdir(folder);
      await writeBoardPhotos(seen, board, { count: 12 });
      for (const name of await readdir(seen))
        await sharp(join(seen, name)).flop().toFile(join(flipped, name));
      await writeFile(join(seen, "notes.txt"), "no picture");
      await writeFile(join(seen, "broken.png"), "no picture either");
      await sharp({ create: { width: 300, height: 200, channels: 3, background: "#777" } }).toFile(
        join(seen, "wall.png"),
      );
      const straight = await result("--images", seen, "--board", "charuco-small");
      expect(straight.images.used).toHaveLength(12);
      expect(straight.images.failed.map(({ image }) => image)).toEqual(["broken.png", "wall.png"]);
      expect(straight.mirrored).toBe(false);
      expect(Math.abs(straight.fx / photoCamera[0] - 1)).toBeLessThan(0.003);
      expect(Math.abs(straight.cx - photoCamera[2])).toBeLessThan(1.5);
      const options = ["--images", flipped, "--board", "charuco-small"];
      const mirrored = await result(...options, "--expect", "mirrored");
      expect(mirrored.mirrored).toBe(true);
      expect(Math.abs(mirrored.fx - straight.fx)).toBeLessThan(0.1);
      expect(Math.abs(mirrored.cx - straight.cx)).toBeLessThan(0.1);
      const refused = { status: 5, code: "CALIBRATION_REFUSED" };
      expect(await failure(...options, "--expect", "as-seen")).toMatchObject(refused);
      await copyFile(join(flipped, "board 1.png"), join(seen, "board 1.png"));
      const mixed = await failure("--images", seen, "--board", "charuco-small");
      expect(mixed).toMatchObject({
        ...refused,
        message: expect.stringContaining("board 1.png are mirrored"),
      });
    });
  });
});

describe("wrong input", () => {
  it("is told with a code and leaves nothing behind", async () => {
    await withFolder(async (place) => {
      const out = join(place, "out");
      const board = ["--board", "chessboard:9x6:25", "--out", out];
      expect(await failure("--images", place, ...board)).toMatchObject({ status: 2, code: "NOT_FOUND" });
      await sharp({ create: { width: 300, height: 200, channels: 3, background: "#777" } }).toFile(
        join(place, "wall.png"),
      );
      const nothing = await failure("--images", place, ...board);
      expect(nothing).toMatchObject({ status: 5, code: "CALIBRATION_FAILED" });
      const wrongBoard = await failure("--images", place, "--board", "chessboard:9:25");
      expect(wrongBoard).toMatchObject({ status: 2, code: "USAGE" });
      const corners = join(place, "corners.json");
      await writeFile(corners, '{"imageSize": [640, 480]}');
      const wrongFile = await failure("--corners", corners, "--out", out);
      expect(wrongFile).toMatchObject({
        status: 5,
        code: "FILE_CORRUPT",
        message: expect.stringContaining("board"),
      });
      expect(existsSync(out)).toBe(false);
    });
  });
});

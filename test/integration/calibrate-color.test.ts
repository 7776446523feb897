/** Charts found in a real photo and in both views of the virtual rig, and `nearfar calibrate color` on files. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { armColor } from "../../src/calibration/color/arm-color.js";
import { calibrateColor } from "../../src/calibration/color/calibrate-color.js";
import { applyFlatField, makeFlatField, unevenness } from "../../src/calibration/color/flat-field.js";
import { cameraClip } from "../../src/calibration/color/sample-patches.js";
import { resampled, sightChart } from "../../src/calibration/color/sight-chart.js";
import type { LinearImage } from "../../src/imaging/raw-frame.js";
import { createVision, type Vision } from "../../src/native/vision.js";
import type { ChartSighting } from "../../src/schema/calibration-color.js";
import { parseCalibrationText } from "../../src/schema/calibration-text.js";
import type { VirtualScene } from "../../src/schema/virtual-scene.js";
import {
  type Corner,
  chartPhoto,
  chartPhotoNeeded,
  expectFound,
  type PhotoChange,
  seenCorners,
} from "../support/chart-photo.js";
import { type CliResult, jsonLines, repository, runCli, withFolder } from "../support/cli.js";
import { sharedData } from "../support/shared-data.js";
import { type FloatImage, TracedRig } from "../support/traced-rig.js";

const white = sharedData("colorchecker/white.JPG");

/** The one line of a result. */
interface Result {
  readonly target: string;
  readonly verdict: string;
  readonly deltaE00: Readonly<Record<"fit" | "leaveOneOut", { readonly mean: number; readonly max: number }>>;
  readonly matrix: readonly (readonly number[])[];
  readonly corners: readonly Corner[];
  readonly mirrored: boolean;
  readonly patches: readonly { readonly name: string; readonly pixels: number }[];
  readonly compared?: readonly object[];
  readonly gates: readonly { readonly id: string; readonly value: number; readonly state: string }[];
}

const calibrate = (...words: string[]): Promise<CliResult> => runCli("calibrate", "color", ...words);

async function result(...words: string[]): Promise<Result> {
  const { status, stdout, stderr } = await calibrate(...words, "--json");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const [line, ...more] = jsonLines(stdout);
  expect(more).toEqual([]);
  return line as unknown as Result;
}

describe.skipIf(chartPhoto === null)(`a real photo of a chart${chartPhotoNeeded}`, () => {
  const path = chartPhoto as string;
  it("is found; leave-one-out is told beside the fit's own error", async () => {
    const { deltaE00, corners, mirrored, matrix, patches, target, verdict } = await result(
      ...["--image", path, "--target", "colorchecker24:after-2014"],
    );
    expect({ mirrored, target, verdict }).toEqual({
      mirrored: false,
      target: "colorchecker24:after-2014",
      verdict: "WARN",
    });
    for (const [i, [x, y]] of seenCorners.entries()) {
      expect(Math.hypot((corners[i] as Corner)[0] - x, (corners[i] as Corner)[1] - y)).toBeLessThan(2);
    }
    expect(deltaE00.leaveOneOut?.mean).toBeGreaterThan(deltaE00.fit.mean);
    expect(deltaE00.leaveOneOut?.mean).toBeLessThan(5.2);
    expect(deltaE00.leaveOneOut?.max).toBeLessThan(10);
    expect(matrix.map((row) => row.length)).toEqual([3, 3, 3]);
    expect(patches).toHaveLength(24);
    for (const { pixels } of patches) expect(pixels).toBeGreaterThan(1500);
  });

  const changes: readonly PhotoChange[] = [
    ["mirrored", (image) => image.flop(), ([x, y]) => [1151 - x, y], true],
    ["turned by 90°", (image) => image.rotate(90), ([x, y]) => [767 - y, x], false],
    ["out of focus", (image) => image.blur(2), (corner) => corner, false],
  ];

  it.each(changes)("is found %s, with the same patches", (...change) => expectFound(change));

  it("is evened out by a flat field, compared with other maps, and written as record and report", () =>
    withFolder(async (folder) => {
      const out = join(folder, "color");
      const words = ["--image", path, "--flat", white as string, "--compare", "--out", out];
      const { compared, gates } = await result(...words);
      expect(compared).toHaveLength(6);
      expect(gates.find(({ id }) => id === "near-flat-residual")?.state).toBe("UNKNOWN");
      const record = parseCalibrationText(await readFile(join(out, "record.json"), "utf8"));
      expect(record.ok && record.record.kind).toBe("color");
    }));

  it("prints a table of patches and advice for people", async () => {
    const { stdout, status } = await calibrate("--image", path, "--target", "colorchecker24:before-2014");
    expect(status).toBe(0);
    expect(stdout).toMatch(/values taken as sRGB/);
    expect(stdout).toMatch(/^dark skin +/m);
    expect(stdout).toMatch(/^matrix +\d/m);
    expect(stdout).toMatch(/^WARN .*tone curve/m);
  });
});

describe("nearfar calibrate color, refused", () => {
  it("a picture without a chart", () =>
    withFolder(async (folder) => {
      const path = join(folder, "gray.png");
      const gray = { create: { width: 640, height: 480, channels: 3, background: "#778899" } } as const;
      await sharp(gray).png().toFile(path);
      const { status, stdout, stderr } = await calibrate("--image", path, "--json");
      expect([status, stdout]).toEqual([5, ""]);
      expect(jsonLines(stderr)[0]).toMatchObject({ type: "error", code: "CALIBRATION_FAILED" });
    }));

  it.each([
    { words: ["--image", join(repository, "package.json")], status: 5, code: "FILE_CORRUPT" },
    { words: ["--image", "chart.png", "--target", "colorchecker24:1976"], status: 2, code: "USAGE" },
  ])("$words: $code", async ({ words, status, code }) => {
    const answer = await calibrate(...words, "--json");
    expect([answer.status, answer.stdout]).toEqual([status, ""]);
    expect(jsonLines(answer.stderr)[0]).toMatchObject({ type: "error", code });
  });
});

describe("Vision.findChart", () => {
  it("refuses impossible pictures, stops on request, and is closed for good", async () => {
    const vision = createVision();
    const data = new Uint8Array(400 * 300 * 3);
    const picture = { data, widthPx: 400, heightPx: 300 };
    await expect(vision.findChart(picture)).resolves.toBeNull();
    const tooShort = { ...picture, data: data.subarray(3) };
    for (const wrong of [
      tooShort,
      { ...picture, widthPx: 0 },
      { data: new Uint8Array(48), widthPx: 4, heightPx: 4 },
    ]) {
      await expect(vision.findChart(wrong)).rejects.toMatchObject({ code: "USAGE" });
    }
    const reason = new Error("enough");
    await expect(vision.findChart(picture, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await vision.close();
    await expect(vision.findChart(picture)).rejects.toMatchObject({ code: "CLOSED" });
  });
});

function linear({ widthPx, heightPx, data }: FloatImage): LinearImage {
  const shares = new Float32Array(new SharedArrayBuffer(data.length * 4));
  shares.set(data);
  return { widthPx, heightPx, channels: 3, shares };
}

/** The usual scale: the mini chart fits into half of the usual field, the classic one fills it all. */
const [half, whole] = [
  { widthPx: 900, heightPx: 720 },
  { widthPx: 1280, heightPx: 1024 },
];
const [mini, classic] = ["colorchecker-mini", "colorchecker-classic"] as const;

describe.each([
  { far: "a", sameModel: true, mean: 0.3, max: 1, target: mini, turnDeg: 25, sensor: half },
  { far: "b", sameModel: false, mean: 1.2, max: 4, target: classic, turnDeg: 90, sensor: whole },
] as const)(
  "the virtual rig, near camera a and far camera $far",
  ({ far, sameModel, mean, max, target, turnDeg, sensor }) => {
    let rig: TracedRig;
    let vision: Vision;
    let fields: Record<"near" | "far", LinearImage>;
    beforeAll(async () => {
      vision = createVision();
      const scene = { scene: "flat", samplesPerPixel: 1 } as const;
      rig = await TracedRig.start({ sensor, optics: { far: { sensitivity: far } }, scene });
      await rig.scene({ scene: "flat" }, 450);
      fields = await bothArms(async (arm) => linear(await rig.signal(arm)));
    }, 30_000);
    afterAll(async () => {
      await rig.stop();
      await vision.close();
    });

    const charts = async (scene: VirtualScene): Promise<Record<"near" | "far", ChartSighting>> => {
      await rig.scene(scene);
      return bothArms(async (arm) => {
        const image = linear(await rig.signal(arm));
        return resampled(
          await sightChart(vision, image, cameraClip),
          await applyFlatField(image, await makeFlatField([fields[arm]])),
        );
      });
    };

    it(`finds a ${target} turned by ${turnDeg}° in both views; near to far leaves little`, async () => {
      const targetPose: { translationMm: [number, number, number]; rotationDeg: [number, number, number] } = {
        translationMm: [0, 0, 1600],
        rotationDeg: [0, 0, turnDeg],
      };
      const seen = await charts({ scene: "target", target, targetPose });
      expect([seen.near.mirrored, seen.far.mirrored]).toEqual([false, false]);
      const light = { near: null, far: null };
      const { body, gates } = calibrateColor({
        edition: "after-2014",
        charts: seen,
        light,
        sameModel,
        previous: null,
      });
      const [recommended, other] = body.nearToFar ?? [];
      for (const map of sameModel ? [recommended, other] : [recommended]) {
        expect(map?.deltaE00.leaveOneOut?.mean).toBeLessThanOrEqual(mean);
        expect(map?.deltaE00.leaveOneOut?.max).toBeLessThanOrEqual(max);
      }
      const pairGates = gates.filter(({ id }) => id.startsWith("pair-"));
      expect(pairGates.map(({ state }) => state)).toEqual(["PASS", "PASS"]);
    }, 60_000);

    const inEvenLight = (veil = 0) =>
      charts({ scene: "target", target: mini, light: { kind: "even", veil } });
    let clear: Record<"near" | "far", ChartSighting>;

    it("agrees with the rig's own matrix from near to far, plate path and all", async () => {
      clear = await inEvenLight();
      const { body } = calibrateColor({
        edition: "after-2014",
        charts: clear,
        light: { near: null, far: null },
        sameModel,
        previous: null,
      });
      const truth = (await rig.truth()).color.nearToFar;
      const rows = body.nearToFar?.find(({ method }) => method === "matrix")?.rows;
      for (const [i, row] of (truth ?? []).entries())
        for (const [k, entry] of row.entries())
          expect(Math.abs((rows?.[i]?.[k] ?? 9) - entry)).toBeLessThan(0.015);
    }, 60_000);

    it.runIf(sameModel)(
      "tells stray light from the gray patches and takes it off",
      async () => {
        const veil = 0.02;
        const veiled = await inEvenLight(veil);
        for (const arm of ["near", "far"] as const) {
          const [before, after] = [armColor(clear[arm], "after-2014"), armColor(veiled[arm], "after-2014")];
          expect(Math.max(...before.glare)).toBe(0);
          for (const channel of [0, 1, 2] as const) {
            // The white patch of L* 95.19 reflects 88 % of a perfect white. The grays are not quite gray to a camera.
            const white = (clear[arm].patches[18]?.mean[channel] as number) / 0.88;
            expect(Math.abs((after.glare[channel] as number) / white - veil)).toBeLessThan(0.3 * veil);
          }
          const error = (color: typeof after) => color.toXyz[0]?.deltaE00.leaveOneOut?.mean as number;
          expect(Math.abs(error(after) - error(before))).toBeLessThan(0.1);
        }
      },
      60_000,
    );

    it("evens out both arms' own fall-off and tint to 0.5 %", async () => {
      for (const arm of ["near", "far"] as const) {
        expect(await unevenness(fields[arm])).toBeGreaterThan(0.05);
        expect(
          await unevenness(await applyFlatField(fields[arm], await makeFlatField([fields[arm]]))),
        ).toBeLessThan(0.005);
      }
    });
  },
);

async function bothArms<T>(of: (arm: "near" | "far") => Promise<T>): Promise<Record<"near" | "far", T>> {
  const near = await of("near");
  return { near, far: await of("far") };
}

/** Charts found in a real photo and in both views of the virtual rig, and `nearfar calibrate color` on files. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { armColor } from "../../src/calibration/color/arm-color.js";
import { calibrateColor } from "../../src/calibration/color/calibrate-color.js";
import { applyFlatField, makeFlatField, unevenness } from "../../src/calibration/color/flat-field.js";
import { linearPicture } from "../../src/calibration/color/linear-picture.js";
import { cameraClip, fileClip } from "../../src/calibration/color/sample-patches.js";
import { resampled, sightChart } from "../../src/calibration/color/sight-chart.js";
import { readPicture } from "../../src/imaging/picture-file.js";
import type { LinearImage } from "../../src/imaging/raw-frame.js";
import { createVision, type Vision } from "../../src/native/vision.js";
import type { ChartSighting } from "../../src/schema/calibration-color.js";
import { parseCalibrationText } from "../../src/schema/calibration-text.js";
import type { VirtualScene } from "../../src/schema/virtual-scene.js";
import { type CliResult, jsonLines, repository, runCli, withFolder } from "../support/cli.js";
import { sharedData } from "../support/shared-data.js";
import { type FloatImage, TracedRig } from "../support/traced-rig.js";

const photo = sharedData("colorchecker/Image_1.JPG");
const white = sharedData("colorchecker/white.JPG");
const photoNeeded =
  photo === null ? " (skipped: there is no data/colorchecker, set NEARFAR_SHARED_DATA)" : "";

type Corner = readonly [number, number];

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

describe.skipIf(photo === null)(`a real photo of a chart${photoNeeded}`, () => {
  const path = photo as string;
  /** By eye, at the outer corners of the corner patches. */
  const seen: readonly Corner[] = [
    [207.5, 153],
    [902.7, 151.5],
    [903.5, 602.5],
    [210, 603.5],
  ];

  it("is found; leave-one-out is told beside the fit's own error", async () => {
    const { deltaE00, corners, mirrored, matrix, patches, target, verdict } = await result(
      ...["--image", path, "--target", "colorchecker24:after-2014"],
    );
    expect({ mirrored, target, verdict }).toEqual({
      mirrored: false,
      target: "colorchecker24:after-2014",
      verdict: "WARN",
    });
    for (const [i, [x, y]] of seen.entries()) {
      expect(Math.hypot((corners[i] as Corner)[0] - x, (corners[i] as Corner)[1] - y)).toBeLessThan(2);
    }
    expect(deltaE00.leaveOneOut.mean).toBeGreaterThan(deltaE00.fit.mean);
    expect(deltaE00.leaveOneOut.mean).toBeLessThan(5.2);
    expect(deltaE00.leaveOneOut.max).toBeLessThan(10);
    expect(matrix.map((row) => row.length)).toEqual([3, 3, 3]);
    expect(patches).toHaveLength(24);
    for (const { pixels } of patches) expect(pixels).toBeGreaterThan(1500);
  });

  /** Places in the photo of 1152 × 768 px as the change shows them. */
  const changes: readonly (readonly [
    string,
    (image: Sharp) => Sharp,
    (corner: Corner) => Corner,
    boolean,
  ])[] = [
    ["mirrored", (image) => image.flop(), ([x, y]) => [1151 - x, y], true],
    ["upside down in a mirror", (image) => image.flip(), ([x, y]) => [x, 767 - y], true],
    ["turned by 90°", (image) => image.rotate(90), ([x, y]) => [767 - y, x], false],
    ["turned by 180°", (image) => image.rotate(180), ([x, y]) => [1151 - x, 767 - y], false],
    ["turned by 270°", (image) => image.rotate(270), ([x, y]) => [y, 1151 - x], false],
    ["half as large", (image) => image.resize(576), ([x, y]) => [x / 2 - 0.25, y / 2 - 0.25], false],
    ["twice as large", (image) => image.resize(2304), ([x, y]) => [2 * x + 0.5, 2 * y + 0.5], false],
    ["out of focus", (image) => image.blur(2), (corner) => corner, false],
  ];

  it.each(changes)("is found %s, with the same patches", (_, change, place, mirrored) =>
    withFolder(async (folder) => {
      const changed = join(folder, "chart.png");
      await change(sharp(path)).png().toFile(changed);
      const vision = createVision();
      try {
        const image = linearPicture(await readPicture(changed), { kind: "srgb" });
        const { sighting } = await sightChart(vision, image, fileClip);
        expect(sighting.mirrored).toBe(mirrored);
        const scale = Math.max(1, Math.max(image.widthPx, image.heightPx) / 1152);
        for (const [i, corner] of seen.entries()) {
          const [x, y] = place(corner);
          const [u, v] = sighting.cornersPx[i] as Corner;
          expect(Math.hypot(u - x, v - y), `corner ${i}`).toBeLessThan(2 * scale);
        }
        const [best] = armColor(sighting, "after-2014").toXyz;
        expect(Math.abs((best?.deltaE00.leaveOneOut.mean as number) - 4.52)).toBeLessThan(0.15);
      } finally {
        await vision.close();
      }
    }),
  );

  it("is evened out by a flat field, compared with other maps, and written as record and report", () =>
    withFolder(async (folder) => {
      const out = join(folder, "color");
      const words = ["--image", path, "--flat", white as string, "--compare", "--out", out];
      const { compared, gates } = await result(...words);
      expect(compared).toHaveLength(6);
      expect(gates.find(({ id }) => id === "near-flat-residual")?.state).toBe("UNKNOWN");
      const record = parseCalibrationText(await readFile(join(out, "record.json"), "utf8"));
      expect(record.ok && record.record.kind).toBe("color");
      const again = await calibrate(...words, "--json");
      expect(jsonLines(again.stderr)[0]).toMatchObject({ code: "OUTPUT_EXISTS" });
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
    { words: ["--image", "/nowhere/chart.png"], status: 2, code: "NOT_FOUND" },
    { words: ["--image", "chart.png", "--target", "colorchecker24:1976"], status: 2, code: "USAGE" },
    { words: [], status: 2, code: "USAGE" },
    { words: ["--rig", "rig-configs/virtual.yaml"], status: 2, code: "USAGE" },
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

describe.each([
  { far: "a", sameModel: true, mean: 0.3, max: 1 },
  { far: "b", sameModel: false, mean: 1.2, max: 4 },
])("the virtual rig, near camera a and far camera $far", ({ far, sameModel, mean, max }) => {
  let rig: TracedRig;
  let vision: Vision;
  let fields: Record<"near" | "far", LinearImage>;
  beforeAll(async () => {
    vision = createVision();
    rig = await TracedRig.start({ optics: { far: { sensitivity: far } }, scene: { scene: "flat" } });
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
        applyFlatField(image, makeFlatField([fields[arm]])),
      );
    });
  };

  it("finds mini and classic chart in both views; near to far leaves little", async () => {
    const shown = [
      { target: "colorchecker-mini", turnDeg: 25 },
      { target: "colorchecker-classic", turnDeg: 90 },
    ] as const;
    for (const { target, turnDeg } of shown) {
      const targetPose = {
        translationMm: [0, 0, 1600] as [number, number, number],
        rotationDeg: [0, 0, turnDeg] as [number, number, number],
      };
      const seen = await charts({ scene: "target", target, targetPose, samplesPerPixel: 2 });
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
        expect(map?.deltaE00.leaveOneOut.mean).toBeLessThanOrEqual(mean);
        expect(map?.deltaE00.leaveOneOut.max).toBeLessThanOrEqual(max);
      }
      expect(gates.filter(({ id }) => id.startsWith("pair-")).map(({ state }) => state)).toEqual([
        "PASS",
        "PASS",
      ]);
    }
  }, 60_000);

  it("agrees with the rig's own matrix from near to far, plate path and all", async () => {
    const seen = await charts({ scene: "target", target: "colorchecker-mini", light: { kind: "even" } });
    const { body } = calibrateColor({
      edition: "after-2014",
      charts: seen,
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
      const lit = (share: number) =>
        charts({ scene: "target", target: "colorchecker-mini", light: { kind: "even", veil: share } });
      const [clear, veiled] = [await lit(0), await lit(veil)];
      for (const arm of ["near", "far"] as const) {
        const [before, after] = [armColor(clear[arm], "after-2014"), armColor(veiled[arm], "after-2014")];
        expect(Math.max(...before.glare)).toBe(0);
        for (const channel of [0, 1, 2] as const) {
          // The white patch of L* 95.19 reflects 88 % of a perfect white. The grays are not quite gray to a camera.
          const white = (clear[arm].patches[18]?.mean[channel] as number) / 0.88;
          expect(Math.abs((after.glare[channel] as number) / white - veil)).toBeLessThan(0.3 * veil);
        }
        const error = (color: typeof after) => color.toXyz[0]?.deltaE00.leaveOneOut.mean as number;
        expect(Math.abs(error(after) - error(before))).toBeLessThan(0.1);
      }
      await rig.scene({ light: { veil: 0 } });
    },
    60_000,
  );

  it("evens out both arms' own fall-off and tint to 0.5 %", () => {
    for (const arm of ["near", "far"] as const) {
      expect(unevenness(fields[arm])).toBeGreaterThan(0.05);
      expect(unevenness(applyFlatField(fields[arm], makeFlatField([fields[arm]])))).toBeLessThan(0.005);
    }
  });
});

async function bothArms<T>(of: (arm: "near" | "far") => Promise<T>): Promise<Record<"near" | "far", T>> {
  const near = await of("near");
  return { near, far: await of("far") };
}

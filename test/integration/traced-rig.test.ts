import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CallerError } from "../../src/base/errors.js";
import { channelOf, type FloatImage, TracedRig } from "../support/traced-rig.js";

/** Small frames: these tests ask for rules, not for pictures. */
const sensor = { widthPx: 320, heightPx: 256 };
const small = { near: { pixelPitchUm: 93.75 }, far: { pixelPitchUm: 93.75 } };

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** The middle of a raw frame, where vignetting is flat. */
function middle({ widthPx, heightPx, data }: FloatImage, share = 0.2): number[] {
  const [halfWidth, halfHeight] = [Math.floor((widthPx * share) / 2), Math.floor((heightPx * share) / 2)];
  const values: number[] = [];
  for (let y = heightPx / 2 - halfHeight; y < heightPx / 2 + halfHeight; y++) {
    for (let x = widthPx / 2 - halfWidth; x < widthPx / 2 + halfWidth; x++) {
      values.push(data[y * widthPx + x] as number);
    }
  }
  return values;
}

describe("bad input", () => {
  let traced: TracedRig;
  beforeAll(async () => {
    traced = await TracedRig.start({ optics: small, sensor, scene: { scene: "flat" } });
  });
  afterAll(() => traced.stop());

  const refusals = [
    ["a target that does not exist", { scene: "target", target: "moon" }, /moon.*charuco-a4/s],
    ["an expression that does not exist", { scene: "subject", subject: { expression: "grin" } }, /grin/],
    ["a scene without its target", { scene: "target" }, /target/],
  ] as const;
  test.each(refusals)("%s is refused by name, and the rig goes on", async (_, scene, text) => {
    const before = (await traced.rig.request("status", {})).scene;
    const error = await traced.scene(scene).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CallerError);
    expect(error).toMatchObject({ code: "SCENE_INVALID", message: expect.stringMatching(text) });
    expect((await traced.rig.request("status", {})).scene).toEqual(before);
    expect((await traced.raw("far")).data.length).toBe(320 * 256);
  });

  test("a distance outside the rail is refused", async () => {
    await expect(traced.rig.request("stage", { distanceMm: 200 })).rejects.toMatchObject({
      code: "SCENE_INVALID",
      message: expect.stringMatching(/230.*1370/),
    });
  });

  test("a folder that does not exist is refused", async () => {
    await traced.scene({ scene: "target", target: "chessboard-9x6" });
    const lost = traced.rig.request("sceneTruth", { directory: "/nonexistent", arrays: ["nearDepth"] });
    await expect(lost).rejects.toMatchObject({ code: "SCENE_INVALID" });
    await expect(
      traced.rig.request("render", { arm: "near", path: "/nonexistent/a.npy", output: "raw" }),
    ).rejects.toMatchObject({ code: "SCENE_INVALID" });
  });

  test("a rig without an ICT-FaceKit says where to get one", async () => {
    const bare = await TracedRig.start({ optics: small, sensor, scene: { scene: "flat" }, ictFaceKit: null });
    try {
      await expect(bare.scene({ scene: "subject", subject: { source: "ict" } })).rejects.toMatchObject({
        code: "SCENE_INVALID",
        message: expect.stringMatching(/ICT-FaceKit/),
      });
    } finally {
      await bare.stop();
    }
  });
});

describe("the sensor", () => {
  let traced: TracedRig;
  beforeAll(async () => {
    traced = await TracedRig.start({
      optics: { ...small, honest: false },
      sensor,
      scene: { scene: "flat", light: { kind: "even", continuous: 1, strobe: 0 }, samplesPerPixel: 4 },
    });
  });
  afterAll(() => traced.stop());

  test.each(["near", "far"] as const)(
    "the mean signal of the %s arm follows the exposure within 0.2 %%",
    async (arm) => {
      await traced.scene({ noise: false });
      const exposures = [250, 500, 1000, 2000, 4000, 5500];
      const signals: number[] = [];
      for (const exposureUs of exposures) signals.push(mean(middle(await traced.raw(arm, exposureUs))) - 64);
      // Straight line through the origin, by least squares.
      const slope =
        exposures.reduce((sum, x, i) => sum + x * (signals[i] as number), 0) /
        exposures.reduce((sum, x) => sum + x * x, 0);
      const span = Math.max(...signals);
      for (const [i, x] of exposures.entries())
        expect(Math.abs((signals[i] as number) - slope * x) / span).toBeLessThan(0.002);
    },
  );

  test.each([0, 6])("the noise shows the gain that is set, at %d dB, within 3 %%", async (gainDb) => {
    // Photon transfer: two frames with noise of their own, and the mean without noise.
    const points: { signal: number; variance: number }[] = [];
    for (const share of [0.15, 0.3, 0.45, 0.6, 0.75]) {
      await traced.scene({ noise: true, brightness: share / 10 ** (gainDb / 20) });
      const [a, b] = [await traced.raw("far", 5000, gainDb), await traced.raw("far", 5000, gainDb)];
      const values = [middle(a, 0.8), middle(b, 0.8)] as const;
      const differences = values[0].map((value, i) => value - (values[1][i] as number));
      const variance = differences.reduce((sum, d) => sum + d * d, 0) / differences.length / 2;
      points.push({ signal: mean(values[0]) - 64, variance });
    }
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) throw new Error("no points");
    const meanSignal = mean(points.map((p) => p.signal));
    const meanVariance = mean(points.map((p) => p.variance));
    const slope =
      points.reduce((sum, p) => sum + (p.signal - meanSignal) * (p.variance - meanVariance), 0) /
      points.reduce((sum, p) => sum + (p.signal - meanSignal) ** 2, 0);
    // 15,000 electrons fill 4095 - 64 steps at 0 dB.
    const electronsPerStep = 15_000 / (4095 - 64) / 10 ** (gainDb / 20);
    expect(Math.abs(1 / slope / electronsPerStep - 1)).toBeLessThan(0.03);
  });

  test("the dark holds the black level", async () => {
    await traced.scene({ scene: "dark", noise: true, brightness: 1 });
    expect(Math.abs(mean((await traced.raw("near")).data) - 64)).toBeLessThan(0.05);
    await traced.scene({ scene: "flat" });
  });
});

describe("the plate", () => {
  const optics = { ...small, honest: false };
  const scene = {
    scene: "target",
    target: "charuco-small",
    light: { kind: "even", continuous: 1, strobe: 0 },
    samplesPerPixel: 4,
    noise: false,
  } as const;

  test("without thickness the near view through the mirror is the unfolded camera's", async () => {
    // Wide enough that its edges cut nothing off.
    const bare = { thicknessMm: 0, ghost: false, tint: false, widthMm: 600, heightMm: 600 };
    const mirror = await TracedRig.start({ optics: { ...optics, plate: bare }, sensor, scene });
    const unfolded = await TracedRig.start({
      optics: { ...optics, plate: { present: false } },
      sensor,
      scene,
    });
    try {
      const through = channelOf(await mirror.signal("near"), 1);
      const direct = channelOf(await unfolded.signal("near"), 1);
      // The rig sets its light so that a white is exposed alike: only rounding is left.
      const worst = direct.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - (through[i] as number))),
        0,
      );
      expect(mean(direct)).toBeGreaterThan(0.05);
      expect(worst).toBeLessThan(1e-4);
    } finally {
      await mirror.stop();
      await unfolded.stop();
    }
  });
});

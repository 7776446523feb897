import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CallerError } from "../../src/base/errors.js";
import { createAravisBackend } from "../../src/devices/aravis/aravis-backend.js";
import type { CameraFrame } from "../../src/devices/contract/camera.js";
import type { Arm } from "../../src/devices/contract/trigger-board.js";
import { openTriggerBoard } from "../../src/devices/trigger/open-board.js";
import { VirtualRig } from "../../src/devices/virtual/virtual-rig.js";
import { decodeFrame } from "../../src/imaging/decode.js";
import { unpackSamples } from "../../src/imaging/unpack.js";
import { createVision } from "../../src/native/vision.js";
import { virtualOpticsSchema } from "../../src/schema/virtual-optics.js";
import { readTarget, targetsFolder } from "../../src/targets/read-targets.js";
import { armed, nextFrame } from "../support/camera-stand.js";
import { repository } from "../support/cli.js";
import { systemClock } from "../support/system-clock.js";
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

describe("a shot of a moving board, lit by the strobe", () => {
  const arms = ["near", "far"] as const;
  const boardId = "charuco-small";
  const exposureUs = 5000;
  const strobeUs = 2000;

  async function shootMovingBoard() {
    const serial = { near: `TN${process.pid}`, far: `TF${process.pid}` };
    const readout = { rotationDeg: 90, rowTimeUs: 0, curtainDirection: "down" } as const;
    const mounts = { near: { ...readout, mirrored: true }, far: { ...readout, mirrored: false } } as const;
    const rig = await VirtualRig.start({
      serial,
      sensor: { widthPx: 1280, heightPx: 1024 },
      pixelFormat: "Mono12",
      bitDepth: 12,
      blackLevel: 64,
      sight: {
        optics: virtualOpticsSchema.parse({}),
        mounts,
        ictFaceKit: null,
        scene: { scene: "flat", noise: false, samplesPerPixel: 8 },
      },
    });
    const board = await openTriggerBoard({ path: rig.tty, clock: systemClock });
    const backend = createAravisBackend();
    const cameras = await Promise.all(arms.map((arm) => backend.open(serial[arm])));
    try {
      const settings = { exposureUs, gainDb: 0, region: null, triggerLine: "Line0" };
      for (const camera of cameras) await armed(camera, { ...settings, pixelFormat: "Mono12" });
      await board.configure({
        delayUs: { near: 0, far: 1500 },
        pulseUs: 1000,
        focusLeadMs: 0,
        feedbackTimeoutMs: 100,
        feedback: { near: true, far: true },
        strobe: true,
        strobeUs,
      });
      await board.arm(1, 1);
      await rig.request("scene", {
        scene: "target",
        target: boardId,
        targetPose: { translationMm: [-25, 20, 1600], rotationDeg: [4, -6, 2] },
        motion: { kind: "linear", velocityMmS: [60, -60, 0] },
        light: { kind: "even", continuous: 0.2, strobe: 0.7 },
      });
      expect(await board.fire(1)).toMatchObject({ kind: "fired" });
      const frames = await Promise.all(
        cameras.map((camera) => nextFrame(camera.frames()[Symbol.asyncIterator]())),
      );
      const images = await Promise.all(frames.map((frame, i) => upright(frame, mounts[arms[i] as Arm])));
      for (const frame of frames) frame.release();
      const truth = await rig.request("truth", { bootId: board.identity.bootId, shotId: 1 });
      return { images, truth };
    } finally {
      await Promise.all(cameras.map((camera) => camera.close()));
      await board.close();
      await rig.stop();
    }
  }

  function upright(frame: CameraFrame, mount: { rotationDeg: 90; mirrored: boolean }) {
    const meaning = { bitDepth: 12, blackLevel: 64, whiteLevel: 4095, mount };
    return decodeFrame({ ...frame, ...meaning, samples: unpackSamples({ ...frame, ...meaning }) });
  }

  test("shows the corners where the truth of that shot projects them", async () => {
    const { images, truth } = await shootMovingBoard();
    const trigger = truth?.triggers[0];
    const pulseTicks = BigInt(trigger?.strobeEndTick ?? 0) - BigInt(trigger?.strobeTick ?? 0);
    expect(Math.abs(Number(pulseTicks) / 16 - strobeUs)).toBeLessThan(5);

    const board = await readTarget(targetsFolder(repository), boardId);
    if (board.kind !== "charuco") throw new Error(`${boardId} is no ChArUco board`);
    const points = truth?.scene?.pointSets.find(({ name }) => name === boardId)?.points ?? [];
    const vision = createVision();
    try {
      for (const [i, arm] of arms.entries()) {
        const image = images[i];
        if (image === undefined) throw new Error("no image");
        const { widthPx, heightPx, shares: data } = image;
        const { ids, pointsPx } = await vision.findBoard({ data, widthPx, heightPx }, board);
        const [dx, dy] = [0, 1].map((axis) =>
          mean(
            Array.from(ids, (id, at) => {
              const px = points.find((point) => point.id === id)?.[arm].px;
              return (pointsPx[2 * at + axis] as number) - (px?.[axis] ?? Number.NaN);
            }),
          ),
        ) as [number, number];
        const exposure = truth?.scene?.exposures[arm];
        console.log(
          `${arm}: ${ids.length} corners, mean (${dx.toFixed(3)}, ${dy.toFixed(3)}) px, at ${exposure?.midS.toFixed(4)} s`,
        );
        expect(exposure).toMatchObject({ exposureUs, strobe: true });
        expect(ids.length).toBeGreaterThan(30);
        expect(Math.hypot(dx, dy)).toBeLessThan(0.1);
      }
    } finally {
      await vision.close();
    }
  });
});

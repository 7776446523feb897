/** Pairs of a flat, textured scene whose arms differ by a known homography and known gains, as a rig stores them. */
import type { Dataset } from "../../src/dataset/dataset.js";
import { describeFrame } from "../../src/imaging/tiff-description.js";
import { buildTiffHeader } from "../../src/imaging/tiff-writer.js";
import type { ArmName, FrameRecord, SessionRecord, ShotRecord } from "../../src/schema/records.js";
import { frameRecord, intentOf, shotRecord } from "./dataset-fixtures.js";
import { type CameraModel, camera, exposeSamples, type Scene } from "./synthetic-frame.js";

type Arms<T> = Readonly<Record<ArmName, T>>;

export interface PlaneWorld {
  /** Of the upright frames. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Row-major: near px of far px. */
  readonly nearOfFar: readonly number[];
  /** Near over far light, each channel. */
  readonly nearGains: readonly [number, number, number];
}

export const smallWorld: PlaneWorld = {
  widthPx: 256,
  heightPx: 320,
  nearOfFar: [1.03, 0.006, -6, -0.004, 1.025, 3, 1e-5, -2e-5, 1],
  nearGains: [0.8, 0.9, 1.1],
};

/** Many waves in many directions: something of every size from the picture down to 6 px. */
function light(x: number, y: number): number {
  let sum = 0;
  for (let k = 1; k <= 24; k++) {
    const perPx = 0.012 * 1.19 ** k;
    sum += Math.sin(perPx * (x * Math.cos(2.4 * k) + y * Math.sin(2.4 * k)) + 1.7 * k) / Math.sqrt(24);
  }
  return 0.4 + 0.12 * sum;
}

export function mapped(map: readonly number[], x: number, y: number): [number, number] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 1] = map;
  const w = g * x + h * y + i;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

/** By Cramer's rule, up to scale. */
export function inverse(m: readonly number[]): number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 1] = m;
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

export function planeScenes({ nearOfFar, nearGains }: PlaneWorld): Arms<Scene> {
  const farOfNear = inverse(nearOfFar);
  return {
    far: (u, v) => [light(u, v), 0.9 * light(u, v), 0.8 * light(u, v)],
    near: (u, v) => {
      const value = light(...mapped(farOfNear, u, v));
      return [nearGains[0] * value, nearGains[1] * 0.9 * value, nearGains[2] * 0.8 * value];
    },
  };
}

/** On their sides, the near one seeing a reflection. */
export function cameraModel({ widthPx, heightPx }: PlaneWorld, arm: ArmName, seed = 1): CameraModel {
  return camera(widthPx, heightPx, {
    pixelFormat: "BayerRG12",
    mount: { rotationDeg: 90, mirrored: arm === "near" },
    noise: 4,
    seed: 2 * seed + (arm === "near" ? 1 : 0),
  });
}

/** A frame as capture writes it. */
export function frameFile(
  scene: Scene,
  model: CameraModel,
  source: Readonly<Record<string, unknown>>,
): Uint8Array<SharedArrayBuffer>[] {
  const { samples, widthPx, heightPx } = exposeSamples(scene, model);
  const description = JSON.stringify(describeFrame(model, source));
  const header = buildTiffHeader({ widthPx, heightPx, samplesPerPixel: 1, description });
  return [header, new Uint8Array(samples.buffer as SharedArrayBuffer)];
}

/** Writes and commits one pair. */
export async function storePlanePair(
  dataset: Dataset,
  session: SessionRecord,
  options: {
    readonly world?: PlaneWorld;
    readonly distanceMm?: number;
    readonly shot?: Partial<ShotRecord>;
  } = {},
): Promise<ShotRecord> {
  const { world = smallWorld, distanceMm = 450, shot = {} } = options;
  const open = await dataset.openShot(intentOf(session, { distanceMm }));
  const scenes = planeScenes(world);
  const frames: FrameRecord[] = [];
  for (const arm of ["near", "far"] as const) {
    const model = cameraModel(world, arm, open.shotId);
    const parts = frameFile(scenes[arm], model, { shotId: open.shotId, arm, cameraSerial: `CAM-${arm}` });
    const object = await dataset.writeObject(parts, ".tif");
    const { pixelFormat, bitDepth, blackLevel, whiteLevel, mount } = model;
    frames.push(
      frameRecord(arm, object, {
        pixelFormat,
        bitDepth,
        blackLevel,
        whiteLevel,
        mount,
        widthPx: world.heightPx,
        heightPx: world.widthPx,
      }),
    );
  }
  const record = shotRecord(open, frames, shot);
  await dataset.commitShot(record);
  return record;
}

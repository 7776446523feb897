/** A virtual rig with optics for tests: upright mono or color frames and the truth about them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { readTruthFolder, type SceneTruthFolder } from "../../src/alignment/truth/truth-folder.js";
import type { Arm } from "../../src/devices/contract/trigger-board.js";
import { readNpy } from "../../src/devices/virtual/npy.js";
import { VirtualRig } from "../../src/devices/virtual/virtual-rig.js";
import type { SceneTruth } from "../../src/schema/scene-truth.js";
import type { TruthArray } from "../../src/schema/truth-array.js";
import { virtualOpticsSchema } from "../../src/schema/virtual-optics.js";
import type { VirtualScene } from "../../src/schema/virtual-scene.js";
import { sharedData } from "./shared-data.js";

export interface TracedRigOptions {
  readonly optics?: z.input<typeof virtualOpticsSchema>;
  readonly scene: VirtualScene;
  /** Of the raw frame; 1280 × 1024 by default. */
  readonly sensor?: { readonly widthPx: number; readonly heightPx: number };
  /** 90 as a portrait rig has it; 0 makes raw frames lie as they are seen. */
  readonly rotationDeg?: 0 | 90;
  readonly pixelFormat?: "Mono12" | "BayerRG12";
  /** Folder of an ICT-FaceKit; by default the shared one, where it is. */
  readonly ictFaceKit?: string | null;
}

/** One channel or three, row-major, channels interleaved. */
export interface FloatImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: number;
  readonly data: Float32Array | Uint16Array | Uint8Array;
}

export class TracedRig {
  readonly rig: VirtualRig;
  readonly #folder: string;
  #files = 0;

  private constructor(rig: VirtualRig, folder: string) {
    this.rig = rig;
    this.#folder = folder;
  }

  static async start(options: TracedRigOptions): Promise<TracedRig> {
    const { sensor = { widthPx: 1280, heightPx: 1024 }, rotationDeg = 90, pixelFormat = "Mono12" } = options;
    const readout = { rotationDeg, rowTimeUs: 0, curtainDirection: "down" } as const;
    const rig = await VirtualRig.start({
      sensor,
      pixelFormat,
      sight: {
        optics: virtualOpticsSchema.parse(options.optics ?? {}),
        mounts: { near: { ...readout, mirrored: true }, far: { ...readout, mirrored: false } },
        ictFaceKit: options.ictFaceKit === undefined ? sharedData("ict-facekit") : options.ictFaceKit,
        scene: options.scene,
      },
    });
    return new TracedRig(rig, await mkdtemp(join(tmpdir(), "nearfar-traced-")));
  }

  async scene(scene: VirtualScene, distanceMm?: number): Promise<void> {
    await this.rig.request("scene", scene);
    if (distanceMm !== undefined) await this.rig.request("stage", { distanceMm });
  }

  /** Linear RGB, upright, free of noise, as a share of full scale. */
  signal(arm: Arm): Promise<FloatImage> {
    return this.#render(arm, { output: "signal" });
  }

  /** Samples as the sensor puts them out: mirrored, on their side. */
  raw(arm: Arm, exposureUs = 5000, gainDb = 0): Promise<FloatImage> {
    return this.#render(arm, { output: "raw", exposureUs, gainDb });
  }

  truth(): Promise<SceneTruth> {
    return this.rig.request("sceneTruth", {});
  }

  /** Truth with arrays, read back from the files that the rig writes. */
  async truthArrays(arrays: readonly TruthArray[]): Promise<SceneTruthFolder> {
    const directory = await mkdtemp(join(this.#folder, "truth-"));
    const truth = await this.rig.request("sceneTruth", { directory, arrays: [...arrays] });
    await writeFile(join(directory, "truth.json"), JSON.stringify(truth));
    return readTruthFolder(directory);
  }

  async stop(): Promise<void> {
    await this.rig.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #render(
    arm: Arm,
    fields: { output: "raw" | "signal"; exposureUs?: number; gainDb?: number },
  ): Promise<FloatImage> {
    const path = join(this.#folder, `${arm}-${++this.#files}.npy`);
    await this.rig.request("render", { arm, path, ...fields });
    const { shape, data } = await readNpy(path);
    await rm(path);
    const [heightPx = 0, widthPx = 0, channels = 1] = shape;
    return { widthPx, heightPx, channels, data };
  }
}

/** One channel of an image. */
export function channelOf({ widthPx, heightPx, channels, data }: FloatImage, channel: number): Float32Array {
  return Float32Array.from({ length: widthPx * heightPx }, (_, i) => data[i * channels + channel] as number);
}

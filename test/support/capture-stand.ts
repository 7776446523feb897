/** A whole virtual rig, a store in a temporary folder, and capture runs on both. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Logger, silentLogger } from "../../src/base/log.js";
import { planOfShots } from "../../src/capture/plan.js";
import type { RigFactory } from "../../src/capture/rig.js";
import { CaptureRun } from "../../src/capture/run.js";
import type { CaptureRunOptions } from "../../src/capture/run-options.js";
import { type CaptureSession, startSession } from "../../src/capture/session.js";
import type { Dataset } from "../../src/dataset/dataset.js";
import { openDataset } from "../../src/dataset/open-dataset.js";
import { createAravisBackend } from "../../src/devices/aravis/aravis-backend.js";
import type { Camera } from "../../src/devices/contract/camera.js";
import type { TriggerBoard } from "../../src/devices/contract/trigger-board.js";
import { VirtualStage } from "../../src/devices/stage/virtual-stage.js";
import { openTriggerBoard } from "../../src/devices/trigger/open-board.js";
import { VirtualRig } from "../../src/devices/virtual/virtual-rig.js";
import { createFrameProcessor, type FrameProcessor } from "../../src/imaging/frame-processor.js";
import type { CapturePlan } from "../../src/schema/capture-plan.js";
import { type RigConfig, rigConfigSchema } from "../../src/schema/rig-config.js";
import type { VirtualRigFaults } from "../../src/schema/virtual-rig.js";
import { systemClock } from "./system-clock.js";

export const standDistanceMm = 450;

export interface StandOptions {
  readonly sensor?: { readonly widthPx: number; readonly heightPx: number };
  readonly limits?: Partial<RigConfig["limits"]>;
  readonly seed?: number;
  /** Of board and run; silent when absent. */
  readonly logger?: Logger;
}

let standCount = 0;

export class CaptureStand {
  readonly rig: VirtualRig;
  readonly sensor: { readonly widthPx: number; readonly heightPx: number };
  readonly config: RigConfig;
  readonly board: TriggerBoard;
  readonly dataset: Dataset;
  readonly folder: string;
  readonly #near: Camera;
  readonly #far: Camera;
  readonly #factory: RigFactory;
  readonly #frameProcessor: FrameProcessor;

  private constructor(parts: {
    rig: VirtualRig;
    sensor: CaptureStand["sensor"];
    config: RigConfig;
    board: TriggerBoard;
    dataset: Dataset;
    folder: string;
    near: Camera;
    far: Camera;
    factory: RigFactory;
  }) {
    this.rig = parts.rig;
    this.sensor = parts.sensor;
    this.config = parts.config;
    this.board = parts.board;
    this.dataset = parts.dataset;
    this.folder = parts.folder;
    this.#near = parts.near;
    this.#far = parts.far;
    this.#factory = parts.factory;
    this.#frameProcessor = createFrameProcessor({ workers: 2 });
  }

  static async start(options: StandOptions = {}): Promise<CaptureStand> {
    const sensor = options.sensor ?? { widthPx: 640, heightPx: 512 };
    const config = standConfig(sensor, options);
    const serial = { near: config.near.serial, far: config.far.serial };
    const seed = options.seed ?? 1;
    const rig = await VirtualRig.start({
      serial,
      sensor,
      seed,
      pixelFormat: "Mono12",
      bitDepth: 12,
      blackLevel: 64,
    });
    const board = await openTriggerBoard({
      path: rig.tty,
      clock: systemClock,
      log: options.logger ?? silentLogger,
    });
    const backend = createAravisBackend();
    const factory: RigFactory = {
      openCamera: (arm, signal) => backend.open(serial[arm], ...(signal === undefined ? [] : [signal])),
      hopeless: () => null,
    };
    const [near, far] = await Promise.all([factory.openCamera("near"), factory.openCamera("far")]);
    const folder = await mkdtemp(join(tmpdir(), "nearfar-capture-"));
    const storing = { mode: "create-if-missing", clock: systemClock, logger: silentLogger } as const;
    const dataset = await openDataset(join(folder, "store"), storing);
    return new CaptureStand({ rig, sensor, config, board, dataset, folder, near, far, factory });
  }

  startSession(plan: CapturePlan | number): Promise<CaptureSession> {
    return startSession(this.dataset, {
      subject: { subjectId: "P001", consentRef: null },
      config: this.config,
      plan: typeof plan === "number" ? planOfShots(plan, standDistanceMm) : plan,
      devices: {},
      softwareVersion: "test",
      calibrations: [],
    });
  }

  run(session: CaptureSession, overrides: Partial<CaptureRunOptions> = {}): CaptureRun {
    const travel = { minMm: this.config.rail.minMm, maxMm: this.config.rail.maxMm };
    const stage = new VirtualStage(travel, async (distanceMm) => {
      await this.rig.request("stage", { distanceMm });
    });
    return new CaptureRun({
      rig: { board: this.board, near: this.#near, far: this.#far, stage, guide: null },
      factory: this.#factory,
      config: this.config,
      session,
      dataset: this.dataset,
      frameProcessor: this.#frameProcessor,
      clock: systemClock,
      logger: silentLogger,
      pacing: "unattended",
      ...overrides,
    });
  }

  async setFaults(faults: VirtualRigFaults): Promise<void> {
    await this.rig.request("faults", { faults });
  }

  async stop(): Promise<void> {
    await this.#frameProcessor.close();
    await Promise.all([this.#near.close(), this.#far.close()]);
    await this.board.close();
    await this.dataset.close();
    await this.rig.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function standConfig(sensor: { widthPx: number; heightPx: number }, options: StandOptions): RigConfig {
  const suffix = `${process.pid}-${standCount++}`;
  const camera = {
    backend: "aravis",
    pixelFormat: "Mono12",
    bitDepth: 12,
    blackLevel: 64,
    whiteLevel: 4095,
    exposureUs: 5000,
    gainDb: 0,
  };
  const panel = { topLeft: [0.05, 0.05], bottomRight: [0.45, 0.32] };
  return rigConfigSchema.parse({
    format: "nearfar-rig",
    version: 1,
    name: "stand",
    virtual: { seed: options.seed ?? 1, sensor },
    trigger: { feedbackTimeoutMs: 100 },
    near: { ...camera, serial: `N${suffix}`, mount: { rotationDeg: 0, mirrored: true } },
    far: { ...camera, serial: `F${suffix}`, mount: { rotationDeg: 0, mirrored: false } },
    rail: { kind: "virtual", minMm: 230, maxMm: 1370 },
    limits: { frameTimeoutMs: 600, ...options.limits },
    ledCounter: { near: panel, far: panel },
  });
}

/**
 * A virtual camera that streams as fast as it can, whoever receives: the rig's board fires, and
 * the rig itself tells how far it has come. The camera is never asked for more than it can expose
 * and read out, so every trigger is a frame.
 */
import { z } from "zod";
import { sleep } from "../../src/base/abort.js";
import type { CameraSettings } from "../../src/devices/contract/camera.js";
import { VirtualRig } from "../../src/devices/virtual/virtual-rig.js";
import { openTrigger } from "./camera-stand.js";

/** Of the near camera, the one that streams. */
export const streamSettings: CameraSettings = {
  pixelFormat: "Mono16",
  exposureUs: 1000,
  gainDb: 0,
  region: null,
  triggerLine: "Line0",
};

/** One frame is exposed and rendered while the one before is sent. */
const framesInFlight = 2;
/** Readout of the virtual camera's sensor, and a margin for a board that runs late. */
const readoutPxPerMs = 200_000;
const marginMs = 3;
/** After this long without a frame the triggers under way are given up. */
const patienceMs = 1500;
/** A client may first have to wait for the control of the one before to end. */
const armMs = 15_000;
/** How often the rig is asked how far it has come. */
const pollMs = 2;
/** From the last packet sent to the frame in the client's hands. */
const arrivalMs = 200;

const cameraStatus = z.looseObject({ armed: z.boolean(), framesSent: z.int() });
const rigStatus = z.looseObject({ cameras: z.looseObject({ near: cameraStatus }) });

export interface Streamed {
  readonly framesSent: number;
  /** From the first trigger to the end of the last frame. */
  readonly seconds: number;
}

type Sensor = { readonly widthPx: number; readonly heightPx: number };
type Trigger = Awaited<ReturnType<typeof openTrigger>>;

export class TriggeredStream {
  readonly #rig: VirtualRig;
  readonly #trigger: Trigger;
  readonly #leastPeriodMs: number;

  private constructor(rig: VirtualRig, trigger: Trigger, sensor: Sensor) {
    this.#rig = rig;
    this.#trigger = trigger;
    const readoutMs = (sensor.widthPx * sensor.heightPx) / readoutPxPerMs;
    this.#leastPeriodMs = streamSettings.exposureUs / 1000 + readoutMs + marginMs;
  }

  static async start(sensor: Sensor): Promise<TriggeredStream> {
    const serial = { near: `N${process.pid}`, far: `F${process.pid}` };
    const rig = await VirtualRig.start({ serial, sensor, pixelFormat: streamSettings.pixelFormat });
    return new TriggeredStream(rig, await openTrigger(rig.tty), sensor);
  }

  /** Serial and address of the camera that streams. */
  get camera(): { readonly serial: string; readonly address: string } {
    return this.#rig.ready.cameras.near;
  }

  /** Waits until a client has armed the camera, then streams to it for `seconds`. */
  async run(seconds: number): Promise<Streamed> {
    const before = await this.#armedAt();
    const startMs = performance.now();
    let [sent, lastSentMs] = [0, startMs];
    let [fired, lastFiredMs] = [0, 0];
    for (;;) {
      const nowMs = performance.now();
      const sentNow = (await this.#status()).framesSent - before;
      if (sentNow > sent) [sent, lastSentMs] = [sentNow, nowMs];
      const isOver = nowMs - startMs > 1000 * seconds;
      const isStuck = nowMs - lastSentMs > patienceMs;
      if (isOver && (sent >= fired || isStuck)) break;
      if (isStuck) fired = sent; // an edge that the camera ignored
      const isRested = nowMs - lastFiredMs >= this.#leastPeriodMs;
      if (isOver || !isRested || fired - sent >= framesInFlight) await sleep(pollMs);
      else [fired, lastFiredMs] = [fired + 1, await this.#fire()];
    }
    await sleep(arrivalMs);
    return { framesSent: sent, seconds: (lastSentMs - startMs) / 1000 };
  }

  async stop(): Promise<void> {
    await this.#trigger.close();
    await this.#rig.stop();
  }

  /** Waits until the camera is armed. @returns how many frames it had sent before */
  async #armedAt(): Promise<number> {
    const deadlineMs = performance.now() + armMs;
    for (;;) {
      const { armed, framesSent } = await this.#status();
      if (armed) return framesSent;
      if (performance.now() > deadlineMs) throw new Error(`no client armed the camera within ${armMs} ms`);
      await sleep(10);
    }
  }

  /** @returns when the trigger was over, in ms of `performance.now()` */
  async #fire(): Promise<number> {
    await this.#trigger.fire();
    return performance.now();
  }

  async #status(): Promise<z.infer<typeof cameraStatus>> {
    return rigStatus.parse(await this.#rig.request("status", {})).cameras.near;
  }
}

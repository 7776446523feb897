/** The shooter on capture's own engine: the same arming, clocks and pairing, but nothing is stored. */
import { sleep } from "../../base/abort.js";
import type { Clock } from "../../base/clock.js";
import type { Logger } from "../../base/log.js";
import type { DryTrigger, NumberedShot } from "../../capture/arm-barrier.js";
import { rawFrameOf } from "../../capture/camera-frame.js";
import type { CapturedShot } from "../../capture/captured-shot.js";
import { ClockSync } from "../../capture/clock-sync.js";
import { Condition } from "../../capture/condition.js";
import { FrameIntake } from "../../capture/frame-intake.js";
import { LiveRig } from "../../capture/live-rig.js";
import { Pairing } from "../../capture/pairing.js";
import { arms, type PerArm, perArm, type Rig, type RigFactory } from "../../capture/rig.js";
import { ShotTaker } from "../../capture/shot-taker.js";
import type { CameraFrame } from "../../devices/contract/camera.js";
import type { TargetGuide } from "../../devices/contract/target-guide.js";
import type { Arm, TriggerReport } from "../../devices/contract/trigger-board.js";
import { decodeFrame } from "../../imaging/decode.js";
import type { LinearImage, RawFrame } from "../../imaging/raw-frame.js";
import { unpackSamples } from "../../imaging/unpack.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { missingError } from "./missing-frames.js";
import type { RigShooter, RigShot, ShotFrame } from "./shooter.js";

export interface ShooterParts {
  /** Opened and idle; closed by the caller after `end`. */
  readonly rig: Rig;
  readonly factory: RigFactory;
  readonly config: RigConfig;
  readonly guide: TargetGuide;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long the frames of disarmed cameras may take to end. */
const pumpPatienceMs = 2000;
/** Shot ids of calibrations begin here; those of datasets, counted from 1, never come near. */
const firstShotId = 2 ** 31;

/**
 * Configures the board and both cameras, arms the cameras and fits their clocks with dry triggers.
 * @throws what a device that refuses or does not answer gives: CAMERA_REFUSED, CONFIG_INVALID, SYNC_FAILED…
 */
export async function openShooter(parts: ShooterParts, signal?: AbortSignal): Promise<RigShooter> {
  const shooter = new LiveShooter(parts);
  try {
    await shooter.start(signal);
  } catch (error) {
    await shooter.end();
    throw error;
  }
  return shooter;
}

class LiveShooter implements RigShooter {
  readonly #parts: ShooterParts;
  readonly #changed = new Condition();
  readonly #pairing: Pairing<CameraFrame>;
  readonly #intake: FrameIntake;
  readonly #live: LiveRig;
  readonly #clockSync: ClockSync<NumberedShot>;
  #nextShotId: number;

  constructor(parts: ShooterParts) {
    this.#parts = parts;
    const { config, clock } = parts;
    const pairing = new Pairing<CameraFrame>({ feedback: perArm((arm) => config[arm].feedback) });
    const intake = new FrameIntake({ pairing, changed: this.#changed, onStray: () => {} });
    const shared = { pairing, intake, changed: this.#changed, config, clock };
    this.#pairing = pairing;
    this.#intake = intake;
    this.#live = new LiveRig({ ...parts, ...shared });
    const openShot = async (): Promise<NumberedShot> => ({ shotId: this.#nextShotId++ });
    const onDry = async (dry: DryTrigger): Promise<void> => this.#closeDry(dry);
    this.#clockSync = new ClockSync({ ...shared, live: this.#live, openShot, onDry });
    // Another shooter of the same boot of the board began at an earlier millisecond and fires slower than that.
    this.#nextShotId = firstShotId + Number((clock.monotonicNs() / 1_000_000n) % 2n ** 30n);
  }

  get config(): RigConfig {
    return this.#parts.config;
  }

  get board() {
    return this.#parts.rig.board.identity;
  }

  get cameras() {
    return perArm((arm) => this.#parts.rig[arm].identity);
  }

  get guide(): TargetGuide {
    return this.#parts.guide;
  }

  async start(signal?: AbortSignal): Promise<void> {
    await this.#live.connect();
    await this.#ready(signal ?? new AbortController().signal);
  }

  async shoot(signal: AbortSignal = new AbortController().signal): Promise<RigShot> {
    const tries = 1 + this.config.limits.retakes;
    for (let left = tries; ; left--) {
      await this.#ready(signal);
      const shot = await this.#take(signal);
      const report = shot.fire.kind === "fired" ? shot.fire.report : null;
      const { near, far } = shot.trigger.frames;
      if (shot.trigger.outcome === "paired" && report !== null && near !== null && far !== null) {
        return this.#pair(shot, report, near.frame, far.frame);
      }
      for (const arm of arms) shot.trigger.frames[arm]?.frame.release();
      signal.throwIfAborted();
      if (left <= 1) throw missingError(shot, tries);
    }
  }

  moveTo(distanceMm: number, signal?: AbortSignal): Promise<void> {
    return this.#parts.rig.stage.moveTo(distanceMm, signal);
  }

  setExposure(arm: Arm, exposureUs: number): Promise<number> {
    return this.#live.setExposure(arm, exposureUs);
  }

  setDelays(delayUs: PerArm<number>): Promise<PerArm<number>> {
    return this.#live.setDelays(delayUs);
  }

  async end(): Promise<void> {
    await this.#live.shutDown();
    // A camera that could not even be disarmed may never end its frames; its owner closes it.
    const patience = new AbortController();
    await Promise.race([this.#intake.ended(), sleep(pumpPatienceMs, patience.signal)]).finally(() =>
      patience.abort(),
    );
    this.#intake.dismiss(this.#pairing.finish());
    await this.#parts.guide.release().catch((error: unknown) => {
      this.#parts.logger.warn({ error }, "putting back what stood before the rig failed");
    });
  }

  /** Everything there, clocks fitted. @throws why not. */
  async #ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#live.probe();
    if (this.#live.trouble !== null) throw this.#live.trouble;
    if (this.#clockSync.isDue()) await this.#clockSync.fit(signal);
  }

  #take(signal: AbortSignal): Promise<CapturedShot<NumberedShot>> {
    const { config, clock } = this.#parts;
    const shared = { pairing: this.#pairing, intake: this.#intake, changed: this.#changed, config, clock };
    // The taker looks at its signal only when something changes.
    const wake = (): void => this.#changed.notify();
    signal.addEventListener("abort", wake);
    return new ShotTaker({ ...shared, live: this.#live, signal })
      .take({ shotId: this.#nextShotId++ })
      .finally(() => signal.removeEventListener("abort", wake));
  }

  #closeDry({ open }: DryTrigger): void {
    const { trigger, strays } = this.#pairing.close(open.shotId);
    this.#intake.dismiss(strays);
    for (const arm of arms) trigger.frames[arm]?.frame.release();
  }

  #pair(
    shot: CapturedShot<NumberedShot>,
    report: TriggerReport,
    near: CameraFrame,
    far: CameraFrame,
  ): RigShot {
    const { config } = this.#parts;
    return {
      shotId: shot.open.shotId,
      report,
      skewUs: shot.skew.kind === "measured" ? shot.skew.us : null,
      near: new KeptFrame(keep(rawFrameOf(near, config.near), near)),
      far: new KeptFrame(keep(rawFrameOf(far, config.far), far)),
    };
  }
}

/** The frame with a payload of its own; the camera gets its buffer back. */
function keep(raw: RawFrame, frame: CameraFrame): RawFrame {
  const payload = new Uint8Array(new SharedArrayBuffer(raw.payload.byteLength));
  payload.set(raw.payload);
  frame.release();
  return { ...raw, payload };
}

class KeptFrame implements ShotFrame {
  readonly raw: RawFrame;
  #image: Promise<LinearImage> | null = null;

  constructor(raw: RawFrame) {
    this.raw = raw;
  }

  image(): Promise<LinearImage> {
    this.#image ??= decodeFrame({ ...this.raw, samples: unpackSamples(this.raw) });
    return this.#image;
  }
}

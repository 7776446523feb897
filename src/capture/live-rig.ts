/** The rig in use: configured, armed, watched, and opened again when a part of it was lost. */
import { WorldError } from "../base/errors.js";
import type { Logger } from "../base/log.js";
import type { Camera, CameraFrame, CameraSettings } from "../devices/contract/camera.js";
import type { Arm, TriggerBoard, TriggerSettings } from "../devices/contract/trigger-board.js";
import type { CameraConfig, RigConfig } from "../schema/rig-config.js";
import type { Condition } from "./condition.js";
import type { FrameIntake } from "./frame-intake.js";
import type { Pairing } from "./pairing.js";
import { arms, type PerArm, type Rig, type RigFactory } from "./rig.js";
import type { DeviceState } from "./run-events.js";
import { triggerSettingsOf } from "./trigger-settings.js";

export interface LiveRigOptions {
  readonly rig: Rig;
  readonly factory: RigFactory;
  readonly config: RigConfig;
  readonly pairing: Pairing<CameraFrame>;
  readonly intake: FrameIntake;
  readonly changed: Condition;
  readonly logger: Logger;
}

interface LiveCamera {
  readonly camera: Camera;
  /** What it is asked to hold. */
  readonly wanted: CameraSettings;
  /** Opened here and therefore closed here. */
  readonly own: boolean;
  readonly settings: CameraSettings;
  readonly armed: boolean;
}

export class LiveRig {
  readonly #options: LiveRigOptions;
  readonly #cameras: Record<Arm, LiveCamera>;
  #settings: TriggerSettings;
  /** Boot of the board that the cameras' clocks were fitted to; null before the first connect. */
  #bootId: string | null = null;
  #boardLost: Error | null = null;

  constructor(options: LiveRigOptions) {
    this.#options = options;
    const { rig, config } = options;
    this.#settings = triggerSettingsOf(config);
    this.#cameras = {
      near: idleCamera(rig.near, cameraSettingsOf(config.near)),
      far: idleCamera(rig.far, cameraSettingsOf(config.far)),
    };
  }

  get board(): TriggerBoard {
    return this.#options.rig.board;
  }

  /** What the board holds. */
  get settings(): TriggerSettings {
    return this.#settings;
  }

  /** Serial and what the camera really holds, for each arm. */
  get cameras(): PerArm<{ readonly serial: string; readonly settings: CameraSettings }> {
    const facts = (arm: Arm): { readonly serial: string; readonly settings: CameraSettings } => {
      const { camera, settings } = this.#cameras[arm];
      return { serial: camera.identity.serial, settings };
    };
    return { near: facts("near"), far: facts("far") };
  }

  get boardState(): DeviceState {
    if (this.#boardLost !== null) return "lost";
    return this.#bootId === null ? "closed" : "ready";
  }

  cameraState(arm: Arm): DeviceState {
    if (this.#options.intake.lost(arm) !== null) return "lost";
    return this.#cameras[arm].armed ? "armed" : "ready";
  }

  /** What is lost now; null when the rig may fire. */
  get trouble(): Error | null {
    const { intake } = this.#options;
    return this.#boardLost ?? intake.lost("near") ?? intake.lost("far");
  }

  /** Arms whose clock must be fitted before a real shot. */
  get unsynced(): readonly Arm[] {
    return arms.filter((arm) => this.#options.pairing.clock(arm) === null);
  }

  /** Why no lost device can come back; null while one can. */
  hopeless(): Error | null {
    return this.#options.factory.hopeless();
  }

  /** Configures the board and both cameras and arms the cameras. */
  async connect(): Promise<void> {
    this.#settings = await this.board.configure(triggerSettingsOf(this.#options.config));
    this.#bootId = this.board.identity.bootId;
    this.#watchBoard();
    const starts = arms.map((arm) => this.#startCamera(arm, this.#cameras[arm].camera, false));
    // Both have ended before a failure is told, so that what was armed can be disarmed.
    await Promise.allSettled(starts);
    await Promise.all(starts);
  }

  /**
   * Asks the board for a sign of life. A board that does not answer, or has booted since the clocks
   * were fitted, is found here before it costs a shot.
   */
  async probe(): Promise<void> {
    if (this.#boardLost !== null) return;
    try {
      await this.board.status();
    } catch (error) {
      this.#loseBoard(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (this.board.identity.bootId !== this.#bootId) {
      this.#loseBoard(
        new WorldError("BOARD_REBOOTED", "the trigger board has rebooted", {
          advice: "Check its power supply; nearfar goes on by itself.",
        }),
      );
    }
  }

  /** One try to bring back everything that is lost. @throws when something is still away. */
  async restore(signal: AbortSignal): Promise<void> {
    if (this.#boardLost !== null) await this.#restoreBoard(signal);
    for (const arm of arms) {
      if (this.#options.intake.lost(arm) !== null) await this.#restoreCamera(arm, signal);
    }
  }

  /**
   * Gives an armed camera another exposure; its clock must be fitted anew. Resolves with what it really holds.
   * @throws WorldError CAMERA_REFUSED (it then keeps the one it had), CAMERA_LOST.
   */
  async setExposure(arm: Arm, exposureUs: number): Promise<number> {
    const before = this.#cameras[arm];
    await before.camera.disarm();
    await this.#options.intake.ended(arm);
    this.#cameras[arm] = { ...before, wanted: { ...before.wanted, exposureUs }, armed: false };
    this.forgetClocks([arm]);
    try {
      await this.#startCamera(arm, before.camera, before.own);
    } catch (error) {
      this.#cameras[arm] = { ...before, armed: false };
      if (this.#options.intake.lost(arm) === null) await this.#startCamera(arm, before.camera, before.own);
      throw error;
    }
    return this.#cameras[arm].settings.exposureUs;
  }

  /**
   * Sets the waits before the trigger edges; resolves with what the board holds.
   * @throws CallerError CONFIG_INVALID for a delay that it cannot make.
   */
  async setDelays(delayUs: PerArm<number>): Promise<PerArm<number>> {
    this.#settings = await this.board.configure({ ...this.#settings, delayUs });
    return this.#settings.delayUs;
  }

  /** Holds every clock fit for void: all arms need a new handshake. */
  forgetClocks(forgotten: readonly Arm[] = arms): void {
    const { intake, pairing } = this.#options;
    for (const arm of forgotten) intake.dismiss(pairing.restart(arm));
  }

  /** Outputs off, cameras disarmed, own cameras closed; failures are logged, never thrown. */
  async shutDown(): Promise<void> {
    const quietly = async (what: string, work: Promise<void>): Promise<void> => {
      await work.catch((error: unknown) => this.#options.logger.warn({ error }, `${what} failed`));
    };
    await quietly("disarming the board", this.board.disarm());
    for (const arm of arms) {
      const { camera, own, armed } = this.#cameras[arm];
      if (armed && this.#options.intake.lost(arm) === null) {
        await quietly(`disarming the ${arm} camera`, camera.disarm());
      }
      if (own) await quietly(`closing the ${arm} camera`, camera.close());
      this.#cameras[arm] = { ...this.#cameras[arm], armed: false };
    }
  }

  async #startCamera(arm: Arm, camera: Camera, own: boolean): Promise<void> {
    const { wanted } = this.#cameras[arm];
    const settings = await camera.configure(wanted);
    await camera.arm();
    this.#cameras[arm] = { camera, own, wanted, settings, armed: true };
    this.#options.intake.attach(arm, camera);
  }

  async #restoreBoard(signal: AbortSignal): Promise<void> {
    await this.board.reconnect(signal);
    this.#boardLost = null;
    this.#watchBoard();
    const bootId = this.board.identity.bootId;
    // Another boot is another tick count: nothing that was fitted to the old one holds.
    if (bootId !== this.#bootId) this.forgetClocks();
    this.#bootId = bootId;
  }

  async #restoreCamera(arm: Arm, signal: AbortSignal): Promise<void> {
    const { factory, logger } = this.#options;
    const lost = this.#cameras[arm];
    await lost.camera.close().catch((error: unknown) => logger.debug({ error, arm }, "close after loss"));
    this.#cameras[arm] = { ...lost, armed: false };
    const camera = await factory.openCamera(arm, signal);
    this.forgetClocks([arm]);
    try {
      await this.#startCamera(arm, camera, true);
    } catch (error) {
      await camera.close().catch(() => {});
      throw error;
    }
  }

  #watchBoard(): void {
    const { board } = this;
    void board.lost.then((error) => this.#loseBoard(error));
  }

  #loseBoard(error: Error): void {
    this.#boardLost ??= error;
    this.#options.changed.notify();
  }
}

function idleCamera(camera: Camera, wanted: CameraSettings): LiveCamera {
  return { camera, wanted, own: false, settings: wanted, armed: false };
}

/** What the rig config asks of a camera. */
function cameraSettingsOf(config: CameraConfig): CameraSettings {
  const { pixelFormat, exposureUs, gainDb, region, triggerLine } = config;
  return { pixelFormat, exposureUs, gainDb, region, triggerLine };
}

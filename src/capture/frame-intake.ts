/** Carries the frames of both cameras into the pairing, and strays out of it. */
import type { Camera, CameraFrame } from "../devices/contract/camera.js";
import type { Arm } from "../devices/contract/trigger-board.js";
import type { Condition } from "./condition.js";
import type { StrayFate } from "./frame-fate.js";
import type { Pairing } from "./pairing.js";
import type { PerArm } from "./rig.js";

export interface FrameIntakeOptions {
  readonly pairing: Pairing<CameraFrame>;
  /** Notified at every frame and when a camera is lost. */
  readonly changed: Condition;
  /** Gets each stray once; its buffer is handed back to the camera right after. */
  readonly onStray: (fate: StrayFate<CameraFrame>) => void;
}

export class FrameIntake {
  readonly #options: FrameIntakeOptions;
  readonly #arrivals: Record<Arm, number> = { near: 0, far: 0 };
  readonly #lost: Record<Arm, Error | null> = { near: null, far: null };
  readonly #pumps: Record<Arm, Promise<void>> = { near: Promise.resolve(), far: Promise.resolve() };

  constructor(options: FrameIntakeOptions) {
    this.#options = options;
  }

  /** Frames so far, incomplete ones included. */
  get arrivals(): PerArm<number> {
    return { ...this.#arrivals };
  }

  /** Why the arm's camera is gone; null while it is not. */
  lost(arm: Arm): Error | null {
    return this.#lost[arm];
  }

  /** Starts to take the frames of a camera that has been armed; ends by itself with the camera's. */
  attach(arm: Arm, camera: Camera): void {
    this.#lost[arm] = null;
    this.#pumps[arm] = this.#pump(arm, camera);
  }

  /** Resolves when no frame can come any more from one or both cameras: disarmed, closed or lost. */
  async ended(arm?: Arm): Promise<void> {
    await Promise.all(arm === undefined ? [this.#pumps.near, this.#pumps.far] : [this.#pumps[arm]]);
  }

  /** Hands strays on and their buffers back. */
  dismiss(fates: readonly StrayFate<CameraFrame>[]): void {
    for (const fate of fates) {
      try {
        this.#options.onStray(fate);
      } finally {
        fate.frame.release();
      }
    }
  }

  async #pump(arm: Arm, camera: Camera): Promise<void> {
    try {
      for await (const frame of camera.frames()) {
        this.#take(arm, frame);
      }
    } catch (error) {
      this.#lost[arm] = error instanceof Error ? error : new Error(String(error));
      this.#options.changed.notify();
    }
  }

  #take(arm: Arm, frame: CameraFrame): void {
    const { pairing, changed } = this.#options;
    this.#arrivals[arm]++;
    // Before the clocks are fitted only dry triggers fire: their stamps count, not their pixels.
    if (pairing.clock(arm) === null) frame.release();
    this.dismiss(pairing.add(arm, frame));
    changed.notify();
  }
}

/** Collects what the board tells about one trigger while it runs. */
import type { FeedbackPulse, TriggerReport } from "../contract/trigger-board.js";
import type { DecodedEvent, EventValues } from "./generated/protocol.js";

type Fired = EventValues["fired"];
type Exposure = EventValues["exposure"];
type Done = EventValues["done"];

/** A trigger whose parts are all there. */
export interface TriggerParts {
  readonly fired: Fired;
  readonly near: Exposure | null;
  readonly far: Exposure | null;
  readonly done: Done;
}

export class TriggerWatch {
  readonly shotId: number;
  readonly #previousTrigger: number;
  #woken = false;
  #endRest: () => void = () => {};
  fired: Fired | null = null;
  near: Exposure | null = null;
  far: Exposure | null = null;
  done: Done | null = null;

  /** @param previousTrigger number of the last trigger before this one, since the board's boot */
  constructor(shotId: number, previousTrigger: number) {
    this.shotId = shotId;
    this.#previousTrigger = previousTrigger;
  }

  /** Is this part of the trigger that is watched, not of an earlier one of the same shot? */
  belongs(part: { readonly shotId: number; readonly triggerNumber: number }): boolean {
    return part.shotId === this.shotId && part.triggerNumber > this.#previousTrigger;
  }

  take({ name, value }: DecodedEvent): void {
    if (name === "fired" && this.belongs(value)) this.fired = value;
    if (name === "exposure" && this.belongs(value)) this[value.arm] = value;
    if (name === "done" && this.belongs(value)) {
      this.done = value;
      this.wake();
    }
  }

  /** Ends this or the next {@link rest} early: an event was lost, or the whole link. */
  wake(): void {
    this.#woken = true;
    this.#endRest();
  }

  /** Waits `ms` at most for the trigger's end or for {@link wake}. */
  async rest(ms: number): Promise<void> {
    if (!this.#woken && ms > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#endRest = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#woken = false;
  }
}

export function reportOf({ fired, near, far, done }: TriggerParts): TriggerReport {
  return {
    shotId: done.shotId,
    triggerNumber: done.triggerNumber,
    edgeTick: { near: fired.nearTick, far: fired.farTick },
    feedback: { near: pulseOf(near), far: pulseOf(far) },
    pulseCount: { near: done.pulsesNear, far: done.pulsesFar },
    strobeTick: done.strobeTick === 0n ? null : done.strobeTick,
  };
}

/** The board sends an exposure with zeros for an input on which nothing came in time. */
function pulseOf(exposure: Exposure | null): FeedbackPulse | null {
  if (exposure === null || exposure.riseTick === 0n) return null;
  return { riseTick: exposure.riseTick, fallTick: exposure.fallTick === 0n ? null : exposure.fallTick };
}

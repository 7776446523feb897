import type { Stage } from "../contract/stage.js";
import { checkTravel, type RailTravel } from "./rail-travel.js";

/** Asks a person to move the rail; resolves when they say that it is there. */
export type AskOperator = (question: string, signal?: AbortSignal) => Promise<void>;

/** A rail moved by hand. It asks only when the distance changes. */
export class ManualStage implements Stage {
  readonly kind = "manual";
  readonly #travel: RailTravel;
  readonly #ask: AskOperator;
  #standsAtMm: number | null = null;

  constructor(travel: RailTravel, ask: AskOperator) {
    this.#travel = travel;
    this.#ask = ask;
  }

  async moveTo(distanceMm: number, signal?: AbortSignal): Promise<void> {
    checkTravel(distanceMm, this.#travel);
    if (this.#standsAtMm === distanceMm) return;
    await this.#ask(`Move the near camera to ${distanceMm} mm from the eye plane`, signal);
    this.#standsAtMm = distanceMm;
  }

  async close(): Promise<void> {}
}

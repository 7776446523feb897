import type { Stage } from "../contract/stage.js";
import { checkTravel, type RailTravel } from "./rail-travel.js";

/** The rail of the virtual rig; `move` is its control request. */
export class VirtualStage implements Stage {
  readonly kind = "virtual";
  readonly #travel: RailTravel;
  readonly #move: (distanceMm: number) => Promise<void>;

  constructor(travel: RailTravel, move: (distanceMm: number) => Promise<void>) {
    this.#travel = travel;
    this.#move = move;
  }

  async moveTo(distanceMm: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    checkTravel(distanceMm, this.#travel);
    await this.#move(distanceMm);
  }

  async close(): Promise<void> {}
}

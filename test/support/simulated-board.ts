/** The virtual rig in its board-only mode: the real firmware on a simulated chip behind a real tty. */
import { VirtualRig } from "../../src/devices/virtual/virtual-rig.js";
import type { VirtualRigFaults } from "../../src/schema/virtual-rig.js";

/** An output edge of the chip, cycle-exact. */
export interface PinEdge {
  readonly pin: string;
  readonly level: 0 | 1;
  readonly tick: bigint;
}

export class SimulatedBoard {
  readonly #rig: VirtualRig;

  private constructor(rig: VirtualRig) {
    this.#rig = rig;
  }

  static async start(): Promise<SimulatedBoard> {
    return new SimulatedBoard(await VirtualRig.start({ boardOnly: true }));
  }

  get path(): string {
    return this.#rig.tty;
  }

  async setFaults(faults: VirtualRigFaults): Promise<void> {
    await this.#rig.request("faults", { faults });
  }

  /** Every edge since the last call. */
  async takeEdges(): Promise<PinEdge[]> {
    const { edges } = await this.#rig.request("edges", {});
    return edges.map(({ pin, level, tick }) => ({ pin, level, tick: BigInt(tick) }));
  }

  /** One pulse on each arm's feedback after the next rising edge of its own trigger line. */
  async inject(delayTicks: { near: number; far: number }, widthTicks: number): Promise<void> {
    await this.#rig.request("feedbackSource", { source: "injected" });
    const arms = ["near", "far"] as const;
    const pulses = arms.map((arm) => ({ arm, after: arm, delayTicks: delayTicks[arm], widthTicks }));
    await this.#rig.request("inject", { pulses });
  }

  stop(): Promise<void> {
    return this.#rig.stop();
  }

  /** Pulls the cable and the power at once. */
  kill(): Promise<void> {
    return this.#rig.kill();
  }
}

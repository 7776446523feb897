import type {
  RegisterName,
  RegisterReplies,
  RegisterValues,
} from "../../src/devices/trigger/generated/protocol.js";
import {
  baudRate,
  type DecodedEvent,
  decodeEvent,
  splitTick,
} from "../../src/devices/trigger/generated/protocol.js";
import { TriggerLink } from "../../src/devices/trigger/link.js";
import { readRegister, writeRegister } from "../../src/devices/trigger/registers.js";
import { openTty, type Tty } from "../../src/devices/trigger/tty.js";
import type { RigRequestFields, RigResult } from "../../src/devices/virtual/rig-requests.js";
import { VirtualRig } from "../../src/devices/virtual/virtual-rig.js";
import { systemClock } from "./system-clock.js";

/** A request is sent once: what a test provokes must not be healed by a repetition. */
const patienceMs = [5_000];
const longestHostTimeoutMs = 60_000;

export type BenchEdge = Omit<RigResult<"edges">["edges"][number], "tick"> & { readonly tick: number };
export type InjectedPulse = RigRequestFields<"inject">["pulses"][number];

/** What the board says of one trigger beside what its pins really did. Ticks are the chip's. */
export interface BenchShot {
  readonly fired: RegisterValues["lastFired"];
  readonly near: RegisterValues["lastExposureNear"];
  readonly far: RegisterValues["lastExposureFar"];
  readonly done: RegisterValues["lastDone"];
  readonly edges: readonly BenchEdge[];
}

/** The real firmware in the simulated chip, spoken to over the real tty, register by register. */
export class BoardBench {
  readonly rig: VirtualRig;
  #tty: Tty;
  #link: TriggerLink;
  readonly events: DecodedEvent[] = [];
  #lastShotId = 0;

  private constructor(rig: VirtualRig, tty: Tty) {
    this.rig = rig;
    this.#tty = tty;
    this.#link = this.#listenOn(tty);
  }

  #listenOn(tty: Tty): TriggerLink {
    const link = new TriggerLink(tty, systemClock);
    link.listen({
      event: (frame) => this.events.push(decodeEvent(frame.address, splitTick(frame.payload).body)),
      lost: () => {},
    });
    return link;
  }

  get tty(): Tty {
    return this.#tty;
  }

  get link(): TriggerLink {
    return this.#link;
  }

  /** Opens the port anew: a link ends when the board's time runs back, as it does at a boot. */
  async reconnect(): Promise<void> {
    await this.#link.close();
    this.#tty = await openTty(this.rig.tty, baudRate);
    this.#link = this.#listenOn(this.#tty);
  }

  /** Starts a board of its own with feedback from `inject` only, quiet and patient with its host. */
  static async start(pace: "real" | "free"): Promise<BoardBench> {
    const rig = await VirtualRig.start({ boardOnly: true, pace });
    try {
      await rig.request("feedbackSource", { source: "injected" });
      const bench = new BoardBench(rig, await openTty(rig.tty, baudRate));
      await bench.write("hostTimeout", { ms: longestHostTimeoutMs });
      await bench.write("heartbeat", { ms: 0 });
      return bench;
    } catch (error) {
      await rig.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.link.close();
    await this.rig.stop();
  }

  async read<Name extends RegisterName>(name: Name): Promise<RegisterValues[Name]> {
    return (await readRegister(this.link, name, patienceMs)).value;
  }

  async write<Name extends RegisterName>(
    name: Name,
    value: RegisterValues[Name],
  ): Promise<RegisterReplies[Name]> {
    return (await writeRegister(this.link, name, value, patienceMs)).value;
  }

  /** Every output and feedback edge since the last call. */
  async takeEdges(): Promise<BenchEdge[]> {
    const { edges } = await this.rig.request("edges", {});
    return edges.map((edge) => ({ ...edge, tick: Number(edge.tick) }));
  }

  /** Arms and fires one trigger, lets `pulses` follow its edges, and waits until it is over. */
  async shoot(pulses: readonly InjectedPulse[] = []): Promise<BenchShot> {
    const shotId = ++this.#lastShotId;
    await this.takeEdges();
    await this.rig.request("inject", { pulses: [...pulses] });
    await this.write("arm", { shotId, budget: 1 });
    await this.write("fire", { shotId });
    while ((await this.read("state")).state === "firing");
    return {
      fired: await this.read("lastFired"),
      near: await this.read("lastExposureNear"),
      far: await this.read("lastExposureFar"),
      done: await this.read("lastDone"),
      edges: await this.takeEdges(),
    };
  }
}

/** The tick of the only edge of `pin` to `level`. Throws when there is none or more than one. */
export function onlyEdge(edges: readonly BenchEdge[], pin: BenchEdge["pin"], level: 0 | 1): number {
  const ticks = edges.filter((edge) => edge.pin === pin && edge.level === level).map((edge) => edge.tick);
  if (ticks.length !== 1) throw new Error(`${pin} changed to ${level} ${ticks.length} times, not once`);
  return ticks[0] as number;
}

/** How many edges of `pin` there are. */
export function countEdges(edges: readonly BenchEdge[], pin: BenchEdge["pin"]): number {
  return edges.filter((edge) => edge.pin === pin).length;
}

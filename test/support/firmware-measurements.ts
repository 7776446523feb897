/**
 * What the firmware tests measure, small and large alike. Everything is in ticks of 62.5 ns and
 * compares what the board was asked for, or says, with what its pins did in the simulated chip.
 */
import { bits } from "../../src/devices/trigger/generated/protocol.js";
import { type BenchShot, type BoardBench, countEdges, type InjectedPulse, onlyEdge } from "./board-bench.js";
import { seededUniform } from "./noise.js";

const longestDelayTicks = 8_000_000;
const shortestPulseTicks = 1_600;
const msOfTicks = (ticks: number): number => Math.ceil(ticks / 16_000);

/** Integers in [low, high]. */
function seededInteger(seed: number): (low: number, high: number) => number {
  const uniform = seededUniform(seed);
  return (low, high) => low + Math.floor(uniform() * (high - low + 1));
}

const triggerPins = { near: "nearTrigger", far: "farTrigger" } as const;
const feedbackPins = { near: "nearFeedback", far: "farFeedback" } as const;

/** Largest distance of the two rising edges over `shots` shots with equal random delays. */
export async function skewAtEqualDelays(bench: BoardBench, shots: number, seed: number): Promise<number> {
  const integer = seededInteger(seed);
  await bench.write("feedback", { mask: 0 });
  let worst = 0;
  for (let shot = 0; shot < shots; shot++) {
    const delay = shot === 0 ? 0 : integer(0, longestDelayTicks);
    await bench.write("delay", { nearTicks: delay, farTicks: delay });
    const { edges } = await bench.shoot();
    worst = Math.max(worst, Math.abs(onlyEdge(edges, "nearTrigger", 1) - onlyEdge(edges, "farTrigger", 1)));
  }
  return worst;
}

export interface DelayErrors {
  /** Rising edge of the delayed line against the line with delay 0. */
  readonly delay: number;
  readonly pulse: number;
  /** The board's own report of both rising edges against the pins. */
  readonly reported: number;
}

/** Worst errors over `perArm` random delays of 0–500 ms on each arm, the other arm at 0. */
export async function delayErrors(bench: BoardBench, perArm: number, seed: number): Promise<DelayErrors> {
  const integer = seededInteger(seed);
  await bench.write("feedback", { mask: 0 });
  let [delay, pulse, reported] = [0, 0, 0];
  for (let shot = 0; shot < 2 * perArm; shot++) {
    const arm = shot % 2 === 0 ? "near" : "far";
    const other = arm === "near" ? "far" : "near";
    const delayTicks = integer(0, longestDelayTicks);
    const pulseTicks = integer(shortestPulseTicks, 20 * shortestPulseTicks);
    await bench.write("delay", { nearTicks: 0, farTicks: 0, [`${arm}Ticks`]: delayTicks });
    await bench.write("pulse", { ticks: pulseTicks });
    const { edges, fired } = await bench.shoot();
    const rise = onlyEdge(edges, triggerPins[arm], 1);
    const zero = onlyEdge(edges, triggerPins[other], 1);
    delay = Math.max(delay, Math.abs(rise - zero - delayTicks));
    pulse = Math.max(pulse, Math.abs(onlyEdge(edges, triggerPins[arm], 0) - rise - pulseTicks));
    for (const side of ["near", "far"] as const) {
      const told = Number(side === "near" ? fired.nearTick : fired.farTick);
      reported = Math.max(reported, Math.abs(told - onlyEdge(edges, triggerPins[side], 1)));
    }
  }
  return { delay, pulse, reported };
}

/** Worst distance of the four stamps of a shot from the injected edges. */
function stampError(shot: BenchShot): number {
  let worst = 0;
  for (const side of ["near", "far"] as const) {
    const told = shot[side];
    if (told.triggerNumber !== shot.done.triggerNumber) throw new Error(`no ${side} exposure was reported`);
    const rise = Number(told.riseTick) - onlyEdge(shot.edges, feedbackPins[side], 1);
    const fall = Number(told.fallTick) - onlyEdge(shot.edges, feedbackPins[side], 0);
    worst = Math.max(worst, Math.abs(rise), Math.abs(fall));
  }
  return worst;
}

/**
 * Largest error of the feedback stamps over `shots` shots: a third with all edges of both inputs in
 * the same cycle, a third a few cycles apart, a third anywhere.
 */
export async function feedbackStampError(bench: BoardBench, shots: number, seed: number): Promise<number> {
  const integer = seededInteger(seed);
  await bench.write("feedback", { mask: bits.feedbackMask.near | bits.feedbackMask.far });
  await bench.write("delay", { nearTicks: 0, farTicks: 0 });
  await bench.write("pulse", { ticks: shortestPulseTicks });
  let worst = 0;
  for (let shot = 0; shot < shots; shot++) {
    const apart = [0, integer(1, 60), integer(61, 40_000)][shot % 3] as number;
    const delayTicks = integer(800, 160_000);
    const widthTicks = integer(1_600, 160_000);
    const near: InjectedPulse = { arm: "near", after: "near", delayTicks, widthTicks };
    const far: InjectedPulse = { arm: "far", after: "near", delayTicks: delayTicks + apart, widthTicks };
    worst = Math.max(worst, stampError(await bench.shoot(shot % 2 === 0 ? [near, far] : [far, near])));
  }
  return worst;
}

export interface StrobeErrors {
  /** From the later feedback edge to the strobe; never negative. */
  readonly latest: number;
  readonly earliest: number;
  readonly width: number;
  /** The board's own report of the strobe edge against the pin. */
  readonly reported: number;
}

/** Over `shots` shots in strobe mode with both feedback edges, in either order. */
export async function strobeErrors(bench: BoardBench, shots: number, seed: number): Promise<StrobeErrors> {
  const integer = seededInteger(seed);
  const strobeTicks = 16_000;
  await bench.write("feedback", { mask: bits.feedbackMask.near | bits.feedbackMask.far });
  await bench.write("strobe", { enabled: 1, ticks: strobeTicks });
  await bench.write("delay", { nearTicks: 0, farTicks: 0 });
  let [latest, earliest, width, reported] = [0, Number.POSITIVE_INFINITY, 0, 0];
  for (let shot = 0; shot < shots; shot++) {
    const widthTicks = 400_000;
    const first = integer(400, 80_000);
    const second = first + ([0, integer(1, 60), integer(61, 80_000)][shot % 3] as number);
    const [near, far] = shot % 2 === 0 ? [first, second] : [second, first];
    const { edges, done } = await bench.shoot([
      { arm: "near", after: "near", delayTicks: near, widthTicks },
      { arm: "far", after: "far", delayTicks: far, widthTicks },
    ]);
    const flash = onlyEdge(edges, "strobe", 1);
    const later = Math.max(onlyEdge(edges, "nearFeedback", 1), onlyEdge(edges, "farFeedback", 1));
    latest = Math.max(latest, flash - later);
    earliest = Math.min(earliest, flash - later);
    width = Math.max(width, Math.abs(onlyEdge(edges, "strobe", 0) - flash - strobeTicks));
    reported = Math.max(reported, Math.abs(Number(done.strobeTick) - flash));
  }
  await bench.write("strobe", { enabled: 0, ticks: strobeTicks });
  return { latest, earliest, width, reported };
}

/** How often the strobe fired over `shots` shots in which one or both feedback edges stay away. */
export async function strobesWithoutBothEdges(
  bench: BoardBench,
  shots: number,
  seed: number,
): Promise<number> {
  const integer = seededInteger(seed);
  await bench.write("feedback", { mask: bits.feedbackMask.near | bits.feedbackMask.far });
  await bench.write("strobe", { enabled: 1, ticks: 16_000 });
  await bench.write("feedbackTimeout", { ms: msOfTicks(400_000) });
  let flashes = 0;
  for (let shot = 0; shot < shots; shot++) {
    const arm = shot % 2 === 0 ? "near" : "far";
    const pulse = { arm, after: arm, delayTicks: integer(400, 80_000), widthTicks: 100_000 } as const;
    // A second pulse of the same arm must not stand in for the missing one.
    const again = { ...pulse, delayTicks: pulse.delayTicks + 120_000 };
    const { edges, done } = await bench.shoot([[pulse], [pulse, again], []][shot % 3]);
    flashes += countEdges(edges, "strobe");
    if ((done.status & bits.doneStatus.strobeWithheld) === 0)
      throw new Error("the shot does not say strobeWithheld");
  }
  await bench.write("strobe", { enabled: 0, ticks: 16_000 });
  return flashes;
}

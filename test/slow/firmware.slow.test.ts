import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BoardBench } from "../support/board-bench.js";
import {
  delayErrors,
  feedbackStampError,
  skewAtEqualDelays,
  strobeErrors,
  strobesWithoutBothEdges,
} from "../support/firmware-measurements.js";
import { fuzzSerial } from "../support/serial-fuzz.js";
import { underFlood } from "../support/uart-flood.js";

const ticksPerUs = 16;

describe("the firmware, in large counts", () => {
  let bench: BoardBench;
  beforeEach(async () => {
    bench = await BoardBench.start("free");
  });
  afterEach(() => bench.stop());

  it("switches both pins in the same CPU cycle in 1,000 shots with equal delays", async () => {
    expect(await skewAtEqualDelays(bench, 1000, 11)).toBe(0);
  });

  it("keeps 1,000 random delays per channel to one tick", async () => {
    const worst = await delayErrors(bench, 1000, 12);
    console.log("worst errors in ticks", worst);
    expect(worst.delay).toBeLessThanOrEqual(1);
    expect(worst.pulse).toBeLessThanOrEqual(1);
    expect(worst.reported).toBeLessThanOrEqual(1);
  });

  it("stamps 3,000 pairs of feedback pulses within 2 µs", async () => {
    const worst = await feedbackStampError(bench, 3000, 13);
    console.log("worst stamp in ticks", worst);
    expect(worst).toBeLessThanOrEqual(2 * ticksPerUs);
  });

  it("stamps 600 pairs of feedback pulses within 2 µs under full UART traffic", async () => {
    await bench.rig.request("pace", { pace: "real" });
    const worst = await underFlood(bench, () => feedbackStampError(bench, 600, 14));
    console.log("worst stamp under traffic in ticks", worst);
    expect(worst).toBeLessThanOrEqual(2 * ticksPerUs);
    expect(await bench.read("counters")).toMatchObject({ rxCrcErrors: 0, rxOverruns: 0 });
  });

  it("fires 1,000 strobes within 5 µs of the later edge, none when an edge is missing", async () => {
    const strobe = await strobeErrors(bench, 1000, 15);
    console.log("strobe in ticks", strobe);
    expect(strobe.earliest).toBeGreaterThanOrEqual(0);
    expect(strobe.latest).toBeLessThanOrEqual(5 * ticksPerUs);
    expect(await strobesWithoutBothEdges(bench, 500, 16)).toBe(0);
  });

  it("survives 1,000,000 bytes of noise", async () => {
    const result = await fuzzSerial(bench, 1_000_000, 17);
    console.log("fuzz", result);
    expect(result.triggerEdges).toBe(0);
    expect(result.crashed).toBe(false);
    expect(result.rxOverruns).toBe(0);
    expect(result.answerMs).toBeLessThan(100);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BoardBench } from "../support/board-bench.js";
import {
  feedbackStampError,
  strobeErrors,
  strobesWithoutBothEdges,
} from "../support/firmware-measurements.js";
import { underFlood } from "../support/uart-flood.js";

const ticksPerUs = 16;

describe("feedback and strobe of the firmware", () => {
  let bench: BoardBench;
  beforeEach(async () => {
    bench = await BoardBench.start("real");
  });
  afterEach(() => bench.stop());

  it("stamps feedback edges within 2 µs, also two in the same cycle", async () => {
    await bench.rig.request("pace", { pace: "free" });
    expect(await feedbackStampError(bench, 60, 3)).toBeLessThanOrEqual(2 * ticksPerUs);
  });

  it("stamps them as well under full UART traffic", async () => {
    const worst = await underFlood(bench, () => feedbackStampError(bench, 24, 4));
    expect(worst).toBeLessThanOrEqual(2 * ticksPerUs);
    expect(await bench.read("counters")).toMatchObject({ rxCrcErrors: 0, rxOverruns: 0 });
  });

  it("fires the strobe within 5 µs of the later feedback edge", async () => {
    await bench.rig.request("pace", { pace: "free" });
    const { earliest, latest, width, reported } = await strobeErrors(bench, 30, 5);
    expect(earliest).toBeGreaterThanOrEqual(0);
    expect(latest).toBeLessThanOrEqual(5 * ticksPerUs);
    expect(width).toBeLessThanOrEqual(1024);
    expect(reported).toBeLessThanOrEqual(2 * ticksPerUs);
  });

  it("never fires the strobe when a feedback edge is missing", async () => {
    await bench.rig.request("pace", { pace: "free" });
    expect(await strobesWithoutBothEdges(bench, 18, 6)).toBe(0);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BoardBench } from "../support/board-bench.js";
import { delayErrors, skewAtEqualDelays } from "../support/firmware-measurements.js";

describe("trigger edges of the firmware", () => {
  let bench: BoardBench;
  beforeAll(async () => {
    bench = await BoardBench.start("free");
  });
  afterAll(() => bench.stop());

  it("switches both pins in the same CPU cycle when the delays are equal", async () => {
    expect(await skewAtEqualDelays(bench, 20, 1)).toBe(0);
  });

  it("keeps programmed delays and pulse widths to one tick, and reports what the pins did", async () => {
    const worst = await delayErrors(bench, 20, 2);
    expect(worst.delay).toBeLessThanOrEqual(1);
    expect(worst.pulse).toBeLessThanOrEqual(1);
    expect(worst.reported).toBeLessThanOrEqual(1);
  });
});

import { expect, test } from "vitest";
import { plainScatter } from "../support/pair-monte-carlo.js";

// 20 runs know a standard deviation to 16 %; test/slow/calibrate-pair-sigma.slow.test.ts has 200.
test("claimed sigmas are the scatter of read-outs under new noise", async () => {
  const scatter = await plainScatter(20);
  const ratios = scatter.map(({ sampled, claimed }) => (sampled / claimed) ** 2);
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  console.log(`variance sampled over claimed, mean of ${ratios.length} read-outs: ${mean.toFixed(2)}`);
  expect(mean).toBeGreaterThan(0.6);
  expect(mean).toBeLessThan(1.5);
  for (const { name, sampled, claimed } of scatter) {
    expect.soft(claimed / sampled, name).toBeGreaterThan(0.5);
    expect.soft(claimed / sampled, name).toBeLessThan(2);
  }
});

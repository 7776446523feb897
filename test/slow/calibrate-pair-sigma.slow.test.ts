import { expect, test } from "vitest";
import { plainScatter } from "../support/pair-monte-carlo.js";

test("the claimed sigma of every read-out is the scatter of 200 runs within 15 %", async () => {
  const scatter = await plainScatter(200);
  for (const { name, sampled, claimed } of scatter) {
    console.log(`${name}: sampled ${sampled.toPrecision(3)}, claimed ${claimed.toPrecision(3)}`);
    expect.soft(claimed / sampled, name).toBeGreaterThan(0.85);
    expect.soft(claimed / sampled, name).toBeLessThan(1.15);
  }
  expect(scatter).toHaveLength(18);
}, 400_000);

import { afterAll, beforeAll, expect, test } from "vitest";
import { createSolver, type Solver } from "../../src/native/solver.js";
import { sampledScatter } from "../support/pair-monte-carlo.js";
import { SeenPair } from "../support/seen-pair.js";

let solver: Solver;
let pair: SeenPair;
beforeAll(async () => {
  solver = createSolver();
  pair = await SeenPair.start({ stopsMm: [450, 900], viewsPerStop: 6, seed: 41, optics: { honest: false } });
});
afterAll(async () => {
  await pair.stop();
  await solver.close();
});

test("the claimed sigma of every read-out is the scatter of 200 runs within 15 %", async () => {
  const scatter = await sampledScatter(solver, pair, 0.1, 200);
  for (const { name, sampled, claimed } of scatter) {
    console.log(`${name}: sampled ${sampled.toPrecision(3)}, claimed ${claimed.toPrecision(3)}`);
    expect.soft(claimed / sampled, name).toBeGreaterThan(0.85);
    expect.soft(claimed / sampled, name).toBeLessThan(1.15);
  }
  expect(scatter).toHaveLength(18);
}, 400_000);

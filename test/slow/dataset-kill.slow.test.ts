import { expect, it } from "vitest";
import { killWriters } from "../support/dataset-kill.js";

it("loses no acknowledged shot and shows no half pair when its writer is killed 200 times", async () => {
  expect(await killWriters(200)).toBeGreaterThan(200);
}, 1_800_000);

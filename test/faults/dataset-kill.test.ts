import { expect, it } from "vitest";
import { killWriters } from "../support/dataset-kill.js";

it("loses no acknowledged shot and shows no half pair when its writer is killed 10 times", async () => {
  expect(await killWriters(10)).toBeGreaterThan(10);
}, 180_000);

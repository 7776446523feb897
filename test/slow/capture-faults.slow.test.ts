import { expect, test } from "vitest";
import { checkSession, runWithFaults } from "../support/capture-faults.js";
import { CaptureStand } from "../support/capture-stand.js";

test("2,000 shots in one session with faults at random: one true outcome for each trigger and frame", async () => {
  const stand = await CaptureStand.start({ limits: { frameTimeoutMs: 400, retakes: 1 }, seed: 3 });
  try {
    const result = await runWithFaults(stand, {
      shots: 2000,
      seed: 2,
      unplugAfter: [200, 900, 1500],
      killAfter: [350, 700, 1100, 1800],
    });
    const checked = await checkSession(stand, result);
    console.log("outcomes", checked, result.summary.totals);
    expect(checked.triggers).toBeGreaterThanOrEqual(2000);
    expect(checked.pairs).toBeGreaterThan(1000);
    expect(checked.extraFrames.near).toBeGreaterThan(10);
    expect(checked.extraFrames.far).toBeGreaterThan(10);
    expect(result.summary.totals.recoveries).toBeGreaterThanOrEqual(3);
  } finally {
    await stand.stop();
  }
});

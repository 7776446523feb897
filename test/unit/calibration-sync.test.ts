import { describe, expect, test } from "vitest";
import { delaysAgainst } from "../../src/calibration/sync/delays.js";
import { spreadOf } from "../../src/calibration/sync/spread.js";
import { syncGates } from "../../src/calibration/sync/sync-gates.js";
import { loadRigConfig } from "../../src/capture/load-config.js";
import type { SyncRound } from "../../src/schema/calibration-sync.js";
import { repository } from "../support/cli.js";

const delayUs = { near: 15, far: 0 };

function round(skewsUs: readonly number[]): SyncRound {
  const lagUs = { near: 40, far: 55 };
  return {
    delayUs,
    lagUs: { near: spreadOf([40]), far: spreadOf([55]) },
    skewUs: spreadOf(skewsUs),
    shots: skewsUs.map((skewUs, i) => ({ shotId: i + 1, lagUs, skewUs })),
  };
}

describe("trigger delays", () => {
  /** 30 shots about 0 with a standard deviation of 7.2 µs: such a median is off by 1.65 µs. */
  const scatter = Array.from({ length: 30 }, (_, i) => 12.3 * ((2 * i + 1) / 30 - 1));

  test("stay where the skew that they leave is no more than chance", () => {
    expect(delaysAgainst(round(scatter.map((us) => us - 3.1)))).toEqual(delayUs);
  });

  test("follow a skew that is more, in whole ticks, the smaller one 0", () => {
    expect(delaysAgainst(round(scatter.map((us) => us - 4)))).toEqual({ near: 19, far: 0 });
    expect(delaysAgainst(round([20.04, 20.04, 20.04]))).toEqual({ near: 0, far: 5.0625 });
  });

  test("are not proposed from nothing", () => {
    expect(delaysAgainst(round([]))).toBeNull();
  });
});

test("without feedback there is nothing that the LED counter could agree with", async () => {
  const config = await loadRigConfig(`${repository}/rig-configs/virtual.yaml`);
  const blind = { ...round([]), lagUs: { near: null, far: null } };
  const ledCounter = { read: 5, unreadable: 0, mismatched: 0, differenceUs: spreadOf([0.5]) };
  const gates = syncGates({ before: blind, verified: null, ledCounter }, config);
  expect(gates.find(({ id }) => id === "led-agrees")).toMatchObject({ state: "UNKNOWN", value: null });
});

/** Synchronisation on the virtual rig, whose shutter lags are settings. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { calibrateSync, type SyncOutcome } from "../../src/calibration/sync/calibrate-sync.js";
import type { SyncCalibration } from "../../src/schema/calibration-sync.js";
import type { VirtualRigTruth } from "../../src/schema/virtual-rig.js";
import { median } from "../../src/stats/median.js";
import {
  type CalibrationStand,
  fewerPixels,
  startCalibrationStand,
  virtualRigText,
} from "../support/calibration-rig.js";
import { jsonLines, runCli, withFolder } from "../support/cli.js";

const undelayed = ["triggerDelayUs: 15 ", "triggerDelayUs: 0 "] as const;

async function calibrated(
  replacements: readonly (readonly [string, string])[],
  shots: number,
  factor: 2 | 4,
  around: {
    readonly before?: (stand: CalibrationStand) => Promise<unknown>;
    readonly after?: (stand: CalibrationStand, outcome: SyncOutcome) => Promise<void>;
  } = {},
): Promise<SyncOutcome> {
  const stand = await startCalibrationStand(await virtualRigText([...fewerPixels(factor), ...replacements]));
  try {
    await around.before?.(stand);
    const outcome = await calibrateSync(stand.shooter, { shots });
    await around.after?.(stand, outcome);
    return outcome;
  } finally {
    await stand.stop();
  }
}

const stateOf = ({ gates }: SyncOutcome, id: string) => gates.find((gate) => gate.id === id)?.state;

describe("a rig whose cameras lag by 40 and 55 µs ± 5 µs", () => {
  const shots = 100;
  let outcome: SyncOutcome;
  const truths: VirtualRigTruth[] = [];
  beforeAll(async () => {
    outcome = await calibrated([undelayed], shots, 4, {
      after: async ({ shooter, ask }, { body }) => {
        for (const { shotId } of body.before.shots) {
          const truth = await ask("truth", { bootId: shooter.board.bootId, shotId });
          if (truth !== null) truths.push(truth);
        }
      },
    });
  }, 60_000);

  test("lags are found within 1 µs of the truth", () => {
    const ticks = (from: string | undefined, to: string | undefined): number =>
      Number(BigInt(to ?? 0) - BigInt(from ?? 0));
    expect(truths.length).toBeGreaterThan(50);
    for (const arm of ["near", "far"] as const) {
      const errorsUs = truths.map(({ shotId, triggers }) => {
        const measured = outcome.body.before.shots.find((shot) => shot.shotId === shotId);
        const real = triggers[0]?.[arm];
        const lagTicks = ticks(real?.triggerTick, real?.exposureStartTick);
        return (measured?.lagUs[arm] ?? Number.NaN) - lagTicks * 0.0625;
      });
      // The chip stamps a pulse when it gets to it: a single one up to 3 µs late.
      expect(Math.abs(median(errorsUs) ?? Number.NaN)).toBeLessThan(1);
      expect(Math.max(...errorsUs.map(Math.abs))).toBeLessThan(3);
    }
  });

  test("and their medians, and the delays that even them out", () => {
    const { before, proposedDelayUs, skewKind } = outcome.body;
    expect(skewKind).toBe("measured");
    expect(before.shots).toHaveLength(shots);
    // The median of 100 normal deviates is off by 0.63 µs, that of their difference by 0.89 µs.
    expect(Math.abs((before.lagUs.near?.median ?? Number.NaN) - 40)).toBeLessThan(2);
    expect(Math.abs((before.lagUs.far?.median ?? Number.NaN) - 55)).toBeLessThan(2);
    expect(Math.abs((before.skewUs?.median ?? Number.NaN) + 15)).toBeLessThan(3);
    // 95 % of them lie within 1.96 standard deviations.
    expect(before.lagUs.near?.p95).toBeGreaterThan(7);
    expect(before.lagUs.near?.p95).toBeLessThan(13);
    expect(proposedDelayUs?.far).toBe(0);
    // Whole ticks of 62.5 ns, which undo the median to half of one.
    expect(((proposedDelayUs?.near ?? Number.NaN) / 0.0625) % 1).toBe(0);
    expect(Math.abs((proposedDelayUs?.near ?? 0) + (before.skewUs?.median ?? 0))).toBeLessThanOrEqual(
      0.03125,
    );
  });

  test("further shots at those delays prove them", () => {
    const { verified, proposedDelayUs } = outcome.body;
    expect(verified?.delayUs).toEqual(proposedDelayUs);
    expect(verified?.shots).toHaveLength(shots);
    expect(Math.abs(verified?.skewUs?.median ?? Number.NaN)).toBeLessThan(4);
    const ids = ["feedback-near", "skew-median", "skew-p95", "skew-max", "lag-jitter-near", "lag-jitter-far"];
    expect(ids.map((id) => stateOf(outcome, id))).toEqual(ids.map(() => "PASS"));
  });
});

test("without a feedback wire skew is assumed, never measured", async () => {
  // A strobe needs both wires.
  const wire = [
    "feedback: true         # exposure-active",
    "feedback: false         # exposure-active",
  ] as const;
  const outcome = await calibrated([wire, ["enabled: true", "enabled: false"]], 5, 2);
  const { skewKind, proposedDelayUs, verified, before } = outcome.body;
  expect({ skewKind, proposedDelayUs, verified }).toEqual({
    skewKind: "assumed",
    proposedDelayUs: null,
    verified: null,
  });
  expect(before.delayUs).toEqual({ near: 15, far: 0 });
  expect(before.lagUs).toMatchObject({ near: null, far: { count: 5 } });
  expect(before.skewUs).toBeNull();
  expect(stateOf(outcome, "feedback-near")).toBe("UNKNOWN");
  expect(stateOf(outcome, "skew-median")).toBe("UNKNOWN");
  // The pixels still tell, to one exposure's jitter: near is triggered 15 µs later and lags 15 µs less.
  expect(outcome.body.ledCounter).toMatchObject({ read: 5, unreadable: 0, mismatched: 0 });
  expect(Math.abs(outcome.body.ledCounter?.differenceUs?.median ?? Number.NaN)).toBeLessThan(12);
}, 60_000);

test("a wire whose pulses do not come is told, and nothing is proposed from it", async () => {
  const outcome = await calibrated([["enabled: true", "enabled: false"]], 5, 4, {
    before: ({ ask }) => ask("feedbackSource", { source: "injected" }),
  });
  expect(outcome.body).toMatchObject({ skewKind: "assumed", proposedDelayUs: null, verified: null });
  expect(stateOf(outcome, "feedback-near")).toBe("FAIL");
  expect(stateOf(outcome, "feedback-far")).toBe("FAIL");
}, 60_000);

test("a delay that the board cannot make is refused", async () => {
  const stand = await startCalibrationStand(await virtualRigText(fewerPixels(4)));
  try {
    await expect(stand.shooter.setDelays({ near: 600_000, far: 0 })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    await expect(stand.shooter.setExposure("far", 1e9)).rejects.toMatchObject({ code: "CAMERA_REFUSED" });
    // Both went on with what they had.
    expect((await stand.shooter.shoot()).skewUs).not.toBeNull();
  } finally {
    await stand.stop();
  }
}, 60_000);

test(
  "nearfar calibrate sync keeps the record, and changes nothing of the config but the delay",
  () =>
    withFolder(async (folder) => {
      const [rig, store] = [join(folder, "rig.yaml"), join(folder, "store")];
      const before = await virtualRigText([...fewerPixels(4), undelayed]);
      await writeFile(rig, before);
      const words = [
        "calibrate",
        "sync",
        "--rig",
        rig,
        "--store",
        store,
        "--shots",
        "5",
        "--write-config",
        "--json",
      ];
      const result = await runCli(...words);
      expect(result.stderr).toBe("");
      const [{ record }] = jsonLines(result.stdout) as [{ record: SyncCalibration }];
      const near = record.proposedDelayUs?.near ?? Number.NaN;
      expect(near).toBeGreaterThan(0);
      expect(await readFile(rig, "utf8")).toBe(before.replace(undelayed[1], `triggerDelayUs: ${near} `));
      expect(record.expiresAt).toBe(new Date(Date.parse(record.createdAt) + 30 * 86_400_000).toISOString());
      expect(record.rig).toMatchObject({ near: { serial: "RIG-NEAR" }, virtual: true });
      const list = await runCli("calibrate", "list", "--store", store, "--json");
      expect(list.stdout).toContain(record.calibrationId);
      expect((await readdir(folder)).sort()).toEqual(["rig.yaml", "store"]);
    }),
  60_000,
);

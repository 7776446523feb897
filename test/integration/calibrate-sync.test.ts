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
  const shots = 40;
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
    expect(truths.length).toBeGreaterThan(20);
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
    // The median of 40 normal deviates is off by 1 µs, that of their difference by 1.4 µs.
    expect(Math.abs((before.lagUs.near?.median ?? Number.NaN) - 40)).toBeLessThan(3);
    expect(Math.abs((before.lagUs.far?.median ?? Number.NaN) - 55)).toBeLessThan(3);
    expect(Math.abs((before.skewUs?.median ?? Number.NaN) + 15)).toBeLessThan(4.5);
    // 95 % of them lie within 1.96 standard deviations.
    expect(before.lagUs.near?.p95).toBeGreaterThan(5);
    expect(before.lagUs.near?.p95).toBeLessThan(15);
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
    // Chance of both rounds.
    expect(Math.abs(verified?.skewUs?.median ?? Number.NaN)).toBeLessThan(6);
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

describe("nearfar calibrate sync", () => {
  /** Runs it with --write-config on a rig config of this text. */
  async function written(folder: string, text: string, shots: number) {
    const [rig, store] = [join(folder, "rig.yaml"), join(folder, "store")];
    await writeFile(rig, text);
    const words = ["calibrate", "sync", "--rig", rig, "--store", store, "--shots", String(shots)];
    const result = await runCli(...words, "--write-config", "--json");
    const [{ record }] = jsonLines(result.stdout) as [{ record: SyncCalibration }];
    return { result, record, store, text: await readFile(rig, "utf8") };
  }

  test(
    "keeps the record, and changes nothing of the config but the delay",
    () =>
      withFolder(async (folder) => {
        const before = await virtualRigText([...fewerPixels(2), undelayed]);
        const { result, record, store, text } = await written(folder, before, 12);
        expect(result).toMatchObject({ status: 0, stderr: "" });
        const near = record.proposedDelayUs?.near ?? Number.NaN;
        expect(near).toBeGreaterThan(0);
        expect(text).toBe(before.replace(undelayed[1], `triggerDelayUs: ${near} `));
        expect(record.expiresAt).toBe(new Date(Date.parse(record.createdAt) + 30 * 86_400_000).toISOString());
        expect(record.rig).toMatchObject({ near: { serial: "RIG-NEAR" }, virtual: true });
        const list = await runCli("calibrate", "list", "--store", store, "--json");
        expect(list.stdout).toContain(record.calibrationId);
        expect((await readdir(folder)).sort()).toEqual(["rig.yaml", "store"]);
      }),
    60_000,
  );

  test(
    "tells of delays that fail their verification, and does not write them",
    () =>
      withFolder(async (folder) => {
        const strict = ["skewUs: 200  ", "skewUs: 0.5  "] as const;
        const before = await virtualRigText([...fewerPixels(4), undelayed, strict]);
        const { result, record, text } = await written(folder, before, 8);
        expect(result.status).toBe(5);
        expect(record).toMatchObject({
          verdict: "FAIL",
          proposedDelayUs: { near: expect.any(Number), far: 0 },
        });
        expect(record.gates).toContainEqual(expect.objectContaining({ id: "skew-max", state: "FAIL" }));
        expect(jsonLines(result.stderr)).toEqual([
          { type: "note", message: expect.stringMatching(/^Not written to .*rig\.yaml: /) },
        ]);
        expect(text).toBe(before);
      }),
    60_000,
  );
});

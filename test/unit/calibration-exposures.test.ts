/** Exposures found, clamped and set back, on a rig whose light is known. */
import { expect, test } from "vitest";
import { WorldError } from "../../src/base/errors.js";
import { exposeTowards, withExposuresRestored } from "../../src/calibration/rig/exposures.js";
import { type ExposureGoal, findExposures } from "../../src/calibration/rig/find-exposures.js";
import type { RigShooter } from "../../src/calibration/rig/shooter.js";
import { arms, type PerArm, perArm } from "../../src/capture/rig.js";
import { middleSignal } from "../../src/imaging/middle-signal.js";
import type { LinearImage } from "../../src/imaging/raw-frame.js";

const configuredUs = 4000;
const rangeUs = { from: 20, to: 100_000 };

/** Signal over exposure, share of the range, before it clips. */
type Light = (exposureUs: number) => number;

function rigIn(light: PerArm<Light>) {
  const heldUs = { near: configuredUs, far: configuredUs };
  let shots = 0;
  const image = (share: number): LinearImage => {
    const shares = new Float32Array(new SharedArrayBuffer(4 * 81)).fill(Math.min(1, share));
    return { widthPx: 9, heightPx: 9, channels: 1, shares };
  };
  const config = perArm(() => ({ exposureUs: configuredUs }));
  const shooter = {
    config,
    shoot: async () => {
      shots += 1;
      return perArm((arm) => ({ image: async () => image(light[arm](heldUs[arm])) }));
    },
    setExposure: async (arm: "near" | "far", us: number) => {
      if (us < rangeUs.from || us > rangeUs.to) {
        throw new WorldError("CAMERA_REFUSED", "out of range", { advice: "" });
      }
      heldUs[arm] = us;
      return us;
    },
  };
  return { shooter: shooter as unknown as RigShooter, heldUs, shots: () => shots };
}

const goal: ExposureGoal = { measure: (image) => middleSignal(image)[0], least: 0.6, aimed: 0.75, most: 0.9 };
const start = perArm(() => configuredUs);
const steady =
  (share: number): Light =>
  (us) =>
    (share * us) / configuredUs;

test("a white that saturates 60 times over and a dim one are both brought to the aim", async () => {
  const light = { near: steady(60), far: steady(0.1) };
  const { shooter, heldUs } = rigIn(light);
  const found = await findExposures(shooter, start, goal);
  expect(found).toEqual(heldUs);
  for (const arm of arms) {
    expect(light[arm](found[arm])).toBeGreaterThan(goal.least);
    expect(light[arm](found[arm])).toBeLessThan(goal.most);
  }
});

test("a camera at its limit gives what it has, and a good exposure costs one shot", async () => {
  const { shooter, shots } = rigIn({ near: steady(0.01), far: steady(0.7) });
  const found = await findExposures(shooter, start, goal);
  expect(found.near).toBeGreaterThan(0.95 * rangeUs.to);
  expect(found.far).toBe(configuredUs);
  const good = rigIn({ near: steady(0.7), far: steady(0.8) });
  await findExposures(good.shooter, start, goal);
  expect(good.shots()).toBe(1);
  expect(shots()).toBeGreaterThan(1);
  const longest = await exposeTowards(shooter, "far", configuredUs, 40 * configuredUs);
  expect(longest / rangeUs.to).toBeGreaterThan(0.95);
});

test("a flash that is too dim is not waited for", async () => {
  const { shooter } = rigIn({ near: () => 0.3, far: steady(0.7) });
  expect(await findExposures(shooter, start, goal)).toEqual(start);
});

test("the config's exposures come back, and the first error stays the one that is told", async () => {
  const { shooter, heldUs } = rigIn({ near: steady(1), far: steady(1) });
  const work = async (): Promise<string> => {
    await shooter.setExposure("near", 100);
    return "done";
  };
  expect(await withExposuresRestored(shooter, work)).toBe("done");
  expect(heldUs).toEqual(start);
  const lost = {
    ...shooter,
    setExposure: (arm: "near" | "far", us: number) =>
      arm === "near" ? Promise.reject(new Error("the camera is gone")) : shooter.setExposure(arm, us),
  };
  const failing = withExposuresRestored(lost, async () => {
    await shooter.setExposure("far", 100);
    throw new Error("the plug was pulled");
  });
  await expect(failing).rejects.toThrow("the plug was pulled");
  expect(heldUs.far).toBe(configuredUs);
});

/** Exposures of both arms that are not the config's. */
import { NearfarError } from "../../base/errors.js";
import { arms, type PerArm, perArm } from "../../capture/rig.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { RigShooter } from "./shooter.js";

/** Exposures as the rig config has them. */
export function configured({ config }: RigShooter): PerArm<number> {
  return perArm((arm) => config[arm].exposureUs);
}

/** @returns what the cameras took, µs. */
export async function exposeFor(shooter: RigShooter, exposureUs: PerArm<number>): Promise<PerArm<number>> {
  return {
    near: await shooter.setExposure("near", exposureUs.near),
    far: await shooter.setExposure("far", exposureUs.far),
  };
}

/** Between what is refused and what was taken, halvings of the ratio that are tried: 3 % of a ratio of 10. */
const halvings = 6;

/**
 * Exposes for `wantedUs`, or as near to it as the camera goes from where it stands.
 * @param nowUs what the camera holds.
 * @returns what it took.
 */
export async function exposeTowards(
  shooter: RigShooter,
  arm: Arm,
  nowUs: number,
  wantedUs: number,
): Promise<number> {
  const whole = await takenOrNull(shooter, arm, wantedUs);
  if (whole !== null) return whole;
  let [heldUs, refusedUs] = [nowUs, wantedUs];
  for (let halving = 0; halving < halvings; halving++) {
    const middleUs = Math.sqrt(heldUs * refusedUs);
    const takenUs = await takenOrNull(shooter, arm, middleUs);
    if (takenUs === null) refusedUs = middleUs;
    else heldUs = takenUs;
  }
  return heldUs;
}

async function takenOrNull(shooter: RigShooter, arm: Arm, exposureUs: number): Promise<number | null> {
  try {
    return await shooter.setExposure(arm, exposureUs);
  } catch (error) {
    if (error instanceof NearfarError && error.code === "CAMERA_REFUSED") return null;
    throw error;
  }
}

/**
 * Does work that changes exposures, and sets the config's again however it ends. When it fails, its own error is what
 * is thrown, whether the cameras can still be set or not.
 */
export async function withExposuresRestored<T>(shooter: RigShooter, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await Promise.allSettled(arms.map((arm) => shooter.setExposure(arm, configured(shooter)[arm])));
    throw error;
  }
  await exposeFor(shooter, configured(shooter));
  return result;
}

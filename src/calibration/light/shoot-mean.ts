/** Shots of both arms at exposures of one's own, averaged. */
import { arms, type PerArm, perArm } from "../../capture/rig.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { RigShooter } from "../rig/shooter.js";
import { ImageMean } from "./image-plane.js";

/** @returns what the cameras took, µs. */
export async function exposeFor(shooter: RigShooter, exposureUs: PerArm<number>): Promise<PerArm<number>> {
  return {
    near: await shooter.setExposure("near", exposureUs.near),
    far: await shooter.setExposure("far", exposureUs.far),
  };
}

/** Exposures as the rig config has them. */
export function configured({ config }: RigShooter): PerArm<number> {
  return perArm((arm) => config[arm].exposureUs);
}

export async function shootImages(shooter: RigShooter, signal?: AbortSignal): Promise<PerArm<LinearImage>> {
  const { near, far } = await shooter.shoot(signal);
  return { near: await near.image(), far: await far.image() };
}

/** Means of `shots` shots. */
export async function shootMean(
  shooter: RigShooter,
  shots: number,
  signal?: AbortSignal,
): Promise<PerArm<LinearImage>> {
  const means = perArm(() => new ImageMean());
  for (let shot = 0; shot < shots; shot++) {
    const images = await shootImages(shooter, signal);
    for (const arm of arms) means[arm].add(images[arm]);
  }
  return perArm((arm) => means[arm].mean());
}

/** Images of both arms, one shot's or the mean of several. */
import { arms, type PerArm, perArm } from "../../capture/rig.js";
import { ImageMean } from "../../imaging/image-mean.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { RigShooter } from "./shooter.js";

export async function shootImages(shooter: RigShooter, signal?: AbortSignal): Promise<PerArm<LinearImage>> {
  const { near, far } = await shooter.shoot(signal);
  return { near: await near.image(), far: await far.image() };
}

/**
 * Means of `shots` shots.
 * @param onShot after each shot.
 */
export async function shootMean(
  shooter: RigShooter,
  shots: number,
  signal?: AbortSignal,
  onShot?: () => void,
): Promise<PerArm<LinearImage>> {
  const means = perArm(() => new ImageMean());
  for (let shot = 0; shot < shots; shot++) {
    const images = await shootImages(shooter, signal);
    onShot?.();
    for (const arm of arms) await means[arm].add(images[arm]);
  }
  return { near: await means.near.mean(), far: await means.far.mean() };
}

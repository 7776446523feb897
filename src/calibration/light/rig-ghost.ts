/** The plate's ghost in both arms at one stop, on the rig. */
import { WorldError } from "../../base/errors.js";
import type { PerArm } from "../../capture/rig.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import { planeOf } from "../../imaging/image-plane.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import { exposeTowards } from "../rig/exposures.js";
import { type ExposureGoal, findExposures } from "../rig/find-exposures.js";
import { shootMean } from "../rig/shoot-mean.js";
import type { RigShooter } from "../rig/shooter.js";
import { type GhostMeasurement, measureGhost } from "./ghost.js";
import { findSpot, type Spot } from "./spot.js";

/** What one arm showed of the point light. */
export type GhostSight =
  | { readonly kind: "ghost"; readonly ghost: GhostMeasurement }
  /** The light is there and no ghost that noise could not make. */
  | { readonly kind: "none" }
  | { readonly kind: "no-light"; readonly why: string };

/** Of the long exposures over the short ones: a ghost of 2 % is then nearly as bright as the main image was. */
const longFactor = 40;
/** By the brightest pixel of the main image, which changes from shot to shot where the spot is small. */
const wellExposed: ExposureGoal = {
  measure: (image) => spotOrNull(image)?.greatest ?? null,
  least: 0.2,
  aimed: 0.55,
  most: 0.8,
};

/**
 * Finds exposures at which the main image is well exposed, then takes `shots` short and `shots` long shots.
 * @param startUs exposures to begin with; the result's `exposureUs` for the next stop.
 */
export async function measureGhosts(
  shooter: RigShooter,
  startUs: PerArm<number>,
  shots: number,
  signal?: AbortSignal,
): Promise<{ readonly sights: PerArm<GhostSight>; readonly exposureUs: PerArm<number> }> {
  const exposureUs = await findExposures(shooter, startUs, wellExposed, signal);
  const short = await shootMean(shooter, shots, signal);
  const lengthened = (arm: Arm): Promise<number> =>
    exposeTowards(shooter, arm, exposureUs[arm], longFactor * exposureUs[arm]);
  const longUs = { near: await lengthened("near"), far: await lengthened("far") };
  const long = await shootMean(shooter, shots, signal);
  const sight = (arm: Arm): Promise<GhostSight> =>
    sightOf(short[arm], { image: long[arm], exposureRatio: longUs[arm] / exposureUs[arm] });
  return { sights: { near: await sight("near"), far: await sight("far") }, exposureUs };
}

async function sightOf(
  main: LinearImage,
  long: { readonly image: LinearImage; readonly exposureRatio: number },
): Promise<GhostSight> {
  try {
    const ghost = await measureGhost({ main, long });
    return ghost === null ? { kind: "none" } : { kind: "ghost", ghost };
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    return { kind: "no-light", why: `${error.message}. ${error.advice}` };
  }
}

function spotOrNull(image: LinearImage): Spot | null {
  try {
    return findSpot(planeOf(image, "all"));
  } catch (error) {
    if (error instanceof WorldError) return null;
    throw error;
  }
}

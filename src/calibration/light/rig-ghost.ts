/** The plate's ghost in both arms at one stop, on the rig. */
import { NearfarError, WorldError } from "../../base/errors.js";
import { arms, type PerArm, perArm } from "../../capture/rig.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { RigShooter } from "../rig/shooter.js";
import { type GhostMeasurement, measureGhost } from "./ghost.js";
import { planeOf } from "./image-plane.js";
import { exposeFor, shootImages, shootMean } from "./shoot-mean.js";
import { findSpot, type Spot } from "./spot.js";

/** What one arm showed of the point light. */
export type GhostSight =
  | { readonly kind: "ghost"; readonly ghost: GhostMeasurement }
  /** The light is there and no ghost that noise could not make. */
  | { readonly kind: "none" }
  | { readonly kind: "no-light"; readonly why: string };

/** Of the long exposures over the short ones: a ghost of 2 % is then nearly as bright as the main image was. */
const longFactor = 40;
/** The brightest pixel of the main image, share of the range: it changes from shot to shot where the spot is small. */
const [leastPeak, aimedPeak, mostPeak] = [0.2, 0.55, 0.8] as const;
/** A saturated spot does not tell by how much it is too bright. */
const saturatedFactor = 1 / 6;
const mostTries = 8;

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
  const exposureUs = await findExposures(shooter, startUs, signal);
  const short = await shootMean(shooter, shots, signal);
  const longUs = await exposeFor(
    shooter,
    perArm((arm) => longFactor * exposureUs[arm]),
  );
  const long = await shootMean(shooter, shots, signal);
  const sights = perArm((arm) =>
    sightOf(short[arm], { image: long[arm], exposureRatio: longUs[arm] / exposureUs[arm] }),
  );
  return { sights, exposureUs };
}

function sightOf(
  main: LinearImage,
  long: { readonly image: LinearImage; readonly exposureRatio: number },
): GhostSight {
  try {
    const ghost = measureGhost({ main, long });
    return ghost === null ? { kind: "none" } : { kind: "ghost", ghost };
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    return { kind: "no-light", why: `${error.message}. ${error.advice}` };
  }
}

async function findExposures(
  shooter: RigShooter,
  startUs: PerArm<number>,
  signal?: AbortSignal,
): Promise<PerArm<number>> {
  let now = await exposeFor(shooter, startUs);
  for (let tries = 1; tries < mostTries; tries++) {
    const images = await shootImages(shooter, signal);
    const factors = perArm((arm) => exposureFactor(images[arm]));
    if (arms.every((arm) => factors[arm] === 1)) return now;
    const next = {
      near: await changeExposure(shooter, "near", now.near, factors.near),
      far: await changeExposure(shooter, "far", now.far, factors.far),
    };
    // The camera's range ends here, or nothing is to be seen.
    if (arms.every((arm) => next[arm] === now[arm])) return next;
    now = next;
  }
  return now;
}

/** By the factor, or as far as the camera goes in halves. @returns what it took. */
async function changeExposure(shooter: RigShooter, arm: Arm, nowUs: number, factor: number): Promise<number> {
  for (const by of factor < 0.5 ? [factor, 0.5] : [factor]) {
    try {
      return await shooter.setExposure(arm, nowUs * by);
    } catch (error) {
      if (!(error instanceof NearfarError && error.code === "CAMERA_REFUSED")) throw error;
    }
  }
  return nowUs;
}

function exposureFactor(image: LinearImage): number {
  const spot = spotOrNull(image);
  if (spot === null) return 1;
  if (spot.saturated) return saturatedFactor;
  const isGood = spot.greatest > leastPeak && spot.greatest < mostPeak;
  return isGood ? 1 : aimedPeak / spot.greatest;
}

function spotOrNull(image: LinearImage): Spot | null {
  try {
    return findSpot(planeOf(image, "all"));
  } catch (error) {
    if (error instanceof WorldError) return null;
    throw error;
  }
}

/** Exposures at which both arms see something well. */
import { arms, type PerArm, perArm } from "../../capture/rig.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import { exposeFor, exposeTowards } from "./exposures.js";
import { shootImages } from "./shoot-mean.js";
import type { RigShooter } from "./shooter.js";

export interface ExposureGoal {
  /** The signal that counts, share of the range; null when there is nothing to go by. */
  readonly measure: (image: LinearImage) => number | null;
  /** Shares between which the signal is good, and what is aimed at. */
  readonly least: number;
  readonly aimed: number;
  readonly most: number;
}

/** At this share of the range a signal does not tell by how much it is too bright. */
const saturationShare = 0.98;
const saturatedFactor = 1 / 6;
/** Longest exposure over the one begun with; weaker light is not worth the wait. */
const mostLonger = 100;
const mostTries = 8;
/** Of the gain that an exposure asks for: a signal that gains less is a flash's, which no longer exposure catches. */
const leastGain = 0.25;

interface Trial {
  readonly exposureUs: number;
  readonly share: number | null;
}

/**
 * Shoots and sets exposures until both arms' signals are good, or as good as cameras and light allow.
 * @param startUs exposures to begin with.
 * @returns what the cameras hold.
 */
export async function findExposures(
  shooter: RigShooter,
  startUs: PerArm<number>,
  goal: ExposureGoal,
  signal?: AbortSignal,
): Promise<PerArm<number>> {
  let heldUs = await exposeFor(shooter, startUs);
  const trials = perArm((): Trial[] => []);
  for (let tries = 1; tries < mostTries; tries++) {
    const images = await shootImages(shooter, signal);
    const change = async (arm: Arm): Promise<number> => {
      trials[arm].push({ exposureUs: heldUs[arm], share: goal.measure(images[arm]) });
      const wantedUs = nextExposure(goal, trials[arm], mostLonger * startUs[arm]);
      return wantedUs === heldUs[arm] ? wantedUs : await exposeTowards(shooter, arm, heldUs[arm], wantedUs);
    };
    const nextUs = { near: await change("near"), far: await change("far") };
    if (arms.every((arm) => nextUs[arm] === heldUs[arm])) return heldUs;
    heldUs = nextUs;
  }
  return heldUs;
}

/** The last exposure when it is good, or no other is better. */
function nextExposure(
  { least, aimed, most }: ExposureGoal,
  trials: readonly Trial[],
  longestUs: number,
): number {
  const { exposureUs, share } = trials.at(-1) as Trial;
  if (share === null) return exposureUs;
  if (share >= saturationShare) return exposureUs * saturatedFactor;
  if (share >= least && share <= most) return exposureUs;
  if (share > most) return (exposureUs * aimed) / share;
  const useless = trials.slice(0, -1).find((shorter, i) => isUseless(shorter, trials[i + 1] as Trial));
  if (useless !== undefined) return useless.exposureUs;
  return Math.min(longestUs, (exposureUs * aimed) / Math.max(share, aimed / mostLonger));
}

/** Whether the longer exposure of two has hardly gained. */
function isUseless(shorter: Trial, longer: Trial): boolean {
  const asked = longer.exposureUs / shorter.exposureUs - 1;
  if (asked <= 0 || shorter.share === null || longer.share === null) return false;
  return longer.share < shorter.share * (1 + leastGain * asked);
}

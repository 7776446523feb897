/** Veil and polarisation of both arms, on the rig: one white in different light, and nobody there. */
import { type PerArm, perArm } from "../../capture/rig.js";
import type { Triple } from "../../color/lab.js";
import { middleSignal } from "../../imaging/middle-signal.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import { configured, exposeFor } from "../rig/exposures.js";
import { type ExposureGoal, findExposures } from "../rig/find-exposures.js";
import { shootMean } from "../rig/shoot-mean.js";
import type { RigShooter } from "../rig/shooter.js";
import { measurePolarisation, type PolarisedResponse } from "./polarisation.js";
import { measureVeil } from "./veil.js";

export interface WhiteMeasurements {
  readonly veil: PerArm<Triple>;
  readonly polarisation: PolarisedResponse | null;
  /** At which a white stays below saturation. */
  readonly exposureUs: PerArm<number>;
}

const wellExposed: ExposureGoal = {
  measure: (image) => Math.max(...middleSignal(image)),
  least: 0.3,
  aimed: 0.75,
  most: 0.9,
};
/** One polarisation may show a third brighter than both together do. */
const polarisedFactor = 0.6;

const texts = {
  white:
    "An even white over the whole view of both cameras, where the face will be, in the light of the session.",
  nobody:
    "Lights on, nobody there: take the white away and hang black velvet behind, so that both cameras see nothing but black.",
  s: "The white again in steady light, and a linear polariser before every lamp (or flat on the white), its axis upright.",
  p: "The same with the polarisers turned by a quarter, their axes level.",
} as const;

/** @param polarised whether somebody can hold polarisers before the lamps. */
export async function measureWhites(
  shooter: RigShooter,
  { shots, polarised, signal }: { shots: number; polarised: boolean; signal?: AbortSignal | undefined },
): Promise<WhiteMeasurements> {
  const { guide } = shooter;
  await guide.show({ show: "flat", text: texts.white }, signal);
  const exposureUs = await findExposures(shooter, configured(shooter), wellExposed, signal);
  const white = await shootMean(shooter, shots, signal);
  await guide.show({ show: "nothing", text: texts.nobody }, signal);
  const nobody = await shootMean(shooter, shots, signal);
  const veil = perArm((arm) => measureVeil({ nobody: nobody[arm], white: white[arm] }));
  if (!polarised) return { veil, polarisation: null, exposureUs };
  await exposeFor(
    shooter,
    perArm((arm) => polarisedFactor * exposureUs[arm]),
  );
  const inLight = async (way: "s" | "p"): Promise<PerArm<LinearImage>> => {
    await guide.show({ show: "flat", light: "steady", polarised: way, text: texts[way] }, signal);
    return shootMean(shooter, shots, signal);
  };
  const [s, p] = [await inLight("s"), await inLight("p")];
  return { veil, polarisation: measurePolarisation({ s, p }), exposureUs };
}

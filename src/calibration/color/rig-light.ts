/** Dark frame, flat field and linearity of both arms, on the rig. */
import { type PerArm, perArm } from "../../capture/rig.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { RigShooter } from "../rig/shooter.js";
import type { ArmLight } from "./calibrate-color.js";
import { cellMeans } from "./cell-means.js";
import { type DarkFrame, measureDark, withoutOffset } from "./dark-frame.js";
import { applyFlatField, makeFlatField, unevenness } from "./flat-field.js";
import { type ExposedSignal, linearityError } from "./linearity.js";

/** Share of the range that the brightest channel of the longest exposure should reach. */
const topSignal = 0.85;
/** Longest exposure over the config's; weaker light is not worth the wait. */
const mostLonger = 100;
/** Of the longest exposure. */
const linearitySteps = [0.2, 0.35, 0.5, 0.65, 0.8, 1] as const;
/** Averaged for the flat field; one more is taken to verify it. */
const flatFrames = 2;
/** Parts along each side of the image; the middle one is measured. */
const parts = 5;

/** Shots that {@link measureLight} takes. */
export const lightShots = 1 + (1 + flatFrames + 1) + (1 + linearitySteps.length);

const evenWhite = "An even white over the whole view of both cameras";

/**
 * Leads through darkness and an even white; sets the exposures back to the config's when it succeeds.
 * @param onShot after each shot.
 * @throws WorldError CALIBRATION_REFUSED for a field that is too dark or too bright; what the shooter throws.
 */
export async function measureLight(
  shooter: RigShooter,
  onShot: () => void,
  signal?: AbortSignal,
): Promise<PerArm<ArmLight>> {
  const { guide, config } = shooter;
  const shoot = async (): Promise<PerArm<LinearImage>> => {
    const shot = await shooter.shoot(signal);
    onShot();
    return { near: await shot.near.image(), far: await shot.far.image() };
  };
  await guide.show({ show: "dark", text: "Lights off or caps on both lenses: no light at all." }, signal);
  const darkImages = await shoot();
  const dark = perArm((arm) => measureDark(darkImages[arm]));

  const corrected = async (): Promise<PerArm<LinearImage>> => {
    const images = await shoot();
    return perArm((arm) => withoutOffset(images[arm], dark[arm].offset));
  };
  await guide.show({ show: "flat", text: `${evenWhite}, in the light of the session.` }, signal);
  await exposeWell(shooter, await corrected());
  const flats: PerArm<LinearImage>[] = [];
  for (let frame = 0; frame <= flatFrames; frame++) flats.push(await corrected());
  const configuredUs = perArm((arm) => config[arm].exposureUs);
  await exposeBoth(shooter, configuredUs, 1);

  const text = `${evenWhite}, in light that burns all the time; strobe unplugged.`;
  await guide.show({ show: "flat", light: "steady", text }, signal);
  const longestUs = await exposeWell(shooter, await corrected());
  const curves: PerArm<ExposedSignal>[] = [];
  for (const step of linearitySteps) {
    const exposureUs = await exposeBoth(shooter, longestUs, step);
    const images = await corrected();
    curves.push(perArm((arm) => ({ exposureUs: exposureUs[arm], share: middleOf(images[arm]) })));
  }
  await exposeBoth(shooter, configuredUs, 1);
  return perArm((arm) =>
    armLight(
      dark[arm],
      flats.map((flat) => flat[arm]),
      curves.map((curve) => curve[arm]),
    ),
  );
}

/**
 * Sets exposures by which the brightest part of an even field, seen at the config's, reads well.
 * @returns what the cameras hold.
 */
function exposeWell(shooter: RigShooter, seen: PerArm<LinearImage>): Promise<PerArm<number>> {
  const factor = perArm((arm) => Math.min(mostLonger, topSignal / brightest(seen[arm])));
  return exposeBoth(
    shooter,
    perArm((arm) => shooter.config[arm].exposureUs * factor[arm]),
    1,
  );
}

async function exposeBoth(
  shooter: RigShooter,
  longestUs: PerArm<number>,
  share: number,
): Promise<PerArm<number>> {
  return {
    near: await shooter.setExposure("near", longestUs.near * share),
    far: await shooter.setExposure("far", longestUs.far * share),
  };
}

/** The last image verifies what the others give. */
function armLight(
  dark: DarkFrame,
  flats: readonly LinearImage[],
  linearity: readonly ExposedSignal[],
): ArmLight {
  const flat = makeFlatField(flats.slice(0, -1));
  const verified = applyFlatField(flats.at(-1) as LinearImage, flat);
  return {
    darkOffset: [...dark.offset],
    darkNoise: [...dark.noise],
    flat,
    flatResidual: unevenness(verified),
    linearityError: linearityError(linearity),
    linearity: [...linearity],
  };
}

/** Mean signal of the brightest channel anywhere, share of the range. */
function brightest(image: LinearImage): number {
  const all = ([0, 1, 2] as const).flatMap((channel) => cellMeans(image, channel, parts, parts));
  return Math.max(1e-3, ...all.map(({ mean }) => mean));
}

/** Mean signal of the image's middle in its brightest channel. */
function middleOf(image: LinearImage): number {
  const middle = Math.floor((parts * parts) / 2);
  return Math.max(
    ...([0, 1, 2] as const).map((channel) => cellMeans(image, channel, parts, parts)[middle]?.mean ?? 0),
  );
}

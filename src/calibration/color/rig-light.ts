/** Dark frame, flat field and linearity of both arms, on the rig. */
import { type PerArm, perArm } from "../../capture/rig.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import { cellMeans } from "../../imaging/cell-means.js";
import { middleSignal } from "../../imaging/middle-signal.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import { configured, exposeFor, withExposuresRestored } from "../rig/exposures.js";
import { type ExposureGoal, findExposures } from "../rig/find-exposures.js";
import { shootImages } from "../rig/shoot-mean.js";
import type { RigShooter } from "../rig/shooter.js";
import type { ArmLight } from "./calibrate-color.js";
import { type DarkFrame, measureDark, withoutOffset } from "./dark-frame.js";
import { applyFlatField, makeFlatField, unevenness } from "./flat-field.js";
import { type ExposedSignal, linearityError } from "./linearity.js";

/** Of the longest exposure. */
const linearitySteps = [0.2, 0.35, 0.5, 0.65, 0.8, 1] as const;
/** Averaged for the flat field; one more is taken to verify it. */
const flatFrames = 2;
/** Parts along each side of the image. */
const parts = 5;

/** By the brightest part of an even field. */
const wellExposed: ExposureGoal = { measure: brightest, least: 0.75, aimed: 0.85, most: 0.92 };

/** Shots that {@link measureLight} counts; those that find exposures come on top. */
export const lightShots = 1 + (flatFrames + 1) + linearitySteps.length;

const evenWhite = "An even white over the whole view of both cameras";

/**
 * Leads through darkness and an even white; exposures are as the config has them afterwards.
 * @param onShot after each shot that counts.
 * @throws WorldError CALIBRATION_REFUSED for a field that is too dark or too bright; what the shooter throws.
 */
export function measureLight(
  shooter: RigShooter,
  onShot: () => void,
  signal?: AbortSignal,
): Promise<PerArm<ArmLight>> {
  const { guide } = shooter;
  const shoot = async (): Promise<PerArm<LinearImage>> => {
    const images = await shootImages(shooter, signal);
    onShot();
    return images;
  };
  const wellExposedField = (): Promise<PerArm<number>> =>
    findExposures(shooter, configured(shooter), wellExposed, signal);
  return withExposuresRestored(shooter, async () => {
    await guide.show({ show: "dark", text: "Lights off or caps on both lenses: no light at all." }, signal);
    const darkImages = await shoot();
    const dark = { near: await measureDark(darkImages.near), far: await measureDark(darkImages.far) };
    const corrected = async (): Promise<PerArm<LinearImage>> => {
      const { near, far } = await shoot();
      return {
        near: await withoutOffset(near, dark.near.offset),
        far: await withoutOffset(far, dark.far.offset),
      };
    };
    await guide.show({ show: "flat", text: `${evenWhite}, in the light of the session.` }, signal);
    await wellExposedField();
    const flats: PerArm<LinearImage>[] = [];
    for (let frame = 0; frame <= flatFrames; frame++) flats.push(await corrected());

    const text = `${evenWhite}, in light that burns all the time; strobe unplugged.`;
    await guide.show({ show: "flat", light: "steady", text }, signal);
    const longestUs = await wellExposedField();
    const curves: PerArm<ExposedSignal>[] = [];
    for (const step of linearitySteps) {
      const exposureUs = await exposeFor(
        shooter,
        perArm((arm) => step * longestUs[arm]),
      );
      const images = await corrected();
      curves.push(perArm((arm) => ({ exposureUs: exposureUs[arm], share: middleOf(images[arm]) })));
    }
    const lightOf = (arm: Arm): Promise<ArmLight> =>
      armLight(
        dark[arm],
        flats.map((flat) => flat[arm]),
        curves.map((curve) => curve[arm]),
      );
    return { near: await lightOf("near"), far: await lightOf("far") };
  });
}

/** The last image verifies what the others give. */
async function armLight(
  dark: DarkFrame,
  flats: readonly LinearImage[],
  linearity: readonly ExposedSignal[],
): Promise<ArmLight> {
  const flat = await makeFlatField(flats.slice(0, -1));
  const verified = await applyFlatField(flats.at(-1) as LinearImage, flat);
  return {
    darkOffset: [...dark.offset],
    darkNoise: [...dark.noise],
    flat,
    flatResidual: await unevenness(verified),
    linearityError: linearityError(linearity),
    linearity: [...linearity],
  };
}

/** Mean signal of the brightest channel anywhere, share of the range. */
function brightest(image: LinearImage): number {
  const all = ([0, 1, 2] as const).flatMap((channel) => cellMeans(image, channel, parts, parts));
  return Math.max(...all.map(({ mean }) => mean));
}

/** Mean signal of the image's middle in its brightest channel. */
const middleOf = (image: LinearImage): number => Math.max(...middleSignal(image));

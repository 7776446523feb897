/** A color calibration on the rig, guided. */
import type { PerArm } from "../../capture/rig.js";
import type { ColorCheckerEdition } from "../../color/color-checker.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { Vision } from "../../native/vision.js";
import type { ChartSighting, ColorCalibration } from "../../schema/calibration-color.js";
import { farDistanceOf } from "../rig/rig-field.js";
import { shootMean } from "../rig/shoot-mean.js";
import type { RigShooter } from "../rig/shooter.js";
import { type ArmLight, type ColorResult, calibrateColor } from "./calibrate-color.js";
import type { FitLoss } from "./color-fit.js";
import { withoutOffset } from "./dark-frame.js";
import { applyFlatField } from "./flat-field.js";
import { lightShots, measureLight } from "./rig-light.js";
import { cameraClip } from "./sample-patches.js";
import { refitSession, type SessionRefit } from "./session-refit.js";
import { resampled, sightChart } from "./sight-chart.js";

/** A chart in front of the rig. */
interface ShownChart {
  readonly vision: Vision;
  /** Id of the chart's definition in calibration/targets. */
  readonly chart: string;
  /** Turn of the chart in the view, clockwise, so that all of it is seen. */
  readonly chartTurnDeg: number;
  /** Near entrance pupil to eye plane; null: where the rig stands. */
  readonly distanceMm: number | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, all: number) => void;
}

export interface RigColorOptions extends ShownChart {
  readonly edition: ColorCheckerEdition;
  readonly previous: ColorCalibration | null;
  readonly loss?: FitLoss;
}

/** Of the chart, averaged. */
const chartShots = 2;

/**
 * Dark, flat, linearity and chart, both arms in the same shots.
 * @throws WorldError CALIBRATION_FAILED when a view has no chart, CALIBRATION_REFUSED for clipped charts, dim fields or
 *   a mirrored view; what `RigShooter` throws.
 */
export async function calibrateColorOnRig(
  shooter: RigShooter,
  options: RigColorOptions,
): Promise<ColorResult> {
  const { distanceMm, signal, onProgress } = options;
  if (distanceMm !== null) await shooter.moveTo(distanceMm, signal);
  let done = 0;
  const onShot = (): void => onProgress?.(++done, lightShots + chartShots);
  onProgress?.(0, lightShots + chartShots);
  const light = await measureLight(shooter, onShot, signal);
  const images = await chartImages(shooter, options, onShot);
  const sight = (arm: Arm): Promise<ChartSighting> => sightCorrected(options, images[arm], light[arm]);
  return calibrateColor({
    edition: options.edition,
    charts: { near: await sight("near"), far: await sight("far") },
    light,
    sameModel: isSameModel(shooter),
    previous: options.previous,
    ...(options.loss === undefined ? {} : { loss: options.loss }),
  });
}

/**
 * The short form for a session: one chart, the former calibration's dark frame, flat field and maps, new gains.
 * @throws as {@link calibrateColorOnRig}; CallerError USAGE for a former calibration without both arms.
 */
export async function refitColorOnRig(
  shooter: RigShooter,
  previous: ColorCalibration,
  options: ShownChart,
): Promise<SessionRefit> {
  const { distanceMm, signal, onProgress } = options;
  if (distanceMm !== null) await shooter.moveTo(distanceMm, signal);
  let done = 0;
  onProgress?.(0, chartShots);
  const images = await chartImages(shooter, options, () => onProgress?.(++done, chartShots));
  const sight = (arm: Arm): Promise<ChartSighting> =>
    sightCorrected(options, images[arm], previous.light[arm]);
  return refitSession(previous, { near: await sight("near"), far: await sight("far") }, isSameModel(shooter));
}

async function chartImages(
  shooter: RigShooter,
  { chart, chartTurnDeg, signal }: ShownChart,
  onShot: () => void,
): Promise<PerArm<LinearImage>> {
  const { config, guide } = shooter;
  await guide.show(
    {
      show: { target: chart },
      pose: {
        translationMm: [0, 0, farDistanceOf(config)],
        rotationDeg: [0, 0, chartTurnDeg],
      },
      text: "The color chart in the eye plane, facing the cameras, all of it in both views, evenly lit, no reflections.",
    },
    signal,
  );
  return shootMean(shooter, chartShots, signal, onShot);
}

async function sightCorrected(
  { vision, signal }: ShownChart,
  image: LinearImage,
  light: ArmLight | null,
): Promise<ChartSighting> {
  const sighted = await sightChart(vision, image, cameraClip, signal);
  if (light === null) return sighted.sighting;
  const [r, g, b] = light.darkOffset;
  const dark = await withoutOffset(image, [r, g, b]);
  return resampled(sighted, light.flat === null ? dark : await applyFlatField(dark, light.flat));
}

function isSameModel({ cameras: { near, far } }: RigShooter): boolean {
  return near.vendor === far.vendor && near.model === far.model;
}

/** What plate and lenses do to light, measured on the rig. */
import { type PerArm, perArm } from "../../capture/rig.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { Vision } from "../../native/vision.js";
import type { LightCalibration } from "../../schema/calibration-color.js";
import type { Gate } from "../../schema/calibration-header.js";
import type { KnownBoard } from "../geometry/observations/seen-board.js";
import type { CalibrationBody } from "../record/create-record.js";
import { configured, withExposuresRestored } from "../rig/exposures.js";
import type { RigShooter } from "../rig/shooter.js";
import { lightAdvice } from "./light-advice.js";
import { lightGates } from "./light-gates.js";
import type { LightStop } from "./light-stop.js";
import { expectedGhostPx, type PlateGlass } from "./plate-ghost.js";
import { measureGhosts } from "./rig-ghost.js";
import { measureSharpness } from "./rig-sharpness.js";
import { measureWhites } from "./rig-whites.js";

export interface LightOptions {
  /** Rail stops, near entrance pupil to eye plane. */
  readonly stopsMm: readonly number[];
  /** That a stop's view shows large and whole. */
  readonly boardAt: (distanceMm: number) => KnownBoard;
  readonly vision: Vision;
  /** Far entrance pupil to eye plane. */
  readonly farDistanceMm: number;
  /** Of the plate; null: unknown, and no ghost is predicted. */
  readonly glass: PlateGlass | null;
  /** Shots that are averaged for ghost, veil and polarisation. */
  readonly shots: number;
  readonly polarised: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: string, done: number, all: number) => void;
}

export interface LightOutcome {
  readonly body: Extract<CalibrationBody, { kind: "light" }>;
  readonly gates: readonly Gate[];
}

/** Lenses, plate and lamps are cleaned and moved within such a time. */
export const lightValidDays = 90;

const pointLightText =
  "A white LED behind a pinhole of 0.5 mm on black velvet, in the eye plane, in the middle of both views; room dark.";

/**
 * One white in different light and nobody there; then at each stop a point light, and a board in the eye plane and
 * tilted there. Exposures are as the config has them afterwards.
 * @throws WorldError CALIBRATION_REFUSED for a white that is of no use; what the shooter throws.
 */
export async function calibrateLight(shooter: RigShooter, options: LightOptions): Promise<LightOutcome> {
  const { stopsMm, shots, polarised, signal, onProgress } = options;
  const all = 1 + 2 * stopsMm.length;
  let done = 0;
  const step = (text: string): void => onProgress?.(text, done++, all);
  return withExposuresRestored(shooter, async () => {
    step("White, veil and polarisation");
    const whites = await measureWhites(shooter, { shots, polarised, signal });
    const stops: LightStop[] = [];
    let pointLightUs = configured(shooter);
    for (const distanceMm of stopsMm) {
      await shooter.moveTo(distanceMm, signal);
      step(`Point light at ${distanceMm} mm`);
      const { sights, exposureUs } = await showPointLight(shooter, options, pointLightUs);
      pointLightUs = exposureUs;
      step(`Board at ${distanceMm} mm`);
      const sharpness = await showBoard(shooter, options, distanceMm, whites.exposureUs);
      stops.push({ distanceMm, ghosts: sights, sharpness });
    }
    return outcomeOf(stops, whites, options.glass);
  });
}

async function showPointLight(
  shooter: RigShooter,
  { farDistanceMm, shots, signal }: LightOptions,
  startUs: PerArm<number>,
): ReturnType<typeof measureGhosts> {
  const pose = { translationMm: [0, 0, farDistanceMm], rotationDeg: [0, 0, 0] } as const;
  const request = { show: { target: "point-light" }, pose, light: "steady", text: pointLightText } as const;
  await shooter.guide.show(request, signal);
  return measureGhosts(shooter, startUs, shots, signal);
}

function showBoard(
  shooter: RigShooter,
  { boardAt, vision, farDistanceMm, signal }: LightOptions,
  distanceMm: number,
  exposureUs: PerArm<number>,
): ReturnType<typeof measureSharpness> {
  return measureSharpness(shooter, {
    board: boardAt(distanceMm),
    vision,
    eyePlaneMm: { near: distanceMm, far: farDistanceMm },
    exposureUs,
    ...(signal === undefined ? {} : { signal }),
  });
}

function outcomeOf(
  stops: readonly LightStop[],
  whites: Awaited<ReturnType<typeof measureWhites>>,
  glass: PlateGlass | null,
): LightOutcome {
  const measured = {
    kind: "light" as const,
    ghost: stops.map((stop) => ({
      distanceMm: stop.distanceMm,
      ...perArm((arm) => ghostRecord(stop, arm, glass)),
      noLight: perArm((arm) => noLight(stop, arm)),
    })),
    veil: perArm((arm) => [...whites.veil[arm]] as [number, number, number]),
    polarisation: whites.polarisation,
    sharpness: perArm((arm) => sharpnessRecords(stops, arm)),
  };
  const gates = lightGates(measured, stops);
  return { body: { ...measured, advice: lightAdvice(measured, stops, glass, gates) }, gates };
}

type GhostRecord = LightCalibration["ghost"][number][Arm];

function ghostRecord({ ghosts, sharpness }: LightStop, arm: Arm, glass: PlateGlass | null): GhostRecord {
  const sight = ghosts[arm];
  if (sight.kind !== "ghost") return null;
  const pxPerMm = sharpness[arm]?.pxPerMm;
  const expected = glass === null || pxPerMm === undefined ? null : expectedGhostPx(glass, pxPerMm);
  const [x, y] = sight.ghost.offsetPx;
  return {
    offsetPx: [x, y],
    strength: sight.ghost.strength,
    expectedOffsetPx: expected && [expected[0], expected[1]],
  };
}

function noLight({ ghosts }: LightStop, arm: Arm): string | null {
  const sight = ghosts[arm];
  return sight.kind === "no-light" ? sight.why : null;
}

function sharpnessRecords(stops: readonly LightStop[], arm: Arm): LightCalibration["sharpness"][Arm] {
  return stops.flatMap(({ distanceMm, sharpness }) => {
    const seen = sharpness[arm];
    if (seen === null) return [];
    return [{ distanceMm, mtf50: [seen.mtf50[0], seen.mtf50[1]], bestFocusMm: seen.bestFocusMm }];
  });
}

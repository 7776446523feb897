/** A color calibration for one session: the last one's maps, its gains from the grays of a chart shown now. */
import { CallerError } from "../../base/errors.js";
import { type PerArm, perArm } from "../../capture/rig.js";
import { grayPatches } from "../../color/color-checker.js";
import { mapColor } from "../../color/color-map.js";
import { deltaE00 } from "../../color/delta-e.js";
import { labOfXyz, type Triple } from "../../color/lab.js";
import type { Matrix } from "../../color/matrix.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { ChartSighting, ColorCalibration } from "../../schema/calibration-color.js";
import type { Gate } from "../../schema/calibration-header.js";
import { type ArmColor, armColor, type RecordedMap } from "./arm-color.js";
import { type ColorBody, recordedArm, requireUpright } from "./calibrate-color.js";
import { armDrift } from "./color-drift.js";
import { type Deltas, deltasOf } from "./color-fit.js";
import { armGates, driftGates, pairGates } from "./color-gates.js";
import { chartXyz, editionOf } from "./edition.js";
import { forGains, type PlainMap, refitNearToFar } from "./gray-refit.js";
import { labOfArm } from "./pair-color.js";
import { cleanColors, pick, usablePatches } from "./usable-patches.js";

/** Light changes from session to session. */
export const refitValidDays = 1;

export interface SessionRefit {
  readonly body: ColorBody;
  readonly gates: readonly Gate[];
  /** What the near-to-far map's result was multiplied by. */
  readonly gains: Triple;
}

/**
 * Corrects a whole calibration for another light by the gray patches alone. Its errors are honest: `fit` is that of
 * the grays, `colored` that of the other patches, which the gains were not fitted to.
 * @param previous no refit itself: the noise of one chart after the other would add up.
 * @param charts of now, dark- and flat-corrected as the calibration has it.
 * @throws CallerError USAGE for a calibration without both arms, or a refit; WorldError as `calibrateColor`.
 */
export function refitSession(
  previous: ColorCalibration,
  charts: PerArm<ChartSighting>,
  sameModel: boolean,
): SessionRefit {
  requireWhole(previous);
  requireUpright(charts);
  const edition = editionOf(previous.target);
  const now = {
    near: armColor(charts.near, edition, "linear", "the near chart"),
    far: armColor(charts.far, edition, "linear", "the far chart"),
  };
  const before = perArm((arm) => formerArm(previous, arm));
  const usable = now.near.usable.filter((patch) => now.far.usable.includes(patch));
  const grays = grayPatches.filter((patch) => usable.includes(patch));
  const gray = { near: sumOf(pick(now.near.colors, grays)), far: sumOf(pick(now.far.colors, grays)) };
  const { gains, nearToFar } = refitNearToFar(previous, gray);
  const labOf = labOfArm(now.far);
  const pairMaps = nearToFar.map((map) =>
    judged(map, now.near.colors, now.far.colors.map(labOf), usable, labOf),
  );
  const drift = {
    since: previous.calibrationId,
    near: armDrift(previous.arms.near, now.near),
    far: armDrift(previous.arms.far, now.far),
    pair: null,
  };
  const ratio = (channel: 0 | 1 | 2): number => gray.far[channel] / gray.near[channel];
  const arms = perArm((arm) => refitArm(before[arm], now[arm], chartXyz(edition)));
  const body: ColorBody = {
    kind: "color",
    target: previous.target,
    arms: { near: recordedArm(arms.near), far: recordedArm(arms.far) },
    light: previous.light,
    nearToFar: pairMaps,
    farToRec2020:
      previous.farToRec2020 && rec2020For(previous.farToRec2020, gainsBetween(before.far, now.far)),
    exposureRatio: [ratio(0), ratio(1), ratio(2)],
    refitOf: previous.calibrationId,
    drift,
  };
  const gates = [
    ...armGates("near", arms.near, null),
    ...armGates("far", arms.far, null),
    ...pairGates({ nearToFar: pairMaps }, sameModel),
    ...driftGates(drift),
  ];
  return { body, gates, gains };
}

function requireWhole({ calibrationId, refitOf }: ColorCalibration): void {
  if (refitOf === null) return;
  throw new CallerError("USAGE", `${calibrationId} is itself a refit, of ${refitOf}.`, {
    advice: `Refit ${refitOf}.`,
  });
}

interface FormerArm {
  readonly usable: readonly number[];
  readonly colors: readonly Triple[];
  readonly toXyz: readonly RecordedMap[];
}

function formerArm(previous: ColorCalibration, arm: Arm): FormerArm {
  const color = previous.arms[arm];
  if (color !== null) {
    return {
      usable: usablePatches(color.chart),
      colors: cleanColors(color.chart, color.glare),
      toXyz: color.toXyz,
    };
  }
  throw new CallerError("USAGE", `${previous.calibrationId} has no color of the ${arm} arm.`, {
    advice: "Calibrate color on the rig first: `nearfar calibrate color --rig FILE --store DIR`.",
  });
}

/** What the grays' signals are multiplied by since the former calibration. */
function gainsBetween(before: FormerArm, now: ArmColor): Triple {
  const grays = grayPatches.filter((patch) => before.usable.includes(patch) && now.usable.includes(patch));
  const [then, since] = [sumOf(pick(before.colors, grays)), sumOf(pick(now.colors, grays))];
  return [since[0] / then[0], since[1] / then[1], since[2] / then[2]];
}

function refitArm(before: FormerArm, now: ArmColor, xyz: readonly Triple[]): ArmColor {
  const gains = gainsBetween(before, now);
  const wanted = xyz.map((color) => labOfXyz(color));
  const toXyz = before.toXyz.map((map) =>
    judged(forGains(map, gains), now.colors, wanted, now.usable, (mapped) => labOfXyz(mapped)),
  );
  return { ...now, toXyz };
}

/** The map with its errors on the grays and on all other patches. */
function judged(
  map: PlainMap,
  colors: readonly Triple[],
  wanted: readonly Triple[],
  usable: readonly number[],
  labOf: (mapped: Triple) => Triple,
): RecordedMap {
  const errors = (places: readonly number[]): Deltas =>
    deltasOf(places.map((i) => deltaE00(labOf(mapColor(map, colors[i] as Triple)), wanted[i] as Triple)));
  const isGray = (patch: number): boolean => grayPatches.includes(patch);
  return {
    ...map,
    deltaE00: {
      fit: errors(usable.filter(isGray)),
      leaveOneOut: null,
      colored: errors(usable.filter((patch) => !isGray(patch))),
    },
  };
}

function rec2020For(matrix: Matrix, gains: Triple): Matrix {
  const { rows } = forGains({ method: "matrix", rows: matrix.map((row) => [...row]) }, gains);
  return rows as unknown as Matrix;
}

function sumOf(colors: readonly Triple[]): Triple {
  const sum = (channel: 0 | 1 | 2): number => colors.reduce((total, color) => total + color[channel], 0);
  return [sum(0), sum(1), sum(2)];
}

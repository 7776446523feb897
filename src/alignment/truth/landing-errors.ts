/** Canonical geometry against the truth: whether points land in both images where they belong. */
import type { Pixel } from "../../geometry/brown-camera.js";
import { type CanonicalPair, canonicalPixelOf } from "../../geometry/canonical-pair.js";
import {
  compose,
  quaternionOfMatrix,
  quaternionOfVector,
  type Rigid,
  rotate,
  transform,
} from "../../geometry/rigid.js";
import { dot, subtract, type Vector3 } from "../../geometry/vector.js";
import type { CanonicalTruth } from "../../schema/scene-truth.js";
import { leastSquares } from "../../stats/least-squares.js";
import type { CanonicalCamera } from "./canonical-camera.js";

/** A surface point as both arms see it: pixel of each captured frame, and place at each arm's instant. */
export interface TrueSighting {
  readonly near: { readonly px: Pixel; readonly positionMm: Vector3 };
  readonly far: { readonly px: Pixel; readonly positionMm: Vector3 };
}

/** The canonical pair of a calibration with the cameras whose frames it is made from. */
export interface CanonicalGeometry {
  readonly pair: CanonicalPair;
  readonly near: CanonicalCamera;
  readonly far: CanonicalCamera;
}

export interface LandingErrors {
  readonly points: number;
  /** Root mean square distance from where a point belongs, canonical px, of each image. */
  readonly nearRmsPx: number;
  readonly farRmsPx: number;
  /** The same of both together. */
  readonly rmsPx: number;
  /** Of far less near: what a flow measured in these images is wrong by. */
  readonly flowRmsPx: number;
  /** From the truth's rig frame to the calibration's. */
  readonly T_rig_truth: Rigid;
}

/** Central differences of the gauge: rad and mm. */
const steps = [1e-5, 1e-5, 1e-5, 0.01, 0.01, 0.01];
/** Unknowns of the gauge, and as many again. */
const leastPoints = 6;

/**
 * A calibration has its own rig frame: where it lies in the truth's cannot be seen and does not matter. So the rigid
 * motion between both (no scale) is fitted to all points in both images at once; a point *belongs* where the
 * calibration's canonical pair images it from there, and *lands* where the calibrated cameras bring its frame pixel.
 * @returns null for fewer than 6 points, or points that no camera could see.
 */
export function landingErrors(
  { pair, near, far }: CanonicalGeometry,
  truth: CanonicalTruth,
  sightings: readonly TrueSighting[],
): LandingErrors | null {
  const landed = sightings.flatMap((sighting) => {
    const [inNear, inFar] = [near.canonicalOf(sighting.near.px), far.canonicalOf(sighting.far.px)];
    return inNear && inFar ? [{ sighting, near: inNear, far: inFar }] : [];
  });
  if (landed.length < leastPoints) return null;
  const start = startingGauge(pair, truth);
  const misses = (gauge: Rigid): Float64Array => {
    const out = new Float64Array(4 * landed.length);
    for (const [i, { sighting, ...places }] of landed.entries())
      for (const [k, arm] of (["near", "far"] as const).entries()) {
        const belongs = canonicalPixelOf(pair, arm, transform(gauge, sighting[arm].positionMm));
        out[4 * i + 2 * k] = places[arm][0] - (belongs?.[0] ?? Number.NaN);
        out[4 * i + 2 * k + 1] = places[arm][1] - (belongs?.[1] ?? Number.NaN);
      }
    return out;
  };
  const fit = leastSquares((values) => misses(moved(start, pair.aimMm, values)), [0, 0, 0, 0, 0, 0], {
    steps,
  });
  return fit && { ...figuresOf(fit.residuals), T_rig_truth: moved(start, pair.aimMm, fit.values) };
}

/** Canonical axes upon each other, aim upon aim: near to the solution, because both cameras are the same. */
function startingGauge({ axes, aimMm, near }: CanonicalPair, truth: CanonicalTruth): Rigid {
  const [x, y, z] = axes;
  const toRig = quaternionOfMatrix([
    [x[0], y[0], z[0]],
    [x[1], y[1], z[1]],
    [x[2], y[2], z[2]],
  ]);
  const [w, a, b, c] = truth.R_rig_canonical;
  const rotation = compose(
    { rotation: toRig, translationMm: [0, 0, 0] },
    { rotation: [w, -a, -b, -c], translationMm: [0, 0, 0] },
  ).rotation;
  // Along the axis the pupils tell the place, across it the aim does.
  const along = near.aimDepthMm - truth.near.aimDepthMm;
  const turned = rotate(rotation, truth.aimMm);
  return {
    rotation,
    translationMm: [0, 1, 2].map(
      (i) => (aimMm[i] as number) - (turned[i] as number) - along * (z[i] as number),
    ) as unknown as Vector3,
  };
}

/** Turned about the aim, then moved. */
function moved(
  start: Rigid,
  aimMm: Vector3,
  [rx = 0, ry = 0, rz = 0, tx = 0, ty = 0, tz = 0]: readonly number[],
): Rigid {
  const rotation = quaternionOfVector([rx, ry, rz]);
  const kept = subtract(aimMm, rotate(rotation, aimMm));
  return compose({ rotation, translationMm: [kept[0] + tx, kept[1] + ty, kept[2] + tz] }, start);
}

function figuresOf(misses: Float64Array): Omit<LandingErrors, "T_rig_truth"> {
  const points = misses.length / 4;
  let [near, far, flow] = [0, 0, 0];
  for (let i = 0; i < misses.length; i += 4) {
    const [nx, ny, fx, fy] = misses.subarray(i, i + 4) as unknown as [number, number, number, number];
    near += nx * nx + ny * ny;
    far += fx * fx + fy * fy;
    flow += (fx - nx) ** 2 + (fy - ny) ** 2;
  }
  const rms = (sum: number, of: number): number => Math.sqrt(sum / of);
  return {
    points,
    nearRmsPx: rms(near, points),
    farRmsPx: rms(far, points),
    rmsPx: rms(near + far, 2 * points),
    flowRmsPx: rms(flow, points),
  };
}

/** Depth towards the cameras from the calibrated eye plane of a point in the truth's rig frame, mm. */
export function depthOf(pair: CanonicalPair, T_rig_truth: Rigid, pointMm: Vector3): number {
  return dot(pair.axes[2], subtract(pair.aimMm, transform(T_rig_truth, pointMm)));
}

/**
 * What is known of any rig before a board was seen. All of it is weak: what a few good views tell outweighs it; it
 * holds what they leave open.
 */
import type { BundlePrior } from "../../../native/solver.js";
import { freeIntrinsics, type LensModel } from "./lens-terms.js";
import type { PairInput } from "./pair-input.js";
import type { PairState } from "./pair-state.js";

/** Pixels are square to far better than this; mirror and lens add a little. The far arm's glass breaks the rule. */
const squarePixels = 1e-4;
/** Lenses are centred on their sensors to a few hundredths of the picture. */
const principalPointShare = 0.04;
/** Zooming and focusing move it less. */
const samePrincipalPointShare = 0.01;
/** A carriage turns by about a tenth of a degree on its way. */
const carriageTurnRad = 2e-3;
/** It strays from a straight line by less than this; so does the pupil in its lens. */
const railStraightMm = 1;
/** Refocusing changes distortion a little; zooming does more, so only lenses of like focal length are compared. */
const sameDistortion = 0.05;
const likeFocalLength = 1.3;

/** What each distortion term may do to a corner of the picture, px: far more than it does in any lens worth using. */
const cornerDistortionPx = 30;

/** @param models far, then one a stop. */
export function pairPriors(
  { imageSizePx }: Pick<PairInput, "imageSizePx">,
  state: PairState,
  models: readonly LensModel[],
): BundlePrior[] {
  const near = state.near.map((_, stop) => stop + 1);
  return [
    ...[state.far, ...state.near].flatMap(({ intrinsics }, camera) =>
      tameDistortion(
        camera,
        intrinsics[0],
        imageSizePx[camera === 0 ? "far" : "near"],
        models[camera] as LensModel,
      ),
    ),
    ...centredLens(0, imageSizePx.far),
    ...near.flatMap((camera) => [
      ...centredLens(camera, imageSizePx.near),
      { kind: "square-pixels", camera, sigma: squarePixels } as const,
    ]),
    ...near.slice(1).flatMap((camera) => sameCarriage([camera - 1, camera], state, imageSizePx.near)),
    ...(near.length > 2 ? [{ kind: "rail", cameras: near, sigma: railStraightMm } as const] : []),
  ];
}

function centredLens(camera: number, [width, height]: readonly [number, number]): BundlePrior[] {
  return [width, height].map((side, axis) => ({
    kind: "value",
    camera,
    parameter: 2 + axis,
    value: (side - 1) / 2,
    sigma: principalPointShare * Math.max(width, height),
  }));
}

/** Terms that a long lens hardly shows would otherwise run away; the size is the same for all focal lengths in px. */
function tameDistortion(
  camera: number,
  focalPx: number,
  size: readonly [number, number],
  model: LensModel,
): BundlePrior[] {
  const corner = Math.hypot(...size) / 2 / focalPx;
  const powers = [3, 5, 2, 2, 7];
  const free = freeIntrinsics(model);
  return powers.flatMap((power, term) =>
    free[4 + term]
      ? [
          {
            kind: "value",
            camera,
            parameter: 4 + term,
            value: 0,
            sigma: cornerDistortionPx / focalPx / corner ** power,
          },
        ]
      : [],
  );
}

function sameCarriage(
  cameras: readonly [number, number],
  state: PairState,
  size: readonly [number, number],
): BundlePrior[] {
  const same = (parameter: number, sigma: number): BundlePrior => ({
    kind: "same",
    cameras,
    parameter,
    sigma,
  });
  const focal = (camera: number): number => state.near[camera - 1]?.intrinsics[0] ?? 1;
  const ratio = focal(cameras[1]) / focal(cameras[0]);
  const like = Math.max(ratio, 1 / ratio) < likeFocalLength;
  const principalPoint = samePrincipalPointShare * Math.max(...size);
  return [
    same(2, principalPoint),
    same(3, principalPoint),
    ...[9, 10, 11].map((parameter) => same(parameter, carriageTurnRad)),
    ...(like ? [same(4, sameDistortion)] : []),
  ];
}

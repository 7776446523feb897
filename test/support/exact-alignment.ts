/** Aligned pairs whose flow is the truth's depth seen by a calibration's own geometry, with errors of one's choice. */
import type { ComparedFiles } from "../../src/alignment/truth/aligned-arrays.js";
import { type CanonicalGeometry, depthOf, landingErrors } from "../../src/alignment/truth/landing-errors.js";
import { type Arm, TruePlaces } from "../../src/alignment/truth/true-places.js";
import { trueSightings } from "../../src/alignment/truth/true-sightings.js";
import type { SceneTruthFolder } from "../../src/alignment/truth/truth-folder.js";
import type { Intrinsics } from "../../src/geometry/brown-camera.js";
import type { Rigid } from "../../src/geometry/rigid.js";
import { type AlignmentFileName, maskBits } from "../../src/schema/alignment.js";
import { seededNormal } from "./noise.js";
import { npyBytes } from "./npy-bytes.js";

export interface ExactAlignmentOptions {
  readonly geometry: CanonicalGeometry;
  readonly cameras: Readonly<Record<Arm, { readonly intrinsics: Intrinsics; readonly T_camera_rig: Rigid }>>;
  readonly folder: SceneTruthFolder;
  /** Of the normal noise along the radius, px. */
  readonly noisePx: number;
  /** Claimed sigma over that noise. */
  readonly claim: number;
  /** Added to every flow, along x, px. */
  readonly biasPx?: number;
}

/** Every pixel that both see is measured; hidden ones are said to be hidden. */
export function exactAlignment(options: ExactAlignmentOptions): ComparedFiles {
  const { geometry, cameras, folder } = options;
  const { pair } = geometry;
  const places = new TruePlaces(folder, geometry);
  const landing = landingErrors(geometry, folder.truth.canonical, trueSightings(folder, places));
  if (landing === null) throw new Error("the truth shows nothing");
  const files = new Map<AlignmentFileName, Uint8Array>();
  for (const arm of ["near", "far"] as const) {
    const view = measuredView(options, places, landing.T_rig_truth, arm);
    const [flow, sigma, depth, mask] =
      arm === "near"
        ? (["nearToFar", "nearSigma", "nearDepth", "nearMask"] as const)
        : (["farToNear", "farSigma", "farDepth", "farMask"] as const);
    const shape = [pair.sizePx, pair.sizePx];
    files.set(flow, npyBytes("<f4", [...shape, 2], view.flow));
    files.set(sigma, npyBytes("<f4", shape, view.sigma));
    files.set(depth, npyBytes("<f4", shape, view.depth));
    files.set(mask, npyBytes("|u1", shape, view.mask));
  }
  const resampling = { near: cameras.near, far: cameras.far };
  const record = {
    canonical: pair,
    resampling,
    input: { parameters: { sizePx: pair.sizePx, flow: true } },
    quality: { eyePlaneMm: null },
  } as unknown as ComparedFiles["record"];
  return { record, read: async (name) => files.get(name) as Uint8Array };
}

function measuredView(
  { geometry: { pair }, noisePx, claim, biasPx = 0 }: ExactAlignmentOptions,
  places: TruePlaces,
  gauge: Rigid,
  arm: Arm,
) {
  const { sizePx, epipolePx, near, far } = pair;
  const count = sizePx * sizePx;
  const normal = seededNormal(arm === "near" ? 5 : 6);
  const view = {
    flow: new Float32Array(2 * count).fill(Number.NaN),
    sigma: new Float32Array(count).fill(Number.NaN),
    depth: new Float32Array(count).fill(Number.NaN),
    mask: new Uint8Array(count).fill(maskBits.valid),
  };
  for (let i = 0; i < count; i++) {
    const [x, y] = [i % sizePx, Math.floor(i / sizePx)];
    const place = places.at(arm, [x, y]);
    if (place === null) continue;
    if (!place.visible) {
      view.mask[i] = maskBits.valid | maskBits.head | maskBits.hidden;
      continue;
    }
    view.mask[i] = maskBits.valid | maskBits.head | maskBits.visible | maskBits.measured;
    const depth = depthOf(pair, gauge, place.pointMm);
    const ratio = (1 - depth / near.aimDepthMm) / (1 - depth / far.aimDepthMm);
    const grown = arm === "near" ? ratio : 1 / ratio;
    const [dx, dy] = [x - epipolePx[0], y - epipolePx[1]];
    const noise = (noisePx * normal()) / Math.max(1e-9, Math.hypot(dx, dy));
    view.flow[2 * i] = dx * (grown - 1 + noise) + biasPx;
    view.flow[2 * i + 1] = dy * (grown - 1 + noise);
    view.sigma[i] = claim * noisePx;
    view.depth[i] = depth;
  }
  return view;
}

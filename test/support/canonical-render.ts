/** Canonical pairs of the virtual rig, made by the product's own resampling through the truth's own cameras. */
import type { CanonicalPair } from "../../src/geometry/canonical-pair.js";
import { conjugate, type Matrix3, rotationMatrix } from "../../src/geometry/rigid.js";
import { dot, type Vector3 } from "../../src/geometry/vector.js";
import type { Aligner } from "../../src/native/aligner.js";
import type { Resampled } from "../../src/native/resample.js";
import type { SceneTruth } from "../../src/schema/scene-truth.js";
import type { FloatImage, TracedRig } from "./traced-rig.js";

export interface RenderedPair {
  readonly pair: CanonicalPair;
  readonly near: Resampled;
  readonly far: Resampled;
  readonly truth: SceneTruth;
  /** From the eye plane towards the cameras, mm, sizePx × sizePx; NaN where there is no surface. */
  readonly nearDepthMm: Float32Array;
  readonly farDepthMm: Float32Array;
}

/** Camera color as rendered, white 32768, without noise. */
export async function renderedPair(
  rig: TracedRig,
  aligner: Pick<Aligner, "resample">,
): Promise<RenderedPair> {
  const { truth, arrays } = await rig.truthArrays(["canonicalNearDepth", "canonicalFarDepth"]);
  const pair = pairOf(truth);
  const view = async (arm: "near" | "far"): Promise<Resampled> =>
    resampledArm(await rig.signal(arm), truth, pair, arm, aligner);
  const depth = (arm: "near" | "far", data: Float32Array | undefined): Float32Array => {
    if (data === undefined) throw new Error(`the truth has no depth of the ${arm} view`);
    return data.map((mm) => pair[arm].aimDepthMm - mm);
  };
  return {
    pair,
    truth,
    near: await view("near"),
    far: await view("far"),
    nearDepthMm: depth("near", arrays.canonicalNearDepth?.data),
    farDepthMm: depth("far", arrays.canonicalFarDepth?.data),
  };
}

function pairOf({ canonical }: SceneTruth): CanonicalPair {
  const { sizePx, pxPerMm, R_rig_canonical, aimMm, epipolePx, near, far } = canonical;
  return { sizePx, pxPerMm, axes: rotationMatrix(conjugate(R_rig_canonical)), aimMm, epipolePx, near, far };
}

function resampledArm(
  { widthPx, heightPx, data }: FloatImage,
  { arms }: SceneTruth,
  pair: CanonicalPair,
  arm: "near" | "far",
  aligner: Pick<Aligner, "resample">,
): Promise<Resampled> {
  const { fxPx, fyPx, cxPx, cyPx, distortion, T_rig_camera } = arms[arm];
  const white = 32768;
  return aligner.resample({
    source: {
      samples: Uint16Array.from(data, (share) => Math.min(65535, Math.max(0, Math.round(share * white)))),
      bitsPerSample: 16,
      widthPx,
      heightPx,
      samplesPerPixel: 3,
      cfa: null,
      transfer: "linear",
      blackLevel: 0,
      whiteLevel: white,
      mount: { rotationDeg: 0, mirrored: false },
    },
    map: {
      kind: "camera",
      rayOfPixel: rayOfPixel(pair, arm, rotationMatrix(conjugate(T_rig_camera.rotation))),
      intrinsics: [fxPx, fyPx, cxPx, cyPx, ...distortion],
    },
    widthPx: pair.sizePx,
    heightPx: pair.sizePx,
    flat: null,
    dark: null,
    color: [],
    white,
  });
}

/** camera · axesᵀ · ((u - ex) / f, (v - ey) / f, 1). */
function rayOfPixel(
  { axes, epipolePx, ...views }: CanonicalPair,
  arm: "near" | "far",
  camera: Matrix3,
): number[] {
  const f = views[arm].focalPx;
  return camera.flatMap((row: Vector3) => {
    const [x, y, z] = axes.map((axis) => dot(row, axis)) as [number, number, number];
    return [x / f, y / f, z - (x * epipolePx[0] + y * epipolePx[1]) / f];
  });
}

/** Both frames of a pair by the geometry of its calibrated stop. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { Aligner, AlignerOptions } from "../../native/aligner.js";
import type { FrameSource } from "../../native/resample.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { ArmName } from "../../schema/records.js";
import type { PairInput } from "../pair-input.js";
import { frameLightOf } from "../resample/color-of.js";
import type { PlacedCamera } from "../resample/frame-map.js";
import { type ResampledFrame, resampleFrame } from "../resample/resample-frame.js";

export interface ResampledPair {
  readonly near: ResampledFrame;
  readonly far: ResampledFrame;
}

export type OpenFrames = Readonly<Record<ArmName, FrameSource>>;

/** The rig frame is the far camera's own. */
const atRigOrigin = { rotation: [1, 0, 0, 0], translationMm: [0, 0, 0] } as const;

function cameraOf({ stops, far }: PairCalibration, stopIndex: number, arm: ArmName): PlacedCamera {
  if (arm === "far") return { intrinsics: far.intrinsics, T_camera_rig: atRigOrigin };
  const stop = stops[stopIndex] as PairCalibration["stops"][number];
  return { intrinsics: stop.near.intrinsics, T_camera_rig: stop.T_camera_rig };
}

export async function resamplePair(
  aligner: Pick<Aligner, "resample">,
  frames: OpenFrames,
  canonical: CanonicalPair,
  { geometry, color }: Pick<PairInput, "color"> & { readonly geometry: NonNullable<PairInput["geometry"]> },
  options: AlignerOptions,
): Promise<ResampledPair> {
  const resample = (arm: ArmName): Promise<ResampledFrame> => {
    const camera = cameraOf(geometry.record, geometry.stopIndex, arm);
    const light = frameLightOf(color?.record ?? null, arm);
    return resampleFrame(
      aligner,
      { source: frames[arm], placing: { canonical, arm, camera }, light },
      options,
    );
  };
  const [near, far] = await Promise.all([resample("near"), resample("far")]);
  return { near, far };
}

/** The arrays of an aligned pair that the truth is compared with, both ways alike. */
import { CallerError } from "../../base/errors.js";
import type { Intrinsics } from "../../geometry/brown-camera.js";
import type { AlignmentFileName, AlignmentRecord } from "../../schema/alignment.js";
import { type AlignedFiles, readPlane } from "../stored/aligned-files.js";
import { CanonicalCamera } from "./canonical-camera.js";
import type { CanonicalGeometry } from "./landing-errors.js";
import type { Arm } from "./true-places.js";

/** What a comparison looks at. */
export type ComparedFiles = AlignedFiles<Exclude<keyof AlignmentRecord, "files">>;

export interface AlignedView {
  /** sizePx × sizePx; `maskBits` of schema/alignment.ts. */
  readonly mask: Uint8Array;
  /** × 2: where this pixel lies in the other image, less its own place, px; NaN where nothing was measured. */
  readonly flow: Float32Array;
  /** One sigma of that flow along the radius, px. */
  readonly sigma: Float32Array;
  /** mm towards the cameras from the calibrated eye plane. */
  readonly depth: Float32Array;
}

const namesOf = {
  near: { mask: "nearMask", flow: "nearToFar", sigma: "nearSigma", depth: "nearDepth" },
  far: { mask: "farMask", flow: "farToNear", sigma: "farSigma", depth: "farDepth" },
} as const satisfies Record<Arm, Record<keyof AlignedView, AlignmentFileName>>;

export async function readView(files: ComparedFiles, arm: Arm): Promise<AlignedView> {
  const names = namesOf[arm];
  return {
    mask: (await readPlane(files, names.mask, "|u1", 1)) as Uint8Array,
    flow: (await readPlane(files, names.flow, "<f4", 2)) as Float32Array,
    sigma: (await readPlane(files, names.sigma, "<f4", 1)) as Float32Array,
    depth: (await readPlane(files, names.depth, "<f4", 1)) as Float32Array,
  };
}

/** @throws CallerError NOT_FOUND for a pair that was aligned without geometry or without flow. */
export function geometryOfRecord({ record }: ComparedFiles): CanonicalGeometry {
  const { canonical, resampling, input } = record;
  const cameraOf = (arm: Arm): CanonicalCamera | null => {
    const { intrinsics, T_camera_rig } = resampling[arm];
    if (canonical === null || intrinsics === null || T_camera_rig === null) return null;
    return new CanonicalCamera(canonical, arm, {
      intrinsics: intrinsics as unknown as Intrinsics,
      T_camera_rig,
    });
  };
  const [near, far] = [cameraOf("near"), cameraOf("far")];
  if (canonical === null || near === null || far === null || !input.parameters.flow) {
    throw new CallerError(
      "NOT_FOUND",
      "This pair was aligned without geometry or without flow; truth says nothing of it.",
      {
        advice: "Align it with a calibration of the pair (`nearfar calibrate geometry`) and with flow.",
      },
    );
  }
  return { pair: canonical, near, far };
}

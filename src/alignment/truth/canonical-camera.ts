/** Exact way between a canonical image of a calibration and the upright frame that it was made from. */
import { type Intrinsics, type Pixel, project, unproject } from "../../geometry/brown-camera.js";
import { type CanonicalPair, canonicalPixelOfRay } from "../../geometry/canonical-pair.js";
import { conjugate, type Rigid, rotationMatrix } from "../../geometry/rigid.js";
import { add, dot, scale, type Vector3 } from "../../geometry/vector.js";

/** Camera of one arm as a record or a calibration has it; upright, un-mirrored frame. */
export interface FrameCamera {
  readonly intrinsics: Intrinsics;
  readonly T_camera_rig: Rigid;
}

export class CanonicalCamera {
  readonly #pair: CanonicalPair;
  readonly #arm: "near" | "far";
  readonly #intrinsics: Intrinsics;
  readonly #toCamera: readonly [Vector3, Vector3, Vector3];
  readonly #toRig: readonly [Vector3, Vector3, Vector3];

  constructor(pair: CanonicalPair, arm: "near" | "far", { intrinsics, T_camera_rig }: FrameCamera) {
    this.#pair = pair;
    this.#arm = arm;
    this.#intrinsics = intrinsics;
    this.#toCamera = rotationMatrix(T_camera_rig.rotation);
    this.#toRig = rotationMatrix(conjugate(T_camera_rig.rotation));
  }

  /** Frame pixel that a canonical pixel shows; null where the camera does not look. */
  frameOf([u, v]: Pixel): Pixel | null {
    const { axes, epipolePx, ...views } = this.#pair;
    const { focalPx } = views[this.#arm];
    const direction = add(
      add(scale(axes[0], (u - epipolePx[0]) / focalPx), scale(axes[1], (v - epipolePx[1]) / focalPx)),
      axes[2],
    );
    return project(this.#intrinsics, turned(this.#toCamera, direction));
  }

  /** Canonical pixel that shows a frame pixel; null where the distortion has no inverse. */
  canonicalOf(frame: Pixel): Pixel | null {
    const ray = unproject(this.#intrinsics, frame);
    return ray && canonicalPixelOfRay(this.#pair, this.#arm, turned(this.#toRig, ray));
  }
}

function turned([x, y, z]: readonly [Vector3, Vector3, Vector3], p: Vector3): Vector3 {
  return [dot(x, p), dot(y, p), dot(z, p)];
}

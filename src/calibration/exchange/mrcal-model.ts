/** mrcal's `.cameramodel`: a Python dictionary that mrcal reads safely. */
import { invert, poseVector, type Rigid } from "../../geometry/rigid.js";
import type { PlainCamera, PlainPair } from "./plain-camera.js";

/**
 * @param T_camera_reference mrcal's rt_cam_ref; null: the camera stands at the reference.
 * @param origin one line that says where it comes from.
 */
export function mrcalModel(camera: PlainCamera, T_camera_reference: Rigid | null, origin: string): string {
  const { imageSizePx, intrinsics } = camera;
  return `# ${origin}
{
    # OpenCV's five terms in OpenCV's order.
    'lensmodel':  'LENSMODEL_OPENCV5',

    # fx,fy,cx,cy,distortion0,distortion1,....
    'intrinsics': ${list(intrinsics)},

    # rt_fromref: rotation vector, translation in m
    'extrinsics': ${list(T_camera_reference === null ? [0, 0, 0, 0, 0, 0] : poseInMetres(T_camera_reference))},

    'imagersize': ${list(imageSizePx)},
}
`;
}

/** Both cameras of a pair, the far one at the reference. */
export function mrcalPair(pair: PlainPair, origin: string): { readonly near: string; readonly far: string } {
  return {
    near: mrcalModel(pair.near, invert(pair.T_far_near), `${origin}; near, the reference is the far camera`),
    far: mrcalModel(pair.far, null, `${origin}; far`),
  };
}

function poseInMetres(T: Rigid): number[] {
  const [rx, ry, rz, ...translationMm] = poseVector(T);
  return [rx, ry, rz, ...translationMm.map((mm) => mm / 1000)];
}

function list(values: readonly number[]): string {
  return `[ ${values.map(String).join(", ")} ]`;
}

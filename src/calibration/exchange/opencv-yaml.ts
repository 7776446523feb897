/** What cv::FileStorage reads, with the names that OpenCV's own calibration programs use. */
import { rotationMatrix } from "../../geometry/rigid.js";
import type { PlainCamera, PlainPair } from "./plain-camera.js";

/** @param origin one line that says where it comes from. */
export function opencvCamera(camera: PlainCamera, origin: string): string {
  const { imageSizePx, intrinsics, rmsPointPx } = camera;
  const rms = rmsPointPx === null ? [] : [`avg_reprojection_error: ${real(rmsPointPx)}`];
  return document(origin, [
    `image_width: ${imageSizePx[0]}`,
    `image_height: ${imageSizePx[1]}`,
    matrix("camera_matrix", 3, cameraMatrix(intrinsics)),
    matrix("distortion_coefficients", 1, intrinsics.slice(4)),
    ...rms,
  ]);
}

/** Names as in stereo_calib.cpp, camera 1 near, camera 2 far: x_2 = R x_1 + T, T in mm. */
export function opencvPair({ near, far, T_far_near }: PlainPair, origin: string): string {
  const camera = ({ imageSizePx, intrinsics }: PlainCamera, number: 1 | 2): string[] => [
    `image_size${number}: [ ${imageSizePx.join(", ")} ]`,
    matrix(`M${number}`, 3, cameraMatrix(intrinsics)),
    matrix(`D${number}`, 1, intrinsics.slice(4)),
  ];
  return document(`${origin}; 1 is near, 2 is far, T in mm`, [
    ...camera(near, 1),
    ...camera(far, 2),
    matrix("R", 3, rotationMatrix(T_far_near.rotation).flat()),
    matrix("T", 3, T_far_near.translationMm),
  ]);
}

function document(origin: string, lines: readonly string[]): string {
  return `%YAML:1.0\n---\n# ${origin}\n${lines.join("\n")}\n`;
}

function matrix(name: string, rows: number, values: readonly number[]): string {
  const data = values.map(real).join(", ");
  return `${name}: !!opencv-matrix\n   rows: ${rows}\n   cols: ${values.length / rows}\n   dt: d\n   data: [ ${data} ]`;
}

function cameraMatrix([fx, fy, cx, cy]: PlainCamera["intrinsics"]): number[] {
  return [fx, 0, cx, 0, fy, cy, 0, 0, 1];
}

/** Every digit, and a point even in whole numbers: FileStorage takes them for integers otherwise. */
function real(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.` : String(value);
}

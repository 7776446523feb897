/** Runs the iris network on both eyes of a mesh. */
import type { Eye, Point } from "./face.js";
import type { ImagePyramid } from "./image-pyramid.js";
import { angleOfMesh, eyeCorners, meshPoint } from "./mesh.js";
import type { OnnxNet } from "./onnx-net.js";
import { cropSquare, pointInImage, type Square } from "./square-crop.js";

/** Edge of the square over the width of the eye, as the network was trained (MediaPipe's value). */
const sizeOverEyeWidth = 2.3;
const contourPoints = 71;
const irisPoints = 5;

function squareAroundEye(points468: Float32Array, side: "left" | "right"): Square {
  const outer = meshPoint(points468, eyeCorners[side].outer);
  const inner = meshPoint(points468, eyeCorners[side].inner);
  return {
    centre: { x: (outer.x + inner.x) / 2, y: (outer.y + inner.y) / 2 },
    sizePx: sizeOverEyeWidth * Math.hypot(outer.x - inner.x, outer.y - inner.y),
    angleRad: angleOfMesh(points468),
  };
}

function eyeFrom(raw: Float32Array, square: Square, inputPx: number, mirrored: boolean): Eye {
  const points = new Float32Array(2 * (contourPoints + irisPoints));
  for (let i = 0; i < points.length / 2; i++) {
    const u = raw[3 * i] as number;
    const v = raw[3 * i + 1] as number;
    const { x, y } = pointInImage(square, u, v, inputPx, mirrored);
    points.set([x, y], 2 * i);
  }
  return { contour: points.slice(0, 2 * contourPoints), iris: points.slice(2 * contourPoints) };
}

export function irisCentre({ iris }: Eye): Point {
  return { x: iris[0] as number, y: iris[1] as number };
}

/** The network knows eyes of one side only; the other eye is shown to it in a mirror. */
export async function runIris(
  net: OnnxNet,
  pyramid: ImagePyramid,
  points468: Float32Array,
): Promise<[left: Eye, right: Eye]> {
  const { inputPx } = net;
  const format = { outputPx: inputPx, black: 0, white: 1, outside: "border" } as const;
  const left = squareAroundEye(points468, "left");
  const right = squareAroundEye(points468, "right");
  const valuesPerCrop = 3 * inputPx * inputPx;
  const crops = new Float32Array(2 * valuesPerCrop);
  crops.set(cropSquare(pyramid, left, format));
  crops.set(cropSquare(pyramid, right, { ...format, mirrored: true }), valuesPerCrop);
  const raw = (await net.run(crops, 2))("points");
  const half = raw.length / 2;
  return [
    eyeFrom(raw.subarray(0, half), left, inputPx, false),
    eyeFrom(raw.subarray(half), right, inputPx, true),
  ];
}

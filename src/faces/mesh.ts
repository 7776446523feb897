/** Runs the mesh network on a square of the image, and derives the square to look at next. */
import { boxAround, centreOf, longSideOf } from "./box.js";
import type { Detection } from "./detection.js";
import type { Point } from "./face.js";
import type { ImagePyramid } from "./image-pyramid.js";
import type { OnnxNet } from "./onnx-net.js";
import { cropSquare, pointInImage, type Square } from "./square-crop.js";

export interface Mesh {
  /** Probability that the square shows a face, 0..1. */
  readonly score: number;
  /** [468][x, y, z], image px. */
  readonly points468: Float32Array;
}

/** Mesh indices of the corners of both eyes. */
export const eyeCorners = {
  left: { outer: 33, inner: 133 },
  right: { outer: 263, inner: 362 },
} as const;

/** A quarter of the face's box on every side, as the network was trained (MediaPipe's value). */
const margin = 0.25;

/** Turn of the line from the left to the right point, radians, positive clockwise. */
export function angleBetween(left: Point, right: Point): number {
  return Math.atan2(right.y - left.y, right.x - left.x);
}

export function meshPoint(points468: Float32Array, index: number): Point {
  return { x: points468[3 * index] as number, y: points468[3 * index + 1] as number };
}

export function meshPoints(points468: Float32Array): Point[] {
  return Array.from({ length: points468.length / 3 }, (_, i) => meshPoint(points468, i));
}

export function squareAroundDetection({ box, keyPoints }: Detection): Square {
  const [leftEye, rightEye] = keyPoints as [Point, Point];
  const sizePx = (1 + 2 * margin) * longSideOf(box);
  return { centre: centreOf(box), sizePx, angleRad: angleBetween(leftEye, rightEye) };
}

export function angleOfMesh(points468: Float32Array): number {
  const left = meshPoint(points468, eyeCorners.left.outer);
  const right = meshPoint(points468, eyeCorners.right.outer);
  return angleBetween(left, right);
}

/** The box is taken along the eye line, so that a tilted head gets no larger a square than an upright one. */
export function squareAroundMesh({ points468 }: Mesh): Square {
  const angleRad = angleOfMesh(points468);
  const cosine = Math.cos(angleRad);
  const sine = Math.sin(angleRad);
  const box = boxAround(
    meshPoints(points468).map(({ x, y }) => ({ x: cosine * x + sine * y, y: cosine * y - sine * x })),
  );
  const { x, y } = centreOf(box);
  const centre = { x: cosine * x - sine * y, y: sine * x + cosine * y };
  return { centre, sizePx: (1 + 2 * margin) * longSideOf(box), angleRad };
}

export async function runMesh(net: OnnxNet, pyramid: ImagePyramid, square: Square): Promise<Mesh> {
  const { inputPx } = net;
  const format = { outputPx: inputPx, black: 0, white: 1, outside: "border" } as const;
  const outputs = await net.run(cropSquare(pyramid, square, format), 1);
  const raw = outputs("points");
  const points468 = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i += 3) {
    const [u, v, depth] = raw.subarray(i, i + 3) as unknown as [number, number, number];
    const { x, y } = pointInImage(square, u, v, inputPx);
    points468.set([x, y, (depth * square.sizePx) / inputPx], i);
  }
  return { score: outputs("presence")[0] as number, points468 };
}

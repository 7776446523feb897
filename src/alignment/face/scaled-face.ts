/** A face found in an image that was made small, in px of the image itself. */
import type { Eye, Face, Point } from "../../faces/face.js";

/** @param factor px of the image per px of the one that was searched; blocks of that side were averaged. */
export function scaledFace(face: Face, factor: number): Face {
  const at = (value: number): number => factor * value + (factor - 1) / 2;
  const point = ({ x, y }: Point): Point => ({ x: at(x), y: at(y) });
  const eye = ({ iris, contour }: Eye): Eye => ({ iris: iris.map(at), contour: contour.map(at) });
  const { left, top, right, bottom } = face.box;
  return {
    ...face,
    box: { left: at(left), top: at(top), right: at(right), bottom: at(bottom) },
    points468: face.points468.map((value, i) => (i % 3 === 2 ? factor * value : at(value))),
    landmarks68: face.landmarks68.map(at),
    eyes: [eye(face.eyes[0]), eye(face.eyes[1])],
    irisCentres: [point(face.irisCentres[0]), point(face.irisCentres[1])],
  };
}

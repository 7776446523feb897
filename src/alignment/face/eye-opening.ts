/** How far eyes are open. */
import type { Eye } from "../../faces/face.js";

/** Points of the iris network's lids: corners, and three pairs of points one above the other. */
const corners = [0, 8] as const;
const lidPairs: readonly (readonly [number, number])[] = [
  [3, 11],
  [4, 12],
  [5, 13],
];

/** Gap of the lids over the width of the eye, mean of three places; about 0.3 for an open eye, near 0 for a shut one. */
export function eyeOpening({ contour }: Eye): number {
  const distance = (a: number, b: number): number =>
    Math.hypot(
      (contour[2 * a] as number) - (contour[2 * b] as number),
      (contour[2 * a + 1] as number) - (contour[2 * b + 1] as number),
    );
  const width = distance(...corners);
  return lidPairs.reduce((sum, pair) => sum + distance(...pair), 0) / lidPairs.length / width;
}

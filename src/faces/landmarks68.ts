/**
 * The 68 points of iBUG 300-W as points of MediaPipe's 468-point mesh. The two schemes were drawn
 * independently: corners of eyes and mouth agree, while jaw points 1–7 and 9–15 are only of similar
 * spacing along the outline. Left and right are exact mirror images of each other in the mesh.
 */

/** Index into the mesh of each of the 68 points. Left and right are sides of the upright image. */
export const meshIndexOfLandmark: readonly number[] = [
  // 0–16 jaw, from the left ear over the chin to the right ear
  ...[127, 234, 132, 58, 172, 150, 149, 148, 152, 377, 378, 379, 397, 288, 361, 454, 356],
  // 17–21 left brow, 22–26 right brow, both from left to right
  ...[70, 63, 105, 66, 107],
  ...[336, 296, 334, 293, 300],
  // 27–30 bridge of the nose downwards, 31–35 below the nostrils
  ...[168, 197, 5, 4],
  ...[98, 97, 2, 326, 327],
  // 36–41 left eye, 42–47 right eye, clockwise from the left corner
  ...[33, 160, 158, 133, 153, 144],
  ...[362, 385, 387, 263, 373, 380],
  // 48–59 outer lips, 60–67 inner lips, clockwise from the left corner
  ...[61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91],
  ...[78, 81, 13, 311, 308, 402, 14, 178],
];

/** @param points468 [468][x, y, z]. @returns [68][x, y]. */
export function landmarks68Of(points468: Float32Array): Float32Array {
  return Float32Array.from({ length: 2 * meshIndexOfLandmark.length }, (_, i) => {
    const meshIndex = meshIndexOfLandmark[i >> 1] as number;
    return points468[3 * meshIndex + (i & 1)] as number;
  });
}

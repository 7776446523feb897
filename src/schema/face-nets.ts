/**
 * Which networks find faces. Each is an ONNX file that can be replaced by another one with the same
 * inputs and outputs; set-up writes the default list to `dist/face-nets/face-nets.json`.
 *
 * Every network takes `image`, float32 [N][inputPx][inputPx][3], red first.
 */
import { z } from "zod";

const faceNetSchema = z.strictObject({
  /** ONNX file, absolute or relative to the file that holds this list. */
  path: z.string().min(1),
  /** SHA-256 of that file, 64 lower-case hexadecimal digits; other content is refused. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits"),
  /** Edge length of the square input, px. */
  inputPx: z.int().min(16).max(1024),
});

export const faceNetsSchema = z.strictObject({
  /**
   * BlazeFace for far range. Input in -1..1, N = 1. Outputs for two grids of anchors, 16 × 16 cells of 2
   * and 8 × 8 cells of 6, row by row; A is the number of anchors. `scores16`, `scores8` [1][A][1]:
   * logits. `boxes16`, `boxes8` [1][A][16], in input px: centre x, y relative to the cell's centre,
   * width, height, then x, y of six key points relative to the cell's centre: eyes, nose tip, mouth,
   * ears, of eyes and ears the one on the left of an upright image first.
   */
  detector: faceNetSchema,
  /**
   * MediaPipe's face mesh. Input in 0..1. Outputs: `points` [N][1404], x, y, z of 468 points in input px;
   * `presence` [N][1], 0..1.
   */
  mesh: faceNetSchema,
  /**
   * MediaPipe's iris net. Input in 0..1, the eye of the left half of an upright image as it is.
   * Output: `points` [N][1][1][228], x, y, z in input px of 71 points on eyelids and brow, then of the
   * iris: centre and four points on its edge.
   */
  iris: faceNetSchema,
});

export type FaceNet = z.infer<typeof faceNetSchema>;
export type FaceNets = z.infer<typeof faceNetsSchema>;

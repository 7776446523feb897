/** Camera RGB of a virtual rig as linear sRGB, through the truth about its cameras' colors. */
import { colorCheckerLab } from "../../color/color-checker.js";
import { fitMatrix } from "../../color/fit-matrix.js";
import { linearSrgbOfXyz, multiply, type Triple, xyzOfLab } from "../../color/lab.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { SceneTruth } from "../../schema/scene-truth.js";

type Matrix = readonly [Triple, Triple, Triple];

const identity: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Signal of a perfect white in a camera's best channel, as the rig's light is set. */
const whiteSignal = 0.75;
/** Place of the white patch, and its luminous reflectance (L* 95.19). */
const whitePatch = 18;
const whitePatchReflectance = 0.881;

/**
 * Each arm by its own least-squares matrix over the 24 patches, so that both look alike whatever the
 * plate's tint. A camera whose channels do not span color (a mono sensor) stays as it is.
 */
export function sheetColor(truth: SceneTruth, arm: "near" | "far"): (image: LinearImage) => LinearImage {
  const patches = truth.color[`${arm}Patches`];
  const wanted = colorCheckerLab.map((lab) => linearSrgbOfXyz(xyzOfLab(lab as Triple)));
  const fitted = fitMatrix(patches, wanted) ?? identity;
  const white = Math.max(...(patches[whitePatch] ?? [1])) / whitePatchReflectance;
  const scale = white / whiteSignal;
  const matrix = fitted.map(([a, b, c]) => [a * scale, b * scale, c * scale] as const);
  return (image) => {
    const shares = new Float32Array(new SharedArrayBuffer(image.shares.byteLength));
    for (let i = 0; i < shares.length; i += 3) {
      const pixel = image.shares.subarray(i, i + 3) as unknown as Triple;
      shares.set(multiply(matrix, pixel), i);
    }
    return { ...image, shares };
  };
}

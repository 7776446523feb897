/** Charts and even fields as a linear camera sees them, without a renderer. */
import type { ChartPlace } from "../../src/calibration/color/chart-place.js";
import { chartToImage } from "../../src/calibration/color/chart-place.js";
import { colorCheckerLab } from "../../src/color/color-checker.js";
import { multiply, type Triple, xyzOfLab } from "../../src/color/lab.js";
import type { Matrix } from "../../src/color/matrix.js";
import type { LinearImage } from "../../src/imaging/raw-frame.js";
import type { ChartSighting } from "../../src/schema/calibration-color.js";

/** Linear camera color of XYZ (D50): something like a DSLR's, exposed so that white reads 0.6. */
export const cameraOfXyz: Matrix = [
  [0.8, 0.05, -0.13],
  [-0.25, 0.72, 0.1],
  [0.01, 0.03, 0.62],
];

/** The patches' camera colors. */
export function chartColors(camera: Matrix = cameraOfXyz): Triple[] {
  return colorCheckerLab.map((lab) => multiply(camera, xyzOfLab(lab)));
}

export function sightingOf(colors: readonly Triple[]): ChartSighting {
  return {
    cornersPx: [
      [100, 100],
      [400, 100],
      [400, 300],
      [100, 300],
    ],
    mirrored: false,
    patches: colors.map(([r, g, b]) => ({
      mean: [r, g, b],
      sigma: [0.001, 0.001, 0.001],
      pixels: 500,
      clippedShare: 0,
    })),
  };
}

/** An image of one value for each px. */
export function paintImage(
  widthPx: number,
  heightPx: number,
  color: (x: number, y: number) => Triple,
): LinearImage {
  const shares = new Float32Array(new SharedArrayBuffer(widthPx * heightPx * 12));
  for (let i = 0; i < widthPx * heightPx; i++) shares.set(color(i % widthPx, Math.floor(i / widthPx)), 3 * i);
  return { widthPx, heightPx, channels: 3, shares };
}

/** A chart, each patch filled to its edges, on a dark body. */
export function paintChart(
  widthPx: number,
  heightPx: number,
  place: ChartPlace,
  colors: readonly Triple[],
): LinearImage {
  const image = paintImage(widthPx, heightPx, () => [0.02, 0.02, 0.02]);
  const toImage = chartToImage(place);
  const steps = 200;
  for (const [patch, color] of colors.entries()) {
    for (let step = 0; step < steps * steps; step++) {
      const x = (patch % 6) + place.patchShare[0] * ((step % steps) / (steps - 1) - 0.5);
      const y = Math.floor(patch / 6) + place.patchShare[1] * (Math.floor(step / steps) / (steps - 1) - 0.5);
      const [u, v] = toImage([x, y]);
      image.shares.set(color, 3 * (Math.round(v) * widthPx + Math.round(u)));
    }
  }
  return image;
}

/** How alike the arms show the color of skin. */
import { deltaE00 } from "../../color/delta-e.js";
import { labOfXyz, multiply, type Triple, whiteD65 } from "../../color/lab.js";
import { xyzOfRec2020 } from "../../color/rec2020.js";
import type { RadialMatch } from "../../native/radial-match.js";
import type { Resampled } from "../../native/resample.js";
import { maskBits } from "../../schema/alignment.js";
import type { CanonicalFaces } from "../face/aligned-faces.js";
import { meanPoint } from "../face/head-pose.js";
import { meanMesh } from "../face/mean-head.js";
import { canonicalWhite } from "../resample/canonical-white.js";
import { flowAt } from "./flow-measures.js";

/** Parts of the mean head, mm, either side: cheeks and forehead, free of eyes, nostrils, lips and, mostly, of hair. */
const cheeks = { from: 22, to: 50, top: 16, bottom: 48 } as const;
const forehead = { to: 30, top: -62, bottom: -36 } as const;
const skinPoints: readonly number[] = Array.from({ length: meanMesh.length / 3 }, (_, i) => i).filter((i) => {
  const [x, y] = meanPoint(i);
  const side = Math.abs(x);
  const onCheek = side > cheeks.from && side < cheeks.to && y > cheeks.top && y < cheeks.bottom;
  return onCheek || (side < forehead.to && y > forehead.top && y < forehead.bottom);
});

/** Side of the squares whose mean colors are compared: noise averages out, and a misplaced mesh hardly counts. */
const patchMm = 6;
const fewestPatches = 6;

/**
 * Mean CIEDE2000 between the arms' colors of patches of skin, at the mesh points of cheeks and forehead; in the far
 * image at the place that the flow leads to, or else at its own mesh's point. Patches that reach out of an image's
 * valid part or hold saturated samples are left out.
 * @param near and far in linear Rec.2020.
 * @returns null without a face in both, in mono, or with fewer than 6 patches.
 */
export function skinDifference(
  near: Resampled,
  far: Resampled,
  faces: CanonicalFaces,
  match: RadialMatch | null,
): number | null {
  if (faces.near === null || faces.far === null || near.channels !== 3 || far.channels !== 3) return null;
  const sidePx = Math.max(3, Math.round(patchMm * faces.near.view.pxPerMm));
  const differences: number[] = [];
  for (const i of skinPoints) {
    const x = faces.near.face.points468[3 * i] as number;
    const y = faces.near.face.points468[3 * i + 1] as number;
    const flow = match && flowAt(match.near, near.widthPx, near.heightPx, x, y);
    const farX = flow ? x + flow[0] : (faces.far.face.points468[3 * i] as number);
    const farY = flow ? y + flow[1] : (faces.far.face.points468[3 * i + 1] as number);
    const nearColor = patchColor(near, x, y, sidePx);
    const farColor = patchColor(far, farX, farY, sidePx);
    if (nearColor === null || farColor === null) continue;
    differences.push(deltaE00(labOf(nearColor), labOf(farColor)));
  }
  if (differences.length < fewestPatches) return null;
  return differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
}

function patchColor(
  { samples, flags, widthPx, heightPx }: Resampled,
  x: number,
  y: number,
  sidePx: number,
): Triple | null {
  const [left, top] = [Math.round(x - sidePx / 2), Math.round(y - sidePx / 2)];
  if (left < 0 || top < 0 || left + sidePx > widthPx || top + sidePx > heightPx) return null;
  let [r, g, b] = [0, 0, 0];
  for (let v = top; v < top + sidePx; v++) {
    for (let u = left; u < left + sidePx; u++) {
      const i = v * widthPx + u;
      if (flags[i] !== maskBits.valid) return null;
      r += samples[3 * i] as number;
      g += samples[3 * i + 1] as number;
      b += samples[3 * i + 2] as number;
    }
  }
  const scale = 1 / (sidePx * sidePx * canonicalWhite);
  return [r * scale, g * scale, b * scale];
}

const labOf = (rec2020: Triple): Triple => labOfXyz(multiply(xyzOfRec2020, rec2020), whiteD65);

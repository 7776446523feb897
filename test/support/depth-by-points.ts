import type { CanonicalFace } from "../../src/alignment/face/aligned-faces.js";
import { meanPoint } from "../../src/alignment/face/head-pose.js";
import { meanMesh } from "../../src/alignment/face/mean-head.js";
import type { CanonicalPair } from "../../src/geometry/canonical-pair.js";
import type { DepthView } from "../../src/native/radial-match.js";
import { type PosedFaceOptions, seenPoint } from "./posed-face.js";

const discPx = 4;

/**
 * What a match would have measured around the points of a posed face's mesh, a disc of each, and nowhere else.
 * @param measuredOf depth to be measured at a point of the mean head of true depth `depthMm`; null: nothing.
 */
export function depthByPoints(
  pair: CanonicalPair,
  face: CanonicalFace,
  options: PosedFaceOptions,
  sigmaMm: number,
  measuredOf: (depthMm: number, index: number) => number | null = (depthMm) => depthMm,
): DepthView {
  const pixels = pair.sizePx ** 2;
  const depthMm = new Float32Array(pixels).fill(Number.NaN);
  const depthSigmaMm = new Float32Array(pixels).fill(Number.NaN);
  for (let index = 0; index < meanMesh.length / 3; index++) {
    const { px, depthMm: truth } = seenPoint(face.view, options, meanPoint(index));
    const measured = measuredOf(truth, index);
    if (measured === null) continue;
    for (let y = Math.round(px[1]) - discPx; y <= px[1] + discPx; y++) {
      for (let x = Math.round(px[0]) - discPx; x <= px[0] + discPx; x++) {
        if (x < 0 || y < 0 || x >= pair.sizePx || y >= pair.sizePx) continue;
        depthMm[y * pair.sizePx + x] = measured;
        depthSigmaMm[y * pair.sizePx + x] = sigmaMm;
      }
    }
  }
  const flow = new Float32Array(2 * pixels).fill(Number.NaN);
  return { depthMm, depthSigmaMm, sigmaPx: depthSigmaMm, flow, visible: new Uint8Array(pixels).fill(2) };
}

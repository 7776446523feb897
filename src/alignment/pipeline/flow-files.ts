/** Flow, depth and residuals of an aligned pair as files. */
import type { AlignmentFileName } from "../../schema/alignment.js";
import type { AlignedFile } from "../aligned-pair.js";
import { npyOf } from "../resample/image-files.js";
import type { PairFlow } from "./pair-flow.js";

export function flowFiles(sizePx: number, { matched: { match }, fused, fit }: PairFlow): AlignedFile[] {
  const tangential = fit?.rows ?? [];
  const plane = (name: AlignmentFileName, data: Float32Array): AlignedFile => ({
    name,
    parts: npyOf(data, [sizePx, sizePx]),
  });
  const flow = (name: AlignmentFileName, data: Float32Array): AlignedFile => ({
    name,
    parts: npyOf(data, [sizePx, sizePx, 2]),
  });
  const files = [
    flow("nearToFar", match.near.flow),
    flow("farToNear", match.far.flow),
    plane("nearSigma", match.near.sigmaPx),
    plane("farSigma", match.far.sigmaPx),
    plane("nearDepth", match.near.depthMm),
    plane("farDepth", match.far.depthMm),
    plane("nearDepthSigma", match.near.depthSigmaMm),
    { name: "tangential", parts: npyOf(Float32Array.from(tangential.flat()), [tangential.length, 6]) },
  ] as const satisfies AlignedFile[];
  if (fused === null) return [...files];
  return [
    ...files,
    flow("fusedNearToFar", fused.near.flow),
    flow("fusedFarToNear", fused.far.flow),
    plane("fusedNearSigma", fused.near.sigmaPx),
    plane("fusedFarSigma", fused.far.sigmaPx),
  ];
}

/** How far the eyes are: what makes a subject-canonical pair. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { DepthView, RadialMatch } from "../../native/radial-match.js";
import { madSigma, median } from "../../stats/median.js";
import type { CanonicalFace, CanonicalFaces } from "./aligned-faces.js";
import { meanPoint, placeOfHead } from "./head-pose.js";
import { meanMesh, meanPupilDistanceMm } from "./mean-head.js";
import { pupilRatio, pupilRatioSigma } from "./pupil-ratio.js";

export interface WithSigma {
  readonly value: number;
  readonly sigma: number;
}

export interface EyeDepth {
  /** Of the point midway between the pupils, from the eye plane towards the cameras, mm. */
  readonly depthMm: WithSigma;
  /** Entrance pupils to that point, along the canonical axis, mm. */
  readonly nearDistanceMm: WithSigma;
  readonly farDistanceMm: WithSigma;
  readonly source: "flow" | "scale";
}

/**
 * Depth of the eyes by the matched depth of their surroundings, or, where too little was matched or that is much
 * less certain, by the ratio of the pupils' distances in the images. Null without a face in the near image, or when
 * neither way is open.
 */
export function eyeDepth(
  pair: CanonicalPair,
  faces: CanonicalFaces,
  match: RadialMatch | null,
): EyeDepth | null {
  const byFlow = faces.near && match && depthByFlow(pair, faces.near, match.near);
  const byScale = depthByScale(pair, faces);
  const useFlow = byFlow && (byScale === null || byFlow.sigma <= mostOverScale * byScale.sigma);
  const depthMm = useFlow ? byFlow : byScale;
  if (depthMm === null) return null;
  const distance = (arm: "near" | "far"): WithSigma => ({
    value: pair[arm].aimDepthMm - depthMm.value,
    sigma: depthMm.sigma,
  });
  return {
    depthMm,
    nearDistanceMm: distance("near"),
    farDistanceMm: distance("far"),
    source: useFlow ? "flow" : "scale",
  };
}

/** The flow measures this subject, the ratio of sizes trusts a network: it is asked only when the flow is this much worse. */
const mostOverScale = 2;

/**
 * Points of the mesh around an eye: far enough from the pupil to be free of the cornea, whose highlights show
 * other depths, and near enough for the depth of the eyeball to hold the skin (further off people differ more).
 */
const ringMm = { from: 7, to: 14 } as const;
const ringPoints: readonly number[] = Array.from({ length: meanMesh.length / 3 }, (_, i) => i).filter((i) => {
  const [x, y] = meanPoint(i);
  const mm = Math.hypot(Math.abs(x) - meanPupilDistanceMm / 2, y);
  return mm >= ringMm.from && mm <= ringMm.to;
});
const leastRingPoints = 12;

/** Of the pupils' depth about what the generic head's lids make of it, over people: 1.7 mm over 28 virtual heads. */
const socketSigmaMm = 2;
/**
 * What calibration and match leave along the radius alike for a whole face, px: nothing near, but at 1370 mm it is
 * millimetres of depth. Seen there: 0.06 to 0.1 px.
 */
const commonErrorPx = 0.06;
/** Points of the ring that are as good as independent: a match's error reaches over several of them. */
const independentShare = 0.15;

/** Each point says: its measured depth less how far before the eyes the generic head has it. */
function depthByFlow(pair: CanonicalPair, near: CanonicalFace, view: DepthView): WithSigma | null {
  const values: number[] = [];
  const sigmas: number[] = [];
  const radiiPx: number[] = [];
  for (const index of ringPoints) {
    const x = near.face.points468[3 * index] as number;
    const y = near.face.points468[3 * index + 1] as number;
    const measured = depthAround(view, pair.sizePx, x, y);
    if (measured === null) continue;
    values.push(measured.value - placeOfHead(near.pose, near.view, meanPoint(index)).hMm);
    sigmas.push(measured.sigma);
    radiiPx.push(Math.hypot(x - pair.epipolePx[0], y - pair.epipolePx[1]));
  }
  if (values.length < leastRingPoints) return null;
  const centre = median(values) as number;
  const spread = Math.max(madSigma(values, centre) as number, 0.1);
  let [sum, weights] = [0, 0];
  for (const [i, value] of values.entries()) {
    if (Math.abs(value - centre) > 3 * spread) continue;
    const weight = 1 / ((sigmas[i] as number) ** 2 + spread ** 2);
    sum += weight * value;
    weights += weight;
  }
  const statistical = 1 / (weights * independentShare);
  const common = commonErrorPx / ((median(radiiPx) as number) * flowPerRadius(pair));
  return { value: sum / weights, sigma: Math.sqrt(statistical + socketSigmaMm ** 2 + common ** 2) };
}

/** Px of flow for a mm of depth and a px of radius, in the eye plane. */
function flowPerRadius({ near, far }: CanonicalPair): number {
  return 1 / near.aimDepthMm - 1 / far.aimDepthMm;
}

const aroundPx = 2;

/** Mean of the depth measured within two px of a place, by weight, with the sigma of one of them; null of none. */
export function depthAround(
  { depthMm, depthSigmaMm }: Pick<DepthView, "depthMm" | "depthSigmaMm">,
  sizePx: number,
  x: number,
  y: number,
): WithSigma | null {
  let [sum, weights, count] = [0, 0, 0];
  for (let v = Math.round(y) - aroundPx; v <= Math.round(y) + aroundPx; v++) {
    for (let u = Math.round(x) - aroundPx; u <= Math.round(x) + aroundPx; u++) {
      if (u < 0 || v < 0 || u >= sizePx || v >= sizePx) continue;
      const depth = depthMm[v * sizePx + u] as number;
      const sigma = depthSigmaMm[v * sizePx + u] as number;
      if (!(Number.isFinite(depth) && sigma > 0)) continue;
      sum += depth / sigma ** 2;
      weights += 1 / sigma ** 2;
      count += 1;
    }
  }
  return count === 0 ? null : { value: sum / weights, sigma: Math.sqrt(count / weights) };
}

/** Perspective alone makes the ratio r = (1 - h/zf) / (1 - h/zn), h = (r - 1) / (r/zn - 1/zf). */
function depthByScale(pair: CanonicalPair, faces: CanonicalFaces): WithSigma | null {
  const ratio = pupilRatio(faces);
  if (ratio === null) return null;
  const inverseDepth = ratio / pair.near.aimDepthMm - 1 / pair.far.aimDepthMm;
  if (!(inverseDepth > 0)) return null;
  return { value: (ratio - 1) / inverseDepth, sigma: pupilRatioSigma / inverseDepth };
}

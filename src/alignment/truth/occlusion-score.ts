/** How well an alignment tells what the other pupil does not see. */

export interface OcclusionScore {
  /** Pixels that were judged, that are hidden, and that are said to be. */
  readonly pixels: number;
  readonly hidden: number;
  readonly claimed: number;
  /** Of those said to be hidden, and of the hidden; NaN of none. F1 is 0 when nothing is right, NaN of neither. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** State of a pixel in {@link occlusionScore}. */
export const occlusion = { notJudged: 0, seen: 1, hidden: 2 } as const;

/** A pixel of an edge shows both sides: borders of hidden regions count as right within this distance. */
export const occlusionTolerancePx = 2;

/**
 * @param claimed, actual `occlusion` values of one view or of several below each other, `widthPx` wide.
 * @param tolerancePx square distance within which a claim and a hidden pixel belong together; 0: pixel by pixel.
 */
export function occlusionScore(
  claimed: Uint8Array,
  actual: Uint8Array,
  widthPx: number,
  tolerancePx = occlusionTolerancePx,
): OcclusionScore {
  const [nearClaimed, nearHidden] = [
    widened(claimed, widthPx, tolerancePx),
    widened(actual, widthPx, tolerancePx),
  ];
  let [pixels, hidden, said, found, right] = [0, 0, 0, 0, 0];
  for (let i = 0; i < actual.length; i++) {
    if (actual[i] === occlusion.notJudged || claimed[i] === occlusion.notJudged) continue;
    pixels++;
    if (actual[i] === occlusion.hidden) {
      hidden++;
      if (nearClaimed[i] === 1) found++;
    }
    if (claimed[i] === occlusion.hidden) {
      said++;
      if (nearHidden[i] === 1) right++;
    }
  }
  const [precision, recall] = [right / said, found / hidden];
  const f1 = right > 0 && found > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { pixels, hidden, claimed: said, precision, recall, f1: hidden + said > 0 ? f1 : Number.NaN };
}

/** 1 where a hidden pixel lies within the distance. */
function widened(states: Uint8Array, widthPx: number, distancePx: number): Uint8Array {
  const rows = states.length / widthPx;
  const out = new Uint8Array(states.length);
  for (let i = 0; i < states.length; i++) {
    if (states[i] !== occlusion.hidden) continue;
    const [x, y] = [i % widthPx, Math.floor(i / widthPx)];
    const right = Math.min(widthPx - 1, x + distancePx);
    for (let row = Math.max(0, y - distancePx); row <= Math.min(rows - 1, y + distancePx); row++)
      out.fill(1, row * widthPx + Math.max(0, x - distancePx), row * widthPx + right + 1);
  }
  return out;
}

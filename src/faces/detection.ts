/** From the detector's raw outputs to faces: anchors, decoding, merging. */
import { overlap } from "./box.js";
import type { Box, Point } from "./face.js";

/** A face as the detector sees it. */
export interface Detection {
  readonly score: number;
  readonly box: Box;
  /** Eyes, nose tip, mouth, ears; of eyes and ears the one on the left of an upright image first. */
  readonly keyPoints: readonly Point[];
}

const keyPointCount = 6;
const valuesPerAnchor = 4 + 2 * keyPointCount;

/** The two grids of BlazeFace for far range: spacing as a share of the input, anchors in each cell. */
const anchorGrids = [
  { cells: 16, anchorsPerCell: 2, scores: "scores16", boxes: "boxes16" },
  { cells: 8, anchorsPerCell: 6, scores: "scores8", boxes: "boxes8" },
] as const;

function decodeBox(values: Float32Array, first: number, anchor: Point): Omit<Detection, "score"> {
  const at = (i: number): number => values[first + i] as number;
  const x = anchor.x + at(0);
  const y = anchor.y + at(1);
  const halfWidth = at(2) / 2;
  const halfHeight = at(3) / 2;
  const keyPoints = Array.from({ length: keyPointCount }, (_, i) => ({
    x: anchor.x + at(4 + 2 * i),
    y: anchor.y + at(5 + 2 * i),
  }));
  const box = { left: x - halfWidth, top: y - halfHeight, right: x + halfWidth, bottom: y + halfHeight };
  return { box, keyPoints };
}

/**
 * Detections of at least `minScore` in one crop.
 * @param outputs the network's values by name.
 * @returns coordinates in px of the network's input, 0 being its left or upper edge.
 */
export function decodeDetections(
  outputs: (name: string) => Float32Array,
  inputPx: number,
  minScore: number,
): Detection[] {
  const found: Detection[] = [];
  for (const { cells, anchorsPerCell, scores, boxes } of anchorGrids) {
    const boxValues = outputs(boxes);
    const spacingPx = inputPx / cells;
    outputs(scores).forEach((logit, i) => {
      const score = 1 / (1 + Math.exp(-logit));
      if (score < minScore) return;
      const cell = Math.trunc(i / anchorsPerCell);
      const anchor = {
        x: ((cell % cells) + 0.5) * spacingPx,
        y: (Math.trunc(cell / cells) + 0.5) * spacingPx,
      };
      const place = decodeBox(boxValues, i * valuesPerAnchor, anchor);
      // Where there is no face the sizes mean nothing, and may be negative.
      if (place.box.right > place.box.left && place.box.bottom > place.box.top)
        found.push({ score, ...place });
    });
  }
  return found;
}

/** Detections that overlap at least this much are the same face (MediaPipe's value). */
const sameFaceOverlap = 0.3;

/**
 * Weighted non-maximum suppression: the best detection takes in those that overlap it, and its box and
 * key points become their mean weighted by score. Best first.
 */
export function mergeDetections(detections: readonly Detection[]): Detection[] {
  let waiting = [...detections].sort((a, b) => b.score - a.score);
  const merged: Detection[] = [];
  while (waiting.length > 0) {
    const best = waiting[0] as Detection;
    const same = waiting.filter((other) => overlap(best.box, other.box) >= sameFaceOverlap);
    merged.push(same.length > 1 ? weightedMean(same) : best);
    waiting = waiting.filter((other) => other !== best && !same.includes(other));
  }
  return merged;
}

/** @param detections best first; the mean keeps the best score. */
function weightedMean(detections: readonly Detection[]): Detection {
  const total = detections.reduce((sum, { score }) => sum + score, 0);
  const mean = (pick: (detection: Detection) => number): number =>
    detections.reduce((sum, detection) => sum + detection.score * pick(detection), 0) / total;
  const { score, keyPoints } = detections[0] as Detection;
  return {
    score,
    box: {
      left: mean(({ box }) => box.left),
      top: mean(({ box }) => box.top),
      right: mean(({ box }) => box.right),
      bottom: mean(({ box }) => box.bottom),
    },
    keyPoints: keyPoints.map((_, i) => ({
      x: mean((detection) => (detection.keyPoints[i] as Point).x),
      y: mean((detection) => (detection.keyPoints[i] as Point).y),
    })),
  };
}

/** Maps over the eye plane, as far as both cameras see it. */
import type { Pixel } from "../../../geometry/brown-camera.js";
import type { GridMap } from "../../../schema/calibration-geometry.js";
import { canonicalPxPerMm } from "./canonical-of.js";
import { pointAt } from "./eye-plane.js";
import { nearOfFar, type PairAtStop, pixelOf, pxPerMmAt } from "./pair-geometry.js";
import type { SolvedPair } from "./solved-pair.js";
import type { UncertainPair } from "./uncertain-pair.js";

/** Samples along each side of the canonical picture. */
const side = 16;
/** Half the canonical picture. */
const reachMm = 150;

/** A place of the map; null where one of the cameras does not see it. */
type Sample = Pixel | null;

/** One-sigma error of the far → near mapping, canonical px, in its worst direction; one map a stop. */
export function uncertaintyMaps(uncertain: UncertainPair): GridMap[] {
  const pairs = uncertain.pairsOf();
  const samples = pairs.map((pair) => samplesOf(pair, uncertain.solved));
  const propagated = uncertain.propagate((moved) =>
    moved.flatMap((pair, stop) =>
      (samples[stop] as readonly Sample[]).flatMap((far) => (far && nearOfFar(pair, far, 0)) ?? [0, 0]),
    ),
  );
  return pairs.map((pair, stop) => {
    const toCanonical = canonicalPxPerMm / pxPerMmAt(pair.near, pair.eyePlane);
    const values = (samples[stop] as readonly Sample[]).map((far, i) => {
      const at = 2 * (stop * side * side + i);
      return far && propagated.worstSigma(at, at + 1) * toCanonical;
    });
    return mapOf("One-sigma error of the mapping from far to near", values);
  });
}

/** Distance of the mappings of two calibrations of the same rig, canonical px; one map a stop. */
export function differenceMaps(a: UncertainPair, b: UncertainPair): GridMap[] {
  const [pairsA, pairsB] = [a.pairsOf(), b.pairsOf()];
  return pairsA.map((pair, stop) => {
    const other = pairsB[stop] as PairAtStop;
    const toCanonical = canonicalPxPerMm / pxPerMmAt(pair.near, pair.eyePlane);
    const values = samplesOf(pair, a.solved).map((far) => {
      const [left, right] = [far && nearOfFar(pair, far, 0), far && nearOfFar(other, far, 0)];
      return left && right && Math.hypot(left[0] - right[0], left[1] - right[1]) * toCanonical;
    });
    return mapOf("Difference between the halves of the views", values);
  });
}

/** Far pixels of the grid, row-major. */
function samplesOf(pair: PairAtStop, { imageSizePx }: SolvedPair): Sample[] {
  return Array.from({ length: side * side }, (_, i) => {
    const at = (k: number): number => reachMm * ((2 * k) / (side - 1) - 1);
    const point = pointAt(pair.eyePlane, [at(i % side), at(Math.floor(i / side))], 0);
    const [near, far] = [pixelOf(pair.near, point), pixelOf(pair.far, point)];
    return inside(near, imageSizePx.near) && inside(far, imageSizePx.far) ? far : null;
  });
}

function inside(px: Sample, [width, height]: readonly [number, number]): boolean {
  return px !== null && px[0] >= -0.5 && px[1] >= -0.5 && px[0] <= width - 0.5 && px[1] <= height - 0.5;
}

function mapOf(title: string, values: (number | null)[]): GridMap {
  const [from, to]: [[number, number], [number, number]] = [
    [-reachMm, -reachMm],
    [reachMm, reachMm],
  ];
  return { title, unit: "px", columns: side, rows: side, from, to, placeUnit: "mm", values };
}

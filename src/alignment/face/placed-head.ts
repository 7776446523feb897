/** The generic head in millimetres about the eyes of a face, with how far a head may depart from it. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { EyeDepth } from "./eye-depth.js";
import { type Grid, pixelOfCell } from "./grid.js";
import { type MeshOnImage, type PosedHead, posedHead } from "./posed-head.js";

export interface HeadPlace {
  /** Centre of the cell in the image. */
  readonly px: readonly [number, number];
  /** From the eyes: across, and towards the cameras. */
  readonly xMm: number;
  readonly yMm: number;
  readonly hMm: number;
  /** How heads differ there: standard deviation. */
  readonly reliefSigmaMm: number;
  /** What the head's misplaced outline makes of it besides. */
  readonly outlineSigmaMm: number;
}

/** Heads of the world differ more than those that the generic head was made of. */
const unknownHeadFactor = 1.1;
/**
 * How far the found mesh and the generic head's outline are from where this head has them, in the image: on steep
 * sides that is an error of depth.
 */
const placeSigmaMm = 2.5;
/** Steps of the relief from which on a slope is a contour, behind which anything may be. */
const mostSlope = 6;
/**
 * A mesh's outer points follow the contour that is seen, which from near lies further to the front than theirs: error
 * over depth behind the eyes, times the distance. Over 20 pairs of virtual heads.
 */
const contourMm = 90;
/** Heads stand on their necks as they like; those of the generic head all hold themselves straight. */
const neck = { fromMm: 88, sigmaMm: 20 } as const;

/** @returns for each cell of the grid; null where the generic head is not seen. */
export function placedHead(
  pair: CanonicalPair,
  arm: "near" | "far",
  face: MeshOnImage,
  eyes: EyeDepth,
  grid: Grid,
): (HeadPlace | null)[] {
  const head = posedHead(face, grid);
  // The generic head was sized as if the eyes were in the eye plane.
  const nearer = 1 - eyes.depthMm.value / pair[arm].aimDepthMm;
  const mmPerPx = nearer / pair.pxPerMm;
  const contour = contourMm / pair[arm].aimDepthMm;
  return Array.from(head.hMm, (h, cell) => {
    if (Number.isNaN(h)) return null;
    const [x, y] = pixelOfCell(grid, cell % grid.columns, Math.floor(cell / grid.columns));
    const relief = nearer * unknownHeadFactor * (head.sigmaMm[cell] as number);
    const isNeck = (head.headY[cell] as number) > neck.fromMm;
    return {
      px: [x, y],
      xMm: (x - face.pose.eyesPx[0]) * mmPerPx,
      yMm: (y - face.pose.eyesPx[1]) * mmPerPx,
      hMm: nearer * h,
      reliefSigmaMm: isNeck ? Math.max(relief, neck.sigmaMm) : relief,
      outlineSigmaMm: Math.hypot(
        placeSigmaMm * slopeAt(head, grid, cell, grid.cellPx / pair.pxPerMm),
        contour * Math.min(0, h),
      ),
    };
  });
}

/** Steepest step to a neighbour, mm of depth per mm across; a contour's where a neighbour is not the head. */
function slopeAt({ hMm }: PosedHead, { columns }: Grid, cell: number, mmPerCell: number): number {
  const here = hMm[cell] as number;
  let steepest = 0;
  for (const step of [-1, 1, -columns, columns]) {
    const there = hMm[cell + step] ?? Number.NaN;
    const slope = Number.isNaN(there) ? mostSlope : Math.abs(there - here) / mmPerCell;
    steepest = Math.max(steepest, Math.min(slope, mostSlope));
  }
  return steepest;
}

/** Which part of the head each pixel of a canonical image shows. */
import type { DepthView } from "../../native/radial-match.js";
import type { Resampled } from "../../native/resample.js";
import { type FaceZone, faceZones, maskBits } from "../../schema/alignment.js";
import type { CanonicalFace } from "./aligned-faces.js";
import { meansAround } from "./cell-filters.js";
import { cellOfPixel } from "./grid.js";
import { type HeadEvidence, headCells, headEvidence } from "./head-evidence.js";

export interface FaceZoneMap {
  readonly widthPx: number;
  readonly heightPx: number;
  /** heightPx × widthPx: 0 no head, else 1 + index into `faceZones`. */
  readonly zones: Uint8Array;
}

/**
 * Zones of the head: the generic head says where one is likely, the colors of this image's own skin, hair and
 * background, and the depth where it was measured, say where it is. The front is the skin of forehead, face and chin
 * down to 20 mm behind the eyes; the jaw side is what lies deeper, temples too; a bald scalp counts as hair.
 * @param depth of the same view; null: none was measured.
 */
export function faceZoneMap(
  image: Resampled,
  face: CanonicalFace,
  depth: Pick<DepthView, "depthMm"> | null,
): FaceZoneMap {
  const evidence = headEvidence(image, face, depth);
  const hairOdds = meansAround(hairOverSkin(evidence), evidence.grid, strandCells);
  const cells = headCells(evidence).map((isHead, cell) =>
    isHead === 1 ? codeOf(zoneOf(evidence, face, cell, hairOdds[cell] as number)) : 0,
  );
  return spread(cells, evidence, image);
}

const codeOf = (zone: FaceZone | null): number => (zone === null ? 0 : 1 + faceZones.indexOf(zone));

/** Limits of the zones, mm in the head's own frame: x outwards, y down, h towards the viewer, from the eyes. */
const limits = {
  /** The front reaches this far behind the eyes. */
  frontDepth: -20,
  /** Ears lie further out than this, and between these heights. */
  earsFrom: 64,
  earsTop: -25,
  earsBottom: 60,
  /** Skin further up is scalp. */
  hairline: -88,
  /** Below it, outside the face's outline, skin is the neck's, as wide as this; what is wider is the body's. */
  belowFace: 72,
  neckHalfWidth: 75,
  /** Under the chin what is as dark as hair is shadow or beard, this far out. */
  chinHalfWidth: 40,
  /** Within the outline hair is told from skin only above and outside of these: brows, lips and beards are the face's. */
  fringeBelow: -32,
  fringeBeside: 58,
} as const;
/** Within the outline hair must be this much likelier than skin, natural log. */
const fringeOdds = 2;
/** Odds are averaged over squares of this many cells either way: hair is strands, shine and shade. */
const strandCells = 1;

function zoneOf(
  evidence: HeadEvidence,
  face: CanonicalFace,
  cell: number,
  hairOdds: number,
): FaceZone | null {
  const [x, y] = headPlaceOf(evidence, face, cell);
  const beside = Math.abs(x);
  const isDeep = !((evidence.head.headH[cell] as number) > limits.frontDepth);
  if (evidence.oval[cell] === 1) {
    if (hairOdds > fringeOdds && (y < limits.fringeBelow || beside > limits.fringeBeside)) return "hair";
    return isDeep ? "jaw-side" : "front";
  }
  if (y > limits.belowFace && beside < limits.chinHalfWidth) return "neck";
  if (hairOdds > 0 || y < limits.hairline) return "hair";
  if (y > limits.belowFace) return beside < limits.neckHalfWidth ? "neck" : null;
  if (beside > limits.earsFrom && y > limits.earsTop && y < limits.earsBottom) return "ears";
  return isDeep ? "jaw-side" : "front";
}

/** How much likelier each cell's color is hair than skin, natural log. */
function hairOverSkin({ likeness: { skin, hair }, oval }: HeadEvidence): Float32Array {
  const odds = new Float32Array(oval.length);
  if (hair === null || skin === null) return odds;
  return odds.map((_, cell) => (hair[cell] as number) - (skin[cell] as number));
}

/** By the generic head where it reaches, else by the line of the eyes alone. */
function headPlaceOf(
  { head: { headX, headY }, grid }: HeadEvidence,
  { pose, view }: CanonicalFace,
  cell: number,
): readonly [number, number] {
  if (!Number.isNaN(headX[cell])) return [headX[cell] as number, headY[cell] as number];
  const mmPerCell = grid.cellPx / (view.pxPerMm * pose.scale);
  const [eyesColumn, eyesRow] = cellOfPixel(grid, pose.eyesPx);
  const dx = ((cell % grid.columns) - eyesColumn) * mmPerCell;
  const dy = (Math.floor(cell / grid.columns) - eyesRow) * mmPerCell;
  const roll = (pose.rollDeg * Math.PI) / 180;
  return [Math.cos(roll) * dx + Math.sin(roll) * dy, Math.cos(roll) * dy - Math.sin(roll) * dx];
}

function spread(
  cells: Uint8Array,
  { grid }: HeadEvidence,
  { widthPx, heightPx, flags }: Resampled,
): FaceZoneMap {
  const zones = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    const cellRow = Math.min(grid.rows - 1, Math.floor(y / grid.cellPx)) * grid.columns;
    for (let x = 0; x < widthPx; x++) {
      const i = y * widthPx + x;
      if (((flags[i] as number) & maskBits.valid) === 0) continue;
      zones[i] = cells[cellRow + Math.min(grid.columns - 1, Math.floor(x / grid.cellPx))] as number;
    }
  }
  return { widthPx, heightPx, zones };
}

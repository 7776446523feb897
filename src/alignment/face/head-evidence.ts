/** What speaks for a head in each cell of an image: where heads are, this image's own colors, measured depth. */
import type { DepthView } from "../../native/radial-match.js";
import type { Resampled } from "../../native/resample.js";
import type { CanonicalFace } from "./aligned-faces.js";
import { connectedTo, meansAround } from "./cell-filters.js";
import {
  type ColorClass,
  type ColorFeatures,
  colorFeatures,
  learnClass,
  logDensities,
} from "./color-classes.js";
import { ovalOn } from "./face-oval.js";
import { cellOfPixel, type Grid } from "./grid.js";
import { type PosedHead, posedHead } from "./posed-head.js";
import { factorFor, reduce } from "./reduced-image.js";

export interface HeadEvidence {
  readonly grid: Grid;
  readonly head: PosedHead;
  /** 1 within the face's outline. */
  readonly oval: Uint8Array;
  readonly validShare: Float32Array;
  /** In the middle of each cell; NaN where none was measured. */
  readonly depth: Float32Array | null;
  /** Logarithm of the density of each cell's color in what this image shows; null of what it shows too little. */
  readonly likeness: {
    readonly skin: Float64Array | null;
    readonly hair: Float64Array | null;
    readonly background: Float64Array | null;
  };
}

/** Side of the grid that is looked at, cells. */
const gridSide = 256;

export function headEvidence(
  image: Resampled,
  face: CanonicalFace,
  depth: Pick<DepthView, "depthMm"> | null,
): HeadEvidence {
  const reduced = reduce(image, factorFor(image, gridSide));
  const grid: Grid = { columns: reduced.widthPx, rows: reduced.heightPx, cellPx: reduced.factor };
  const head = posedHead(face, grid);
  const oval = ovalOn(grid, face.face);
  const colors = colorFeatures(reduced);
  const { validShare } = reduced;
  return {
    grid,
    head,
    oval,
    validShare,
    depth: depth && cellDepths(depth.depthMm, image.widthPx, grid),
    likeness: likenessOf(head, oval, colors, validShare, rowOfChin(face, grid) * grid.columns),
  };
}

function cellDepths(depthMm: Float32Array, widthPx: number, { columns, rows, cellPx }: Grid): Float32Array {
  const middle = Math.floor(cellPx / 2);
  const depths = new Float32Array(columns * rows);
  for (let row = 0, cell = 0; row < rows; row++) {
    const first = (row * cellPx + middle) * widthPx + middle;
    for (let column = 0; column < columns; column++, cell++)
      depths[cell] = depthMm[first + column * cellPx] as number;
  }
  return depths;
}

/** The mesh's point on the chin. */
const chinPoint = 152;

function rowOfChin({ face }: CanonicalFace, grid: Grid): number {
  const chin = [
    face.points468[3 * chinPoint] as number,
    face.points468[3 * chinPoint + 1] as number,
  ] as const;
  return Math.round(cellOfPixel(grid, chin)[1]);
}

/** Where surely hair, or scalp, is: above the hairline, mm, where this share of heads reach. */
const sureHair = { aboveMm: -75, coverage: 0.8 } as const;
/** Where skin is free of eyes and fringe, mm below the eyes: nose and cheeks. */
const sureSkin = { fromMm: 12, toMm: 45 } as const;
/** Hair lies in its own shadow, natural log. */
const hairLightSigma = 0.4;

/** @param firstBelow the first cell below the chin: clothes are no background. */
function likenessOf(
  head: PosedHead,
  oval: Uint8Array,
  colors: ColorFeatures,
  validShare: Float32Array,
  firstBelow: number,
): HeadEvidence["likeness"] {
  const valid = (cell: number): boolean => (validShare[cell] as number) > 0.5;
  const y = (cell: number): number => head.headY[cell] as number;
  const coverage = (cell: number): number => head.coverage[cell] as number;
  const isSkin = (cell: number): boolean =>
    valid(cell) && oval[cell] === 1 && y(cell) > sureSkin.fromMm && y(cell) < sureSkin.toMm;
  const isHair = (cell: number): boolean =>
    valid(cell) && oval[cell] === 0 && y(cell) < sureHair.aboveMm && coverage(cell) > sureHair.coverage;
  const isBackground = (cell: number): boolean => valid(cell) && cell < firstBelow && coverage(cell) === 0;
  const likeness = (known: ColorClass | null) => known && logDensities(known, colors);
  return {
    skin: likeness(learnClass(colors, isSkin)),
    hair: likeness(learnClass(colors, isHair, hairLightSigma)),
    background: likeness(learnClass(colors, isBackground)),
  };
}

/** Odds are averaged over squares of this many cells either way: single cells are noisy. */
const smoothCells = 2;

/** 1 in the cells that show the head: the face's outline, and what is joined to it and looks like a head. */
export function headCells(evidence: HeadEvidence): Uint8Array {
  const { grid, oval, validShare } = evidence;
  const odds = validShare.map((_, cell) => headOdds(evidence, cell));
  const smooth = meansAround(odds, grid, smoothCells);
  const isHead = oval.map((inOval, cell) =>
    (validShare[cell] as number) > 0 && (inOval === 1 || (smooth[cell] as number) > 0) ? 1 : 0,
  );
  return connectedTo(isHead, grid, oval);
}

/** Depth from the eye plane between which a head lies, mm. */
const headDepthMm = { from: -170, to: 100 } as const;
/** What a measured depth within, or beyond, says for the head, natural log of the odds. */
const depthOdds = 1.5;

const densityAt = (likeness: Float64Array | null, cell: number): number =>
  likeness?.[cell] ?? Number.NEGATIVE_INFINITY;

/** Natural log of the odds that a cell shows the head, not the background. */
function headOdds({ head, depth, likeness: { skin, hair, background } }: HeadEvidence, cell: number): number {
  const coverage = Math.min(Math.max(head.coverage[cell] as number, 0.02), 0.98);
  let odds = Math.log(coverage / (1 - coverage));
  if ((skin !== null || hair !== null) && background !== null)
    odds += Math.max(densityAt(skin, cell), densityAt(hair, cell)) - densityAt(background, cell);
  const measured = depth?.[cell] ?? Number.NaN;
  if (Number.isFinite(measured))
    odds += measured > headDepthMm.from && measured < headDepthMm.to ? depthOdds : -depthOdds;
  return odds;
}

/** The edges of a checker board's squares, and how sharp they are in an image. */

import type { ImagePlane } from "../../imaging/image-plane.js";
import type { VisionBoard } from "../../native/vision.js";
import { median } from "../../stats/median.js";
import { modulationOf, mtf50Of } from "./edge-mtf.js";
import { edgeSpread, type SlantedEdge } from "./edge-spread.js";

/** Corners of one board in one image; arrays run alongside each other. */
export interface SeenCorners {
  readonly ids: ArrayLike<number>;
  /** [x, y] of each, flat, px. */
  readonly pointsPx: ArrayLike<number>;
}

/** Between two neighbouring inner corners. */
export interface BoardEdge extends SlantedEdge {
  /** Their ids. */
  readonly corners: readonly [number, number];
}

export interface EdgeSharpness {
  readonly corners: readonly [number, number];
  readonly middlePx: readonly [number, number];
  /** Which way the contrast runs. */
  readonly along: "x" | "y";
  /** Cycles per px, across the edge. */
  readonly mtf50: number;
}

/** Of a square's side: beyond it the next edge is too near. */
const widestShare = 0.4;
/** Of the white rim around a marker. */
const rimShare = 0.85;
/** Wider bands gather noise and no more of the edge. */
const widestPx = 20;

type Place = readonly [number, number];

/** All edges whose two corners were found, and a neighbour that tells how wide the squares beside them look. */
export function boardEdges(board: VisionBoard, { ids, pointsPx }: SeenCorners): BoardEdge[] {
  const places = new Map<number, Place>();
  for (let i = 0; i < ids.length; i++) {
    places.set(ids[i] as number, [pointsPx[2 * i] as number, pointsPx[2 * i + 1] as number]);
  }
  const columns = board.squaresX - 1;
  const bandShare = Math.min(widestShare, rimShare * rimOf(board));
  const edges: BoardEdge[] = [];
  const add = (id: number, along: number, besides: readonly number[]): void => {
    const [from, to] = [places.get(id), places.get(id + along)];
    if (from === undefined || to === undefined) return;
    const besidePx = besides.flatMap((beside) => {
      const place = places.get(beside);
      return place === undefined ? [] : [distanceFromLine(place, from, to)];
    });
    if (besidePx.length === 0) return;
    const halfWidthPx = Math.min(widestPx, bandShare * Math.min(...besidePx));
    edges.push({ from, to, halfWidthPx, corners: [id, id + along] });
  };
  for (const id of places.keys()) {
    const column = id % columns;
    const last = columns - 1;
    if (column < last) add(id, 1, [id - columns, id + columns]);
    add(id, columns, column === 0 ? [id + 1] : column === last ? [id - 1] : [id - 1, id + 1]);
  }
  return edges;
}

/** Of a tilted board's squares one side looks shorter: the band must keep to what is seen. */
function distanceFromLine([x, y]: Place, from: Place, to: Place): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  return Math.abs(dx * (y - from[1]) - dy * (x - from[0])) / Math.hypot(dx, dy);
}

/** Between a square's side and the marker in it, share of the side. */
function rimOf(board: VisionBoard): number {
  return "markerMm" in board ? (board.squareMm - board.markerMm) / 2 / board.squareMm : 1;
}

/** Edges that cannot be measured are left out. */
export function sharpnessOfEdges(plane: ImagePlane, edges: readonly BoardEdge[]): EdgeSharpness[] {
  return edges.flatMap((edge) => {
    const spread = edgeSpread(plane, edge);
    const mtf50 = spread === null ? null : mtf50Of(modulationOf(spread));
    if (spread === null || mtf50 === null) return [];
    const middlePx = [(edge.from[0] + edge.to[0]) / 2, (edge.from[1] + edge.to[1]) / 2] as const;
    return [{ corners: edge.corners, middlePx, along: spread.along, mtf50 }];
  });
}

/** Of the image's size, to either side of the centre. */
const middleShare = 0.25;
const leastEdges = 4;

/**
 * Median in the image's middle, along x and along y; the whole image counts when hardly an edge is there.
 * @returns null when one of the two has no edges at all.
 */
export function medianMtf50(
  edges: readonly EdgeSharpness[],
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): [number, number] | null {
  const medianAlong = (along: "x" | "y"): number | null => {
    const all = edges.filter((edge) => edge.along === along);
    const central = all.filter(
      ({ middlePx: [x, y] }) =>
        Math.abs(x / (widthPx - 1) - 0.5) < middleShare && Math.abs(y / (heightPx - 1) - 0.5) < middleShare,
    );
    return median((central.length < leastEdges ? all : central).map(({ mtf50 }) => mtf50));
  };
  const [x, y] = [medianAlong("x"), medianAlong("y")];
  return x === null || y === null ? null : [x, y];
}

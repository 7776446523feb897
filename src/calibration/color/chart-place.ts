/** Where the patches of a chart lie in an image. */
import type { Pixel } from "../../geometry/brown-camera.js";
import type { Matrix3 } from "../../geometry/rigid.js";
import { fitHomography } from "../geometry/pair/plane-homography.js";

export type Corners = readonly [Pixel, Pixel, Pixel, Pixel];

export const chartColumns = 6;
export const chartRows = 4;

export interface ChartPlace {
  /** Outer corners of the patch grid in the chart's order: dark skin, bluish green, black, white. */
  readonly cornersPx: Corners;
  /** Width and height of a patch over the distances of the patches' centres. */
  readonly patchShare: readonly [number, number];
  readonly mirrored: boolean;
}

function apply(h: Matrix3, [x, y]: Pixel): Pixel {
  const [u, v, w] = h.map((row) => row[0] * x + row[1] * y + row[2]) as [number, number, number];
  return [u / w, v / w];
}

/** The place of a point of the chart, in (column, row) of the patches' centres, px. */
export function chartToImage({ cornersPx, patchShare }: ChartPlace): (grid: Pixel) => Pixel {
  const [x, y] = [patchShare[0] / 2, patchShare[1] / 2];
  const [right, bottom] = [chartColumns - 1 + x, chartRows - 1 + y];
  const grid: Corners = [
    [-x, -y],
    [right, -y],
    [right, bottom],
    [-x, bottom],
  ];
  // Four corners of a convex quadrilateral always determine it.
  const homography = fitHomography(grid, cornersPx) as Matrix3;
  return (at) => apply(homography, at);
}

/** Corners of the middle of a patch, px, in order around it. */
export function patchMiddle(place: ChartPlace, patch: number, share: number): Corners {
  const toImage = chartToImage(place);
  const [column, row] = [patch % chartColumns, Math.floor(patch / chartColumns)];
  const [x, y] = [(place.patchShare[0] * share) / 2, (place.patchShare[1] * share) / 2];
  return [
    toImage([column - x, row - y]),
    toImage([column + x, row - y]),
    toImage([column + x, row + y]),
    toImage([column - x, row + y]),
  ];
}

/** Outline of a face. */
import type { Face } from "../../faces/face.js";
import type { Pixel } from "../../geometry/brown-camera.js";
import { maskBits } from "../../schema/alignment.js";
import { filledPolygon, type Grid } from "./grid.js";

/** Of the mesh, from the forehead's middle clockwise. */
const ovalPoints: readonly number[] = [
  ...[10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377],
  ...[152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109],
];

/** Corners of the face's outline, image px. */
export function ovalOf({ points468 }: Pick<Face, "points468">): Pixel[] {
  return ovalPoints.map((i) => [points468[3 * i] as number, points468[3 * i + 1] as number]);
}

/** 1 in the cells within the face's outline. */
export function ovalOn(grid: Grid, face: Pick<Face, "points468">): Uint8Array {
  return filledPolygon(grid, ovalOf(face));
}

/** Of an image's own pixels as a grid. */
export function pixelGrid({
  widthPx,
  heightPx,
}: {
  readonly widthPx: number;
  readonly heightPx: number;
}): Grid {
  return { columns: widthPx, rows: heightPx, cellPx: 1 };
}

/** Share of the outline's area that lies in the valid part of an image, 0..1. */
export function insideShare(
  face: Pick<Face, "points468">,
  image: { readonly widthPx: number; readonly heightPx: number; readonly flags: Uint8Array },
): number {
  const oval = ovalOn(pixelGrid(image), face);
  let inside = 0;
  for (let i = 0; i < oval.length; i++)
    if (oval[i] === 1 && ((image.flags[i] as number) & maskBits.valid) !== 0) inside += 1;
  const whole = areaOf(ovalOf(face));
  return whole === 0 ? 0 : Math.min(1, inside / whole);
}

/** Of a polygon without crossings. */
function areaOf(corners: readonly Pixel[]): number {
  const twice = corners.reduce((sum, [x1, y1], i) => {
    const [x0, y0] = corners[(i + corners.length - 1) % corners.length] as Pixel;
    return sum + (x0 * y1 - x1 * y0);
  }, 0);
  return Math.abs(twice) / 2;
}

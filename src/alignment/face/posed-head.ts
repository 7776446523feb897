/** The generic head, laid onto the face that was found, as a view sees it: on a coarse grid, the nearest surface first. */
import type { Face } from "../../faces/face.js";
import type { Pixel } from "../../geometry/brown-camera.js";
import { cellOfPixel, type Grid } from "./grid.js";
import { type HeadPose, type HeadView, meanPoint, pixelOfHead, placeOfHead } from "./head-pose.js";
import { genericRelief } from "./relief.js";

/** A face's mesh and the generic head fitted to it. */
export interface MeshOnImage {
  readonly face: Pick<Face, "points468">;
  readonly pose: HeadPose;
  readonly view: HeadView;
}

/** Arrays of columns × rows; NaN where the generic head is not seen. */
export interface PosedHead {
  /** Towards the camera from the eyes, were they in the eye plane, mm. */
  readonly hMm: Float32Array;
  /** Standard deviation of it over heads. */
  readonly sigmaMm: Float32Array;
  /** Share of heads, with their hair, that reach there, 0..1; 0 elsewhere. */
  readonly coverage: Float32Array;
  /** In the head's own frame and size. */
  readonly headX: Float32Array;
  readonly headY: Float32Array;
  readonly headH: Float32Array;
}

const layers = ["hMm", "sigmaMm", "coverage", "headX", "headY", "headH"] as const;

interface Corner {
  readonly cell: Pixel;
  /** In the order of {@link layers}. */
  readonly values: readonly number[];
}

export function posedHead(face: MeshOnImage, grid: Grid): PosedHead {
  const { columns, rows, nodes } = genericRelief();
  const corners = cornersOf(face, grid, nodes);
  const empty = (): Float32Array => new Float32Array(grid.columns * grid.rows).fill(Number.NaN);
  const head = {
    hMm: empty(),
    sigmaMm: empty(),
    coverage: new Float32Array(grid.columns * grid.rows),
    headX: empty(),
    headY: empty(),
    headH: empty(),
  };
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const i = row * columns + column;
      const quad = [corners[i], corners[i + 1], corners[i + columns + 1], corners[i + columns]];
      const [a, b, c, d] = quad;
      if (a && b && c) drawTriangle(head, grid, [a, b, c]);
      if (a && c && d) drawTriangle(head, grid, [a, c, d]);
    }
  }
  return head;
}

function cornersOf(
  { face, pose, view }: MeshOnImage,
  grid: Grid,
  nodes: ReturnType<typeof genericRelief>["nodes"],
): (Corner | null)[] {
  const departures = departuresOf(face.points468, (i) => pixelOfHead(pose, view, meanPoint(i)));
  return nodes.map((node) => {
    if (node === null) return null;
    const place = [node.x, node.y, node.h] as const;
    const px = pixelOfHead(pose, view, place);
    if (px === null) return null;
    let [x, y] = px;
    for (const [k, point] of node.followed.points.entries()) {
      x += (node.followed.weights[k] as number) * (departures[2 * point] as number);
      y += (node.followed.weights[k] as number) * (departures[2 * point + 1] as number);
    }
    const { hMm } = placeOfHead(pose, view, place);
    return {
      cell: cellOfPixel(grid, [x, y]),
      values: [hMm, node.sigma * pose.scale, node.coverage, node.x, node.y, node.h],
    };
  });
}

/** [468][x, y], px: points found, less where the posed generic head has them. */
function departuresOf(points468: ArrayLike<number>, expected: (index: number) => Pixel | null): Float32Array {
  const departures = new Float32Array((2 * points468.length) / 3);
  for (let i = 0; i < departures.length / 2; i++) {
    const px = expected(i);
    if (px === null) continue;
    departures[2 * i] = (points468[3 * i] as number) - px[0];
    departures[2 * i + 1] = (points468[3 * i + 1] as number) - px[1];
  }
  return departures;
}

/** Fills the cells whose centres lie in the triangle, where nothing nearer to the camera is there yet. */
function drawTriangle(head: PosedHead, grid: Grid, [a, b, c]: readonly [Corner, Corner, Corner]): void {
  const [ax, ay] = a.cell;
  const [ux, uy] = [b.cell[0] - ax, b.cell[1] - ay];
  const [vx, vy] = [c.cell[0] - ax, c.cell[1] - ay];
  const area = ux * vy - uy * vx;
  if (!(Math.abs(area) > 0)) return;
  const xs = [ax, b.cell[0], c.cell[0]];
  const ys = [ay, b.cell[1], c.cell[1]];
  const bottom = Math.min(grid.rows - 1, Math.floor(Math.max(...ys)));
  const right = Math.min(grid.columns - 1, Math.floor(Math.max(...xs)));
  for (let y = Math.max(0, Math.ceil(Math.min(...ys))); y <= bottom; y++) {
    for (let x = Math.max(0, Math.ceil(Math.min(...xs))); x <= right; x++) {
      const s = ((x - ax) * vy - (y - ay) * vx) / area;
      const t = ((y - ay) * ux - (x - ax) * uy) / area;
      if (s < 0 || t < 0 || s + t > 1) continue;
      const value = (k: number): number =>
        (1 - s - t) * (a.values[k] as number) + s * (b.values[k] as number) + t * (c.values[k] as number);
      const cell = y * grid.columns + x;
      if (value(0) <= (head.hMm[cell] as number)) continue;
      for (const [k, layer] of layers.entries()) head[layer][cell] = value(k);
    }
  }
}

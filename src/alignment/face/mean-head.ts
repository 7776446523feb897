/**
 * A generic head: the mean of 28 virtual heads (of ICT-FaceKit, whose faces come from scans, and the project's own; the
 * table names them), neutral, frontal, scaled to one size of the mesh, made symmetric. Frame of the head: origin midway
 * between the pupils, x to the right of the image, y down, h towards the viewer; mm at the mean size. Points: the
 * truth's depth, in the far view, where the mesh network found them. Relief: the truth's depth on a grid, each head
 * warped so that its mesh lies on the mean one's.
 */
import { meanHeadTable } from "./mean-head-table.js";

const { mesh, pupilDistance, relief } = meanHeadTable;

const mmOf = (tenths: number | null): number => (tenths === null ? Number.NaN : tenths / 10);

/** Distance of the pupils of the mean head, mm. */
export const meanPupilDistanceMm = mmOf(pupilDistance);

/** [468][x, y, h], mm: the points of the mesh network. */
export const meanMesh: readonly number[] = mesh.map(mmOf);

/** Grid of the relief: x from 0 outwards (both sides are alike), y from above the crown to the neck. */
export const reliefGrid = {
  columns: relief.columns,
  rows: relief.rows,
  stepMm: relief.stepMm,
  topMm: relief.topMm,
} as const;

/** [row][column], mm: mean h; NaN where no head reaches. */
export const reliefHeight: readonly number[] = relief.height.map(mmOf);

/** [row][column], mm: standard deviation over the heads; NaN where no head reaches. */
export const reliefSigma: readonly number[] = relief.sigma.map(mmOf);

/** [row][column], %: how many heads, or hair, reach there. */
export const reliefCoverage: readonly number[] = relief.coveragePercent.map((percent) => percent ?? 0);

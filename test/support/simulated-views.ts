/** Boards before cameras of exact models, seen with seeded noise, as calibration records keep them. */
import { type Intrinsics, project } from "../../src/geometry/brown-camera.js";
import { quaternionOfVector, type Rigid, transform } from "../../src/geometry/rigid.js";
import type { Vector3 } from "../../src/geometry/vector.js";
import type {
  BoardSighting,
  CalibrationBoard,
  FitErrors,
  GridMap,
  SolvedCamera,
} from "../../src/schema/calibration-geometry.js";
import { seededNormal } from "./noise.js";
import { SeededRandom } from "./seeded-random.js";

export class SimulatedViews {
  readonly #random: SeededRandom;
  readonly #normal: () => number;

  constructor(
    seed: number,
    readonly noisePx: number,
  ) {
    this.#random = new SeededRandom(seed);
    this.#normal = seededNormal(seed + 1);
  }

  /** A board of columns × rows corners that is bent and not quite true. */
  board(id: string, columns: number, rows: number, squareMm: number): CalibrationBoard {
    const cornersMm = Array.from({ length: columns * rows }, (_, i): [number, number, number] => [
      ((i % columns) - (columns - 1) / 2) * squareMm,
      (Math.floor(i / columns) - (rows - 1) / 2) * squareMm,
      0,
    ]);
    const shapeMm = cornersMm.map(([x, y]): [number, number, number] => [
      0.0002 * x + 0.004 * this.#normal(),
      -0.0001 * y + 0.004 * this.#normal(),
      0.00001 * x * y + 0.01 * this.#normal(),
    ]);
    return { id, cornersMm, squareMm, warpMm: [0.12, -0.05], shapeMm };
  }

  /** A pose with its middle about `at`, tilted up to `tiltDeg`. */
  pose(
    at: Vector3,
    spreadMm: Vector3,
    tiltDeg: number,
  ): { rotation: [number, number, number, number]; translationMm: [number, number, number] } {
    const turn = (limitDeg: number): number => (this.#random.between(-limitDeg, limitDeg) * Math.PI) / 180;
    const [w, x, y, z] = quaternionOfVector([turn(tiltDeg), turn(tiltDeg), turn(8)]);
    const off = (axis: 0 | 1 | 2): number => at[axis] + this.#random.between(-spreadMm[axis], spreadMm[axis]);
    return { rotation: [w, x, y, z], translationMm: [off(0), off(1), off(2)] };
  }

  /** What a camera sees of a board; null with fewer than six corners in the image. Some corners are outliers. */
  sighting(camera: SolvedCamera, board: CalibrationBoard, T_camera_board: Rigid): BoardSighting | null {
    const ids: number[] = [];
    const pointsPx: number[] = [];
    const residualsPx: number[] = [];
    const outliers: number[] = [];
    const [width, height] = camera.imageSizePx;
    for (const [id, corner] of board.cornersMm.entries()) {
      const seen = project(camera.intrinsics as Intrinsics, transform(T_camera_board, corner));
      if (seen === null || seen[0] < 4 || seen[1] < 4 || seen[0] > width - 5 || seen[1] > height - 5)
        continue;
      const outlier = this.#random.chance(0.002);
      const sigma = outlier ? 8 * this.noisePx : this.noisePx;
      const residual = [
        sigma * this.#normal() + leftOver(seen, width, height)[0],
        sigma * this.#normal() + leftOver(seen, width, height)[1],
      ] as const;
      if (outlier) outliers.push(ids.length);
      ids.push(id);
      pointsPx.push(seen[0] - residual[0], seen[1] - residual[1]);
      residualsPx.push(...residual);
    }
    if (ids.length < 6) return null;
    return { ids, pointsPx, sigmaPx: null, residualsPx, outliers, mirroredInFile: false };
  }
}

/** A part of the lens that the model lacks: up to 0.03 px at the corners. */
function leftOver(
  [x, y]: readonly [number, number],
  width: number,
  height: number,
): readonly [number, number] {
  const [u, v] = [(2 * x) / width - 1, (2 * y) / height - 1];
  const r4 = (u * u + v * v) ** 2;
  return [0.008 * r4 * u, 0.008 * r4 * v];
}

/** A bowl with a slant over the whole image or plane. */
export function bowlMap(
  size: {
    readonly columns: number;
    readonly rows: number;
    readonly from: [number, number];
    readonly to: [number, number];
  },
  values: {
    readonly title: string;
    readonly unit: string;
    readonly placeUnit: "px" | "mm";
    readonly middle: number;
    readonly corner: number;
  },
): GridMap {
  const { columns, rows, from, to } = size;
  const { title, unit, placeUnit, middle, corner } = values;
  return {
    title,
    unit,
    columns,
    rows,
    from,
    to,
    placeUnit,
    values: Array.from({ length: columns * rows }, (_, i) => {
      const u = (2 * (i % columns)) / (columns - 1) - 1;
      const v = (2 * Math.floor(i / columns)) / (rows - 1) - 1;
      const share = ((u - 0.1) ** 2 + (v + 0.05) ** 2) / 2;
      return middle + (corner - middle) * share ** 1.6 * (1 + 0.15 * u);
    }),
  };
}

/** Both conventions and the noise, from the residuals themselves. */
export function errorsOf(sightings: readonly (BoardSighting | null)[]): FitErrors {
  let [sum, count, outliers] = [0, 0, 0];
  for (const sighting of sightings) {
    if (sighting === null) continue;
    const left = new Set(sighting.outliers);
    outliers += left.size;
    for (const i of sighting.ids.keys()) {
      if (left.has(i)) continue;
      sum += (sighting.residualsPx[2 * i] as number) ** 2 + (sighting.residualsPx[2 * i + 1] as number) ** 2;
      count++;
    }
  }
  const rmsPointPx = Math.sqrt(sum / Math.max(1, count));
  return {
    rmsPointPx,
    rmsCoordinatePx: rmsPointPx / Math.SQRT2,
    heldOutRmsPx: 1.02 * rmsPointPx,
    noiseSigmaPx: 1.01 * (rmsPointPx / Math.SQRT2),
    points: count + outliers,
    outliers,
  };
}

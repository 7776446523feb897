/** A chessboard at random places before a camera that is known exactly. */
import { knownBoard } from "../../src/calibration/geometry/observations/known-boards.js";
import type { ImageSighting, SeenBoard } from "../../src/calibration/geometry/observations/seen-board.js";
import { type Intrinsics, project } from "../../src/geometry/brown-camera.js";
import { quaternionOfVector, type Rigid, transform } from "../../src/geometry/rigid.js";
import type { Vector3 } from "../../src/geometry/vector.js";
import { seededNormal } from "./noise.js";
import { SeededRandom } from "./seeded-random.js";

export const worldSizePx = [640, 480] as const;
export const cameraInWorld: Intrinsics = [610, 612, 325, 236, -0.21, 0.06, 0.0008, -0.0005, 0.02];
export const worldBoard = knownBoard("chessboard:9x6:25", {
  squaresX: 10,
  squaresY: 7,
  squareMm: 25,
  topLeftSquare: "black",
});

export interface World {
  readonly views: number;
  /** Greatest turn about each axis. */
  readonly tiltDeg: number;
  readonly noisePx: number;
  readonly bendMm?: readonly [number, number];
  readonly seed?: number;
  /** Of the noise alone; that of everything when left out. */
  readonly noiseSeed?: number;
}

/** The board before the camera at random places; corners outside the image are not seen. */
export function sightingsOf({
  views,
  tiltDeg,
  noisePx,
  bendMm = [0, 0],
  seed = 7,
  noiseSeed = seed,
}: World): ImageSighting[] {
  const random = new SeededRandom(seed);
  const normal = seededNormal(noiseSeed);
  const turn = (): number => (random.between(-tiltDeg, tiltDeg) * Math.PI) / 180;
  return Array.from({ length: views }, (_, view) => {
    const z = random.between(300, 600);
    const T_camera_board: Rigid = {
      rotation: quaternionOfVector([turn(), turn(), random.between(-0.5, 0.5)]),
      translationMm: [random.between(-0.3, 0.3) * z, random.between(-0.25, 0.25) * z, z],
    };
    const seen = worldBoard.cornersMm.flatMap((corner, id) => {
      const px = project(cameraInWorld, transform(T_camera_board, bent(corner, bendMm)));
      if (px === null) return [];
      const [x, y] = [px[0] + noisePx * normal(), px[1] + noisePx * normal()];
      return x < 0 || y < 0 || x > worldSizePx[0] - 1 || y > worldSizePx[1] - 1 ? [] : [{ id, x, y }];
    });
    return sighting(`view ${view + 1}`, {
      ids: Int32Array.from(seen, ({ id }) => id),
      pointsPx: Float64Array.from(seen.flatMap(({ x, y }) => [x, y])),
    });
  });
}

/** The board's middle out of the plane of its ends. */
function bent([x, y, z]: Vector3, [across, down]: readonly [number, number]): Vector3 {
  return [x, y, z + across * (1 - (x / 100) ** 2) + down * (1 - (y / 62.5) ** 2)];
}

export function sighting(image: string, seen: Pick<SeenBoard, "ids" | "pointsPx">): ImageSighting {
  const found = { boardId: worldBoard.id, sigmaPx: null, mirrored: null, ...seen };
  return { image, sizePx: worldSizePx, boards: [found], missing: [] };
}

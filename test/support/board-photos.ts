/** Picture files of a board at many places before a pinhole camera that is known, for tests of whole calibrations. */
import { join } from "node:path";
import sharp from "sharp";
import type { Intrinsics } from "../../src/geometry/brown-camera.js";
import { invert, quaternionOfVector, type Rigid, rotate } from "../../src/geometry/rigid.js";
import type { CharucoTarget } from "../../src/schema/target.js";
import { print } from "./board-picture.js";
import { SeededRandom } from "./seeded-random.js";

export const photoSizePx = [480, 360] as const;
export const photoCamera: Intrinsics = [520, 522, 242, 177, 0, 0, 0, 0, 0];
/** Samples a side of each pixel. */
const supersampling = 3;

export interface PhotoOptions {
  readonly count: number;
  readonly mirrored?: boolean;
}

/** Writes `board 1.png`, …; turned up to 35°, some of them cut off by the image's edges. */
export async function writeBoardPhotos(
  folder: string,
  board: CharucoTarget,
  { count, mirrored = false }: PhotoOptions,
): Promise<void> {
  const random = new SeededRandom(11);
  const turn = (): number => (random.between(-35, 35) * Math.PI) / 180;
  const reachMm = board.squaresY * board.squareMm;
  for (let i = 1; i <= count; i++) {
    const z = random.between(1.4, 2.2) * reachMm;
    const T_camera_board: Rigid = {
      rotation: quaternionOfVector([turn(), turn(), random.between(1.2, 1.9)]),
      translationMm: [random.between(-0.22, 0.22) * z, random.between(-0.16, 0.16) * z, z],
    };
    const [width, height] = photoSizePx;
    const picture = sharp(photoOf(board, T_camera_board), { raw: { width, height, channels: 1 } });
    await (mirrored ? picture.flop() : picture).png().toFile(join(folder, `board ${i}.png`));
  }
}

/** 8-bit gray. */
function photoOf(board: CharucoTarget, T_camera_board: Rigid): Uint8Array {
  const [width, height] = photoSizePx;
  const [fx, fy, cx, cy] = photoCamera;
  const isWhite = print(board);
  const T_board_camera = invert(T_camera_board);
  const [ox, oy, oz] = T_board_camera.translationMm;
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    let white = 0;
    for (let sample = 0; sample < supersampling ** 2; sample++) {
      const x = (i % width) + ((sample % supersampling) + 0.5) / supersampling - 0.5;
      const y = Math.floor(i / width) + (Math.floor(sample / supersampling) + 0.5) / supersampling - 0.5;
      const [dx, dy, dz] = rotate(T_board_camera.rotation, [(x - cx) / fx, (y - cy) / fy, 1]);
      const u = (ox - (oz / dz) * dx) / board.squareMm + board.squaresX / 2;
      const v = (oy - (oz / dz) * dy) / board.squareMm + board.squaresY / 2;
      white += isWhite(u, v) ? 1 : 0;
    }
    data[i] = Math.round(30 + (190 * white) / supersampling ** 2);
  }
  return data;
}

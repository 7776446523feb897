/** Pictures of checker boards whose corners are known exactly, for tests and benchmarks of the detector. */
import { readFileSync } from "node:fs";
import type { VisionBoard } from "../../src/native/vision.js";
import { type CharucoTarget, targetDefinition } from "../../src/schema/target.js";

/** Samples a side of each pixel. */
const supersampling = 4;
const black = 300;
const white = 3300;

export function readCharuco(id: string): CharucoTarget {
  const path = new URL(`../../calibration/targets/${id}.json`, import.meta.url);
  const target = targetDefinition.parse(JSON.parse(readFileSync(path, "utf8")));
  if (target.kind !== "charuco") throw new Error(`${id} is no ChArUco board`);
  return target;
}

export interface BoardPicture {
  readonly data: Uint16Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Where the board's corner lies, px. */
  corner(id: number): { readonly xPx: number; readonly yPx: number };
}

export interface BoardView {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Of one square. */
  readonly squarePx: number;
  /** 10 when left out: edges nearly along the pixels would show the steps of the supersampling. */
  readonly rollDeg?: number;
  /** Horizontal change of scale across the picture, as by a tilt of the board. */
  readonly perspective?: number;
  readonly mirrored?: boolean;
}

/** The board centred in the picture, 12 bits in 16, sharp but for the pixels' own size. */
export function drawBoard(
  board: VisionBoard & { readonly markerBits?: readonly string[] },
  view: BoardView,
): BoardPicture {
  const { widthPx, heightPx, squarePx, rollDeg = 10, perspective = 0, mirrored = false } = view;
  const cos = Math.cos((rollDeg * Math.PI) / 180);
  const sin = Math.sin((rollDeg * Math.PI) / 180);
  const isWhite = print(board);
  const middleX = (widthPx - 1) / 2;
  const middleY = (heightPx - 1) / 2;
  const data = new Uint16Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      let sum = 0;
      for (let sample = 0; sample < supersampling ** 2; sample++) {
        const dx = x - middleX + ((sample % supersampling) + 0.5) / supersampling - 0.5;
        const dy = y - middleY + (Math.floor(sample / supersampling) + 0.5) / supersampling - 0.5;
        const scale = squarePx * (1 + (perspective * dx) / widthPx);
        const u = (cos * dx + sin * dy) / scale + board.squaresX / 2;
        const v = (cos * dy - sin * dx) / scale + board.squaresY / 2;
        sum += isWhite(u, v) ? white : black;
      }
      data[y * widthPx + (mirrored ? widthPx - 1 - x : x)] = Math.round(sum / supersampling ** 2);
    }
  }
  const corner = (id: number) => {
    const u = 1 + (id % (board.squaresX - 1)) - board.squaresX / 2;
    const v = 1 + Math.floor(id / (board.squaresX - 1)) - board.squaresY / 2;
    const x = (cos * u - sin * v) * squarePx;
    const y = (sin * u + cos * v) * squarePx;
    // x = dx / (1 + p dx / width), solved for dx.
    const stretch = 1 / (1 - (perspective * x) / widthPx);
    const xPx = middleX + x * stretch;
    return { xPx: mirrored ? widthPx - 1 - xPx : xPx, yPx: middleY + y * stretch };
  };
  return { data, widthPx, heightPx, corner };
}

/** Whether a point of the board, in squares from its top left, is white. */
export function print(
  board: VisionBoard & { readonly markerBits?: readonly string[] },
): (u: number, v: number) => boolean {
  const { squaresX, squaresY } = board;
  const isBlack = (column: number, row: number) =>
    ((column + row) % 2 === 0) === (board.topLeftSquare === "black");
  const markers = new Map<number, bigint>();
  for (let square = 0; square < squaresX * squaresY; square++) {
    if (isBlack(square % squaresX, Math.floor(square / squaresX))) continue;
    markers.set(square, BigInt(`0x${board.markerBits?.[markers.size] ?? "fffffffff"}`));
  }
  const cells = 8;
  const side = "markerMm" in board ? board.markerMm / board.squareMm : 0;
  const cell = (within: number) => Math.floor(((within - 0.5) / side + 0.5) * cells);
  return (u, v) => {
    const column = Math.floor(u);
    const row = Math.floor(v);
    if (column < 0 || row < 0 || column >= squaresX || row >= squaresY) return true;
    if (isBlack(column, row)) return false;
    const x = cell(u - column);
    const y = cell(v - row);
    if (side === 0 || x < 0 || y < 0 || x >= cells || y >= cells) return true;
    if (x === 0 || y === 0 || x === cells - 1 || y === cells - 1) return false;
    const bit = 35n - BigInt((y - 1) * 6 + x - 1);
    return (((markers.get(row * squaresX + column) ?? 0n) >> bit) & 1n) === 1n;
  };
}

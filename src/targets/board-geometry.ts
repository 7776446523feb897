/** Where the parts of a checker or ChArUco board lie: mm from the board's centre, x right, y down. */
import { type CharucoBoard, type CheckerBoard, markerBitsOnASide } from "../schema/target.js";

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Corner {
  /** Row-major from the top left; OpenCV's number of the corner is the same. */
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

export interface PlacedMarker {
  readonly id: number;
  /** The black square with its border of one cell. */
  readonly outline: Rectangle;
  /** White runs inside it; those of neighbouring rows touch. */
  readonly white: readonly Rectangle[];
}

/** What places corners and squares. */
type CheckerLayout = Pick<CheckerBoard, "squaresX" | "squaresY" | "squareMm">;

/** Size of the pattern without its rim. */
export function patternSize(board: CheckerLayout): { readonly width: number; readonly height: number } {
  return { width: board.squaresX * board.squareMm, height: board.squaresY * board.squareMm };
}

/** Squares of one color, row-major. */
export function squaresOf(board: CheckerBoard, color: "black" | "white"): Rectangle[] {
  const parity = color === board.topLeftSquare ? 0 : 1;
  const { width, height } = patternSize(board);
  const side = board.squareMm;
  const squares: Rectangle[] = [];
  for (let row = 0; row < board.squaresY; row++) {
    for (let column = 0; column < board.squaresX; column++) {
      if ((row + column) % 2 !== parity) continue;
      squares.push({
        left: column * side - width / 2,
        top: row * side - height / 2,
        width: side,
        height: side,
      });
    }
  }
  return squares;
}

/** Corners where four squares meet, row-major. */
export function innerCorners(board: CheckerLayout): Corner[] {
  const { width, height } = patternSize(board);
  const columns = board.squaresX - 1;
  return Array.from({ length: columns * (board.squaresY - 1) }, (_, id) => ({
    id,
    x: ((id % columns) + 1) * board.squareMm - width / 2,
    y: (Math.floor(id / columns) + 1) * board.squareMm - height / 2,
  }));
}

/** Markers in the order of their ids. */
export function markersOf(board: CharucoBoard): PlacedMarker[] {
  const rim = (board.squareMm - board.markerMm) / 2;
  return squaresOf(board, "white").map((square, index) => {
    const outline = {
      left: square.left + rim,
      top: square.top + rim,
      width: board.markerMm,
      height: board.markerMm,
    };
    const white = whiteRuns(board, board.markerBits[index] ?? "", outline);
    return { id: board.firstMarkerId + index, outline, white };
  });
}

/** Bits of one marker, row by row; true is white. */
export function markerRows(board: CharucoBoard, hex: string): boolean[][] {
  const side = markerBitsOnASide[board.dictionary];
  const word = BigInt(`0x${hex}`);
  const bitAt = (row: number, column: number): boolean =>
    ((word >> BigInt(side * side - 1 - row * side - column)) & 1n) === 1n;
  return Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) => bitAt(row, column)),
  );
}

function whiteRuns(board: CharucoBoard, hex: string, outline: Rectangle): Rectangle[] {
  const cell = board.markerMm / (markerBitsOnASide[board.dictionary] + 2);
  return markerRows(board, hex).flatMap((bits, row) => {
    const runs: Rectangle[] = [];
    const top = outline.top + (row + 1) * cell;
    for (let from = bits.indexOf(true); from >= 0; ) {
      const end = bits.indexOf(false, from);
      const to = end < 0 ? bits.length : end;
      const left = outline.left + (from + 1) * cell;
      runs.push({ left, top, width: (to - from) * cell, height: cell });
      from = end < 0 ? -1 : bits.indexOf(true, end);
    }
    return runs;
  });
}

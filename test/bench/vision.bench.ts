/**
 * Finding and measuring a ChArUco board and a chessboard, beside what Debian's python3-opencv does for the same
 * pictures in the same run: cv2.aruco's markers with interpolated and refined corners, and
 * findChessboardCornersSB. Both use the machine's cores as they like.
 *
 *     npx tsx test/bench/vision.bench.ts [REPEATS]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVision, type Vision, type VisionBoard } from "../../src/native/vision.js";
import { median, printComparison, sizeName } from "../support/bench-figures.js";
import { type BoardPicture, drawBoard, readCharuco } from "../support/board-picture.js";

const repeats = Number(process.argv[2] ?? 5);

const peer = `
import sys, time, numpy, cv2
path, width, height, repeats, squares_x, squares_y, kind = sys.argv[1:]
image = (numpy.fromfile(path, numpy.uint16).reshape(int(height), int(width)) >> 4).astype(numpy.uint8)
squares = (int(squares_x), int(squares_y))
if kind == "charuco":
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_6X6_250)
    board = cv2.aruco.CharucoBoard_create(*squares, 15.0, 11.0, dictionary)
def once():
    if kind == "chessboard":
        return cv2.findChessboardCornersSB(image, (squares[0] - 1, squares[1] - 1))[0] * (squares[0] - 1) * (squares[1] - 1)
    quads, ids, _ = cv2.aruco.detectMarkers(image, dictionary)
    return cv2.aruco.interpolateCornersCharuco(quads, ids, image, board)[0]
times = []
for _ in range(int(repeats) + 1):
    start = time.perf_counter()
    corners = once()
    times.append((time.perf_counter() - start) * 1e3)
print(sorted(times[1:])[len(times[1:]) // 2], int(corners))`;

interface Timed {
  readonly ms: number;
  readonly corners: number;
}

async function ours(vision: Vision, picture: BoardPicture, board: VisionBoard): Promise<Timed> {
  let corners = 0;
  const timesMs: number[] = [];
  for (let i = 0; i <= repeats; i++) {
    const startMs = performance.now();
    corners = (await vision.findBoard(picture, board)).ids.length;
    timesMs.push(performance.now() - startMs);
  }
  return { ms: median(timesMs.slice(1)), corners };
}

function theirs(folder: string, picture: BoardPicture, board: VisionBoard): Timed {
  const path = join(folder, "picture.raw");
  writeFileSync(path, picture.data);
  const kind = "markerMm" in board ? "charuco" : "chessboard";
  const { widthPx, heightPx } = picture;
  const numbers = [widthPx, heightPx, repeats, board.squaresX, board.squaresY].map(String);
  const output = execFileSync("/usr/bin/python3", ["-c", peer, path, ...numbers, kind], { encoding: "utf8" });
  const [ms = Number.NaN, corners = 0] = output.trim().split(" ").map(Number);
  return { ms, corners };
}

async function main(): Promise<void> {
  const vision = createVision();
  const folder = mkdtempSync(join(tmpdir(), "nearfar-vision-"));
  const charuco = readCharuco("charuco-a4");
  const chessboard: VisionBoard = { squaresX: 10, squaresY: 7, squareMm: 18, topLeftSquare: "black" };
  try {
    for (const [board, share] of [[charuco, 1 / 20] as const, [chessboard, 1 / 12] as const]) {
      const name = board === charuco ? "ChArUco 12 × 17" : "chessboard 9 × 6";
      for (const [widthPx, heightPx] of [[1024, 1280] as const, [3888, 5184] as const]) {
        const picture = drawBoard(board, { widthPx, heightPx, squarePx: widthPx * share * 1.2 });
        const mine = await ours(vision, picture, board);
        const other = theirs(folder, picture, board);
        const title = `${name}, ${sizeName(picture)}, ${mine.corners} corners (OpenCV ${other.corners}), median of ${repeats}`;
        printComparison(
          title,
          "ms",
          { name: "nearfar", value: mine.ms },
          { name: "OpenCV", value: other.ms },
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await vision.close();
  }
}

await main();

import { afterAll, describe, expect, it } from "vitest";
import { CallerError } from "../../src/base/errors.js";
import { createVision, type VisionChessboard } from "../../src/native/vision.js";
import { type BoardPicture, drawBoard, readCharuco } from "../support/board-picture.js";

const board = readCharuco("charuco-small");
const view = { widthPx: 400, heightPx: 520, squarePx: 44, perspective: 0.15 };
const chessboard: VisionChessboard = { squaresX: 10, squaresY: 7, squareMm: 18, topLeftSquare: "black" };
const vision = createVision();
afterAll(() => vision.close());

function errorsPx(picture: BoardPicture, ids: Int32Array, pointsPx: Float64Array): number[] {
  return [...ids].map((id, i) => {
    const { xPx, yPx } = picture.corner(id);
    return Math.hypot((pointsPx[2 * i] ?? 0) - xPx, (pointsPx[2 * i + 1] ?? 0) - yPx);
  });
}

describe("finding a board", () => {
  it("measures all corners of a ChArUco board of calibration/targets", async () => {
    const picture = drawBoard(board, view);
    const found = await vision.findBoard(picture, board);
    expect(found.ids).toEqual(Int32Array.from({ length: 70 }, (_, id) => id));
    expect(found.markerIds.length).toBeGreaterThan(30);
    expect(Math.min(...found.markerIds)).toBeGreaterThanOrEqual(board.firstMarkerId);
    expect(found.mirrored).toBe(false);
    expect(found.message).toBeNull();
    expect(found.windowPx).toBeGreaterThan(10);
    expect(found.sigmaPx).toHaveLength(70);
    expect(Math.max(...errorsPx(picture, found.ids, found.pointsPx))).toBeLessThan(0.05);
  });

  it("gives a mirrored board's points as the image has them", async () => {
    const picture = drawBoard(board, { ...view, mirrored: true });
    const found = await vision.findBoard(picture, board);
    expect(found.mirrored).toBe(true);
    expect(found.ids).toHaveLength(70);
    expect(Math.max(...errorsPx(picture, found.ids, found.pointsPx))).toBeLessThan(0.05);
  });

  it("measures a chessboard and says nothing of mirroring", async () => {
    const picture = drawBoard(chessboard, { ...view, squarePx: 34 });
    const found = await vision.findBoard(picture, chessboard);
    expect(found.ids).toHaveLength(54);
    expect(found.mirrored).toBeNull();
    expect(Math.max(...errorsPx(picture, found.ids, found.pointsPx))).toBeLessThan(0.05);
  });

  it("takes floats and 8 bits too", async () => {
    const picture = drawBoard(board, view);
    const floats = await vision.findBoard({ ...picture, data: Float32Array.from(picture.data) }, board);
    const bytes = await vision.findBoard(
      { ...picture, data: Uint8Array.from(picture.data, (v) => v >> 4) },
      board,
    );
    expect(floats.ids).toHaveLength(70);
    expect(bytes.ids).toHaveLength(70);
  });

  it("explains why there is nothing", async () => {
    const empty = { data: new Uint16Array(300 * 200), widthPx: 300, heightPx: 200 };
    const found = await vision.findBoard(empty, board);
    expect(found.ids).toHaveLength(0);
    expect(found.message).toMatch(/none of the board's markers/);
    expect((await vision.findBoard(empty, chessboard)).message).toMatch(/9 × 6 inner corners/);
  });

  it("copies the image before it returns", async () => {
    const picture = drawBoard(board, view);
    const pending = vision.findBoard(picture, board);
    picture.data.fill(0);
    expect((await pending).ids).toHaveLength(70);
  });
});

describe("mistakes of the caller", () => {
  const image = { data: new Uint16Array(300 * 200), widthPx: 300, heightPx: 200 };
  const cases = [
    [
      "a length that does not fit",
      { ...image, widthPx: 301 },
      board,
      /60000 samples, but 301 × 200 px need 60200/,
    ],
    ["a fraction of a pixel", { ...image, widthPx: 299.5 }, board, /widthPx must be an integer/],
    ["an image too small", { data: new Uint8Array(100), widthPx: 10, heightPx: 10 }, board, /16 to 32767 px/],
    ["a marker as large as the square", image, { ...board, markerMm: 12 }, /below squareMm/],
    ["a square without a size", image, { ...board, squareMm: 0 }, /squareMm must be above 0/],
    ["too few squares", image, { ...chessboard, squaresX: 2 }, /squaresX is 2, not 3 to 200/],
    ["markers past the last one", image, { ...board, firstMarkerId: 230 }, /has 0 to 249/],
    ["an unknown dictionary", image, { ...board, dictionary: "DICT_6X6" }, /no marker dictionary "DICT_6X6"/],
  ] as const;

  it.each(cases)("%s", async (_, wrongImage, wrongBoard, message) => {
    const error = await vision.findBoard(wrongImage, wrongBoard).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CallerError);
    expect(error).toMatchObject({ code: "USAGE", message: expect.stringMatching(message) });
  });

  it("samples of another kind", async () => {
    const wrong = { ...image, data: new Int32Array(300 * 200) as unknown as Uint16Array };
    await expect(vision.findBoard(wrong, board)).rejects.toThrow(/data must be a Uint8Array/);
  });
});

describe("ending", () => {
  const picture = drawBoard(board, view);

  it("rejects with the reason of an abort, before and during", async () => {
    const reason = new Error("enough");
    await expect(vision.findBoard(picture, board, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    const controller = new AbortController();
    const pending = vision.findBoard(picture, board, { signal: controller.signal });
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect((await vision.findBoard(picture, board)).ids).toHaveLength(70);
  });

  it("closes with work under way, twice, and refuses afterwards", async () => {
    const other = createVision({ threads: 1 });
    const pending = Array.from({ length: 4 }, () => other.findBoard(picture, board));
    const outcomes = Promise.allSettled(pending);
    await Promise.all([other.close(), other.close()]);
    for (const outcome of await outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "CLOSED" });
    }
    expect((await outcomes).at(-1)?.status).toBe("rejected");
    await expect(other.findBoard(picture, board)).rejects.toMatchObject({ code: "CLOSED" });
    await other.close();
  });
});

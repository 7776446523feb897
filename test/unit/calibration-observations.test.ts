/** Boards as they are described, found and checked before any calibration. */
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { WorldError } from "../../src/base/errors.js";
import { describedBoards } from "../../src/calibration/geometry/observations/board-description.js";
import { readCornerFile } from "../../src/calibration/geometry/observations/corner-file.js";
import { detectBoards, type ImageSource } from "../../src/calibration/geometry/observations/detect-boards.js";
import { requireHandedness } from "../../src/calibration/geometry/observations/handedness.js";
import { imageFiles } from "../../src/calibration/geometry/observations/image-files.js";
import type { KnownBoard } from "../../src/calibration/geometry/observations/seen-board.js";
import { describeFrame } from "../../src/imaging/tiff-description.js";
import { buildTiffHeader } from "../../src/imaging/tiff-writer.js";
import { createVision } from "../../src/native/vision.js";
import { targetsFolder } from "../../src/targets/read-targets.js";
import { type BoardPicture, drawBoard, readCharuco } from "../support/board-picture.js";
import { repository, withFolder } from "../support/cli.js";
import { camera, exposeSamples } from "../support/synthetic-frame.js";

const targets = targetsFolder(repository);
const charuco = readCharuco("charuco-small");
const vision = createVision();
afterAll(() => vision.close());

async function single(description: string): Promise<KnownBoard> {
  const [board, ...others] = await describedBoards(description, targets);
  if (board === undefined || others.length > 0) throw new Error(`${description} is not one board`);
  return board;
}

const source = (image: string, picture: BoardPicture): ImageSource => ({ image, load: async () => picture });
const upright = drawBoard(charuco, { widthPx: 320, heightPx: 420, squarePx: 34 });
const flipped = drawBoard(charuco, { widthPx: 320, heightPx: 420, squarePx: 34, mirrored: true });

describe("a board's description", () => {
  it("counts the inner corners of a chessboard, the squares of a ChArUco board", async () => {
    const { board, cornersMm } = await single("chessboard:9x6:25");
    expect([board.squaresX, board.squaresY, cornersMm.length]).toEqual([10, 7, 54]);
    const [first, second] = [cornersMm[0] ?? [], cornersMm[1] ?? []];
    expect([(second[0] ?? 0) - (first[0] ?? 0), first[1] === second[1]]).toEqual([25, true]);
    expect((await single("charuco:7x10:20:15:DICT_5X5_100")).cornersMm).toHaveLength(54);
  });

  it("may be the id of a target, of an assembly all its boards at their places", async () => {
    expect((await single("charuco-a4")).cornersMm).toHaveLength(176);
    const parts = await describedBoards("depth-phantom", targets);
    const depths = parts.map(({ T_target_board }) => T_target_board.translationMm[2]);
    expect([Math.min(...depths), Math.max(...depths)]).toEqual([-35, 95]);
  });

  it.each([
    ["chessboard", "chessboard:"],
    ["chessboard:9x6", "two parts"],
    ["chessboard:9:25", '"9" is no count'],
    ["chessboard:9x6:wide", '"wide" is no length'],
    ["chessboard:1x6:25", "each from 2"],
    ["charuco:7x10:20", "three parts"],
    ["charuco:7x10:15:20", "as large as its squares"],
    ["circles:4x11:20", "charuco:"],
  ])("is refused with an example when it is wrong: %s", async (description, why) => {
    const refusal = describedBoards(description, targets);
    await expect(refusal).rejects.toMatchObject({ code: "USAGE", message: expect.stringContaining(why) });
    await expect(refusal).rejects.toMatchObject({ advice: expect.stringContaining("chessboard:9x6:25") });
  });

  it("of no target is not found", async () => {
    await expect(describedBoards("charuco-a5", targets)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("boards in images", () => {
  it("lie at the same places whether the image was mirrored or not", async () => {
    const board = await single("charuco-small");
    const images = [source("upright", upright), source("flipped", flipped)];
    const [first, second] = await detectBoards(images, [board], { vision });
    expect([first?.boards[0]?.mirrored, second?.boards[0]?.mirrored]).toEqual([false, true]);
    const [left, right] = [first?.boards[0]?.pointsPx ?? [], second?.boards[0]?.pointsPx ?? []];
    expect(left).toHaveLength(140);
    for (const [i, value] of left.entries()) expect(right[i]).toBeCloseTo(value, 3);
  });

  it("are found in parts, and an image without one or that cannot be read says why", async () => {
    const cut = 180;
    const part = { ...upright, heightPx: cut, data: upright.data.slice(0, 320 * cut) };
    const unreadable: ImageSource = {
      image: "broken",
      load: () => Promise.reject(new WorldError("FILE_CORRUPT", "it is cut short", { advice: "" })),
    };
    const empty = source("empty", { ...upright, data: new Uint16Array(320 * 420).fill(900) });
    const images = [unreadable, source("part", part), empty];
    const sightings = await detectBoards(images, [await single("charuco-small")], { vision });
    expect(sightings.map(({ image }) => image)).toEqual(["broken", "part", "empty"]);
    expect(sightings[0]).toMatchObject({
      sizePx: null,
      boards: [],
      missing: [{ message: "it is cut short" }],
    });
    const seen = sightings[1]?.boards[0];
    expect(seen?.ids.length).toBeGreaterThan(8);
    expect(seen?.ids.length).toBeLessThan(70);
    for (const [i, id] of (seen?.ids ?? new Int32Array()).entries()) {
      expect(seen?.pointsPx[2 * i]).toBeCloseTo(upright.corner(id).xPx, 1);
    }
    expect(sightings[2]?.missing[0]?.message).toMatch(/markers/);
  });

  it("of a chessboard are found whichever color it begins with", async () => {
    const board = await single("chessboard:7x5:10");
    const printed = { ...board.board, topLeftSquare: "white" } as const;
    const picture = drawBoard(printed, { widthPx: 420, heightPx: 320, squarePx: 40 });
    const [sighting] = await detectBoards([source("white", picture)], [board], { vision });
    expect(sighting?.boards[0]?.ids).toHaveLength(35);
  });

  it("are not looked for in more images at a time than the machine has cores and one", async () => {
    let [loaded, most] = [0, 0];
    const counted: ImageSource = {
      image: "counted",
      load: async () => {
        loaded += 1;
        most = Math.max(most, loaded);
        return upright;
      },
    };
    const images = Array.from({ length: 12 }, () => counted);
    const onProgress = (): void => {
      loaded -= 1;
    };
    await detectBoards(images, [await single("charuco-small")], { vision, onProgress });
    expect(most).toBeLessThanOrEqual(availableParallelism() + 1);
  });

  it("end with the signal's reason when it aborts", async () => {
    const ending = new AbortController();
    const images = Array.from({ length: 6 }, () => source("image", upright));
    const boards = [await single("charuco-small")];
    const onProgress = (): void => ending.abort(new Error("enough"));
    const search = detectBoards(images, boards, { vision, signal: ending.signal, onProgress });
    await expect(search).rejects.toThrow("enough");
  });
});

describe("handedness", () => {
  async function sightings(...pictures: readonly BoardPicture[]) {
    const images = pictures.map((picture, i) => source(`image ${i + 1}`, picture));
    return detectBoards(images, [await single("charuco-small")], { vision });
  }

  it("is told when all images agree", async () => {
    const rule = { expected: "any", subject: "the camera" } as const;
    expect(requireHandedness(await sightings(upright, upright), rule)).toBe(false);
    expect(requireHandedness(await sightings(flipped, flipped), rule)).toBe(true);
    expect(requireHandedness([], rule)).toBeNull();
  });

  it("is refused when images of one camera disagree", async () => {
    const seen = await sightings(upright, flipped, upright);
    expect(() => requireHandedness(seen, { expected: "any", subject: "the far camera" })).toThrow(
      expect.objectContaining({
        code: "CALIBRATION_REFUSED",
        message: expect.stringMatching(/far camera disagree: image 2 are mirrored/),
      }),
    );
  });

  it("is refused when decoded frames are still mirrored, or files are not as told", async () => {
    const refused = expect.objectContaining({ code: "CALIBRATION_REFUSED" });
    const [mirrored, seen] = [await sightings(flipped), await sightings(upright)];
    expect(() => requireHandedness(mirrored, { expected: "as-seen", subject: "the near camera" })).toThrow(
      refused,
    );
    expect(() => requireHandedness(seen, { expected: "mirrored", subject: "the camera" })).toThrow(refused);
    expect(requireHandedness(mirrored, { expected: "mirrored", subject: "the camera" })).toBe(true);
  });
});

describe("picture files", () => {
  const gray = { create: { width: 20, height: 16, channels: 3, background: "#808080" } } as const;

  it("of a folder come in the order of their numbers, other files and folders left out", async () => {
    await withFolder(async (folder) => {
      for (const name of ["left10.png", "left2.jpg", "left1.tif"])
        await sharp(gray).toFile(join(folder, name));
      await writeFile(join(folder, "notes.txt"), "no picture");
      await mkdir(join(folder, "more.png"));
      const names = async (...paths: readonly string[]) =>
        (await imageFiles(paths)).map(({ image }) => image);
      expect(await names(folder)).toEqual(["left1.tif", "left2.jpg", "left10.png"]);
      expect(await names(join(folder, "left1*"), join(folder, "left10.png"))).toEqual([
        "left1.tif",
        "left10.png",
      ]);
    });
  });

  it("keep 16 bits", async () => {
    await withFolder(async (folder) => {
      const data = Uint16Array.from({ length: 20 * 16 }, (_, i) => 1000 + i);
      const raw = { width: 20, height: 16, channels: 1 } as const;
      await sharp(data, { raw }).toColourspace("grey16").png().toFile(join(folder, "deep.png"));
      const [file] = await imageFiles([folder]);
      const image = await file?.load();
      for (const i of [0, 57, 319]) expect(image?.data[i]).toBeCloseTo(1000 + i, 2);
    });
  });

  it("of a store come upright and un-mirrored", async () => {
    await withFolder(async (folder) => {
      const mount = { rotationDeg: 90, mirrored: true } as const;
      const frame = exposeSamples((u, v) => [u / 100, u / 100, v / 100], camera(24, 32, { mount }));
      const { widthPx, heightPx, samples, ...meaning } = frame;
      const description = JSON.stringify(describeFrame(meaning, {}));
      const header = buildTiffHeader({ widthPx, heightPx, samplesPerPixel: 1, description });
      await writeFile(join(folder, "near.tiff"), Buffer.concat([header, new Uint8Array(samples.buffer)]));
      const [file] = await imageFiles([folder]);
      const image = await file?.load();
      expect([image?.widthPx, image?.heightPx]).toEqual([24, 32]);
      for (const u of [0, 7, 23]) expect(image?.data[24 * 5 + u]).toBeCloseTo(u / 100, 3);
    });
  });

  it("that are not there are an error", async () => {
    await withFolder(async (folder) => {
      await expect(imageFiles([folder])).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(imageFiles([join(folder, "no")])).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(imageFiles([join(folder, "left*.png")])).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(imageFiles([join(folder, "left0[12].png")])).rejects.toMatchObject({
        advice: "In patterns only * and ? stand for other characters.",
      });
    });
  });
});

describe("a corner file", () => {
  const corner = (i: number): [number, number] => [20 + 10 * (i % 3), 20 + 10 * Math.floor(i / 3)];
  const views = Array.from({ length: 2 }, () => Array.from({ length: 6 }, (_, i) => corner(i)));
  const good = {
    imageSize: [100, 80],
    board: { kind: "chessboard", innerCorners: [3, 2], squareMm: 5 },
    corners: views,
    detector: "another program",
  };

  async function read(content: unknown) {
    return withFolder(async (folder) => {
      const path = join(folder, "corners.json");
      await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
      return readCornerFile(path);
    });
  }

  it("may leave out corners, views and names", async () => {
    const corners = [[null, ...(views[0] ?? []).slice(1)], null, views[1]];
    const { board, sightings } = await read({ ...good, corners });
    expect(board.cornersMm).toHaveLength(6);
    expect(sightings.map(({ boards }) => boards[0]?.ids.length ?? 0)).toEqual([5, 0, 6]);
    expect(Array.from(sightings[0]?.boards[0]?.ids ?? [])).toEqual([1, 2, 3, 4, 5]);
    expect(sightings[2]?.image).toBe("view 3");
  });

  it("has corners outside the image passed over, with a word", async () => {
    const corners = [[[10_000, 20], ...(views[0] ?? []).slice(1)], views[1]];
    const { sightings, remark } = await read({ ...good, corners });
    expect(Array.from(sightings[0]?.boards[0]?.ids ?? [])).toEqual([1, 2, 3, 4, 5]);
    expect(remark).toContain("1 corner lies outside the image of 100 × 80 px");
    expect((await read(good)).remark).toBeNull();
  });

  it.each([
    ["no JSON", "{", /JSON/],
    ["no size", { ...good, imageSize: [100] }, /imageSize/],
    ["another board", { ...good, board: { ...good.board, kind: "circles" } }, /board\.kind/],
    [
      "a word for a number",
      { ...good, corners: [[[1, "2"], ...(views[0]?.slice(1) ?? [])]] },
      /corners\[0\]\[0\]\[1\]/,
    ],
    [
      "too few places",
      { ...good, corners: [views[0], views[0]?.slice(1)] },
      /corners\[1\] has 5 places, the board has 6 corners/,
    ],
    [
      "too few places and no numbers in them",
      { ...good, corners: [[{ x: 1, y: 2 }]] },
      /corners\[0\] has 1 places/,
    ],
    ["too few names", { ...good, used: ["one.jpg"] }, /used has 1 names, corners has 2 views/],
    ["a name twice", { ...good, used: ["one.jpg", "one.jpg"] }, /used names one\.jpg twice/],
  ])("with %s is refused by the member", async (_, content, message) => {
    const refusal = read(content);
    await expect(refusal).rejects.toMatchObject({
      code: "FILE_CORRUPT",
      message: expect.stringMatching(message),
    });
  });
});

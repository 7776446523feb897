import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CallerError } from "../../src/base/errors.js";
import { type CharucoBoard, type TargetDefinition, targetDefinition } from "../../src/schema/target.js";
import { innerCorners, markerRows, markersOf, squaresOf } from "../../src/targets/board-geometry.js";
import { pageFor } from "../../src/targets/paper.js";
import { piecesOf } from "../../src/targets/pieces.js";
import { readTarget, targetIds, targetsFolder } from "../../src/targets/read-targets.js";
import { repository, withFolder } from "../support/cli.js";

const folder = targetsFolder(repository);

async function everyTarget(): Promise<TargetDefinition[]> {
  return Promise.all((await targetIds(folder)).map((id) => readTarget(folder, id)));
}

async function charuco(id: string): Promise<CharucoBoard> {
  const target = await readTarget(folder, id);
  if (target.kind !== "charuco") throw new Error(`${id} is a ${target.kind}`);
  return target;
}

async function everyCharuco(): Promise<CharucoBoard[]> {
  return (await everyTarget()).flatMap((target): CharucoBoard[] => {
    if (target.kind === "assembly") return [...target.boards];
    return target.kind === "charuco" ? [target] : [];
  });
}

/** The 36 bits as text, as a camera sees them after that many quarter turns, mirrored or not. */
function seen(rows: readonly (readonly boolean[])[], turns: number, mirrored: boolean): string {
  let bits = mirrored ? rows.map((row) => [...row].reverse()) : rows;
  for (let turn = 0; turn < turns; turn++) {
    const source = bits;
    bits = source.map((_, row) => source.map((line) => line[source.length - 1 - row] as boolean));
  }
  return bits.flat().map(Number).join("");
}

function differing(a: string, b: string): number {
  return [...a].filter((bit, index) => bit !== b[index]).length;
}

describe("definitions of targets", () => {
  test("are all valid and go by their file's name", async () => {
    expect(await targetIds(folder)).toEqual([
      "charuco-a4",
      "charuco-small",
      "chessboard-9x6",
      "colorchecker-classic",
      "colorchecker-mini",
      "depth-phantom",
    ]);
    for (const target of await everyTarget()) expect(target.format).toBe("nearfar-target");
  });

  test("have the sizes that the rig needs", async () => {
    expect(await charuco("charuco-a4")).toMatchObject({ squaresX: 12, squaresY: 17, squareMm: 15 });
    const small = await charuco("charuco-small");
    expect(small).toMatchObject({ squaresX: 8, squaresY: 11, squareMm: 12 });
    expect(small.sheet.widthMm).toBeLessThanOrEqual(100);
    expect(small.sheet.heightMm).toBeLessThanOrEqual(140);
    const phantom = await readTarget(folder, "depth-phantom");
    if (phantom.kind !== "assembly") throw new Error(phantom.kind);
    const depths = phantom.boards.map((board) => board.pose.translationMm[2]);
    expect(depths.sort((a, b) => a - b)).toEqual([-35, 0, 0, 95, 95]);
    for (const { sheet, pose } of phantom.boards) {
      expect(Math.abs(pose.translationMm[0]) + sheet.widthMm / 2).toBeLessThanOrEqual(90);
      expect(Math.abs(pose.translationMm[1]) + sheet.heightMm / 2).toBeLessThanOrEqual(120);
    }
  });

  test("give every marker to one board only", async () => {
    const ids = (await everyCharuco()).flatMap((board) => markersOf(board).map((marker) => marker.id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.max(...ids)).toBeLessThan(250);
  });

  test("have no marker that a mirror turns into another one", async () => {
    const boards = await everyCharuco();
    const all = boards.flatMap((board) => board.markerBits.map((hex) => markerRows(board, hex)));
    const plain = all.flatMap((rows) => [0, 1, 2, 3].map((turns) => seen(rows, turns, false)));
    const mirrored = all.map((rows) => seen(rows, 0, true));
    const nearest = Math.min(
      ...mirrored.map((bits) => Math.min(...plain.map((other) => differing(bits, other)))),
    );
    // OpenCV corrects up to 5 wrong bits of this dictionary.
    expect(nearest).toBeGreaterThan(5);
  });
});

describe("the schema of targets", () => {
  async function problemsOf(id: string, changes: Readonly<Record<string, unknown>>): Promise<string> {
    const target = JSON.parse(await readFile(join(folder, `${id}.json`), "utf8")) as object;
    const parsed = targetDefinition.safeParse({ ...target, ...changes });
    return parsed.success ? "" : parsed.error.issues.map((issue) => issue.message).join("; ");
  }

  test.each([
    ["a rim narrower than a cell", { markerMm: 13 }, "white rim narrower"],
    ["a marker too few", { squaresX: 13 }, "102 markers, the board has 110"],
    ["a sheet below the pattern", { sheet: { widthMm: 179, heightMm: 297 } }, "smaller than the pattern"],
    ["bits that are no nine digits", { markerBits: ["1e3dd82a"] }, "nine lower-case hex digits"],
    ["a member nobody knows", { colour: "red" }, "colour"],
    ["another version", { version: 2 }, "expected 1"],
  ])("refuses %s", async (_, changes, message) => {
    expect(await problemsOf("charuco-a4", {})).toBe("");
    expect(await problemsOf("charuco-a4", changes)).toContain(message);
  });
});

describe("board geometry", () => {
  test("numbers inner corners row-major from the top left", async () => {
    const corners = innerCorners(await charuco("charuco-a4"));
    expect(corners).toHaveLength(176);
    expect(corners[0]).toEqual({ id: 0, x: -75, y: -112.5 });
    expect(corners[11]).toEqual({ id: 11, x: -75, y: -97.5 });
    expect(corners.at(-1)).toEqual({ id: 175, x: 75, y: 112.5 });
  });

  test("starts with a black square and puts marker 0 right of it", async () => {
    const board = await charuco("charuco-a4");
    expect(squaresOf(board, "black")[0]).toMatchObject({ left: -90, top: -127.5 });
    expect(squaresOf(board, "black")).toHaveLength(102);
    expect(markersOf(board)[0]).toMatchObject({ id: 0, outline: { left: -73, top: -125.5, width: 11 } });
    expect(markersOf(await charuco("charuco-small"))[0]?.id).toBe(102);
  });

  test("covers exactly the white cells of a marker", async () => {
    const board = await charuco("charuco-a4");
    const marker = markersOf(board)[0];
    const area = marker?.white.reduce((sum, run) => sum + run.width * run.height, 0) ?? 0;
    const ones = (board.markerBits[0] ?? "").split("").reduce((sum, digit) => {
      return sum + [...Number.parseInt(digit, 16).toString(2)].filter((bit) => bit === "1").length;
    }, 0);
    expect(area / (11 / 8) ** 2).toBeCloseTo(ones, 9);
  });
});

describe("what can be printed", () => {
  test("a color chart cannot, and says so", async () => {
    const chart = await readTarget(folder, "colorchecker-mini");
    expect(() => piecesOf(chart)).toThrowError(expect.objectContaining({ code: "USAGE" }));
    expect(() => piecesOf(chart)).toThrowError(/cannot be printed/);
  });

  test("a pattern that leaves no room on the paper is refused, naming the paper that has room", () => {
    const size = { widthMm: 180, heightMm: 255 };
    expect(pageFor("a4", size, "it")).toEqual({ widthMm: 210, heightMm: 297 });
    expect(pageFor("a4", { widthMm: 255, heightMm: 180 }, "it")).toEqual({ widthMm: 297, heightMm: 210 });
    let refused: CallerError | null = null;
    try {
      pageFor("a5", size, "it");
    } catch (error) {
      refused = error as CallerError;
    }
    expect(refused?.code).toBe("USAGE");
    expect(refused?.advice).toBe("It fits on: a4, letter, a3.");
  });
});

describe("reading a target", () => {
  test("refuses an unknown id and lists what exists", async () => {
    await expect(readTarget(folder, "charuco-a3")).rejects.toMatchObject({
      code: "NOT_FOUND",
      advice: expect.stringContaining("charuco-a4, charuco-small"),
    });
    await expect(readTarget(folder, "led-counter")).rejects.toThrowError(/virtual rig only/);
  });

  test("refuses a broken file, naming it", () =>
    withFolder(async (own) => {
      await writeFile(join(own, "text.json"), "no JSON");
      await expect(readTarget(own, "text")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      const text = await readFile(join(folder, "chessboard-9x6.json"), "utf8");
      await writeFile(join(own, "renamed.json"), text);
      await expect(readTarget(own, "renamed")).rejects.toThrowError(/its id is chessboard-9x6/);
      await writeFile(join(own, "board.json"), text.replace('"squareMm": 18', '"squareMm": -18'));
      await expect(readTarget(own, "board")).rejects.toThrowError(/squareMm/);
    }));
});

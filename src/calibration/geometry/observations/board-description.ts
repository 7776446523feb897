/** Boards as people describe them in a few words. */
import { CallerError } from "../../../base/errors.js";
import { readTarget } from "../../../targets/read-targets.js";
import { boardsOfTarget, knownBoard } from "./known-boards.js";
import type { KnownBoard } from "./seen-board.js";

/** As the help of commands tells it. */
export const boardDescriptionHelp =
  "chessboard:<inner corners across>x<down>:<square mm>, " +
  "charuco:<squares across>x<down>:<square mm>:<marker mm>[:<dictionary>], or the id of a target";

const examples = "`chessboard:9x6:25`, `charuco:7x10:20:15`, `charuco:7x10:20:15:DICT_5X5_100`, `charuco-a4`";
const kinds = ["chessboard", "charuco"] as const;

/**
 * The boards that a description names: `chessboard:9x6:25` (inner corners, mm), `charuco:7x10:20:15` (squares, their
 * side and that of the markers in mm; DICT_6X6_250 unless a dictionary follows), or the id of a target.
 * @param targetsFolder where targets are defined.
 * @throws CallerError USAGE for a description that makes no board, NOT_FOUND for an unknown target.
 */
export async function describedBoards(description: string, targetsFolder: string): Promise<KnownBoard[]> {
  const [kind, ...words] = description.split(":");
  if (kind === "chessboard" && words.length > 0) return [chessboard(description, words)];
  if (kind === "charuco" && words.length > 0) return [charuco(description, words)];
  if (words.length > 0 || kinds.some((word) => word === description)) {
    throw wrong(description, `it must begin with ${kinds.map((word) => `${word}:`).join(" or ")}`);
  }
  return boardsOfTarget(await readTarget(targetsFolder, description));
}

function chessboard(description: string, words: readonly string[]): KnownBoard {
  const [counts, side, ...more] = words;
  if (counts === undefined || side === undefined || more.length > 0) {
    throw wrong(description, "a chessboard has two parts: inner corners and the side of a square in mm");
  }
  const [cornersX, cornersY] = countsOf(description, counts, 2, 199);
  const squareMm = sideOf(description, side);
  const squares = { squaresX: cornersX + 1, squaresY: cornersY + 1 };
  return knownBoard(description, { ...squares, squareMm, topLeftSquare: "black" });
}

function charuco(description: string, words: readonly string[]): KnownBoard {
  const [counts, square, marker, dictionary = "DICT_6X6_250", ...more] = words;
  if (counts === undefined || square === undefined || marker === undefined || more.length > 0) {
    throw wrong(
      description,
      "a ChArUco board has three parts: squares, the side of one and that of a marker in mm",
    );
  }
  const [squaresX, squaresY] = countsOf(description, counts, 3, 200);
  const squareMm = sideOf(description, square);
  const markerMm = sideOf(description, marker);
  if (markerMm >= squareMm) throw wrong(description, "its markers are as large as its squares");
  const checker = { squaresX, squaresY, squareMm, topLeftSquare: "black" } as const;
  return knownBoard(description, { ...checker, markerMm, dictionary, firstMarkerId: 0 });
}

function countsOf(description: string, text: string, least: number, most: number): [number, number] {
  const match = /^(\d+)x(\d+)$/.exec(text);
  const [across, down] = [Number(match?.[1]), Number(match?.[2])];
  const fits = (count: number): boolean => count >= least && count <= most;
  if (fits(across) && fits(down)) return [across, down];
  throw wrong(description, `"${text}" is no count as 9x6, each from ${least} to ${most}`);
}

function sideOf(description: string, text: string): number {
  const mm = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (mm > 0 && mm <= 2000) return mm;
  throw wrong(description, `"${text}" is no length in mm above 0 and up to 2000`);
}

function wrong(description: string, why: string): CallerError {
  return new CallerError("USAGE", `"${description}" describes no board: ${why}.`, {
    advice: `For example ${examples}.`,
  });
}

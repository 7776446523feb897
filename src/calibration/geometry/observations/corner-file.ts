/** Corners that another program found, in a JSON file. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { CallerError } from "../../../base/errors.js";
import { knownBoard } from "./known-boards.js";
import type { ImageSighting, KnownBoard, SeenBoard } from "./seen-board.js";

const count = z.int().min(2).max(199);
const point = z.tuple([z.number(), z.number()]);

/** Other members are passed over. */
const cornerFile = z.object({
  /** Width and height, px. */
  imageSize: z.tuple([z.int().min(16).max(100_000), z.int().min(16).max(100_000)]),
  board: z.object({
    kind: z.literal("chessboard"),
    /** Across and down. */
    innerCorners: z.tuple([count, count]),
    squareMm: z.number().positive(),
  }),
  /** Names of the images, one a view. */
  used: z.array(z.string().min(1)).optional(),
  /**
   * [view][corner]: [x, y], px, the centre of the top left pixel at (0, 0); row-major over the board, null for a
   * corner that was not found, or for a view without the board.
   */
  corners: z.array(z.array(point.nullable()).nullable()).min(1),
});

export interface CornerFile {
  readonly board: KnownBoard;
  readonly sightings: readonly ImageSighting[];
}

/**
 * @throws CallerError NOT_FOUND when there is no such file, FILE_CORRUPT naming the member that is wrong.
 */
export async function readCornerFile(path: string): Promise<CornerFile> {
  const parsed = cornerFile.safeParse(await readJson(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(path, `${memberOf(issue?.path ?? [])}: ${issue?.message ?? "not as described"}`);
  }
  const { imageSize, board, used, corners } = parsed.data;
  const [across, down] = board.innerCorners;
  if (used !== undefined && used.length !== corners.length) {
    throw wrong(path, `used: has ${used.length} names for ${corners.length} views in corners`);
  }
  const known = knownBoard(`chessboard:${across}x${down}:${board.squareMm}`, {
    squaresX: across + 1,
    squaresY: down + 1,
    squareMm: board.squareMm,
    topLeftSquare: "black",
  });
  const sightings = corners.map((view, i): ImageSighting => {
    if (view !== null && view.length !== across * down) {
      throw wrong(path, `corners[${i}]: has ${view.length} places, the board has ${across * down} corners`);
    }
    const seen = view === null ? null : seenBoard(known.id, view);
    const image = used?.[i] ?? `view ${i + 1}`;
    if (seen !== null && seen.ids.length > 0)
      return { image, sizePx: imageSize, boards: [seen], missing: [] };
    return {
      image,
      sizePx: imageSize,
      boards: [],
      missing: [{ boardId: known.id, message: "no corners are given" }],
    };
  });
  return { board: known, sightings };
}

function seenBoard(boardId: string, view: readonly (readonly [number, number] | null)[]): SeenBoard {
  const ids = Array.from(view.keys()).filter((id) => view[id] !== null);
  const pointsPx = Float64Array.from(ids.flatMap((id) => view[id] ?? []));
  return { boardId, ids: Int32Array.from(ids), pointsPx, sigmaPx: null, mirrored: null };
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CallerError("NOT_FOUND", `There is no corner file ${path} that can be read.`, {
      advice: "Check the path.",
      cause,
    });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw wrong(path, cause instanceof Error ? cause.message : String(cause));
  }
}

/** `corners[3][17][0]` */
function memberOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text.replace(/^\./, "") || "the file";
}

function wrong(path: string, why: string): CallerError {
  return new CallerError("FILE_CORRUPT", `${path} is no corner file: ${why}.`, {
    advice:
      'It holds {"imageSize": [w, h], "board": {"kind": "chessboard", "innerCorners": [9, 6], "squareMm": 25}, ' +
      '"used": [image names], "corners": [view][corner][x, y]}; null for a corner that was not found.',
  });
}

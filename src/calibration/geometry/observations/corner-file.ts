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

/** Looked at first: a list of another length is the likelier mistake than what is in it. */
const cornerLists = z.object({
  board: z.object({ innerCorners: z.tuple([count, count]) }),
  used: z.array(z.unknown()).optional(),
  corners: z.array(z.unknown()),
});

export interface CornerFile {
  readonly board: KnownBoard;
  readonly sightings: readonly ImageSighting[];
  /** What was passed over; null: nothing. */
  readonly remark: string | null;
}

/**
 * @throws CallerError NOT_FOUND when there is no such file, FILE_CORRUPT naming the member that is wrong.
 */
export async function readCornerFile(path: string): Promise<CornerFile> {
  const content = await readJson(path);
  const unequal = unequalLists(content);
  if (unequal !== null) throw wrong(path, unequal);
  const parsed = cornerFile.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(path, `${memberOf(issue?.path ?? [])}: ${issue?.message ?? "not as described"}`);
  }
  const { imageSize, board, used, corners } = parsed.data;
  const [across, down] = board.innerCorners;
  const twice = used?.find((name, i) => used.indexOf(name) !== i);
  if (twice !== undefined) throw wrong(path, `used names ${twice} twice`);
  const known = knownBoard(`chessboard:${across}x${down}:${board.squareMm}`, {
    squaresX: across + 1,
    squaresY: down + 1,
    squareMm: board.squareMm,
    topLeftSquare: "black",
  });
  let outside = 0;
  const sightings = corners.map((view, i): ImageSighting => {
    const inside =
      view?.map((corner) => (corner === null || isInside(corner, imageSize) ? corner : null)) ?? [];
    outside += inside.filter((corner, id) => corner === null && view?.[id] !== null).length;
    const seen = seenBoard(known.id, inside);
    const found = seen.ids.length > 0;
    return {
      image: used?.[i] ?? `view ${i + 1}`,
      sizePx: imageSize,
      boards: found ? [seen] : [],
      missing: found ? [] : [{ boardId: known.id, message: "no corners are given" }],
    };
  });
  const remark =
    outside === 0
      ? null
      : `${path}: ${outside} ${outside === 1 ? "corner lies" : "corners lie"} outside the image of ${imageSize.join(" × ")} px and ${outside === 1 ? "is" : "are"} passed over.`;
  return { board: known, sightings, remark };
}

/** Null when views and names are as many as they must be, and when that cannot be told. */
function unequalLists(content: unknown): string | null {
  const lists = cornerLists.safeParse(content);
  if (!lists.success) return null;
  const { board, used, corners } = lists.data;
  if (used !== undefined && used.length !== corners.length) {
    return `used has ${used.length} names, corners has ${corners.length} views`;
  }
  const wanted = board.innerCorners[0] * board.innerCorners[1];
  const at = corners.findIndex((view) => Array.isArray(view) && view.length !== wanted);
  const view = corners[at];
  return Array.isArray(view)
    ? `corners[${at}] has ${view.length} places, the board has ${wanted} corners`
    : null;
}

/** Whether a place is on a pixel of the image. */
function isInside(
  [x, y]: readonly [number, number],
  [widthPx, heightPx]: readonly [number, number],
): boolean {
  return x >= -0.5 && y >= -0.5 && x <= widthPx - 0.5 && y <= heightPx - 0.5;
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
    // The engine quotes the text, newlines and all.
    throw wrong(path, String(cause instanceof Error ? cause.message : cause).replace(/\s+/g, " "));
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

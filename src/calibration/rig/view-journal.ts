/** Views of a calibration that is under way, in a file that outlives it: one JSON line each. */
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rm, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { CallerError, WorldError } from "../../base/errors.js";
import type { SeenBoard } from "../geometry/observations/seen-board.js";
import type { CollectedView } from "./collect-views.js";
import type { PlannedStop } from "./pose-plan.js";

const sizeSchema = z.tuple([z.int(), z.int()]);
const seenSchema = z
  .strictObject({
    boardId: z.string(),
    ids: z.array(z.int()),
    pointsPx: z.array(z.number()),
    sigmaPx: z.array(z.number()).nullable(),
    mirrored: z.boolean().nullable(),
  })
  .nullable();
const headSchema = z.strictObject({ type: z.literal("views"), version: z.literal(1), plan: z.string() });
const viewSchema = z.strictObject({
  type: z.literal("view"),
  name: z.string(),
  stop: z.int(),
  role: z.enum(["eye-plane", "pose"]),
  boardId: z.string(),
  near: seenSchema,
  far: seenSchema,
  imageSizePx: z.strictObject({ near: sizeSchema, far: sizeSchema }),
});
type ViewLine = z.infer<typeof viewSchema>;

const newline = 10;

export class ViewJournal {
  readonly path: string;
  /** Views of the session before; empty for a new one. */
  readonly kept: readonly CollectedView[];

  private constructor(path: string, kept: readonly CollectedView[]) {
    this.path = path;
    this.kept = kept;
  }

  /** How many whole lines of views a session left there. */
  static async count(path: string): Promise<number> {
    const bytes = await keptBytes(path);
    if (bytes === null) return 0;
    return Math.max(0, bytes.reduce((lines, byte) => lines + (byte === newline ? 1 : 0), 0) - 1);
  }

  /** Begins anew; what another session left there is thrown away. Resolves when the file is on the disk. */
  static async begin(path: string, plan: string): Promise<ViewJournal> {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    await rm(path, { force: true });
    await appendLine(path, { type: "views", version: 1, plan });
    for (const changed of [folder, dirname(folder)]) await syncFolder(changed);
    return new ViewJournal(path, []);
  }

  /**
   * Takes up what a session left. A last line that was cut off when it was killed is dropped, from the file too.
   * @throws CallerError NOT_FOUND when none did; CALIBRATION_REFUSED when those views are of another plan or config.
   */
  static async resume(path: string, plan: string): Promise<ViewJournal> {
    const bytes = await keptBytes(path);
    if (bytes === null) {
      throw new CallerError("NOT_FOUND", "there are no views of a calibration that was broken off", {
        advice: "Leave --resume out to begin one.",
      });
    }
    const wholeBytes = bytes.lastIndexOf(newline) + 1;
    const [head, ...lines] = bytes.subarray(0, wholeBytes).toString().split("\n").slice(0, -1);
    const first = headSchema.safeParse(parsed(head ?? ""));
    if (!first.success || first.data.plan !== plan) {
      throw new CallerError(
        "CALIBRATION_REFUSED",
        "the views that were kept are of another plan or rig config",
        {
          advice: "Give the same options as before with --resume, or --restart to begin anew.",
        },
      );
    }
    const kept = lines.map((line, i) => viewOf(path, line, i + 2));
    if (wholeBytes < bytes.length) await truncate(path, wholeBytes);
    return new ViewJournal(path, kept);
  }

  /** Resolves when it is on the disk. */
  keep(view: CollectedView): Promise<void> {
    const { near, far, imageSizePx, ...rest } = view;
    const size = { near: pair(imageSizePx.near), far: pair(imageSizePx.far) };
    const line: ViewLine = { type: "view", ...rest, near: plain(near), far: plain(far), imageSizePx: size };
    return appendLine(this.path, line);
  }

  /** The calibration was kept elsewhere. */
  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

/** Tells plans apart: 16 hex digits. @param config the rig's, as it is in force. */
export function planFingerprint(plan: readonly PlannedStop[], config: unknown): string {
  return createHash("sha256").update(JSON.stringify({ plan, config })).digest("hex").slice(0, 16);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync().finally(() => folder.close());
}

async function appendLine(path: string, line: object): Promise<void> {
  const file = await open(path, "a");
  try {
    await file.appendFile(`${JSON.stringify(line)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

function viewOf(path: string, line: string, number: number): CollectedView {
  const view = viewSchema.safeParse(parsed(line));
  if (!view.success) {
    throw new WorldError("FILE_CORRUPT", `line ${number} of ${path} is no view`, {
      advice: "Say --restart to begin anew.",
    });
  }
  const { type: _, near, far, ...rest } = view.data;
  return { ...rest, near: typed(near), far: typed(far) };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function plain(seen: SeenBoard | null): ViewLine["near"] {
  if (seen === null) return null;
  const { boardId, ids, pointsPx, sigmaPx, mirrored } = seen;
  return { boardId, ids: [...ids], pointsPx: [...pointsPx], sigmaPx: sigmaPx && [...sigmaPx], mirrored };
}

function typed(seen: ViewLine["near"]): SeenBoard | null {
  return (
    seen && {
      ...seen,
      ids: Int32Array.from(seen.ids),
      pointsPx: Float64Array.from(seen.pointsPx),
      sigmaPx: seen.sigmaPx && Float64Array.from(seen.sigmaPx),
    }
  );
}

function pair([width, height]: readonly [number, number]): [number, number] {
  return [width, height];
}

/** Null when there is no such file. @throws WorldError STORE_IO: views that cannot be read are not views that are gone. */
async function keptBytes(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new WorldError("STORE_IO", `The views kept in ${path} cannot be read.`, {
      advice: "Check the disk and the file's permissions; nothing was changed.",
      cause,
    });
  }
}

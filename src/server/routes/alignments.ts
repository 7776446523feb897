import { type Request, type Response, Router } from "express";
import { z } from "zod";
import { type PictureKind, pictureKinds } from "../../alignment/pictures/picture-kinds.js";
import { CallerError } from "../../base/errors.js";
import type { AlignmentEntry, AlignmentFilter, Dataset } from "../../dataset/dataset.js";
import { animationFormats } from "../../imaging/encode-picture.js";
import { type AlignmentQuality, alignmentFiles } from "../../schema/alignment.js";
import { type AlignmentPages, versionOf } from "../alignment-pages.js";

/** A page is at most this long. */
const pageLimit = 200;

const listQuery = z.strictObject({
  session: z.string().optional(),
  shot: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimit).default(pageLimit),
  offset: z.coerce.number().int().min(0).default(0),
});

const animationSchema = z.enum(animationFormats).default("webp");

/** A row of the list. */
interface AlignmentRow
  extends Pick<
    AlignmentEntry,
    "alignmentNumber" | "shotId" | "createdAt" | "verdict" | "reasons" | "approximate"
  > {
  /** Whether pictures that need flow can be made. */
  readonly hasFlow: boolean;
  readonly quality: AlignmentQuality;
  /** Asked for as `?v=`, pictures and record may be kept for good. */
  readonly version: string;
}

/**
 * `GET /?session&shot&limit&offset` the newest alignment of each shot, in order; `GET /:number` its record;
 * `GET /:number/pictures/:kind?format=webp|gif` a picture (the format is that of `blink`);
 * `GET /:number/files/:name` a stored file, e.g. `nearToFar.npy`.
 */
export function alignmentRoutes(dataset: Dataset, pages: AlignmentPages): Router {
  const router = Router();
  router.get("/", async (request, response) => {
    const entries = await dataset.alignments(filterOf(request.query));
    const alignments: AlignmentRow[] = [];
    for (const entry of entries) alignments.push(await rowOf(pages, entry));
    response.json({ alignments });
  });
  router.get("/:number", async (request, response) => {
    const { record, version } = await pages.record(numberOf(request));
    if (isKnown(request, response, version, version)) return;
    response.json(record);
  });
  router.get("/:number/pictures/:kind", async (request, response) => {
    const kind = kindOf(request.params.kind);
    const animation = animationOf(request.query.format);
    const alignmentNumber = numberOf(request);
    const known = await pages.record(alignmentNumber);
    if (isKnown(request, response, known.version, `${known.version}-${kind}-${animation}`)) return;
    const { bytes, mediaType } = await pages.picture(alignmentNumber, known, kind, animation);
    response.type(mediaType).send(bytes);
  });
  router.get("/:number/files/:name", async (request, response, next) => {
    const alignmentNumber = numberOf(request);
    const { record } = await pages.record(alignmentNumber);
    const file = record.files.find(({ name }) => `${name}${alignmentFiles[name]}` === request.params.name);
    if (file === undefined) throw notFound(`The aligned pair has no file ${request.params.name}.`);
    const extension = alignmentFiles[file.name];
    response.set({ ETag: `"${file.sha256}"`, "Cache-Control": "private, no-cache" });
    const path = dataset.objectPath(file, extension);
    const saveAs = `alignment-${alignmentNumber}-${file.name}${extension}`;
    response.download(path, saveAs, { dotfiles: "allow", cacheControl: false }, (error) => {
      if (error && !response.headersSent) next(notFound(`The store has lost ${request.params.name}.`));
    });
  });
  return router;
}

function filterOf(parameters: unknown): AlignmentFilter {
  const parsed = listQuery.safeParse(parameters);
  if (!parsed.success) {
    throw new CallerError("USAGE", `Bad query: ${z.prettifyError(parsed.error)}`, {
      advice: "Allowed: session, shot, limit (1 to 200), offset.",
    });
  }
  const { session, shot, limit, offset } = parsed.data;
  return {
    limit,
    offset,
    ...(session === undefined ? {} : { sessionId: session }),
    ...(shot === undefined ? {} : { shotId: shot }),
  };
}

async function rowOf(pages: AlignmentPages, entry: AlignmentEntry): Promise<AlignmentRow> {
  const { alignmentNumber, shotId, createdAt, verdict, reasons, approximate, sha256 } = entry;
  const hasFlow = !approximate && entry.files.some(({ name }) => name === "nearToFar");
  const quality = await pages.quality(entry);
  const version = versionOf(sha256);
  return { alignmentNumber, shotId, createdAt, verdict, reasons, approximate, hasFlow, quality, version };
}

function numberOf(request: Request<{ number: string }>): number {
  const alignmentNumber = Number(request.params.number);
  if (Number.isSafeInteger(alignmentNumber) && alignmentNumber > 0) return alignmentNumber;
  throw notFound(`There is no alignment ${request.params.number}.`);
}

function kindOf(text: string): PictureKind {
  if (Object.hasOwn(pictureKinds, text)) return text as PictureKind;
  throw new CallerError("NOT_FOUND", `There is no picture "${text}" of aligned pairs.`, {
    advice: `Pictures: ${Object.keys(pictureKinds).join(", ")}.`,
  });
}

function animationOf(format: unknown): z.infer<typeof animationSchema> {
  const parsed = animationSchema.safeParse(format);
  if (parsed.success) return parsed.data;
  throw new CallerError("USAGE", "Bad query: format", { advice: "Formats: webp, gif." });
}

function notFound(message: string): CallerError {
  return new CallerError("NOT_FOUND", message, { advice: "GET /api/alignments lists them." });
}

/**
 * Sets how long the answer may be kept: for good when it was asked for by its version, else until the store is asked
 * again, for another store may have another alignment of this number.
 * @returns whether the asker has it already; the answer is then sent.
 */
function isKnown(request: Request, response: Response, version: string, tag: string): boolean {
  const keep = request.query.v === version ? "max-age=31536000, immutable" : "no-cache";
  response.set({ ETag: `"${tag}"`, "Cache-Control": `private, ${keep}` });
  if (!request.fresh) return false;
  response.status(304).end();
  return true;
}

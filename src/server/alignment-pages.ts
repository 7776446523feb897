/** Records and pictures of aligned pairs as the page asks for them: neither ever changes, and pictures take a while. */
import { createHash } from "node:crypto";
import { type PictureKind, picturesVersion } from "../alignment/pictures/picture-kinds.js";
import { type RenderedPicture, renderPicture } from "../alignment/pictures/render-picture.js";
import { storedFiles } from "../alignment/stored/stored-files.js";
import type { AlignmentEntry, Dataset } from "../dataset/dataset.js";
import type { AnimationFormat } from "../imaging/encode-picture.js";
import type { AlignmentQuality, AlignmentRecord } from "../schema/alignment.js";
import { alignmentText } from "../schema/alignment-text.js";
import { RecentValues } from "./recent-values.js";

/** Some tens of kB each. */
const keptRecords = 64;
/** Some numbers each: those of a long session. */
const keptQualities = 4096;
/** Up to 1 MB each: those of four pairs. */
const keptPictures = 32;

export interface KnownRecord {
  readonly record: AlignmentRecord;
  /** Names what the record and its pictures look like, in addresses and ETags. */
  readonly version: string;
}

export class AlignmentPages {
  readonly #dataset: Dataset;
  readonly #records = new RecentValues<KnownRecord>(keptRecords);
  readonly #qualities = new RecentValues<AlignmentQuality>(keptQualities);
  readonly #pictures = new RecentValues<RenderedPicture>(keptPictures);
  /** One picture is made at a time: it holds the pair's images and arrays in memory. */
  #lastPicture: Promise<unknown> = Promise.resolve();

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  /** @throws CallerError NOT_FOUND; WorldError FILE_CORRUPT. */
  record(alignmentNumber: number): Promise<KnownRecord> {
    return this.#records.get(String(alignmentNumber), async () => {
      const record = await this.#dataset.readAlignment(alignmentNumber);
      return { record, version: versionOf(createHash("sha256").update(alignmentText(record)).digest("hex")) };
    });
  }

  /** @throws WorldError FILE_CORRUPT. */
  quality(entry: AlignmentEntry): Promise<AlignmentQuality> {
    return this.#qualities.get(String(entry.alignmentNumber), async () => {
      return (await this.#dataset.readAlignment(entry)).quality;
    });
  }

  /** @throws what `renderPicture` throws. */
  picture(
    alignmentNumber: number,
    { record, version }: KnownRecord,
    kind: PictureKind,
    animation: AnimationFormat,
  ): Promise<RenderedPicture> {
    const files = storedFiles(this.#dataset, record);
    return this.#pictures.get(`${alignmentNumber} ${version} ${kind} ${animation}`, () => {
      const turn = this.#lastPicture.then(() => renderPicture(kind, files, { animation }));
      this.#lastPicture = turn.catch(() => null);
      return turn;
    });
  }
}

/** @param sha256 of the record's text. */
export function versionOf(sha256: string): string {
  return `${sha256.slice(0, 16)}-${picturesVersion}`;
}

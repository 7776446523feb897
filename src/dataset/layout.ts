/**
 * Where things lie in a store.
 *
 *     STORE.json            marker: format and version
 *     README                what this folder is, for people
 *     nearfar.sqlite        the database (WAL)
 *     journal.jsonl         append-only: everything that no sidecar holds
 *     objects/ab/cdef….tif  frames and canonical images, named by their sha256, read-only
 *     objects/ab/cdef….json records of calibrations and alignments, the same way
 *     objects/ab/cdef….npy  arrays of aligned pairs, the same way
 *     shots/000/17.json     one sidecar per committed shot, a thousand to a folder
 *     previews/000/17-near.jpg   derived; may be deleted
 *     truth/000/17/         of a virtual rig: what really was (shot.json, truth.json, arrays if asked for)
 *     calibrating/          views of a calibration under way; removed once its record is kept
 *     incoming/             files being written; renamed away when complete
 *     backups/              database before each migration
 *     writer.lock           held by the one writing process
 */
import { join, resolve } from "node:path";
import type { ArmName } from "../schema/records.js";

/** Names that nearfar puts into a store's top folder. */
export const storeEntries: ReadonlySet<string> = new Set([
  "STORE.json",
  "README",
  "nearfar.sqlite",
  "nearfar.sqlite-wal",
  "nearfar.sqlite-shm",
  "nearfar.sqlite-journal",
  "journal.jsonl",
  "objects",
  "shots",
  "previews",
  "truth",
  "calibrating",
  "incoming",
  "backups",
  "writer.lock",
]);

const shotsPerFolder = 1000;

export class StoreLayout {
  readonly directory: string;
  readonly marker: string;
  readonly readme: string;
  readonly database: string;
  readonly journal: string;
  readonly lock: string;
  readonly objects: string;
  readonly shots: string;
  readonly previews: string;
  readonly truth: string;
  readonly incoming: string;
  readonly backups: string;

  constructor(directory: string) {
    this.directory = resolve(directory);
    this.marker = join(this.directory, "STORE.json");
    this.readme = join(this.directory, "README");
    this.database = join(this.directory, "nearfar.sqlite");
    this.journal = join(this.directory, "journal.jsonl");
    this.lock = join(this.directory, "writer.lock");
    this.objects = join(this.directory, "objects");
    this.shots = join(this.directory, "shots");
    this.previews = join(this.directory, "previews");
    this.truth = join(this.directory, "truth");
    this.incoming = join(this.directory, "incoming");
    this.backups = join(this.directory, "backups");
  }

  objectPath(sha256: string, extension: string): string {
    return join(this.objects, sha256.slice(0, 2), `${sha256.slice(2)}${extension}`);
  }

  sidecarPath(shotId: number): string {
    return join(this.shots, folderOfShot(shotId), `${shotId}.json`);
  }

  previewPath(shotId: number, arm: ArmName): string {
    return join(this.previews, folderOfShot(shotId), `${shotId}-${arm}.jpg`);
  }

  truthFolder(shotId: number): string {
    return join(this.truth, folderOfShot(shotId), String(shotId));
  }
}

/** `000` for shots 0 to 999, `001` for 1000 to 1999, …; more digits when they are needed. */
function folderOfShot(shotId: number): string {
  return String(Math.floor(shotId / shotsPerFolder)).padStart(3, "0");
}

/** The 256 folders of `objects/`, all made when the store is, so that no write has to make one. */
export const objectFolders: readonly string[] = Array.from({ length: 256 }, (_, index) =>
  index.toString(16).padStart(2, "0"),
);

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CallerError, WorldError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import { type AlignmentRecord, alignmentFiles } from "../../schema/alignment.js";
import type { AlignedFiles } from "./aligned-files.js";

/**
 * The files of an alignment in a dataset. `read` rejects with CallerError NOT_FOUND for a file that the alignment does
 * not have and WorldError FILE_CORRUPT for one that is not what was stored.
 */
export function storedFiles(dataset: Pick<Dataset, "objectPath">, record: AlignmentRecord): AlignedFiles {
  return {
    record,
    read: async (name) => {
      const object = record.files.find((file) => file.name === name);
      if (object === undefined) {
        throw new CallerError("NOT_FOUND", `The aligned pair has no ${name}.`, {
          advice: "Its record lists the files that it has.",
        });
      }
      const path = dataset.objectPath(object, alignmentFiles[name]);
      const bytes = await readFile(path).catch((cause) => {
        throw damaged(path, cause);
      });
      if (createHash("sha256").update(bytes).digest("hex") !== object.sha256) throw damaged(path);
      return bytes;
    },
  };
}

function damaged(path: string, cause?: unknown): WorldError {
  return new WorldError("FILE_CORRUPT", `${path} is not what was stored.`, {
    advice: "Audit the store; restore the file from a backup, or align the pair again.",
    cause,
  });
}

/** Puts an aligned pair into a dataset. */
import type { AlignmentEntry, Dataset } from "../../dataset/dataset.js";
import { type AlignmentRecord, alignmentFiles } from "../../schema/alignment.js";
import type { AlignedFile, AlignedPair } from "../aligned-pair.js";
import { allWritten } from "./all-written.js";

type KeepingDataset = Pick<Dataset, "writeObject" | "addAlignment">;

/**
 * Writes the files, then the record. When it resolves the alignment will not be lost; when it rejects the dataset
 * shows nothing of it, and files that were written stay for the next attempt, which gives the same ones.
 * @throws what `Dataset.writeObject` and `Dataset.addAlignment` throw.
 */
export async function keepAlignedPair(
  dataset: KeepingDataset,
  shotId: number,
  pair: AlignedPair,
): Promise<AlignmentEntry> {
  const files = await allWritten(pair.files.map((file) => writeFile(dataset, file)));
  return dataset.addAlignment(shotId, { ...pair.record, files });
}

async function writeFile(
  dataset: KeepingDataset,
  { name, parts }: AlignedFile,
): Promise<AlignmentRecord["files"][number]> {
  return { name, ...(await dataset.writeObject(parts, alignmentFiles[name])) };
}

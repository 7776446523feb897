import { chmod, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PicturedFiles } from "../../src/alignment/pictures/pictured-files.js";
import { renderPicture } from "../../src/alignment/pictures/render-picture.js";
import { keepAlignedPair } from "../../src/alignment/run/keep-aligned-pair.js";
import { storedFiles } from "../../src/alignment/stored/stored-files.js";
import type { Dataset } from "../../src/dataset/dataset.js";
import { type AlignmentFileName, type AlignmentRecord, alignmentFiles } from "../../src/schema/alignment.js";
import { alignmentInputOfShot } from "../support/aligned-pairs.js";
import { newSession, openStore, storePair, temporaryFolder } from "../support/dataset-fixtures.js";
import { picturedPair } from "../support/pictured-pair.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let dataset: Dataset;
let record: AlignmentRecord;
let files: PicturedFiles;

beforeEach(async () => {
  folder = await temporaryFolder();
  dataset = await openStore(folder.path);
  const shot = await storePair(dataset, await dataset.startSession(newSession()));
  const entry = await keepAlignedPair(dataset, shot.shotId, picturedPair(alignmentInputOfShot(shot)));
  record = await dataset.readAlignment(entry);
  files = storedFiles(dataset, record);
});

afterEach(async () => {
  await dataset.close();
  await folder.remove();
});

function pathOf(name: AlignmentFileName): string {
  const object = record.files.find((file) => file.name === name);
  if (object === undefined) throw new Error(`no ${name}`);
  return dataset.objectPath(object, alignmentFiles[name]);
}

test("pictures of a stored pair need only the files that they show", async () => {
  await rm(pathOf("far"), { force: true });
  expect((await renderPicture("depth", files)).bytes.length).toBeGreaterThan(500);
  await expect(renderPicture("far", files)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
});

test("a file that is not what was stored is told, even when it can still be read", async () => {
  const bytes = await files.read("nearDepth");
  const path = pathOf("nearDepth");
  await chmod(path, 0o600);
  const altered = Uint8Array.from(bytes);
  altered.fill(0, -4);
  await writeFile(path, altered);
  await expect(renderPicture("depth", files)).rejects.toMatchObject({
    code: "FILE_CORRUPT",
    message: expect.stringContaining(path),
  });
});

test("a file that the pair does not have is not found", async () => {
  await expect(files.read("subjectNear")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

import { createHash } from "node:crypto";
import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Dataset } from "../../src/dataset/dataset.js";
import { frameBytes, openStore, temporaryFolder } from "../support/dataset-fixtures.js";

/** How much the store reads at a time. */
const slotBytes = 4 << 20;

describe("objects of a dataset", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let dataset: Dataset;

  beforeEach(async () => {
    folder = await temporaryFolder();
    dataset = await openStore(folder.path);
  });
  afterEach(async () => {
    await dataset.close();
    await folder.remove();
  });

  // Lengths around the device's block, of the reader's buffer and of several buffers.
  it.each([
    [8],
    [4095],
    [4096],
    [4097],
    [slotBytes],
    [slotBytes - 8, 9],
    [100, slotBytes, 8, 3 * slotBytes - 108],
    [2 * slotBytes + 8, 10],
  ])("stores parts of %s bytes one after the other under the hash of all", async (...lengths) => {
    const parts = lengths.map((length, index) => frameBytes(index + 1, length));
    const content = Buffer.concat(parts);
    const object = await dataset.writeObject(parts, ".tif");
    expect(object).toEqual({
      sha256: createHash("sha256").update(content).digest("hex"),
      bytes: content.length,
    });
    const path = dataset.objectPath(object, ".tif");
    expect(content.equals(await readFile(path))).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o444);
    expect(await readdir(`${folder.path}/incoming`)).toEqual([]);
  });

  it("stores the same content once, also when it is written twice at a time", async () => {
    const write = (): Promise<unknown> => dataset.writeObject([frameBytes(7)], ".tif");
    const [first, second] = await Promise.all([write(), write()]);
    expect(second).toEqual(first);
    expect(await write()).toEqual(first);
    const files = (await readdir(`${folder.path}/objects`, { recursive: true })).filter((name) =>
      name.endsWith(".tif"),
    );
    expect(files).toHaveLength(1);
    expect(await readdir(`${folder.path}/incoming`)).toEqual([]);
  });

  it("replaces a damaged copy of the same content", async () => {
    const object = await dataset.writeObject([frameBytes(8)], ".tif");
    const path = dataset.objectPath(object, ".tif");
    await chmod(path, 0o644);
    await writeFile(path, "damaged");
    await dataset.writeObject([frameBytes(8)], ".tif");
    expect(Buffer.from(frameBytes(8)).equals(await readFile(path))).toBe(true);
  });

  it("sweeps what crashed writers left, and nothing else", async () => {
    await writeFile(`${folder.path}/incoming/dead.tmp`, "half a frame");
    const writing = dataset.writeObject([frameBytes(9, 8 * slotBytes)], ".tif");
    expect(await dataset.sweepIncoming()).toBe(1);
    const object = await writing;
    expect((await stat(dataset.objectPath(object, ".tif"))).size).toBe(8 * slotBytes);
  });

  it("keeps previews, which may be written again", async () => {
    await dataset.writePreview(1001, "near", new Uint8Array([1, 2, 3]));
    await dataset.writePreview(1001, "near", new Uint8Array([4]));
    expect(dataset.previewPath(1001, "near")).toBe(`${dataset.directory}/previews/001/1001-near.jpg`);
    expect([...(await readFile(dataset.previewPath(1001, "near")))]).toEqual([4]);
  });

  it("rejects writes that are cut off by close instead of hanging", async () => {
    const writes = [1, 2, 3].map((seed) => dataset.writeObject([frameBytes(seed, 8 * slotBytes)], ".tif"));
    const outcomes = Promise.allSettled(writes);
    await dataset.close();
    for (const outcome of await outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "STORE_IO" });
    }
  });
});

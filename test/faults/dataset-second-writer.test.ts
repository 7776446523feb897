import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, temporaryFolder } from "../support/dataset-fixtures.js";
import { startStoreProcess } from "../support/dataset-processes.js";

describe("a second writer", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it("is refused while another process writes, and let in as soon as that is killed", async () => {
    const child = startStoreProcess("hold", folder.path);
    try {
      await child.fact("ready");
      await expect(openStore(folder.path)).rejects.toMatchObject({ code: "STORE_BUSY" });
      const reader = await openStore(folder.path, "read-only");
      expect(await reader.sessions()).toEqual([]);
      await reader.close();
      await expect(openStore(folder.path)).rejects.toMatchObject({ code: "STORE_BUSY" });
    } finally {
      await child.kill();
    }
    await (await openStore(folder.path)).close();
  });

  it("is refused in the same process too", async () => {
    const first = await openStore(folder.path);
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: "STORE_BUSY" });
    // The failed attempt has not loosened the lock.
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: "STORE_BUSY" });
    await first.close();
    await (await openStore(folder.path)).close();
  });
});

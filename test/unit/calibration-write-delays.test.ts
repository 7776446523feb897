import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeDelays } from "../../src/cli/calibrate/write-delays.js";
import { withFolder } from "../support/cli.js";

/** What becomes of a config's text when near gets 15.625 µs and far none. */
function rewritten(text: string): Promise<string> {
  return withFolder(async (folder) => {
    const path = join(folder, "rig.yaml");
    await writeFile(path, text);
    await writeDelays(path, { near: 15.625, far: 0 });
    expect(await readdir(folder)).toEqual(["rig.yaml"]);
    return readFile(path, "utf8");
  });
}

describe("trigger delays in a rig config", () => {
  test("change in place; every other character stays", async () => {
    const text = (near: string, far: string) =>
      `# our rig\nnear:\n  triggerDelayUs: ${near}     # measured\n  gainDb:   0\n\nfar: { triggerDelayUs: ${far}, gainDb: 0 } # far\n`;
    expect(await rewritten(text("12", "3.5"))).toBe(text("15.625", "0"));
  });

  test("are added where there were none, and comments stay", async () => {
    const text = await rewritten("near:\n  gainDb: 0 # low\nfar: { gainDb: 0 }\n# the end\n");
    expect(text).toBe(
      "near:\n  gainDb: 0 # low\n  triggerDelayUs: 15.625\nfar: { gainDb: 0, triggerDelayUs: 0 }\n\n# the end\n",
    );
  });

  test("are refused where there is no file to change", () =>
    withFolder(async (folder) => {
      const path = join(folder, "rig.yaml");
      await expect(writeDelays(path, { near: 0, far: 0 })).rejects.toMatchObject({ code: "USAGE" });
      expect(await readdir(folder)).toEqual([]);
    }));
});

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPicture } from "../../src/imaging/picture-file.js";
import { jsonLines, repository, runCli, withFolder } from "../support/cli.js";
import { hasPhoto, photoNeeded, photoPath } from "../support/shared-photo.js";

describe.skipIf(!hasPhoto)(`nearfar faces${photoNeeded}`, () => {
  it("prints a table, or a JSON line for each face", async () => {
    const text = await runCli("faces", photoPath);
    expect(text.stderr).toBe("");
    expect(text.stdout).toMatch(/^score +mesh/);
    const json = await runCli("faces", photoPath, "--json");
    const [face, ...more] = jsonLines(json.stdout);
    expect(more).toEqual([]);
    expect(face).toMatchObject({ type: "face" });
    expect(face?.score).toBeGreaterThanOrEqual(0.9);
    expect(Math.abs((face?.irisDistancePx as number) - 43)).toBeLessThan(1.5);
    expect(face?.landmarks68).toHaveLength(68);
    expect(face?.points468).toHaveLength(468);
  });

  it("draws what it found", () =>
    withFolder(async (folder) => {
      const out = join(folder, "faces.png");
      expect((await runCli("faces", photoPath, "--draw", out)).status).toBe(0);
      const [plain, drawn] = [await readPicture(photoPath), await readPicture(out)];
      expect([drawn.widthPx, drawn.heightPx]).toEqual([plain.widthPx, plain.heightPx]);
      const changed = drawn.data.reduce((count, value, i) => count + (value === plain.data[i] ? 0 : 1), 0);
      expect(changed).toBeGreaterThan(1000);
    }));

  it("says before it searches that it cannot write the drawing", async () => {
    const result = await runCli("faces", photoPath, "--draw", "/nowhere/faces.png", "--json");
    expect(result.status).toBe(2);
    expect(jsonLines(result.stderr)[0]).toMatchObject({ type: "error", code: "NOT_FOUND" });
  });
});

describe("nearfar faces, refused", () => {
  it.each([
    { words: ["/nowhere/portrait.png"], status: 2, code: "NOT_FOUND" },
    { words: [join(repository, "package.json")], status: 5, code: "FILE_CORRUPT" },
    { words: [join(repository, "package.json"), "--min-score", "2"], status: 2, code: "USAGE" },
  ])("$words: $code", async ({ words, status, code }) => {
    const result = await runCli("faces", ...words, "--json");
    expect(result.status).toBe(status);
    expect(jsonLines(result.stderr)[0]).toMatchObject({ type: "error", code });
  });
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CallerError } from "../../src/base/errors.js";
import { differences } from "../../src/capture/config-difference.js";
import { loadRigConfig } from "../../src/capture/load-config.js";
import { loadCapturePlan } from "../../src/capture/load-plan.js";
import { nearestKey } from "../../src/schema/nearest-key.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearfar-config-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function written(text: string): Promise<string> {
  const path = join(folder, "file.yaml");
  await writeFile(path, text);
  return path;
}

async function failure(work: Promise<unknown>): Promise<CallerError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CallerError)) throw new Error(`expected a CallerError, got ${String(error)}`);
  return error;
}

const shipped = new URL("../../rig-configs/virtual.yaml", import.meta.url);

/** The shipped virtual rig with some of its text replaced. */
async function changedRig(changes: readonly (readonly [string | RegExp, string])[]): Promise<string> {
  let text = await readFile(shipped, "utf8");
  for (const [from, to] of changes) {
    const next = text.replace(from, to);
    if (next === text) throw new Error(`${String(from)} is not in the rig config`);
    text = next;
  }
  return written(text);
}

describe("rig config", () => {
  test("the shipped virtual rig is valid", async () => {
    const config = await loadRigConfig(shipped.pathname);
    expect(config).toMatchObject({ format: "nearfar-rig", name: "virtual" });
  });

  test("every problem at once, by line, each with file, line, column, field and what is allowed", async () => {
    const path = await changedRig([
      ["gainDb: 0", "gainDb: 99"],
      ["bitDepth: 12", "bitDepth: twelve"],
      ["mirrored: true", "mirored: true"],
      ["kind: virtual", "kind: motor"],
    ]);
    const error = await failure(loadRigConfig(path));
    expect(error.code).toBe("CONFIG_INVALID");
    const [head, ...lines] = error.message.split("\n");
    expect(head).toBe("5 problems in the rig config:");
    const lineNumbers = lines.map((line) => Number(/:(\d+):\d+: /.exec(line)?.[1]));
    expect(lineNumbers).toEqual([...lineNumbers].sort((a, b) => a - b));
    const text = (await readFile(path, "utf8")).split("\n");
    for (const [index, line] of lines.entries()) {
      expect(line.startsWith(`${path}:${lineNumbers[index]}:`)).toBe(true);
    }
    expect(lines[0]).toMatch(/near\.bitDepth: is "twelve"; allowed is a whole number from 8 to 16$/);
    expect(text[(lineNumbers[0] ?? 0) - 1]).toContain("twelve");
    expect(lines[1]).toMatch(/near\.gainDb: is 99; allowed is a number from 0 to 48$/);
    expect(lines.join("\n")).toContain("near.mount.mirored: is not known here; did you mean `mirrored`?");
    expect(lines.join("\n")).toContain("near.mount.mirrored: is missing; give true or false");
    expect(lines.at(-1)).toMatch(/rail\.kind: is "motor"; allowed is one of "manual", "virtual"$/);
  });

  test("a column points at the value, or at an unknown key", async () => {
    const path = await written("format: nearfar-rig\nversion: 1\nname: Bench\nrial: {}\n");
    const { message } = await failure(loadRigConfig(path));
    expect(message).toContain(`${path}:3:7: name: is "Bench"; allowed is lower case letters`);
    expect(message).toContain(`${path}:4:1: rial: is not known here; did you mean \`rail\`?`);
    expect(message).toContain(`${path}:1:1: rail: is missing`);
  });

  test("rules that span fields are told too", async () => {
    const path = await changedRig([[/blackLevel: 64 .*/, "blackLevel: 4095"]]);
    const { message } = await failure(loadRigConfig(path));
    expect(message).toMatch(/near\.whiteLevel: must be above `blackLevel`/);
  });

  test("a number where a text belongs: says to put it in quotes", async () => {
    const path = await changedRig([[/serial: \S+/, "serial: 12345"]]);
    expect((await failure(loadRigConfig(path))).message).toContain(
      "near.serial: is 12345; allowed is a text (put it in quotes)",
    );
  });

  test.each([
    ["broken YAML", "a: [1, 2\nb: 3\n", /not valid YAML/],
    ["the same key twice", "name: a\nname: b\n", /file\.yaml:2:1: not valid YAML: Map keys must be unique/],
    ["an empty file", "", /is null; allowed is a group of format/],
    ["a list", "- 1\n", /is a list; allowed is a group of/],
  ])("%s", async (_, text, message) => {
    const error = await failure(loadRigConfig(await written(text)));
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toMatch(message);
  });

  test("no such file, or a folder", async () => {
    const missing = await failure(loadRigConfig(join(folder, "none.yaml")));
    expect(missing.code).toBe("CONFIG_NOT_FOUND");
    expect(missing.message).toContain("none.yaml");
    expect((await failure(loadRigConfig(folder))).code).toBe("CONFIG_NOT_FOUND");
  });
});

describe("capture plan", () => {
  test("defaults are filled in", async () => {
    const path = await written("format: nearfar-plan\nversion: 1\ndistancesMm: [300]\n");
    expect(await loadCapturePlan(path)).toMatchObject({
      expressions: ["neutral"],
      repeats: 1,
      countdownS: 3,
    });
  });

  test("problems name list entries", async () => {
    const path = await written(
      "format: nearfar-plan\nversion: 1\ndistancesMm:\n  - 300\n  - 3000\nrepeat: 2\n",
    );
    const error = await failure(loadCapturePlan(path));
    expect(error.code).toBe("PLAN_INVALID");
    expect(error.message).toContain(
      `${path}:5:5: distancesMm[1]: is 3000; allowed is a number from 100 to 1600`,
    );
    expect(error.message).toContain(`${path}:6:1: repeat: is not known here; did you mean \`repeats\`?`);
  });

  test("an empty list", async () => {
    const path = await written("format: nearfar-plan\nversion: 1\ndistancesMm: []\n");
    expect((await failure(loadCapturePlan(path))).message).toContain(
      "distancesMm: is an empty list; allowed is a list of at least 1",
    );
  });
});

test("the nearest key is named only when one is near", () => {
  expect(nearestKey("exposureuS", ["exposureUs", "gainDb"])).toBe("exposureUs");
  expect(nearestKey("banana", ["exposureUs", "gainDb"])).toBeNull();
});

test("differences between two configs, field by field", () => {
  const before = { near: { exposureUs: 8000, region: null }, list: [1, 2], gone: 1 };
  const now = { near: { exposureUs: 4000, region: null }, list: [1, 3], fresh: "x" };
  expect(differences(before, now)).toEqual([
    'fresh: absent, now "x"',
    "gone: 1, now absent",
    "list: [1,2], now [1,3]",
    "near.exposureUs: 8000, now 4000",
  ]);
  expect(differences(before, structuredClone(before))).toEqual([]);
});

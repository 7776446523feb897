import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { repository } from "../support/cli.js";

const pages = [
  "README.md",
  "calibration/README.md",
  "calibration/targets/README.md",
  "native/virtual-rig/README.md",
];

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(repository, page), "utf8");
  const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target as string);
  const local = links.filter((target) => !/^[a-z]+:/.test(target));

  test("links to files that exist", () => {
    const lost = local.filter((target) => !existsSync(join(repository, dirname(page), target)));
    expect(lost).toEqual([]);
  });
});

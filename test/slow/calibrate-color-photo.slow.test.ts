/** A chart in a photo that was turned, mirrored and resized; refusals beyond those of the fast test. */
import { describe, expect, it } from "vitest";
import { chartPhoto, chartPhotoNeeded, expectFound, type PhotoChange } from "../support/chart-photo.js";
import { jsonLines, runCli } from "../support/cli.js";

const changes: readonly PhotoChange[] = [
  ["upside down in a mirror", (image) => image.flip(), ([x, y]) => [x, 767 - y], true],
  ["turned by 180°", (image) => image.rotate(180), ([x, y]) => [1151 - x, 767 - y], false],
  ["turned by 270°", (image) => image.rotate(270), ([x, y]) => [y, 1151 - x], false],
  ["half as large", (image) => image.resize(576), ([x, y]) => [x / 2 - 0.25, y / 2 - 0.25], false],
  ["twice as large", (image) => image.resize(2304), ([x, y]) => [2 * x + 0.5, 2 * y + 0.5], false],
];

describe.skipIf(chartPhoto === null)(`a real photo of a chart${chartPhotoNeeded}`, () => {
  it.each(changes)("is found %s, with the same patches", (...change) => expectFound(change));
});

describe("nearfar calibrate color, refused", () => {
  it.each([
    { words: ["--image", "/nowhere/chart.png"], code: "NOT_FOUND" },
    { words: ["--rig", "rig-configs/virtual.yaml"], code: "USAGE" },
    { words: [], code: "USAGE" },
  ])("$words: $code", async ({ words, code }) => {
    const answer = await runCli("calibrate", "color", ...words, "--json");
    expect([answer.status, answer.stdout]).toEqual([2, ""]);
    expect(jsonLines(answer.stderr)[0]).toMatchObject({ type: "error", code });
  });
});

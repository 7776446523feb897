import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CharucoBoard } from "../../src/schema/target.js";
import { innerCorners } from "../../src/targets/board-geometry.js";
import { readTarget, targetIds, targetsFolder } from "../../src/targets/read-targets.js";
import { jsonLines, repository, runCli, withFolder } from "../support/cli.js";

const folder = targetsFolder(repository);
// Debian's own: another python may come first on PATH.
const python = "/usr/bin/python3";
// pdftocairo, because pdftoppm moves every edge to a whole pixel.
const dpi = 300;

function runs(command: string, ...words: string[]): boolean {
  return spawnSync(command, words).status === 0;
}
const hasOpenCv = runs(python, "-c", "import cv2; cv2.aruco.CharucoBoard_create");
const hasPoppler = runs("pdftocairo", "-v");
const peersNeeded = hasOpenCv && hasPoppler ? "" : " (skipped: install python3-opencv 4.6 and poppler-utils)";

/** Finds the ChArUco corners of a picture and refines them; the board begins with marker `first`. */
const detectScript = `
import cv2, json, numpy, sys
picture, first, x, y, square, marker = sys.argv[1], *map(int, sys.argv[2:5]), *map(float, sys.argv[5:7])
image = cv2.imread(picture, cv2.IMREAD_GRAYSCALE)
dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_6X6_250)
board = cv2.aruco.CharucoBoard_create(x, y, square, marker, dictionary)
board.setIds(numpy.arange(first, first + len(board.ids), dtype=numpy.int32))
corners, ids, _ = cv2.aruco.detectMarkers(image, dictionary)
count, found, numbers = cv2.aruco.interpolateCornersCharuco(corners, ids, image, board)
criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 100, 1e-4)
cv2.cornerSubPix(image, found, (8, 8), (-1, -1), criteria)
points = [[int(n), float(p[0][0]), float(p[0][1])] for n, p in zip(numbers.ravel(), found)]
print(json.dumps({"shape": image.shape, "markers": sorted(int(i) for i in ids.ravel()), "corners": points}))
`;

interface Detected {
  readonly shape: readonly [height: number, width: number];
  readonly markers: readonly number[];
  readonly corners: readonly (readonly [id: number, x: number, y: number])[];
}

function pythonJson<T>(script: string, ...words: string[]): T {
  const { status, stdout, stderr } = spawnSync(python, ["-c", script, ...words], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

async function printed(own: string, ...words: string[]): Promise<string> {
  const out = join(own, "target.pdf");
  const { status, stderr } = await runCli("targets", "print", ...words, "--out", out, "--json");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return out;
}

function detectOnPage(pdf: string, page: number, board: CharucoBoard): Detected {
  const picture = `${pdf}-${page}`;
  const words = [
    "-r",
    `${dpi}`,
    "-gray",
    "-png",
    "-singlefile",
    "-f",
    `${page}`,
    "-l",
    `${page}`,
    pdf,
    picture,
  ];
  expect(runs("pdftocairo", ...words)).toBe(true);
  const { firstMarkerId, squaresX, squaresY, squareMm, markerMm } = board;
  const numbers = [firstMarkerId, squaresX, squaresY, squareMm, markerMm].map(String);
  return pythonJson<Detected>(detectScript, `${picture}.png`, ...numbers);
}

/** Greatest distance in mm of a detected corner from where the definition has it. */
function greatestError(board: CharucoBoard, detected: Detected, page: readonly [number, number]): number {
  const expected = innerCorners(board);
  const errors = detected.corners.map(([id, x, y]) => {
    const corner = expected[id] ?? { x: Number.NaN, y: Number.NaN };
    const xMm = ((x + 0.5) * 25.4) / dpi - page[0] / 2;
    const yMm = ((y + 0.5) * 25.4) / dpi - page[1] / 2;
    return Math.hypot(xMm - corner.x, yMm - corner.y);
  });
  return Math.max(...errors);
}

describe.skipIf(peersNeeded !== "")(`printed targets, seen by OpenCV${peersNeeded}`, () => {
  test("have the marker bits of OpenCV's dictionary", async () => {
    const script = `
import cv2, json
dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_6X6_250)
bits = lambda i: "".join(str(v) for v in (cv2.aruco.drawMarker(dictionary, i, 8) // 255)[1:7, 1:7].ravel())
print(json.dumps(["%09x" % int(bits(i), 2) for i in range(250)]))
`;
    const dictionary = pythonJson<string[]>(script);
    for (const id of await targetIds(folder)) {
      const target = await readTarget(folder, id);
      const boards = target.kind === "assembly" ? target.boards : target.kind === "charuco" ? [target] : [];
      for (const { firstMarkerId, markerBits } of boards) {
        expect(markerBits).toEqual(dictionary.slice(firstMarkerId, firstMarkerId + markerBits.length));
      }
    }
  });

  test.each([
    ["charuco-a4", "a4", [210, 297]],
    ["charuco-a4", "letter", [215.9, 279.4]],
    ["charuco-small", "a4", [210, 297]],
  ] as const)("%s on %s: every marker and corner is found in its place", (id, paper, page) =>
    withFolder(async (own) => {
      const board = await readTarget(folder, id);
      if (board.kind !== "charuco") throw new Error(board.kind);
      const detected = detectOnPage(await printed(own, id, "--paper", paper), 1, board);
      expect((detected.shape[1] * 25.4) / dpi).toBeCloseTo(page[0], 0);
      expect((detected.shape[0] * 25.4) / dpi).toBeCloseTo(page[1], 0);
      expect(detected.markers).toHaveLength(board.markerBits.length);
      expect(detected.markers[0]).toBe(board.firstMarkerId);
      expect(detected.corners).toHaveLength(innerCorners(board).length);
      expect(greatestError(board, detected, page)).toBeLessThan(0.012);
    }),
  );

  test("every board of the depth phantom is found on its page", () =>
    withFolder(async (own) => {
      const phantom = await readTarget(folder, "depth-phantom");
      if (phantom.kind !== "assembly") throw new Error(phantom.kind);
      const pdf = await printed(own, "depth-phantom");
      for (const [index, board] of phantom.boards.entries()) {
        // The first page is the plan of the base.
        const detected = detectOnPage(pdf, index + 2, board);
        expect(detected.markers).toHaveLength(board.markerBits.length);
        expect(detected.corners).toHaveLength(innerCorners(board).length);
        expect(greatestError(board, detected, [210, 297])).toBeLessThan(0.012);
      }
    }));
});

describe("nearfar targets", () => {
  test("lists what there is and how to get it", async () => {
    const { status, stdout } = await runCli("targets", "list", "--json");
    expect(status).toBe(0);
    const sources = Object.fromEntries(jsonLines(stdout).map(({ id, source }) => [id, source]));
    expect(sources).toMatchObject({
      "charuco-a4": "print",
      "colorchecker-mini": "buy",
      "led-counter": "virtual rig only",
    });
    expect((await runCli("targets", "list")).stdout).toContain("charuco-small");
  });

  test("shows one, as text and as the whole definition", async () => {
    const text = await runCli("targets", "show", "charuco-a4");
    expect(text.stdout).toContain("12 × 17 squares of 15 mm, 176 inner corners");
    const json = await runCli("targets", "show", "charuco-a4", "--json");
    const { type, ...definition } = jsonLines(json.stdout)[0] ?? {};
    expect(type).toBe("target");
    expect(definition).toEqual(JSON.parse(await readFile(join(folder, "charuco-a4.json"), "utf8")));
  });

  test.each([
    ["an unknown id", ["charuco-a3"], "NOT_FOUND", "charuco-a4, charuco-small"],
    ["a board larger than the paper", ["charuco-a4", "--paper", "a5"], "USAGE", "does not fit on a5"],
    ["an unknown paper", ["charuco-a4", "--paper", "a9"], "USAGE", "a5, a4, letter, a3"],
    ["a color chart", ["colorchecker-classic"], "USAGE", "Buy the chart"],
    ["what only the virtual rig has", ["led-counter"], "NOT_FOUND", "virtual rig only"],
  ])("refuses to print %s", (_, words, code, text) =>
    withFolder(async (own) => {
      const out = join(own, "target.pdf");
      const { status, stdout, stderr } = await runCli("targets", "print", ...words, "--out", out);
      expect(status).toBe(2);
      expect(stdout).toBe("");
      expect(stderr).toContain(code);
      expect(stderr).toContain(text);
      await expect(readFile(out)).rejects.toMatchObject({ code: "ENOENT" });
    }),
  );

  test("does not replace a file unless told to, and names a folder that is not there", () =>
    withFolder(async (own) => {
      const out = join(own, "board.pdf");
      await writeFile(out, "precious");
      const refused = await runCli("targets", "print", "charuco-a4", "--out", out);
      expect(refused.status).toBe(2);
      expect(refused.stderr).toContain("OUTPUT_EXISTS");
      expect(await readFile(out, "utf8")).toBe("precious");
      const forced = await runCli("targets", "print", "charuco-a4", "--out", out, "--force");
      expect(forced.status).toBe(0);
      expect((await readFile(out, "latin1")).slice(0, 5)).toBe("%PDF-");
      const nowhere = await runCli("targets", "print", "charuco-a4", "--out", join(own, "no", "board.pdf"));
      expect(nowhere.status).toBe(2);
      expect(nowhere.stderr).toContain("There is no folder");
    }));
});

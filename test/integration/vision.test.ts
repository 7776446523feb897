/** The vision addon in whole processes and workers, and on photographs. */
import { execFile, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { createVision } from "../../src/native/vision.js";
import { drawBoard, readCharuco } from "../support/board-picture.js";
import { sharedData } from "../support/shared-data.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const python = "/usr/bin/python3";
const board = readCharuco("charuco-small");

/** A search that takes some hundred milliseconds, begun by plain JavaScript as it runs from dist. */
const searching = `
  import { createVision } from ${JSON.stringify(pathToFileURL(join(root, "dist/native/vision.js")).href)};
  const vision = createVision();
  const image = { data: new Uint8Array(1500 * 1000).map((_, i) => (i * i) >> 7), widthPx: 1500, heightPx: 1000 };
  const board = { squaresX: 10, squaresY: 7, squareMm: 9, topLeftSquare: "black" };
  const search = () => vision.findBoard(image, board);`;

async function script(lines: string): Promise<string> {
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", `${searching}\n${lines}`]);
  return stdout.trim();
}

describe("a process with searches under way", () => {
  it("ends at once when told to", async () => {
    expect(
      await script("search(); search(); setTimeout(() => { console.log('bye'); process.exit(0); }, 50);"),
    ).toBe("bye");
  });

  it("stays until they are done, then ends by itself without close", async () => {
    expect(await script("search().then((found) => console.log(found.ids.length));")).toBe("0");
  });

  it("keeps its event loop free", async () => {
    const ticks = "let ticks = 0; const timer = setInterval(() => { ticks += 1; }, 5);";
    const done = "await search(); clearInterval(timer); console.log(ticks);";
    expect(Number(await script(`${ticks}\n${done}`))).toBeGreaterThan(5);
  });

  it("outlives a worker that is terminated with a search under way", async () => {
    const source = `${searching}
      import { parentPort } from "node:worker_threads";
      search();
      parentPort.postMessage("begun");
      setInterval(() => {}, 1000);`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    await worker.terminate();
    const vision = createVision();
    const picture = drawBoard(board, { widthPx: 320, heightPx: 420, squarePx: 34 });
    expect((await vision.findBoard(picture, board)).ids).toHaveLength(70);
    await vision.close();
  });
});

it("gives several instances and several images at once the same corners", async () => {
  const picture = drawBoard(board, { widthPx: 320, heightPx: 420, squarePx: 34 });
  const instances = [createVision(), createVision({ threads: 1 })];
  const found = await Promise.all(
    instances.flatMap((vision) => [vision.findBoard(picture, board), vision.findBoard(picture, board)]),
  );
  await Promise.all(instances.map((vision) => vision.close()));
  for (const other of found) expect(other.pointsPx).toEqual(found[0]?.pointsPx);
});

const photos = sharedData("opencv-left");
const hasCalibration = spawnSync(python, ["-c", "import cv2"]).status === 0;
const skipped =
  photos === null
    ? " (skipped: there is no ../shared/data/opencv-left)"
    : hasCalibration
      ? ""
      : " (skipped: calibrates with Debian's python3-opencv)";

const calibrate = `
import json, sys, numpy, cv2
views = json.load(sys.stdin)
ids = [numpy.array(v["ids"]) for v in views]
board = [numpy.stack([i % 9, i // 9, 0 * i], 1).astype(numpy.float32) for i in ids]
points = [numpy.array(v["points"], numpy.float32).reshape(-1, 2) for v in views]
rms, camera, *_ = cv2.calibrateCamera(board, points, (640, 480), None, None)
print(json.dumps({"rmsPx": rms, "fxPx": camera[0, 0]}))`;

describe.skipIf(skipped !== "")(`OpenCV's 13 photographs of a chessboard${skipped}`, () => {
  const vision = createVision();
  afterAll(() => vision.close());

  it("gives corners that calibrate its camera to 0.20 px", async () => {
    const chessboard = { squaresX: 10, squaresY: 7, squareMm: 25, topLeftSquare: "black" } as const;
    const folder = photos ?? "";
    const names = readdirSync(folder).filter((name) => name.endsWith(".jpg"));
    const views = [];
    for (const name of names) {
      const photo = sharp(join(folder, name)).greyscale().raw();
      const { data, info } = await photo.toBuffer({ resolveWithObject: true });
      const image = { data: new Uint8Array(data), widthPx: info.width, heightPx: info.height };
      const found = await vision.findBoard(image, chessboard);
      expect(found.ids, name).toHaveLength(54);
      views.push({ ids: [...found.ids], points: [...found.pointsPx] });
    }
    expect(views).toHaveLength(13);
    const child = run(python, ["-c", calibrate]);
    child.child.stdin?.end(JSON.stringify(views));
    const { rmsPx, fxPx } = JSON.parse((await child).stdout) as { rmsPx: number; fxPx: number };
    expect(rmsPx).toBeLessThanOrEqual(0.2);
    expect(Math.abs(fxPx - 533)).toBeLessThanOrEqual(1);
  });
});

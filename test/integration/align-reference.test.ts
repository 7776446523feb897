import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReferencePair } from "../../src/alignment/pair-input.js";
import { type ReferenceSolution, solveReference } from "../../src/alignment/reference/solve-reference.js";
import { oneBoard } from "../../src/calibration/rig/plan-boards.js";
import { createFaceFinder, type FaceFinder } from "../../src/faces/face-finder.js";
import { type Aligner, createAligner } from "../../src/native/aligner.js";
import type { FrameSource } from "../../src/native/resample.js";
import { createVision, type Vision, type VisionBoard } from "../../src/native/vision.js";
import { targetsFolder } from "../../src/targets/read-targets.js";
import { drawBoard } from "../support/board-picture.js";
import { repository } from "../support/cli.js";
import {
  cameraModel,
  inverse,
  mapped,
  type PlaneWorld,
  planeScenes,
  smallWorld,
} from "../support/plane-pairs.js";
import { type CameraModel, exposeSamples, type Scene } from "../support/synthetic-frame.js";

const world: PlaneWorld = smallWorld;
const parameters = { sizePx: 256, sideMm: 300 };

let aligner: Pick<Aligner, "resample" | "alignPlanes" | "close">;
let vision: Vision;
let finder: FaceFinder;

beforeAll(async () => {
  aligner = createAligner();
  vision = createVision();
  finder = await createFaceFinder(undefined, 1);
});

afterAll(async () => {
  await Promise.all([aligner.close(), vision.close(), finder.close()]);
});

function sourceOf(scene: Scene, model: CameraModel): FrameSource {
  const { samples, widthPx, heightPx, blackLevel, whiteLevel, mount } = exposeSamples(scene, model);
  return {
    samples,
    bitsPerSample: 16,
    widthPx,
    heightPx,
    samplesPerPixel: 1,
    cfa: "RGGB",
    transfer: "linear",
    blackLevel,
    whiteLevel,
    mount,
  };
}

function referenceOf(scenes: Readonly<Record<"near" | "far", Scene>>): ReferencePair {
  const input = (arm: "near" | "far") => ({
    sha256: arm,
    open: async () => sourceOf(scenes[arm], cameraModel(world, arm)),
  });
  return { near: input("near"), far: input("far") };
}

function solve(reference: ReferencePair, boards: readonly VisionBoard[] = []): Promise<ReferenceSolution> {
  return solveReference(reference, parameters, { aligner, vision, finder, boards });
}

/** rms distance, canonical px, of where the near image shows what the far one shows, over the picture's inner part. */
function residualPx({ near, far }: ReferenceSolution): number {
  const canonicalOfNear = inverse(near.homography);
  const squares: number[] = [];
  for (let v = 20; v < parameters.sizePx - 20; v += 8) {
    for (let u = 20; u < parameters.sizePx - 20; u += 8) {
      const inFar = mapped(far.homography, u, v);
      const inside = inFar[0] > 0 && inFar[1] > 0 && inFar[0] < world.widthPx && inFar[1] < world.heightPx;
      if (!inside) continue;
      const [x, y] = mapped(canonicalOfNear, ...mapped(world.nearOfFar, ...inFar));
      squares.push((x - u) ** 2 + (y - v) ** 2);
    }
  }
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

describe("a still, flat pair instead of a calibration", () => {
  test("tells homography and gains of the arms", async () => {
    const solution = await solve(referenceOf(planeScenes(world)));
    expect(solution.startedBy).toBe("frame");
    expect(solution.pxPerMm).toBeNull();
    expect(residualPx(solution)).toBeLessThan(0.1);
    solution.gains?.forEach((gain, channel) => {
      expect(gain * (world.nearGains[channel] as number)).toBeCloseTo(1, 2);
    });
    expect(solution.gains).not.toBeNull();
  });

  test("is not misled by falling light and by something in the way", async () => {
    const { near, far } = planeScenes(world);
    const dimmed: Scene = (u, v) => {
      const away = ((u - 100) / 256) ** 2 + ((v - 200) / 320) ** 2;
      const [r, g, b] = near(u, v);
      return [r * (1 - away), g * (1 - away), b * (1 - away)];
    };
    const hidden: Scene = (u, v) => (u > 165 && v > 210 ? [0.9, 0.1, 0.1] : dimmed(u, v));
    expect(residualPx(await solve(referenceOf({ near: hidden, far })))).toBeLessThan(0.3);
  });

  test("a board tells the scale too", async () => {
    const board = await oneBoard("charuco-a4", targetsFolder(repository));
    const squarePx = 15;
    const options = { widthPx: world.widthPx, heightPx: world.heightPx, squarePx, mirrored: false };
    const picture = drawBoard(board.board as never, options);
    const at = (u: number, v: number): number => {
      const [x, y] = [Math.round(u), Math.round(v)];
      const inside = x >= 0 && y >= 0 && x < world.widthPx && y < world.heightPx;
      return inside ? 0.1 + (0.6 * (picture.data[y * world.widthPx + x] as number)) / 4095 : 0.3;
    };
    const farOfNear = inverse(world.nearOfFar);
    const gray = (value: number): [number, number, number] => [value, value, value];
    const far: Scene = (u, v) => gray(at(u, v));
    const near: Scene = (u, v) => gray(at(...mapped(farOfNear, u, v)));
    const solution = await solve(referenceOf({ near, far }), [board.board]);
    expect(solution.startedBy).toBe("board");
    expect(residualPx(solution)).toBeLessThan(0.3);
    const framePxPerMm = squarePx / board.board.squareMm;
    const [scale] = solution.far.homography;
    expect(scale).toBeCloseTo((framePxPerMm * parameters.sideMm) / parameters.sizePx, 2);
  });

  test("an arm that was not un-mirrored, or a blank wall, is refused", async () => {
    const { near, far } = planeScenes(world);
    const mirrored: Scene = (u, v) => near(world.widthPx - 1 - u, v);
    await expect(solve(referenceOf({ near: mirrored, far }))).rejects.toMatchObject({ code: "ALIGN_FAILED" });
    const blank: Scene = () => [0.4, 0.4, 0.4];
    await expect(solve(referenceOf({ near: blank, far: blank }))).rejects.toMatchObject({
      code: "ALIGN_FAILED",
    });
  });

  test("the same pair gives the same numbers", async () => {
    const [once, again] = [
      await solve(referenceOf(planeScenes(world))),
      await solve(referenceOf(planeScenes(world))),
    ];
    expect(again).toEqual(once);
  });
});

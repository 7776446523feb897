import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTruthFolder } from "../../src/alignment/truth/truth-folder.js";
import { type SceneTruth, sceneTruthSchema, truthArrayForms } from "../../src/schema/scene-truth.js";
import { truthArray } from "../../src/schema/truth-array.js";
import { npyBytes } from "../support/npy-bytes.js";

const identity = {
  rotation: [1, 0, 0, 0] as [number, number, number, number],
  translationMm: [0, 0, 0] as [number, number, number],
};

const arm: SceneTruth["arms"]["near"] = {
  imageSize: [4, 3],
  fxPx: 2133,
  fyPx: 2133,
  cxPx: 1.5,
  cyPx: 1,
  distortion: [0, 0, 0, 0, 0],
  T_rig_camera: identity,
  effectivePupilMm: [0, 0, 0],
  fNumber: 16,
  focusMm: 450,
  rowTimeUs: 0,
  curtainUp: false,
  aimMm: null,
  epipolePx: [1.5, 1],
};

const patches = Array.from({ length: 24 }, (): [number, number, number] => [0.1, 0.2, 0.3]);

/** Truth of a small world: frames of 4 × 3 px, canonical images of 2 × 2. */
function smallTruth(arrays: SceneTruth["arrays"]): SceneTruth {
  const view = { pupilMm: [0, 0, 0] as [number, number, number], aimDepthMm: 1600, focalPx: 5461.3 };
  const seen = { positionMm: identity.translationMm, px: null, canonicalPx: null, visible: false };
  return {
    format: "nearfar-scene-truth",
    version: 1,
    world: {
      scene: "target",
      brightness: 1,
      target: "charuco-a4",
      targetPose: { translationMm: [0, 0, 1600], rotationDeg: [0, 0, 0] },
      subject: {},
      motion: { kind: "none" },
      light: { kind: "even" },
      noise: false,
      samplesPerPixel: 1,
      plateBumpDeg: [0, 0],
      distanceMm: 450,
    },
    exposures: {
      near: { midS: 0, exposureUs: 5000, strobe: false },
      far: { midS: 0, exposureUs: 5000, strobe: false },
    },
    arms: { near: arm, far: arm },
    plate: {
      present: true,
      thicknessMm: 3,
      refractiveIndex: 1.52,
      widthMm: 320,
      heightMm: 380,
      normal: [Math.SQRT1_2, 0, Math.SQRT1_2],
      centreMm: [0, 0, 1495],
      bumpDeg: [0, 0],
    },
    rig: {
      farDistanceMm: 1600,
      intendedAimMm: [0, 0, 1600],
      intendedEpipoleMm: [0, 0, 1600],
      epipoleMm: [1, 0, 1600],
      honest: true,
    },
    canonical: {
      sizePx: 2,
      pxPerMm: 3.413,
      R_rig_canonical: identity.rotation,
      aimMm: [0, 0, 1600],
      epipolePx: [0.5, 0.5],
      near: view,
      far: view,
    },
    color: { nearToFar: null, farToRec2020: null, nearPatches: patches, farPatches: patches },
    T_rig_object: { near: identity, far: identity },
    pointSets: [{ name: "charuco-a4", points: [{ id: 0, near: seen, far: seen }] }],
    arrays,
  };
}

describe("readTruthFolder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nearfar-truth-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const writeTruth = (truth: object): Promise<void> =>
    writeFile(join(folder, "truth.json"), JSON.stringify(truth));

  it("gives the truth and its arrays, each with its own type", async () => {
    await writeTruth(smallTruth(["nearDepth", "nearToFar", "nearVisible"]));
    const depth = Float32Array.from({ length: 12 }, (_, i) => 450 + i);
    const flow = Float32Array.of(1, -2, Number.NaN, Number.NaN, 0.5, 0.25, 0, 0);
    await writeFile(join(folder, "nearDepth.npy"), npyBytes("<f4", [3, 4], depth));
    await writeFile(join(folder, "nearToFar.npy"), npyBytes("<f4", [2, 2, 2], flow));
    await writeFile(join(folder, "nearVisible.npy"), npyBytes("|u1", [2, 2], Uint8Array.of(1, 0, 1, 0)));

    const { truth, arrays } = await readTruthFolder(folder);
    expect(truth).toEqual(smallTruth(["nearDepth", "nearToFar", "nearVisible"]));
    expect(arrays.nearDepth).toEqual({ width: 4, height: 3, channels: 1, data: depth });
    expect(arrays.nearToFar).toEqual({ width: 2, height: 2, channels: 2, data: flow });
    expect(arrays.nearVisible?.data).toEqual(Uint8Array.of(1, 0, 1, 0));
    expect(arrays.farDepth).toBeUndefined();
  });

  it("says when a folder holds no truth", async () => {
    await expect(readTruthFolder(folder)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("there is no truth in"),
    });
  });

  it("finds the scene in the truth of a shot, where there is one", async () => {
    const shot = { bootId: "0000abcd", shotId: 3, distanceMm: 450, triggers: [], scene: smallTruth([]) };
    await writeTruth(shot);
    expect((await readTruthFolder(folder)).truth).toEqual(smallTruth([]));
    await writeTruth({ ...shot, scene: null });
    await expect(readTruthFolder(folder)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("is about the plane"),
    });
  });

  it("refuses a file of another version or with a member that it does not know", async () => {
    await writeTruth({ ...smallTruth([]), version: 2 });
    await expect(readTruthFolder(folder)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    await writeTruth({ ...smallTruth([]), surprise: 1 });
    await expect(readTruthFolder(folder)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    await writeFile(join(folder, "truth.json"), "{");
    await expect(readTruthFolder(folder)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
  });

  it("names an array that is missing, of another shape or of another type", async () => {
    await writeTruth(smallTruth(["farVisible"]));
    const refusal = (text: string) => ({ code: "FILE_CORRUPT", message: expect.stringContaining(text) });
    await expect(readTruthFolder(folder)).rejects.toMatchObject(
      refusal("farVisible.npy belongs to the truth"),
    );
    const path = join(folder, "farVisible.npy");
    await writeFile(path, npyBytes("|u1", [4], new Uint8Array(4)));
    await expect(readTruthFolder(folder)).rejects.toMatchObject(refusal("is |u1 (4), not |u1 (2, 2)"));
    await writeFile(path, npyBytes("<u2", [2, 2], new Uint16Array(4)));
    await expect(readTruthFolder(folder)).rejects.toMatchObject(refusal("is <u2 (2, 2), not |u1 (2, 2)"));
    await rm(path);
    await mkdir(path);
    await expect(readTruthFolder(folder)).rejects.toMatchObject(refusal("cannot be read"));
  });
});

describe("sceneTruthSchema", () => {
  it("knows a form for every array that the rig can write", () => {
    expect(Object.keys(truthArrayForms)).toEqual(truthArray.options);
    expect(sceneTruthSchema.parse(smallTruth([...truthArray.options])).arrays).toHaveLength(10);
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTruthFolder, type TruthImage } from "../../src/alignment/truth/truth-folder.js";
import { readNpy } from "../../src/devices/virtual/npy.js";
import { VirtualRig } from "../../src/devices/virtual/virtual-rig.js";
import { truthArray } from "../../src/schema/truth-array.js";
import { virtualOpticsSchema } from "../../src/schema/virtual-optics.js";
import {
  agreement,
  carried,
  eroded,
  placesOf,
  resampled,
  withoutShading,
} from "../support/canonical-warp.js";

/** Pixels whose lens blur, interpolation or own width reaches over an occlusion edge belong to neither side. */
const edgePx = 2;

const mount = { rotationDeg: 90, rowTimeUs: 0, curtainDirection: "down" } as const;

describe("truth of the virtual rig", () => {
  let rig: VirtualRig;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nearfar-scene-truth-"));
    rig = await VirtualRig.start({
      sight: {
        // Everything on: honest optics, tinted plate, ghost.
        optics: virtualOpticsSchema.parse({}),
        mounts: { near: { ...mount, mirrored: true }, far: { ...mount, mirrored: false } },
        ictFaceKit: null,
        scene: { scene: "flat", light: { kind: "even" }, noise: false, samplesPerPixel: 4 },
      },
    });
  });
  afterAll(async () => {
    await rig?.stop();
    await rm(folder, { recursive: true });
  });

  const signal = async (arm: "near" | "far"): Promise<TruthImage<Float32Array>> => {
    const path = join(folder, `${arm}.npy`);
    const { widthPx, heightPx } = await rig.request("render", { arm, path, output: "signal" });
    const { data } = await readNpy(path);
    if (!(data instanceof Float32Array)) throw new Error("a signal is float32");
    return { width: widthPx, height: heightPx, channels: 3, data };
  };

  const truthFolder = async (arrays: readonly (typeof truthArray.options)[number][]) => {
    const truth = await rig.request("sceneTruth", { directory: folder, arrays: [...arrays] });
    await writeFile(join(folder, "truth.json"), JSON.stringify(truth));
    return readTruthFolder(folder);
  };

  it("leads from the far view to the near view at 38 dB and more", async () => {
    await rig.request("stage", { distanceMm: 450 });
    // A white in the same light shows shading and tint alone.
    await rig.request("scene", { scene: "flat" });
    const flats = [await signal("near"), await signal("far")] as const;
    await rig.request("scene", { scene: "subject", subject: { source: "head", identity: 3 } });
    const frames = [await signal("near"), await signal("far")] as const;
    const { arrays } = await truthFolder(truthArray.options);
    const { nearToFar, nearVisible, farVisible, canonicalToNear, canonicalToFar } = arrays;
    if (!nearToFar || !nearVisible || !farVisible || !canonicalToNear || !canonicalToFar) {
      throw new Error("an array is missing");
    }
    const near = resampled(withoutShading(frames[0], flats[0]), canonicalToNear);
    const far = resampled(withoutShading(frames[1], flats[1]), canonicalToFar);
    const places = placesOf(nearToFar);
    const masks = [eroded(nearVisible, edgePx), carried(eroded(farVisible, edgePx), places)];
    const { psnrDb, pixels } = agreement(near, resampled(far, places), masks);
    expect(pixels).toBeGreaterThan(100_000);
    expect(psnrDb).toBeGreaterThanOrEqual(38);
    // The figure can fail: without the flow the views do not agree.
    expect(agreement(near, far, masks).psnrDb).toBeLessThan(38);
  }, 180_000);

  it("tells where every corner of a board lies in frames and canonical images", async () => {
    await rig.request("scene", { scene: "target", target: "charuco-a4" });
    const { truth, arrays } = await truthFolder(["canonicalToNear", "nearToFar"]);
    expect(truth.world).toMatchObject({ scene: "target", target: "charuco-a4", distanceMm: 450 });
    const board = truth.pointSets.find(({ name }) => name === "charuco-a4");
    expect(board?.points.map(({ id }) => id)).toEqual(Array.from({ length: 11 * 16 }, (_, i) => i));
    let compared = 0;
    for (const { near, far } of board?.points ?? []) {
      if (!near.visible || !near.px || !near.canonicalPx || !far.canonicalPx || !arrays.canonicalToNear)
        continue;
      const [x, y] = near.canonicalPx;
      const pixel = Math.round(y) * truth.canonical.sizePx + Math.round(x);
      // Half a canonical pixel is 0.7 px of the frame.
      expect(Math.abs((arrays.canonicalToNear.data[pixel * 2] ?? 0) - near.px[0])).toBeLessThan(0.8);
      expect(Math.abs((arrays.nearToFar?.data[pixel * 2] ?? 0) - (far.canonicalPx[0] - x))).toBeLessThan(0.1);
      compared++;
    }
    expect(compared).toBeGreaterThan(140);
  });

  it("refuses a folder that does not exist, and the rig goes on", async () => {
    const directory = join(folder, "nowhere");
    await expect(rig.request("sceneTruth", { directory, arrays: ["nearDepth"] })).rejects.toMatchObject({
      message: expect.stringContaining("there is no folder"),
    });
    await rig.request("ping", {});
  });
});

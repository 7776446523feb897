import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TruthImage } from "../../src/alignment/truth/truth-folder.js";
import type { Pixel } from "../../src/geometry/brown-camera.js";
import type { SceneTruth } from "../../src/schema/scene-truth.js";
import { placesOf, resampled } from "../support/canonical-warp.js";
import { sharedData } from "../support/shared-data.js";
import { type FloatImage, TracedRig } from "../support/traced-rig.js";

type Map = TruthImage<Float32Array>;

const contrast = 0.1;
/** Half side of the patch of skin, canonical px: 12 mm. */
const half = 41;

let traced: TracedRig;
beforeAll(async () => {
  const light = { kind: "even" } as const;
  traced = await TracedRig.start({ scene: { scene: "subject", light, samplesPerPixel: 4 } });
});
afterAll(() => traced.stop());

const asMap = ({ widthPx, heightPx, channels, data }: FloatImage): Map => ({
  width: widthPx,
  height: heightPx,
  channels,
  data: data as Float32Array,
});

/** Under each eye, as far down as the nose's base: near canonical px. */
function cheeksOf({ pointSets }: SceneTruth): readonly Pixel[] {
  const landmarks = pointSets.find(({ name }) => name === "landmarks68")?.points ?? [];
  const at = (id: number): Pixel => landmarks.find((point) => point.id === id)?.near.canonicalPx ?? [0, 0];
  const [, y] = at(33);
  return [
    [36, 39],
    [42, 45],
  ].map(([outer = 0, inner = 0]) => [Math.round((at(outer)[0] + at(inner)[0]) / 2), Math.round(y)]);
}

/** What the texture does to a canonical image of one arm: with it over without it, in the green. */
async function texture(
  arm: "near" | "far",
  subject: { source: "head" | "ict"; identity: number },
  toFrame: Map,
): Promise<Map> {
  const seen = async (skinContrast: number): Promise<Map> => {
    await traced.scene({ subject: { ...subject, skinContrast } }, 450);
    return resampled(asMap(await traced.signal(arm)), toFrame);
  };
  const [textured, smooth] = [await seen(contrast), await seen(0)];
  return {
    width: toFrame.width,
    height: toFrame.height,
    channels: 1,
    data: Float32Array.from(
      { length: toFrame.width * toFrame.height },
      (_, i) => (textured.data[3 * i + 1] as number) / (smooth.data[3 * i + 1] as number),
    ),
  };
}

function inPatches({ width, data }: Map, middles: readonly Pixel[]): number[] {
  const values: number[] = [];
  for (const [x0, y0] of middles)
    for (let y = y0 - half; y <= y0 + half; y++)
      for (let x = x0 - half; x <= x0 + half; x++) values.push(data[y * width + x] as number);
  return values;
}

function moments(values: readonly number[]): { mean: number; rms: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean,
    rms: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
  };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [inA, inB] = [moments(a), moments(b)];
  const product = a.reduce((sum, value, i) => sum + (value - inA.mean) * ((b[i] as number) - inB.mean), 0);
  return product / (a.length * inA.rms * inB.rms);
}

describe.each(["head", "ict"] as const)("skinContrast on the cheeks of a subject of source %s", (source) => {
  test.skipIf(source === "ict" && sharedData("ict-facekit") === null)(
    "is the contrast that a camera sees, and stays on the skin from arm to arm",
    async () => {
      const subject = { source, identity: 5 };
      await traced.scene({ subject }, 450);
      const { truth, arrays } = await traced.truthArrays(["canonicalToNear", "canonicalToFar", "nearToFar"]);
      const { canonicalToNear, canonicalToFar, nearToFar } = arrays as Record<string, Map>;
      const cheeks = cheeksOf(truth);
      const near = await texture("near", subject, canonicalToNear as Map);
      const far = await texture("far", subject, canonicalToFar as Map);
      const { mean, rms } = moments(inPatches(near, cheeks));
      console.log(`${source}: contrast ${(rms / mean).toFixed(3)} of ${contrast}, mean ${mean.toFixed(3)}`);
      expect(rms / mean / contrast).toBeGreaterThan(0.8);
      expect(rms / mean / contrast).toBeLessThan(1.2);
      expect(mean).toBeCloseTo(1, 1);
      const seenByFar = resampled(far, placesOf(nearToFar as Map));
      const agreement = correlation(inPatches(near, cheeks), inPatches(seenByFar, cheeks));
      console.log(`${source}: correlation between the arms ${agreement.toFixed(3)}`);
      expect(agreement).toBeGreaterThan(0.9);
    },
    60_000,
  );
});

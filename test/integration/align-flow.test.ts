import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareWithTruth, type TruthComparison } from "../../src/alignment/truth/compare-with-truth.js";
import { figureLines, zoneOf } from "../support/flow-figures.js";
import { filesOf, hasIctFaceKit, RenderedPairs, type RenderedSubject } from "../support/rendered-pairs.js";
import { TestAligner } from "../support/test-aligner.js";

const distanceMm = 450;
/** What is reached of the 0.9 that a limb's hidden crescent would need its depth known to 3 mm for. */
const leastOcclusionF1 = 0.3;

describe("a pair at 45 cm, f/16, noise of a 1.3 MP sensor, through the whole alignment", () => {
  let rendered: RenderedPairs;
  let aligner: TestAligner;
  beforeAll(async () => {
    aligner = await TestAligner.start();
    rendered = await RenderedPairs.start([distanceMm]);
  }, 60_000);
  afterAll(async () => {
    await rendered.stop();
    await aligner.close();
  });

  async function compared(subject: RenderedSubject): Promise<TruthComparison> {
    const { input, truth } = await rendered.pairOf(subject, distanceMm);
    const found = await compareWithTruth(filesOf(await aligner.align(input)), truth);
    console.log(figureLines({ subject, distanceMm, found }).join("\n"));
    return found;
  }

  // test/slow has all subjects, stops and both contrasts.
  test.each<RenderedSubject & { needsKit: boolean }>([
    { source: "head", identity: 5, skinContrast: 0.03, needsKit: false },
    { source: "ict", identity: 2, skinContrast: 0.03, needsKit: true },
  ])(
    "$source:$identity, skin contrast $skinContrast",
    async ({ needsKit, ...subject }) => {
      if (needsKit && !hasIctFaceKit) return;
      const found = await compared(subject);
      const front = zoneOf(found.nearToFar, "front");
      expect(found.canonical.rmsPx).toBeLessThan(0.15);
      expect(front.endPointPx.median).toBeLessThan(0.3);
      expect(front.endPointPx.mean).toBeLessThan(0.5);
      expect(front.depthMm.mean).toBeLessThan(1.5);
      expect(front.keptShare).toBeGreaterThan(0.8);
      expect(Math.abs(front.normalised.rms - 1)).toBeLessThan(0.25);
      expect(found.occlusion.f1).toBeGreaterThan(leastOcclusionF1);
      const [best = Number.NaN] = front.sparsification;
      expect(best).toBeLessThan(0.7 * (front.sparsification.at(-1) as number));
    },
    120_000,
  );
});

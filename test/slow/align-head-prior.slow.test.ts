import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findAlignedFaces } from "../../src/alignment/face/aligned-faces.js";
import { createFaceFinder, type FaceFinder } from "../../src/faces/face-finder.js";
import { createAligner } from "../../src/native/aligner.js";
import type { FaceZone } from "../../src/schema/alignment.js";
import { renderedPair } from "../support/canonical-render.js";
import { priorFigures } from "../support/prior-figures.js";
import { sharedData } from "../support/shared-data.js";
import { TracedRig } from "../support/traced-rig.js";

/** Heads that the generic head was not made of. */
const strangers = [
  ...[0, 5, 12, 20].map((identity) => ({ source: "head", identity }) as const),
  // Where the faces of scans are at hand, these too.
  ...(sharedData("ict-facekit") === null ? [] : [0, 2, 21, 22]).map(
    (identity) => ({ source: "ict", identity }) as const,
  ),
];

let rig: TracedRig;
let finder: FaceFinder;
const aligner = createAligner({ threads: 1 });

beforeAll(async () => {
  finder = await createFaceFinder(undefined, 1);
  const light = { continuous: 0.05, strobe: 0.95 };
  rig = await TracedRig.start({
    scene: { scene: "subject", light, samplesPerPixel: 1, motion: { kind: "none" } },
  });
});

afterAll(async () => {
  await Promise.all([rig.stop(), finder.close(), aligner.close()]);
});

describe("prior of the head's depth, over heads and distances", () => {
  it("claims as much as it errs, in every zone", async () => {
    const sums = new Map<FaceZone, { cells: number; squares: number; normalised: number }>();
    for (const subject of strangers) {
      for (const distanceMm of [250, 450, 1370]) {
        await rig.scene({ subject: { ...subject, expression: "neutral" } }, distanceMm);
        const rendered = await renderedPair(rig, aligner);
        const options = { pair: rendered.pair, rec2020: false };
        const faces = await findAlignedFaces(finder, rendered.near, rendered.far, options);
        for (const arm of ["near", "far"] as const) {
          for (const [zone, { cells, rmsMm, normalised }] of priorFigures(rendered, arm, faces, 0)) {
            const sum = sums.get(zone) ?? { cells: 0, squares: 0, normalised: 0 };
            sum.cells += cells;
            sum.squares += cells * rmsMm ** 2;
            sum.normalised += cells * normalised ** 2;
            sums.set(zone, sum);
          }
        }
      }
    }
    const figures = [...sums].map(([zone, { cells, squares, normalised }]) => ({
      zone,
      rmsMm: Math.sqrt(squares / cells),
      normalised: Math.sqrt(normalised / cells),
    }));
    console.table(figures);
    expect(figures.map(({ zone }) => zone).sort()).toEqual(["ears", "front", "hair", "jaw-side", "neck"]);
    for (const { zone, normalised } of figures) {
      expect(normalised, zone).toBeGreaterThan(0.5);
      expect(normalised, zone).toBeLessThan(1.5);
    }
    expect(figures.find(({ zone }) => zone === "front")?.rmsMm).toBeLessThan(9);
  }, 600_000);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findAlignedFaces } from "../../src/alignment/face/aligned-faces.js";
import { createFaceFinder, type FaceFinder } from "../../src/faces/face-finder.js";
import { createAligner } from "../../src/native/aligner.js";
import type { FaceZone } from "../../src/schema/alignment.js";
import { renderedPair } from "../support/canonical-render.js";
import type { HeadSource } from "../support/mean-head-views.js";
import { priorFigures } from "../support/prior-figures.js";
import { sharedData } from "../support/shared-data.js";
import { TracedRig } from "../support/traced-rig.js";

/** None of them is in the generic head. Where the faces of scans are at hand, these too. */
const heads = (head: readonly number[], ict: readonly number[]): HeadSource[] => [
  ...head.map((identity) => ({ source: "head", identity }) as const),
  ...(sharedData("ict-facekit") === null ? [] : ict).map(
    (identity) => ({ source: "ict", identity }) as const,
  ),
];
/** Looked at by nobody while the prior's constants were chosen. */
const fresh = heads([20, 21, 22, 23, 24, 25, 26, 27], [21, 22, 23, 24]);
/** The prior's constants were chosen by these. */
const tuned = heads([0, 5, 12], [0, 2]);
/** Head by head in turn. */
const distancesMm = [250, 450, 1370] as const;

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

interface ZoneFigures {
  readonly zone: FaceZone;
  readonly rmsMm: number;
  readonly normalised: number;
}

async function figuresOf(subjects: readonly HeadSource[]): Promise<ZoneFigures[]> {
  const sums = new Map<FaceZone, { cells: number; squares: number; normalised: number }>();
  for (const [k, subject] of subjects.entries()) {
    const distanceMm = distancesMm[k % distancesMm.length];
    await rig.scene({ scene: "subject", subject: { ...subject, expression: "neutral" } }, distanceMm);
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
  return [...sums].map(([zone, { cells, squares, normalised }]) => ({
    zone,
    rmsMm: Math.sqrt(squares / cells),
    normalised: Math.sqrt(normalised / cells),
  }));
}

describe("prior of the head's depth, over heads and distances", () => {
  it.each([
    { name: "fresh heads", subjects: fresh },
    { name: "heads by which it was tuned", subjects: tuned },
  ])(
    "claims as much as it errs, in every zone of $name",
    { timeout: 400_000 },
    async ({ name, subjects }) => {
      const figures = await figuresOf(subjects);
      console.log(name);
      console.table(figures);
      expect(figures.map(({ zone }) => zone).sort()).toEqual(["ears", "front", "hair", "jaw-side", "neck"]);
      for (const { zone, normalised } of figures) {
        expect(normalised, zone).toBeGreaterThan(0.5);
        expect(normalised, zone).toBeLessThan(1.5);
      }
      expect(figures.find(({ zone }) => zone === "front")?.rmsMm).toBeLessThan(9);
    },
  );
});

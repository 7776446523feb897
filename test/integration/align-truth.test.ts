import { beforeAll, expect, test } from "vitest";
import type { ComparedFiles } from "../../src/alignment/truth/aligned-arrays.js";
import { CanonicalCamera } from "../../src/alignment/truth/canonical-camera.js";
import { compareWithTruth, type ZoneFlow } from "../../src/alignment/truth/compare-with-truth.js";
import type { SceneTruthFolder } from "../../src/alignment/truth/truth-folder.js";
import { truthSummary } from "../../src/alignment/truth/truth-summary.js";
import { calibratePair, type PairResult } from "../../src/calibration/geometry/pair/calibrate-pair.js";
import { canonicalPair } from "../../src/geometry/canonical-pair.js";
import { identity, invert } from "../../src/geometry/rigid.js";
import { createSolver } from "../../src/native/solver.js";
import { truthArray } from "../../src/schema/truth-array.js";
import { type ExactAlignmentOptions, exactAlignment } from "../support/exact-alignment.js";
import { SeenPair } from "../support/seen-pair.js";
import { TracedRig } from "../support/traced-rig.js";

let setUp: Pick<ExactAlignmentOptions, "geometry" | "cameras" | "folder">;
let folder: SceneTruthFolder;
let exact: ComparedFiles;

beforeAll(async () => {
  const body = await calibrated();
  const stop = body.stops[0] as (typeof body.stops)[number];
  const cameras = {
    near: { intrinsics: stop.near.intrinsics, T_camera_rig: stop.T_camera_rig },
    far: { intrinsics: body.far.intrinsics, T_camera_rig: identity },
  };
  // Half the pixels of the truth's canonical pair: they need not be alike.
  const pair = canonicalPair({
    nearPupilMm: invert(stop.T_camera_rig).translationMm,
    farPupilMm: [0, 0, 0],
    aimMm: body.eyePlane.pointMm,
    farXAxis: [1, 0, 0],
    sizePx: 512,
  });
  const geometry = {
    pair,
    near: new CanonicalCamera(pair, "near", cameras.near),
    far: new CanonicalCamera(pair, "far", cameras.far),
  };
  const traced = await TracedRig.start({
    scene: { scene: "subject", subject: { source: "head", identity: 0 } },
  });
  await traced.scene({}, 450);
  folder = await traced.truthArrays(truthArray.options);
  await traced.stop();
  setUp = { geometry, cameras, folder };
  exact = exactAlignment({ ...setUp, noisePx: 1e-9, claim: 1 });
}, 120_000);

async function calibrated(): Promise<PairResult["body"]> {
  const solver = createSolver();
  const pair = await SeenPair.start({ stopsMm: [450], viewsPerStop: 24, seed: 3 });
  try {
    return (await calibratePair(solver, pair.input(0.1, 4))).body;
  } finally {
    await pair.stop();
    await solver.close();
  }
}

const front = (zones: readonly ZoneFlow[]): ZoneFlow =>
  zones.find(({ zone }) => zone === "front") as ZoneFlow;

test("true depth in the calibration's own geometry scores as well as the calibration is", async () => {
  const found = await compareWithTruth(exact, folder);
  console.log(truthSummary(found));
  expect(found.canonical.rmsPx).toBeLessThan(0.15);
  for (const zones of [found.nearToFar, found.farToNear]) {
    expect(front(zones).pixels).toBeGreaterThan(12_000);
    for (const { endPointPx, depthMm, keptShare } of zones) {
      expect(endPointPx.p95).toBeLessThan(0.15);
      expect(depthMm.p95).toBeLessThan(1e-3);
      expect(keptShare).toBeGreaterThan(0.999);
    }
  }
  expect(found.nearToFar.map(({ zone }) => zone)).toEqual(["front", "jaw-side", "ears", "neck", "hair"]);
  expect(found.strictOcclusion.f1).toBeGreaterThan(0.999);
  expect(found.measuredHidden).toBe(0);
  const { errors, tangentialRmsPx } = found.expectedRigFit ?? {};
  // What the calibration is wrong by, and no more.
  expect(Math.abs(errors?.offsetXMm ?? 9)).toBeLessThan(0.3);
  expect(Math.abs(errors?.rollRad ?? 9)).toBeLessThan(2e-4);
  expect(tangentialRmsPx?.after).toBeLessThan(0.05);
});

test("noise, false claims and bias are told", async () => {
  const found = await compareWithTruth(exactAlignment({ ...setUp, noisePx: 0.4, claim: 0.5 }), folder);
  const { endPointPx, normalised, sparsification } = front(found.nearToFar);
  // Of normal noise along one direction: 0.6745 and 0.7979 sigma.
  expect(endPointPx.median / 0.4).toBeCloseTo(0.675, 1);
  expect(endPointPx.mean / 0.4).toBeCloseTo(0.798, 1);
  expect(normalised.rms).toBeCloseTo(2, 1);
  expect(normalised.robust).toBeCloseTo(2, 1);
  expect(Math.max(...sparsification) - Math.min(...sparsification)).toBeLessThan(0.03);
  const biased = await compareWithTruth(
    exactAlignment({ ...setUp, noisePx: 1e-9, claim: 1, biasPx: 1 }),
    folder,
  );
  expect(front(biased.nearToFar).endPointPx.median).toBeCloseTo(1, 1);
  expect(front(biased.farToNear).endPointPx.median).toBeCloseTo(1, 1);
}, 120_000);

test("a pair without geometry, and a truth without arrays, are refused", async () => {
  const approximate = { ...exact, record: { ...exact.record, canonical: null } };
  await expect(compareWithTruth(approximate, folder)).rejects.toMatchObject({ code: "NOT_FOUND" });
  const { nearToFar: _, ...arrays } = folder.arrays;
  await expect(compareWithTruth(exact, { ...folder, arrays })).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("no nearToFar"),
  });
});

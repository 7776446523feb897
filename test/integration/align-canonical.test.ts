import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CanonicalCamera } from "../../src/alignment/truth/canonical-camera.js";
import {
  type CanonicalGeometry,
  landingErrors,
  type TrueSighting,
} from "../../src/alignment/truth/landing-errors.js";
import { calibratePair, type PairResult } from "../../src/calibration/geometry/pair/calibrate-pair.js";
import { canonicalOf } from "../../src/calibration/geometry/pair/canonical-of.js";
import { identity } from "../../src/geometry/rigid.js";
import { createSolver, type Solver } from "../../src/native/solver.js";
import type { SceneTruth } from "../../src/schema/scene-truth.js";
import { SeenPair } from "../support/seen-pair.js";

const stopsMm = [250, 450, 900, 1370];
/** Depths towards the cameras that a head spans: ears to the nose's tip. */
const depthsMm = [-95, -60, -30, 0, 20, 35];
const noisePx = 0.1;

let solver: Solver;
beforeAll(() => {
  solver = createSolver();
});
afterAll(() => solver.close());

function geometryOf({ stops, far, eyePlane }: PairResult["body"], stop: number): CanonicalGeometry {
  const pair = canonicalOf({ stops, far, eyePlane }, stop);
  const { near, T_camera_rig } = stops[stop] as (typeof stops)[number];
  return {
    pair,
    near: new CanonicalCamera(pair, "near", { intrinsics: near.intrinsics, T_camera_rig }),
    far: new CanonicalCamera(pair, "far", { intrinsics: far.intrinsics, T_camera_rig: identity }),
  };
}

/** Corners of a board at every depth of a head, as both arms see them; exact. */
async function truePoints(
  pair: SeenPair,
  distanceMm: number,
): Promise<{ readonly truth: SceneTruth; readonly points: readonly TrueSighting[] }> {
  const points: TrueSighting[] = [];
  let truth: SceneTruth | undefined;
  for (const depth of depthsMm) {
    const seen = await pair.pointsAt(distanceMm, "charuco-a4", [0, 0, 1600 - depth]);
    truth = seen.truth;
    for (const { positionMm, near, far } of seen.points)
      points.push({ near: { px: near, positionMm }, far: { px: far, positionMm } });
  }
  return { truth: truth as SceneTruth, points };
}

describe("canonical geometry: honest rig, 3 mm plate, 30 views at each stop, corners with 0.1 px of noise", () => {
  let pair: SeenPair;
  let body: PairResult["body"];
  beforeAll(async () => {
    pair = await SeenPair.start({ stopsMm, viewsPerStop: 30, seed: 11 });
    ({ body } = await calibratePair(solver, pair.input(noisePx, 12)));
  }, 120_000);
  afterAll(() => pair.stop());

  test.each(stopsMm)(
    "points of a head land within 0.15 px rms of where they belong at %d mm",
    async (distanceMm) => {
      const { truth, points } = await truePoints(pair, distanceMm);
      const geometry = geometryOf(body, stopsMm.indexOf(distanceMm));
      const errors = landingErrors(geometry, truth.canonical, points);
      if (errors === null) throw new Error("no points");
      const { nearRmsPx, farRmsPx, rmsPx, flowRmsPx } = errors;
      console.log(
        `${distanceMm} mm: ${errors.points} points, rms ${rmsPx.toFixed(3)} px (near ${nearRmsPx.toFixed(3)}, ` +
          `far ${farRmsPx.toFixed(3)}), far less near ${flowRmsPx.toFixed(3)} px`,
      );
      expect(errors.points).toBeGreaterThan(100);
      expect(rmsPx).toBeLessThan(0.15);
      expect(Math.max(nearRmsPx, farRmsPx)).toBeLessThan(0.15);
      expect(flowRmsPx).toBeLessThan(0.15 * Math.SQRT2);
    },
  );

  test("a near camera 0.2° off, or a lens 0.3 % too long, is seen", async () => {
    const { truth, points } = await truePoints(pair, 450);
    const { pair: canonical, ...cameras } = geometryOf(body, 1);
    const { near, T_camera_rig } = body.stops[1] as (typeof body.stops)[number];
    const wrong = (change: (intrinsics: number[]) => void): number => {
      const intrinsics = [...near.intrinsics];
      change(intrinsics);
      const camera = { intrinsics: intrinsics as unknown as typeof near.intrinsics, T_camera_rig };
      const geometry = { pair: canonical, ...cameras, near: new CanonicalCamera(canonical, "near", camera) };
      return landingErrors(geometry, truth.canonical, points)?.flowRmsPx ?? Number.NaN;
    };
    const turned = wrong((k) => {
      k[2] = (k[2] as number) + 0.0035 * (k[0] as number);
    });
    const scaled = wrong((k) => {
      k[0] = (k[0] as number) * 1.003;
      k[1] = (k[1] as number) * 1.003;
    });
    console.log(`near turned by 0.2°: ${turned.toFixed(2)} px; lens 0.3 % longer: ${scaled.toFixed(2)} px`);
    expect(turned).toBeGreaterThan(1);
    expect(scaled).toBeGreaterThan(0.2);
  });
});

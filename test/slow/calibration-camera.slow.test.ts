/** The sigmas that a calibration of one camera claims, beside those that sampling the noise shows. */
import { afterAll, describe, expect, it } from "vitest";
import { calibrateCamera } from "../../src/calibration/geometry/camera/calibrate-camera.js";
import { createSolver } from "../../src/native/solver.js";
import { intrinsicNames } from "../../src/schema/calibration-geometry.js";
import { sightingsOf, worldBoard } from "../support/camera-world.js";

const runs = 200;
const world = { views: 20, tiltDeg: 40, noisePx: 0.1, seed: 7 };

describe(`${runs} calibrations from the same places with other noise`, () => {
  const solver = createSolver();
  afterAll(() => solver.close());

  it("scatter as they claim, within 15 %", async () => {
    const found: number[][] = [];
    let claimed: readonly number[] = [];
    for (let run = 0; run < runs; run++) {
      const { body } = await calibrateCamera(sightingsOf({ ...world, noiseSeed: 1000 + run }), worldBoard, {
        solver,
      });
      found.push([...body.camera.intrinsics]);
      claimed = body.camera.sigma;
    }
    for (const [i, name] of intrinsicNames.entries()) {
      const values = found.map((each) => each[i] as number);
      const mean = values.reduce((sum, value) => sum + value, 0) / runs;
      const scatter = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1));
      expect(Math.abs(scatter / (claimed[i] as number) - 1), name).toBeLessThan(0.15);
    }
  }, 120_000);
});

import { describe, expect, test } from "vitest";
import { type Intrinsics, mirrored, project, unproject } from "../../src/geometry/brown-camera.js";
import { canonicalPair, canonicalPixelOf, flowOf } from "../../src/geometry/canonical-pair.js";
import {
  compose,
  invert,
  poseVector,
  quaternionOfMatrix,
  quaternionOfVector,
  type Rigid,
  rigidOfPose,
  rotate,
  rotationMatrix,
  transform,
  vectorOfQuaternion,
} from "../../src/geometry/rigid.js";
import { norm, type Vector3 } from "../../src/geometry/vector.js";
import { SeededRandom } from "../support/seeded-random.js";

const random = new SeededRandom(11);

function someRotation(angle: number): Vector3 {
  const axis: Vector3 = [random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)];
  const length = norm(axis);
  return [(axis[0] * angle) / length, (axis[1] * angle) / length, (axis[2] * angle) / length];
}

function expectClose(a: readonly number[], b: readonly number[], within: number): void {
  expect(Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))))).toBeLessThan(within);
}

describe("rotations", () => {
  test.each([0, 1e-12, 1e-5, 0.3, 1.5, 3.1, Math.PI - 1e-7])(
    "an angle of %d survives every form",
    (angle) => {
      for (let i = 0; i < 20; i++) {
        const vector = someRotation(angle);
        const q = quaternionOfVector(vector);
        expectClose(vectorOfQuaternion(q), vector, 1e-9);
        expectClose(vectorOfQuaternion(quaternionOfMatrix(rotationMatrix(q))), vector, 1e-7);
      }
    },
  );

  test("turn by the right hand: a quarter turn about z takes x to y", () => {
    expectClose(rotate(quaternionOfVector([0, 0, Math.PI / 2]), [1, 0, 0]), [0, 1, 0], 1e-12);
  });

  test("motions compose, invert and come back from six numbers", () => {
    const T_b_a: Rigid = { rotation: quaternionOfVector(someRotation(0.7)), translationMm: [3, -4, 1600] };
    const T_c_b: Rigid = { rotation: quaternionOfVector(someRotation(2.1)), translationMm: [-50, 7, 20] };
    const p: Vector3 = [12, -5, 300];
    expectClose(transform(compose(T_c_b, T_b_a), p), transform(T_c_b, transform(T_b_a, p)), 1e-9);
    expectClose(transform(invert(T_b_a), transform(T_b_a, p)), p, 1e-9);
    expectClose(transform(rigidOfPose(poseVector(T_b_a)), p), transform(T_b_a, p), 1e-9);
  });
});

const camera: Intrinsics = [532.8, 533.1, 342.5, 233.9, -0.281, 0.025, 0.0012, -0.00014, 0.163];

describe("Brown's camera", () => {
  /** Written out from OpenCV's documentation of calib3d, term by term. */
  function openCv([fx, fy, cx, cy, k1, k2, p1, p2, k3]: Intrinsics, [X, Y, Z]: Vector3): number[] {
    const [x, y] = [X / Z, Y / Z];
    const r2 = x ** 2 + y ** 2;
    const factor = 1 + k1 * r2 + k2 * r2 ** 2 + k3 * r2 ** 3;
    const u = x * factor + 2 * p1 * x * y + p2 * (r2 + 2 * x ** 2);
    const v = y * factor + p1 * (r2 + 2 * y ** 2) + 2 * p2 * x * y;
    return [fx * u + cx, fy * v + cy];
  }

  test("projects as OpenCV's formula does, and back", () => {
    for (let i = 0; i < 200; i++) {
      const ray: Vector3 = [random.between(-0.55, 0.55), random.between(-0.42, 0.42), 1];
      const pixel = project(camera, [ray[0] * 400, ray[1] * 400, 400]);
      expectClose(pixel ?? [], openCv(camera, ray), 1e-9);
      expectClose(unproject(camera, pixel ?? [0, 0]) ?? [], ray, 1e-10);
    }
  });

  test("sees nothing behind it, and no ray where its distortion folds over", () => {
    expect(project(camera, [1, 2, -3])).toBeNull();
    expect(unproject([500, 500, 0, 0, -1, 0, 0, 0, 0], [5000, 0])).toBeNull();
  });

  test("is its mirror image's mirror image", () => {
    const point: Vector3 = [90, -60, 400];
    const [u, v] = project(camera, point) ?? [];
    const flipped = project(mirrored(camera, 640), [-90, -60, 400]);
    expectClose(flipped ?? [], [639 - (u as number), v as number], 1e-9);
  });
});

describe("the canonical pair", () => {
  const aimMm: Vector3 = [1, -2, 1600];
  const pair = canonicalPair({
    nearPupilMm: [0.9, 0.4, 1150],
    farPupilMm: [-0.3, 0.2, 1],
    aimMm,
    farXAxis: [1, 0.001, 0.002],
  });

  test("shows the aim in the middle of both images, at the same scale", () => {
    for (const arm of ["near", "far"] as const) {
      expectClose(canonicalPixelOf(pair, arm, aimMm) ?? [], [511.5, 511.5], 1e-9);
    }
    const beside: Vector3 = [
      aimMm[0] + pair.axes[0][0] * 30,
      aimMm[1] + pair.axes[0][1] * 30,
      aimMm[2] + pair.axes[0][2] * 30,
    ];
    for (const arm of ["near", "far"] as const) {
      expectClose(canonicalPixelOf(pair, arm, beside) ?? [], [511.5 + (30 * 1024) / 300, 511.5], 1e-9);
    }
  });

  test("has no flow in the eye plane and the formula's flow off it", () => {
    const [x, , z] = pair.axes;
    const at = (X: number, h: number): Vector3 => [
      pair.near.pupilMm[0] + x[0] * X + z[0] * (pair.near.aimDepthMm - h),
      pair.near.pupilMm[1] + x[1] * X + z[1] * (pair.near.aimDepthMm - h),
      pair.near.pupilMm[2] + x[2] * X + z[2] * (pair.near.aimDepthMm - h),
    ];
    expectClose(flowOf(pair, at(78, 0)) ?? [], [0, 0], 1e-9);
    const [zn, zf] = [pair.near.aimDepthMm, pair.far.aimDepthMm];
    const expected = pair.pxPerMm * 78 * (1 / (1 + 95 / zf) - 1 / (1 + 95 / zn));
    expectClose(flowOf(pair, at(78, -95)) ?? [], [expected, 0], 1e-6);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVision, type Vision } from "../../src/native/vision.js";
import type { VirtualScene } from "../../src/schema/virtual-scene.js";
import { errorsOf, seenCorners } from "../support/seen-corners.js";
import { channelOf, TracedRig } from "../support/traced-rig.js";

const scene: VirtualScene = {
  scene: "target",
  target: "charuco-small",
  light: { kind: "studio", continuous: 1, strobe: 0 },
  noise: false,
  samplesPerPixel: 16,
};
let vision: Vision;
beforeAll(() => {
  vision = createVision();
});
afterAll(() => vision.close());

describe("corners of rendered boards, everything honest", () => {
  let traced: TracedRig;
  beforeAll(async () => {
    traced = await TracedRig.start({ scene });
  });
  afterAll(() => traced.stop());

  test.each([
    [250, "charuco-small", [6, -9, 0]],
    [600, "charuco-a4", [-8, 10, 1]],
    [1370, "charuco-a4", [12, 5, -2]],
  ] as const)(
    "at %d mm lie where the truth projects them, in both views",
    async (distanceMm, target, turn) => {
      const targetPose = {
        translationMm: [2, -3, 1600] as [number, number, number],
        rotationDeg: [...turn] as [number, number, number],
      };
      await traced.scene({ target, targetPose }, distanceMm);
      for (const arm of ["near", "far"] as const) {
        const { count, meanX, meanY, rms } = errorsOf(await seenCorners(traced, vision, target, arm));
        console.log(
          `${distanceMm} mm, ${arm}: ${count} corners, mean (${meanX.toFixed(4)}, ${meanY.toFixed(4)}) px, rms ${rms.toFixed(4)} px`,
        );
        expect(count).toBeGreaterThan(target === "charuco-small" ? 60 : 150);
        expect(Math.hypot(meanX, meanY)).toBeLessThan(0.03);
        expect(rms).toBeLessThan(0.08);
      }
    },
    120_000,
  );
});

describe("the plate before the far camera", () => {
  /** Corners of the small board in the far view, by number. */
  async function farCorners(thicknessMm: number): Promise<Map<number, readonly [number, number]>> {
    const optics = { honest: false, plate: { thicknessMm, ghost: false } };
    const traced = await TracedRig.start({ optics, scene: { ...scene, samplesPerPixel: 8 } });
    try {
      const seen = await seenCorners(traced, vision, "charuco-small", "far");
      return new Map(seen.map(({ id, x, y }) => [id, [x, y]]));
    } finally {
      await traced.stop();
    }
  }

  test("3 mm of glass shift its view by 1.0 mm ± 1 %", async () => {
    const [bare, glass] = [await farCorners(0), await farCorners(3)];
    const shifts: { x: number; y: number; dx: number }[] = [];
    for (const [id, [x, y]] of bare) {
      const through = glass.get(id);
      if (through !== undefined) shifts.push({ x, y, dx: through[0] - x });
    }
    expect(shifts.length).toBeGreaterThan(60);
    // The plate also magnifies a little: the shift of the axis is the plane's value at the image centre.
    const shiftPx = valueAtCentre(shifts, 511.5, 639.5);
    // 180 mm at 23.4375 µm see 4.8 px/mm at 1600 mm; d = t sin(45°)(1 - cos(45°)/sqrt(n² - sin²(45°))).
    // The plate's normal points to the subject and to the right. In glass light runs closer to the normal, so the line
    // of sight leaves further right than it came, and what stands still appears further left: the shift is negative.
    const expected = 3 * Math.SQRT1_2 * (1 - Math.SQRT1_2 / Math.sqrt(1.52 ** 2 - 0.5));
    expect(Math.abs(-shiftPx / 4.8 / expected - 1)).toBeLessThan(0.01);
    expect(expected).toBeCloseTo(1.007, 3);
  }, 120_000);
});

/** Least-squares plane dx = a + b (x - cx) + c (y - cy); gives a. */
function valueAtCentre(
  points: readonly { x: number; y: number; dx: number }[],
  cx: number,
  cy: number,
): number {
  const rows = points.map(({ x, y, dx }) => [1, (x - cx) / 500, (y - cy) / 500, dx] as const);
  const matrix = [0, 1, 2].map((i) =>
    [0, 1, 2, 3].map((j) => rows.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), 0)),
  );
  for (let pivot = 0; pivot < 3; pivot++) {
    for (let row = 0; row < 3; row++) {
      if (row === pivot) continue;
      const factor = (matrix[row]?.[pivot] as number) / (matrix[pivot]?.[pivot] as number);
      for (let column = 0; column < 4; column++)
        (matrix[row] as number[])[column] =
          (matrix[row]?.[column] as number) - factor * (matrix[pivot]?.[column] as number);
    }
  }
  return (matrix[0]?.[3] as number) / (matrix[0]?.[0] as number);
}

describe("the ghost", () => {
  let traced: TracedRig;
  beforeAll(async () => {
    traced = await TracedRig.start({
      optics: { honest: false, plate: { tint: false } },
      // The ghost gets a quarter of the samples and covers some five pixels, so its strength needs many.
      sensor: { widthPx: 320, heightPx: 256 },
      scene: {
        scene: "target",
        target: "point-light",
        noise: false,
        samplesPerPixel: 256,
        light: { continuous: 1, strobe: 0 },
      },
    });
  });
  afterAll(() => traced.stop());

  /** Centroid and sum of the signal within `radius` px of a place. */
  function spotAt(
    values: Float32Array,
    widthPx: number,
    [x0, y0]: readonly [number, number],
    radius: number,
  ) {
    let [sum, x, y] = [0, 0, 0];
    for (let v = Math.round(y0) - radius; v <= y0 + radius; v++) {
      for (let u = Math.round(x0) - radius; u <= x0 + radius; u++) {
        const value = values[v * widthPx + u] as number;
        sum += value;
        x += value * u;
        y += value * v;
      }
    }
    return { sum, x: x / sum, y: y / sum };
  }

  test.each([
    ["near", 600],
    ["far", 600],
  ] as const)(
    "of a point light lies 2.23 mm on its right in the %s view, 1.6 to 2.7 %% strong",
    async (arm, distanceMm) => {
      await traced.scene({}, distanceMm);
      const signal = await traced.signal(arm);
      const truth = await traced.truth();
      const values = channelOf(signal, 1);
      const light = truth.pointSets.find(({ name }) => name === "point-light")?.points[0]?.[arm].px;
      if (light == null) throw new Error("no light");
      const { fxPx } = truth.arms[arm];
      const depth = arm === "near" ? distanceMm : 1600;
      const separationPx = (2.23 * fxPx) / depth;
      const main = spotAt(values, signal.widthPx, light, 4);
      // Followed from either camera, light that goes through the glass twice more runs on along the plate towards the
      // subject and to the left. The ghost's lines of sight pass on the left of the main ones by the separation, so
      // the ghost of what they meet appears on its right.
      const ghost = spotAt(values, signal.widthPx, [main.x + separationPx, main.y], 4);
      expect(Math.abs(ghost.x - main.x - separationPx)).toBeLessThan(0.5);
      const left = spotAt(values, signal.widthPx, [main.x - separationPx, main.y], 4);
      expect(left.sum).toBeLessThan(ghost.sum / 10);
      expect(Math.abs(ghost.y - main.y)).toBeLessThan(0.5);
      expect(ghost.sum / main.sum).toBeGreaterThan(0.016);
      expect(ghost.sum / main.sum).toBeLessThan(0.027);
    },
    60_000,
  );
});

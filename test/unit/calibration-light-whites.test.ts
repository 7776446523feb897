import { describe, expect, test } from "vitest";
import { lightGates } from "../../src/calibration/light/light-gates.js";
import { highlightRatios, measurePolarisation } from "../../src/calibration/light/polarisation.js";
import { liftOfDarkSkin, measureVeil } from "../../src/calibration/light/veil.js";
import type { LinearImage } from "../../src/imaging/raw-frame.js";
import { seededNormal } from "../support/noise.js";

/** An even field in color, with noise. */
function field(rgb: readonly [number, number, number], seed = 1): LinearImage {
  const [widthPx, heightPx] = [60, 45];
  const normal = seededNormal(seed);
  const shares = new Float32Array(new SharedArrayBuffer(4 * 3 * widthPx * heightPx));
  for (let i = 0; i < shares.length; i++) shares[i] = (rgb[i % 3] as number) + 0.002 * normal();
  return { widthPx, heightPx, channels: 3, shares };
}

describe("veil", () => {
  test("is told for each channel within 5 %, the white's own veil taken off", () => {
    const white = [0.5, 0.7, 0.4] as const;
    const veil = [0.01, 0.02, 0.015] as const;
    const over = (share: readonly number[], light: number) =>
      white.map((value, i) => value * (light + (share[i] as number))) as [number, number, number];
    const measured = measureVeil({ nobody: field(over(veil, 0)), white: field(over(veil, 1), 2) });
    for (const [i, share] of measured.entries())
      expect(Math.abs(share / (veil[i] as number) - 1)).toBeLessThan(0.05);
    const long = measureVeil({
      nobody: field(over(veil, 0).map((value) => 8 * value) as [number, number, number]),
      white: field(over(veil, 1)),
      exposureRatio: 8,
    });
    for (const [i, share] of long.entries())
      expect(Math.abs(share / (veil[i] as number) - 1)).toBeLessThan(0.02);
  });

  test("of 1 % lifts dark skin by 2.7 L*", () => {
    expect(liftOfDarkSkin([0.01, 0.01, 0.01])).toBeCloseTo(2.7, 1);
    expect(liftOfDarkSkin([0, 0, 0])).toBe(0);
  });

  test("needs a white that is neither black nor clipped", () => {
    const nobody = field([0.001, 0.001, 0.001]);
    for (const white of [field([1, 1, 0.9]), field([0.02, 0.03, 0.01])]) {
      expect(() => measureVeil({ nobody, white })).toThrow(
        expect.objectContaining({ code: "CALIBRATION_REFUSED" }),
      );
    }
  });
});

describe("polarisation", () => {
  test("is the same whatever the polariser itself swallows", () => {
    const shares = { nearS: 1.3, nearP: 0.7, farS: 0.68, farP: 1.32 };
    for (const passed of [1, 0.38]) {
      const white = (share: number) =>
        field([0.5, 0.6, 0.4].map((v) => v * share * passed) as [number, number, number]);
      const measured = measurePolarisation({
        s: { near: white(shares.nearS), far: white(shares.farS) },
        p: { near: white(shares.nearP), far: white(shares.farP) },
      });
      for (const [name, share] of Object.entries(shares))
        expect(measured[name as keyof typeof shares]).toBeCloseTo(share, 2);
      expect(highlightRatios(measured).s).toBeCloseTo(1.3 / 0.68, 1);
    }
  });
});

describe("gates of light", () => {
  test("tell what was not measured from what is good, and a veil of 3 % fails", () => {
    const nothing = {
      ghost: [],
      veil: { near: null, far: [0.031, 0.029, 0.03] as [number, number, number] },
      polarisation: null,
      sharpness: {
        near: [],
        far: [{ distanceMm: 450, mtf50: [0.3, 0.15] as [number, number], bestFocusMm: -34 }],
      },
    };
    const states = Object.fromEntries(lightGates(nothing, []).map(({ id, state }) => [id, state]));
    expect(states).toMatchObject({
      "ghost-strength-near": "UNKNOWN",
      "veil-near": "UNKNOWN",
      "veil-far": "FAIL",
      "mtf50-near": "UNKNOWN",
      "mtf50-far": "WARN",
      "best-focus-far": "FAIL",
    });
  });

  test("take a light without a ghost for the best there is", () => {
    const none = { kind: "none" } as const;
    const stop = { distanceMm: 450, ghosts: { near: none, far: { kind: "no-light", why: "" } as const } };
    const measured = {
      ghost: [{ distanceMm: 450, near: null, far: null, noLight: { near: null, far: "" } }],
      veil: { near: null, far: null },
      polarisation: null,
      sharpness: { near: [], far: [] },
    };
    const gates = lightGates(measured, [{ ...stop, sharpness: { near: null, far: null } }]);
    expect(gates.find(({ id }) => id === "ghost-strength-near")).toMatchObject({ value: 0, state: "PASS" });
    expect(gates.find(({ id }) => id === "ghost-strength-far")).toMatchObject({
      value: null,
      state: "UNKNOWN",
    });
  });
});

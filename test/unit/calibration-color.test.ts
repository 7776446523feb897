import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { armColor } from "../../src/calibration/color/arm-color.js";
import { type ColorResult, calibrateColor } from "../../src/calibration/color/calibrate-color.js";
import type { ChartPlace } from "../../src/calibration/color/chart-place.js";
import { compareMaps } from "../../src/calibration/color/compare-maps.js";
import { measureDark, withoutOffset } from "../../src/calibration/color/dark-frame.js";
import { editionOf } from "../../src/calibration/color/edition.js";
import { armMatrix, dngColor } from "../../src/calibration/color/export-matrix.js";
import { applyFlatField, makeFlatField, unevenness } from "../../src/calibration/color/flat-field.js";
import { iccProfile } from "../../src/calibration/color/icc-profile.js";
import { linearityError } from "../../src/calibration/color/linearity.js";
import { cameraClip, samplePatches } from "../../src/calibration/color/sample-patches.js";
import { refitSession } from "../../src/calibration/color/session-refit.js";
import { createRecord } from "../../src/calibration/record/create-record.js";
import { type NamedFit, namedFits, patchDifferences } from "../../src/calibration/report/color/fit-tables.js";
import { colorFindings } from "../../src/cli/calibrate/color-result.js";
import { multiply, type Triple, whiteD50 } from "../../src/color/lab.js";
import { inverseOf, type Matrix } from "../../src/color/matrix.js";
import type { ChartSighting, ColorCalibration } from "../../src/schema/calibration-color.js";
import { cameraOfXyz, chartColors, paintChart, paintImage, sightingOf } from "../support/chart-scene.js";
import { withFolder } from "../support/cli.js";
import { seededNormal } from "../support/noise.js";

const add = (colors: readonly Triple[], by: Triple): Triple[] =>
  colors.map(([r, g, b]) => [r + by[0], g + by[1], b + by[2]]);
const times = (colors: readonly Triple[], by: Triple): Triple[] =>
  colors.map(([r, g, b]) => [r * by[0], g * by[1], b * by[2]]);

/** A second camera: other channels, other exposure, and a little that no matrix can map. */
const farColors = times(chartColors(), [0.9, 1.02, 1.1]).map(
  ([r, g, b]): Triple => [0.93 * r + 0.05 * g + 0.03 * Math.sqrt(r * g), g, b + 0.02 * g],
);

function recordOf(near: ChartSighting, far: ChartSighting | null, previous: ColorCalibration | null = null) {
  const light = { near: null, far: null };
  const edition = "after-2014" as const;
  const charts = { near, far };
  const { body, gates } = calibrateColor({ edition, charts, light, sameModel: true, previous });
  return recordWith(body, gates);
}

function recordWith(body: ColorResult["body"], gates: ColorResult["gates"]) {
  return createRecord(body, {
    createdAt: "2026-11-23T08:00:00.000Z",
    expiresAt: null,
    softwareVersion: "0",
    commandLine: [],
    rig: null,
    gates,
  });
}

const gateOf = (record: ColorCalibration, id: string) => record.gates.find((gate) => gate.id === id);

describe("sampling patches", () => {
  const place: ChartPlace = {
    cornersPx: [
      [60, 50],
      [330, 70],
      [310, 250],
      [45, 220],
    ],
    patchShare: [0.9, 0.88],
    mirrored: false,
  };
  const colors = chartColors();

  it("gives each patch its own color, in perspective, and forgives a scratch and a highlight", async () => {
    const image = paintChart(400, 300, place, colors);
    for (let x = 0; x < 400; x++) image.shares.fill(0.9, 3 * (95 * 400 + x), 3 * (95 * 400 + x) + 3);
    const patches = await samplePatches(image, place, cameraClip);
    for (const [i, { mean, pixels }] of patches.entries()) {
      expect(pixels).toBeGreaterThan(200);
      for (const channel of [0, 1, 2] as const)
        expect(mean[channel]).toBeCloseTo(colors[i]?.[channel] as number, 4);
    }
  });

  it("sees nothing of patches outside of the image", async () => {
    const shifted = place.cornersPx.map(
      ([x, y]) => [x + 200, y] as const,
    ) as unknown as ChartPlace["cornersPx"];
    const patches = await samplePatches(
      paintImage(400, 300, () => [0.5, 0.5, 0.5]),
      { ...place, cornersPx: shifted },
      cameraClip,
    );
    expect(patches[0]?.pixels).toBeGreaterThan(100);
    expect(patches[5]).toMatchObject({ pixels: 0, mean: [0, 0, 0] });
  });

  it("leaves clipped patches out of the fits, says so, and refuses a chart that is clipped all over", () => {
    const [white, eight] = [18, 19];
    const clip = (places: readonly number[]): ChartSighting => {
      const sighting = sightingOf(colors);
      return {
        ...sighting,
        patches: sighting.patches.map((patch, i) =>
          places.includes(i) ? { ...patch, mean: [1, 1, 1], clippedShare: 0.7 } : patch,
        ),
      };
    };
    const record = recordOf(clip([white, eight]), null);
    expect(gateOf(record, "near-clipped")).toMatchObject({ value: 2, state: "WARN" });
    expect(record.arms.near?.toXyz[0]?.deltaE00.leaveOneOut?.mean).toBeLessThan(0.01);
    const most = Array.from({ length: 10 }, (_, i) => i);
    expect(() => recordOf(clip(most), null)).toThrowError(
      expect.objectContaining({ code: "CALIBRATION_REFUSED" }),
    );
  });
});

describe("one camera", () => {
  it("recovers the matrix that made the colors, in the chart's own scale", () => {
    const { toXyz } = armColor(sightingOf(chartColors()), "after-2014");
    const wanted = inverseOf(cameraOfXyz) as Matrix;
    expect(toXyz[0]?.method).toBe("matrix");
    for (const [i, row] of wanted.entries())
      for (const [k, entry] of row.entries()) expect(toXyz[0]?.rows[i]?.[k]).toBeCloseTo(entry, 6);
  });

  it("measures stray light from the grays and takes it off", () => {
    const glare: Triple = [0.012, 0.009, 0.015];
    const color = armColor(sightingOf(add(chartColors(), glare)), "after-2014");
    for (const channel of [0, 1, 2] as const)
      expect(Math.abs(color.glare[channel] - glare[channel])).toBeLessThan(0.002);
    expect(color.toXyz[0]?.deltaE00.leaveOneOut?.mean).toBeLessThan(0.5);
    const record = recordOf(sightingOf(add(chartColors(), glare)), null);
    expect(gateOf(record, "near-glare")).toMatchObject({ state: "WARN" });
  });

  it("notices a tone curve in what should be linear", () => {
    const curved = chartColors().map(([r, g, b]): Triple => [r ** 1.4, g ** 1.4, b ** 1.4]);
    expect(gateOf(recordOf(sightingOf(curved), null), "near-gray-line")?.state).toBe("WARN");
    expect(gateOf(recordOf(sightingOf(chartColors()), null), "near-gray-line")?.state).toBe("PASS");
  });

  it("takes the edition of the chart seriously", () => {
    const after = armColor(sightingOf(chartColors()), "after-2014").toXyz[0]?.deltaE00.leaveOneOut
      ?.mean as number;
    const before = armColor(sightingOf(chartColors()), "before-2014").toXyz[0]?.deltaE00.leaveOneOut
      ?.mean as number;
    expect(before).toBeGreaterThan(after + 0.3);
    expect(() => editionOf("colorchecker24:2014")).toThrowError(expect.objectContaining({ code: "USAGE" }));
  });

  it("shows by leave-one-out that many terms lie", () => {
    const normal = seededNormal(4);
    const noisy = chartColors().map(
      ([r, g, b]): Triple => [
        r * (1 + 0.03 * normal()),
        g * (1 + 0.03 * normal()),
        b * (1 + 0.03 * normal()),
      ],
    );
    const fits = compareMaps(armColor(sightingOf(noisy), "after-2014"), "after-2014", "linear");
    const of = (method: string) => fits.find((fit) => fit.method === method)?.deltaE00;
    const [few, many] = [of("matrix"), of("root-polynomial-3")];
    expect(many?.fit.mean).toBeLessThan(few?.fit.mean as number);
    expect(many?.leaveOneOut?.mean).toBeGreaterThan(few?.leaveOneOut?.mean as number);
    for (const fit of fits) expect(fit.deltaE00.leaveOneOut?.mean).toBeGreaterThan(fit.deltaE00.fit.mean);
  });

  it("refuses a gray camera", () => {
    const gray = chartColors().map(([, g]): Triple => [g, g, g]);
    expect(() => armColor(sightingOf(gray), "after-2014")).toThrowError(
      expect.objectContaining({ code: "CALIBRATION_FAILED" }),
    );
  });
});

describe("two cameras", () => {
  const near = sightingOf(chartColors());
  const far = sightingOf(farColors);

  it("maps near to far, and recommends the root polynomial where it is clearly better", () => {
    const record = recordOf(near, far);
    const [best, other] = record.nearToFar ?? [];
    expect([best?.method, other?.method]).toEqual(["root-polynomial-2", "matrix"]);
    expect(best?.deltaE00.leaveOneOut?.mean).toBeLessThan(0.02);
    expect(other?.deltaE00.leaveOneOut?.mean).toBeGreaterThan(best?.deltaE00.leaveOneOut?.mean as number);
    expect(record.exposureRatio?.[2]).toBeGreaterThan(1.1);
    expect(recordOf(near, sightingOf(times(chartColors(), [0.9, 1, 1.1]))).nearToFar?.[0]?.method).toBe(
      "matrix",
    );
  });

  it("carries far color to Rec.2020 with a perfect white at 1", () => {
    const record = recordOf(near, sightingOf(chartColors()));
    const white = multiply(record.farToRec2020 as Matrix, multiply(cameraOfXyz, whiteD50));
    for (const value of white) expect(value).toBeCloseTo(1, 3);
  });

  it("refuses a pair with a mirrored view", () => {
    expect(() => recordOf({ ...near, mirrored: true }, far)).toThrowError(
      expect.objectContaining({
        code: "CALIBRATION_REFUSED",
        advice: expect.stringContaining("near.mount.mirrored"),
      }),
    );
    expect(recordOf({ ...near, mirrored: true }, null).arms.near?.chart.mirrored).toBe(true);
  });

  it("tells how far colors have moved since the last calibration, brightness aside", () => {
    const first = recordOf(near, far);
    expect(first.drift).toBeNull();
    const dimmed = recordOf(near, sightingOf(times(farColors, [0.5, 0.5, 0.5])), first);
    expect(dimmed.drift?.since).toBe(first.calibrationId);
    expect(dimmed.drift?.far?.max).toBeLessThan(0.01);
    const yellowed = recordOf(near, sightingOf(times(farColors, [1, 1, 0.9])), first);
    expect(yellowed.drift?.far?.mean).toBeGreaterThan(1);
    expect(yellowed.drift?.near?.max).toBeLessThan(0.01);
    expect(gateOf(yellowed, "drift-far")?.state).toBe("WARN");
  });

  it("refits by the grays when light and exposure have changed; judged by the other colors", () => {
    const record = recordOf(near, far);
    const warmer: Triple = [1.2, 1, 0.8];
    const charts = {
      near: sightingOf(times(chartColors(), warmer)),
      far: sightingOf(times(farColors, [0.6, 0.5, 0.4])),
    };
    const { body, gains, gates } = refitSession(record, charts, true);
    for (const gain of gains) expect(gain).toBeCloseTo(0.5, 1);
    expect(body.refitOf).toBe(record.calibrationId);
    expect(body.nearToFar?.[0]?.deltaE00.leaveOneOut).toBeNull();
    expect(body.nearToFar?.[0]?.deltaE00.fit.each).toHaveLength(6);
    expect(body.nearToFar?.[0]?.deltaE00.colored?.each).toHaveLength(18);
    expect(body.nearToFar?.[0]?.deltaE00.colored?.mean).toBeLessThan(0.3);
    expect(body.arms.far?.toXyz[0]?.deltaE00.colored?.mean).toBeLessThan(0.7);
    expect(gates.find(({ id }) => id === "pair-error-mean")?.value).toBeLessThan(0.3);
    expect(body.drift?.far?.mean).toBeGreaterThan(3);
    expect(gates.find(({ id }) => id === "drift-far")?.state).toBe("WARN");
    const [light, gray] = [1, 21].map((patch) =>
      patchDifferences(namedFits(recordWith(body, gates))[0] as NamedFit, patch),
    );
    expect(light).toEqual([body.nearToFar?.[0]?.deltaE00.colored?.each[1]?.toFixed(2), "–"]);
    expect(gray).toEqual(["–", body.nearToFar?.[0]?.deltaE00.fit.each[3]?.toFixed(2)]);
    expect(colorFindings(recordWith(body, gates)).join("\n")).toMatch(/colored patches mean/);
    const white = multiply(body.farToRec2020 as Matrix, times(farColors, [0.6, 0.5, 0.4])[18] as Triple);
    expect(Math.max(...white) / Math.min(...white)).toBeLessThan(1.1);
    expect(() => refitSession({ ...record, refitOf: "another" }, charts, true)).toThrowError(
      expect.objectContaining({ code: "USAGE", advice: "Refit another." }),
    );
    expect(() => refitSession(recordOf(near, null), charts, true)).toThrowError(
      expect.objectContaining({ code: "USAGE" }),
    );
  });
});

describe("flat field", () => {
  const [widthPx, heightPx] = [360, 440];
  /** Fall-off, colored shading along x, one bright side, as through a plate. */
  const field = (x: number, y: number): Triple => {
    const [u, v] = [(2 * x) / widthPx - 1, (2 * y) / heightPx - 1];
    const lens = 1 / (1 + 0.22 * (u * u + v * v)) ** 2;
    return [0.7 * lens * (1 + 0.03 * u), 0.65 * lens * (1 - 0.05 * v), 0.6 * lens * (1 - 0.02 * u * v)];
  };
  const noisy = (seed: number) => {
    const normal = seededNormal(seed);
    return paintImage(widthPx, heightPx, (x, y) => {
      const [r, g, b] = field(x, y);
      return [r * (1 + 0.01 * normal()), g * (1 + 0.01 * normal()), b * (1 + 0.01 * normal())];
    });
  };

  it("restores a uniform target to ± 0.5 % on a frame that it was not made from", async () => {
    const flat = await makeFlatField([noisy(1), noisy(2)]);
    const other = noisy(3);
    expect(await unevenness(other)).toBeGreaterThan(0.2);
    expect(await unevenness(await applyFlatField(other, flat))).toBeLessThan(0.005);
    const middle = (Math.floor(flat.rows / 2) * flat.columns + Math.floor(flat.columns / 2)) * 3;
    for (const channel of [0, 1, 2]) expect(flat.gains[middle + channel]).toBeCloseTo(1, 6);
    expect([flat.columns, flat.rows]).toEqual([27, 33]);
  });

  it("refuses a field that saturates or has no light", async () => {
    const of = (factor: number) =>
      paintImage(
        widthPx / 4,
        heightPx / 4,
        (x, y) => times([field(4 * x, 4 * y)], [factor, factor, factor])[0] as Triple,
      );
    for (const factor of [0.05, 1.5]) {
      await expect(makeFlatField([of(factor)])).rejects.toThrowError(
        expect.objectContaining({ code: "CALIBRATION_REFUSED" }),
      );
    }
  });
});

describe("dark frame and linearity", () => {
  it("measures offset and noise, hot px aside, and takes the offset off", async () => {
    const normal = seededNormal(9);
    const image = paintImage(200, 200, () => [
      0.002 + 0.001 * normal(),
      0.003 + 0.001 * normal(),
      0.001 * normal(),
    ]);
    for (let i = 0; i < 20; i++) image.shares[i * 3000] = 1;
    const { offset, noise } = await measureDark(image);
    for (const [i, wanted] of [0.002, 0.003, 0].entries()) expect(offset[i]).toBeCloseTo(wanted, 4);
    for (const value of noise) expect(Math.abs(value - 0.001)).toBeLessThan(5e-5);
    const again = await measureDark(await withoutOffset(image, offset));
    for (const value of again.offset) expect(value).toBeCloseTo(0, 5);
  });

  const exposures = [1000, 2000, 3000, 4000, 5000, 6000];

  it("finds a straight line straight and a bent one bent", () => {
    const straight = exposures.map((exposureUs) => ({ exposureUs, share: 0.01 + 0.00014 * exposureUs }));
    expect(linearityError(straight)).toBeLessThan(1e-9);
    const bent = straight.map(({ exposureUs, share }) => ({ exposureUs, share: share - 0.03 * share ** 2 }));
    expect(linearityError(bent)).toBeGreaterThan(0.002);
    expect(linearityError(bent)).toBeLessThan(0.03);
  });

  it("says nothing of four exposures, of saturated ones, or of a strobe's light", () => {
    const straight = exposures.map((exposureUs) => ({ exposureUs, share: 0.00014 * exposureUs }));
    expect(linearityError(straight.slice(0, 4))).toBeNull();
    expect(linearityError(straight.map((one) => ({ ...one, share: Math.min(1, one.share * 3) })))).toBeNull();
    expect(
      linearityError(exposures.map((exposureUs) => ({ exposureUs, share: 0.7 + 1e-6 * exposureUs }))),
    ).toBeNull();
  });
});

describe("matrices for other programs", () => {
  const record = recordOf(sightingOf(chartColors()), null);
  const matrix = armMatrix(record, "near");

  it("gives DNG's matrices: neutral to D50, and XYZ to camera and back", () => {
    const { ColorMatrix1, ForwardMatrix1, AsShotNeutral } = dngColor(matrix);
    expect(Math.max(...AsShotNeutral)).toBe(1);
    const white = multiply(ForwardMatrix1, [1, 1, 1]);
    for (const [i, value] of whiteD50.entries()) expect(white[i]).toBeCloseTo(value, 9);
    const camera = multiply(ColorMatrix1, whiteD50);
    for (const [i, value] of AsShotNeutral.entries()) expect(camera[i]).toBeCloseTo(value, 9);
    expect(() => armMatrix(record, "far")).toThrowError(expect.objectContaining({ code: "USAGE" }));
  });

  it("writes an ICC profile by which another color engine makes camera color of sRGB", () =>
    withFolder(async (folder) => {
      const profile = iccProfile(matrix, { description: "Virtual near camera", createdAt: new Date(0) });
      expect(profile.readUInt32BE(0)).toBe(profile.length);
      const path = join(folder, "near.icc");
      await writeFile(path, profile);
      const srgb: readonly Triple[] = [
        [128, 128, 128],
        [200, 90, 60],
        [90, 140, 200],
        [60, 120, 70],
        [240, 240, 235],
      ];
      const raw = { width: srgb.length, height: 1, channels: 3 } as const;
      const png = await sharp(Uint8Array.from(srgb.flat()), { raw }).withIccProfile(path).png().toBuffer();
      const camera = await sharp(png, { ignoreIcc: true }).raw().toBuffer();
      for (const [i, [r, g, b]] of srgb.entries()) {
        const light: Triple = [lightOf(r), lightOf(g), lightOf(b)];
        const wanted = multiply(cameraOfXyz, multiply(xyzD50OfSrgb, light));
        for (const channel of [0, 1, 2] as const) {
          const seen = camera[3 * i + channel] as number;
          expect(Math.abs(seen - 255 * wanted[channel]), `${i} ${channel}`).toBeLessThan(1.5);
        }
      }
    }));
});

/** IEC 61966-2-1. */
function lightOf(value: number): number {
  return value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
}

/** Linear sRGB to XYZ under D50, adapted by Bradford (ICC's sRGB profile). */
const xyzD50OfSrgb: Matrix = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
];

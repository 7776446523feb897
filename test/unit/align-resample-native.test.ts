import { afterAll, describe, expect, it } from "vitest";
import { lightOfSrgb } from "../../src/color/srgb.js";
import type { Intrinsics } from "../../src/geometry/brown-camera.js";
import { decodeFrame } from "../../src/imaging/decode.js";
import { createAligner } from "../../src/native/aligner.js";
import type { FrameSource, Resampled } from "../../src/native/resample.js";
import type { Mount } from "../../src/schema/rig-config.js";
import { lensView, plainRequest, shiftBy, sourceOf } from "../support/resample-requests.js";
import { camera, exposeSamples, type Scene } from "../support/synthetic-frame.js";

const aligner = createAligner({ threads: 2 });
afterAll(() => aligner.close());

const wide = { pixelFormat: "Mono16", bitDepth: 16, blackLevel: 1000, whiteLevel: 61000 } as const;
const mounts = ([0, 90, 180, 270] as const).flatMap((rotationDeg) =>
  [false, true].map((mirrored): Mount => ({ rotationDeg, mirrored })),
);
/** Waves of 20 px whose phase tells a place in both directions. */
const waveNumber = (2 * Math.PI) / 20;
const waves = (u: number, v: number): number =>
  0.5 + 0.2 * Math.sin(waveNumber * u) + 0.2 * Math.cos(waveNumber * v);
const gray =
  (light: (u: number, v: number) => number): Scene =>
  (u, v) => {
    const share = light(u, v);
    return [share, share, share];
  };
const valid = 1;
const clipped = 2;

/** Displacement in px, x and y, that explains best how an image differs from the waves at the places it shows. */
function displacement(
  image: Resampled,
  place: (u: number, v: number) => readonly [number, number],
): number[] {
  const sums = [0, 0];
  const weights = [0, 0];
  image.flags.forEach((flags, i) => {
    if ((flags & valid) === 0) return;
    const [x, y] = place(i % image.widthPx, Math.floor(i / image.widthPx));
    const error = (image.samples[i] as number) / 32768 - waves(x, y);
    [Math.cos(waveNumber * x), -Math.sin(waveNumber * y)].forEach((slope, axis) => {
      const gradient = 0.2 * waveNumber * slope;
      sums[axis] = (sums[axis] as number) + error * gradient;
      weights[axis] = (weights[axis] as number) + gradient * gradient;
    });
  });
  return sums.map((sum, axis) => Math.abs(sum / (weights[axis] as number)));
}

function greatestError(image: Resampled, place: (u: number, v: number) => readonly [number, number]): number {
  let greatest = 0;
  image.flags.forEach((flags, i) => {
    if ((flags & valid) === 0) return;
    const [x, y] = place(i % image.widthPx, Math.floor(i / image.widthPx));
    greatest = Math.max(greatest, Math.abs((image.samples[i] as number) / 32768 - waves(x, y)));
  });
  return greatest;
}

describe("where the pixels go", () => {
  it("gives a frame back as it is", async () => {
    const frame = exposeSamples(gray(waves), camera(80, 60, wide));
    const size = { widthPx: 80, heightPx: 60 };
    const image = await aligner.resample(
      plainRequest(sourceOf(frame), shiftBy(0, 0), size, { white: 60000 }),
    );
    const expected = [...frame.samples].map((sample, i) =>
      ((image.flags[i] as number) & valid) === 0 ? 0 : sample - 1000,
    );
    expect([...image.samples]).toEqual(expected);
    expect(image.sourcePxPerPx).toBeCloseTo(1, 9);
    // Two samples before and three after each place: the kernel's reach when it falls onto a sample.
    expect(image.validPx).toBe((80 - 5) * (60 - 5));
    expect(image.flags[2 * 80 + 2]).toBe(valid);
    expect(image.flags[1 * 80 + 2]).toBe(0);
  });

  for (const mount of mounts) {
    const name = `turned by ${mount.rotationDeg}°${mount.mirrored ? ", mirrored" : ""}`;
    it(`follows lens, turn and mount to 0.01 px: ${name}`, async () => {
      const frame = exposeSamples(gray(waves), camera(300, 360, { ...wide, mount }));
      const lens: Intrinsics = [420, 424, 146, 183, -0.21, 0.08, 0.001, -0.002, 0.01];
      const canonical = { focalPx: 410, principalPx: [120, 131] } as const;
      const { map, place } = lensView(lens, [0.03, -0.05, 0.08], canonical);
      const size = { widthPx: 240, heightPx: 260 };
      const image = await aligner.resample(plainRequest(sourceOf(frame), map, size));
      expect(image.validPx).toBeGreaterThan(0.95 * 240 * 260);
      for (const px of displacement(image, place)) expect(px).toBeLessThan(0.01);
      // 0.01 px on the steepest slope, and the kernel's own ripple.
      expect(greatestError(image, place)).toBeLessThan(0.003);
    });
  }

  it("enlarges and shrinks without moving anything", async () => {
    for (const scale of [0.4, 1.3, 2.1, 3.9]) {
      const frame = exposeSamples(gray(waves), camera(400, 400, wide));
      const size = { widthPx: Math.floor(360 / scale), heightPx: Math.floor(350 / scale) };
      const image = await aligner.resample(plainRequest(sourceOf(frame), shiftBy(20.3, 21.7, scale), size));
      const px = displacement(image, (u, v) => [20.3 + scale * u, 21.7 + scale * v]);
      expect(Math.max(...px), `scale ${scale}`).toBeLessThan(0.01);
      expect(image.sourcePxPerPx).toBeCloseTo(scale, 6);
    }
  });
});

describe("what is finer than the result can show", () => {
  it("is averaged, not folded back", async () => {
    for (const scale of [3, 5.5, 9]) {
      // Beyond the result's finest wave (2 px of it), in the direction in which kernels are weakest, and across.
      // From well beyond the result's finest wave, which has 2 px of it, down to 2.1 px of the frame.
      for (const periods of [1.3, 1, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4].filter((p) => p * scale > 2.1)) {
        const k = (2 * Math.PI) / (periods * scale);
        const frame = exposeSamples(
          gray((u, v) => 0.5 + 0.2 * Math.sin(k * u) + 0.2 * Math.sin(k * v)),
          camera(600, 600, wide),
        );
        const size = { widthPx: Math.floor(500 / scale), heightPx: Math.floor(500 / scale) };
        const image = await aligner.resample(plainRequest(sourceOf(frame), shiftBy(40.2, 39.6, scale), size));
        const left = [...image.samples].filter((_, i) => image.flags[i] === valid);
        const rms = Math.sqrt(left.reduce((sum, s) => sum + (s / 32768 - 0.5) ** 2, 0) / left.length);
        expect(rms / 0.2, `${periods} px shrunk ${scale} times`).toBeLessThan(0.05);
      }
    }
  });

  it("makes noise less as the square root of what is averaged", async () => {
    const noisy = exposeSamples(
      gray(() => 0.5),
      camera(600, 600, { ...wide, noise: 3000 }),
    );
    const size = { widthPx: 150, heightPx: 150 };
    const image = await aligner.resample(plainRequest(sourceOf(noisy), shiftBy(50, 50, 3), size));
    const shares = [...image.samples].map((s) => s / 32768);
    const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
    const sigma = Math.sqrt(shares.reduce((sum, s) => sum + (s - mean) ** 2, 0) / shares.length);
    expect(mean).toBeCloseTo(0.5, 3);
    // 3000 of 60000 over 3 × 3 px: 0.0167; the kernel's negative lobes keep a little more than a box would.
    expect(sigma).toBeGreaterThan(0.0135);
    expect(sigma).toBeLessThan(0.017);
  });
});

describe("levels and color", () => {
  const uniform = (r: number, g: number, b: number): Uint16Array =>
    Uint16Array.from({ length: 40 * 40 * 3 }, (_, i) => [r, g, b][i % 3] as number);
  const rgb = (samples: Uint16Array | Uint8Array, changes: Partial<FrameSource> = {}): FrameSource => ({
    samples,
    bitsPerSample: 16,
    widthPx: 40,
    heightPx: 40,
    samplesPerPixel: 3,
    cfa: null,
    transfer: "linear",
    blackLevel: 1000,
    whiteLevel: 51000,
    mount: { rotationDeg: 0, mirrored: false },
    ...changes,
  });
  const size = { widthPx: 40, heightPx: 40 };
  const middle = 20 * 40 + 20;
  const colorAt = (image: Resampled, pixel: number): number[] => [
    ...image.samples.slice(3 * pixel, 3 * pixel + 3),
  ];

  it("applies dark, flat field, linear and root-polynomial steps and white, exactly", async () => {
    const source = rgb(uniform(11000, 21000, 31000), { mount: { rotationDeg: 90, mirrored: true } });
    const gains = Float32Array.from(
      { length: 3 * 2 * 3 },
      (_, i) => 1 + (i % 3) * 0.1 + Math.floor(i / 3) * 0.2,
    );
    const linear = [
      [1.2, -0.1, -0.1],
      [-0.2, 1.3, -0.1],
      [0.05, -0.1, 0.9],
    ];
    const roots = [
      [0.7, 0.1, 0, 0.2, 0.1, -0.1],
      [0, 0.8, 0.1, 0.1, 0, 0],
      [0.1, 0, 0.9, 0, -0.1, 0.2],
    ];
    const image = await aligner.resample(
      plainRequest(source, shiftBy(0, 0), size, {
        dark: [0.01, 0.02, 0.03],
        flat: { columns: 2, rows: 3, gains },
        color: [linear, roots],
      }),
    );
    for (const [u, v] of [
      [20, 20],
      [5, 33],
      [31, 8],
    ] as const) {
      const row = (v / 39) * 2;
      const at = (column: number, line: number, c: number): number =>
        gains[(line * 2 + column) * 3 + c] as number;
      const gain = (c: number): number => {
        const line = Math.min(Math.floor(row), 1);
        const across = (l: number): number => at(0, l, c) + (u / 39) * (at(1, l, c) - at(0, l, c));
        return across(line) + (row - line) * (across(line + 1) - across(line));
      };
      const light = [0.19, 0.38, 0.57].map((share, c) => share * gain(c));
      const sum = (row: readonly number[], terms: readonly number[]): number =>
        row.reduce((total, weight, i) => total + weight * (terms[i] as number), 0);
      const [r = 0, g = 0, b = 0] = linear.map((row) => sum(row, light));
      const terms = [r, g, b, Math.sqrt(r * g), Math.sqrt(g * b), Math.sqrt(r * b)];
      const expected = roots.map((row) => Math.min(65535, Math.round(32768 * sum(row, terms))));
      expect(colorAt(image, v * 40 + u)).toEqual(expected);
    }
  });

  it("takes roots of negative products as 0 and clamps the result", async () => {
    const negative = await aligner.resample(
      plainRequest(rgb(uniform(500, 21000, 51000)), shiftBy(0, 0), size, {
        color: [
          [
            [0, 0, 0, 1, 0, 0],
            [-1, 0, 0, 0, 0, 0],
            [0, 0, 3, 0, 0, 0],
          ],
        ],
      }),
    );
    expect(colorAt(negative, middle)).toEqual([0, Math.round(0.01 * 32768), 65535]);
    const below = await aligner.resample(plainRequest(rgb(uniform(500, 1000, 1001)), shiftBy(0, 0), size));
    expect(colorAt(below, middle)).toEqual([0, 0, 1]);
  });

  it("makes sRGB linear before it averages", async () => {
    const checker = Uint8Array.from({ length: 40 * 40 * 3 }, (_, i) =>
      Math.floor(i / 3) % 2 === 0 ? 255 : 51,
    );
    const source = rgb(checker, { bitsPerSample: 8, transfer: "srgb", blackLevel: 0, whiteLevel: 255 });
    const image = await aligner.resample(
      plainRequest(source, shiftBy(16.5, 16.5, 4), { widthPx: 2, heightPx: 2 }),
    );
    const expected = (32768 * (1 + lightOfSrgb(51 / 255))) / 2;
    for (const sample of colorAt(image, 0)) expect(Math.abs(sample - expected)).toBeLessThan(0.01 * expected);
  });

  it("marks what saturated samples went into, and only that", async () => {
    const samples = uniform(20000, 20000, 20000);
    samples[(20 * 40 + 20) * 3 + 1] = 51000;
    const image = await aligner.resample(plainRequest(rgb(samples), shiftBy(0.4, 0.4), size));
    expect(image.flags[20 * 40 + 20]).toBe(valid | clipped);
    expect(image.flags[20 * 40 + 19]).toBe(valid | clipped);
    expect(image.flags[20 * 40 + 17]).toBe(valid);
    expect(image.flags[24 * 40 + 20]).toBe(valid);
    expect(image.clippedPx).toBe(image.flags.filter((flags) => (flags & clipped) !== 0).length);
    expect(image.clippedPx).toBeLessThanOrEqual(9);
  });
});

describe("mosaics", () => {
  const colors: Scene = (u, v) => [
    0.4 + 0.3 * Math.sin(u / 5),
    0.5 + 0.3 * Math.cos(v / 4),
    0.3 + 0.2 * Math.sin((u + v) / 6),
  ];

  for (const pixelFormat of ["BayerRG12", "BayerBG12", "BayerGB12", "BayerGR12"] as const) {
    it(`are demosaicked part by part as whole frames are: ${pixelFormat}`, async () => {
      const mount: Mount = { rotationDeg: 90, mirrored: true };
      const frame = exposeSamples(colors, camera(210, 250, { pixelFormat, mount, noise: 20 }));
      const whole = await decodeFrame(frame);
      const size = { widthPx: 210, heightPx: 250 };
      const image = await aligner.resample(plainRequest(sourceOf(frame), shiftBy(0, 0), size));
      let compared = 0;
      let different = 0;
      image.flags.forEach((flags, pixel) => {
        if ((flags & valid) === 0) return;
        compared++;
        for (let c = 0; c < 3; c++) {
          const share = Math.max(0, whole.shares[3 * pixel + c] as number);
          if (image.samples[3 * pixel + c] !== Math.round(share * 32768)) different++;
        }
      });
      expect(different).toBe(0);
      expect(compared).toBe((210 - 5) * (250 - 5));
    });
  }
});

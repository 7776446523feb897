/** The radial match through the addon, on a surface that both arms see, warped exactly. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAligner } from "../../src/native/aligner.js";
import type { MatchImage, RadialMatch, RadialMatchRequest } from "../../src/native/radial-match.js";
import { seededNormal } from "../support/noise.js";
import { SeededRandom } from "../support/seeded-random.js";

const sizePx = 256;
const epipolePx = [-150, 128] as const;
const nearDepthMm = 450;
const farDepthMm = 1600;

/** h over near pixels: a bump of 20 mm. */
const depthAt = (x: number, y: number) => 20 * Math.exp(-((x - 130) ** 2 + (y - 120) ** 2) / 60 ** 2) - 10;
const ratioAt = (depthMm: number) => (1 - depthMm / nearDepthMm) / (1 - depthMm / farDepthMm);

/** The near pixel that a far pixel shows, by iteration: the surface is smooth. */
function nearPixelOf(x: number, y: number): [number, number] {
  let [nearX, nearY] = [x, y];
  for (let step = 0; step < 20; step++) {
    const ratio = ratioAt(depthAt(nearX, nearY));
    nearX = epipolePx[0] + (x - epipolePx[0]) / ratio;
    nearY = epipolePx[1] + (y - epipolePx[1]) / ratio;
  }
  return [nearX, nearY];
}

/** Waves of 5 to 20 px with 5 % rms. */
function texture(): (x: number, y: number) => number {
  const random = new SeededRandom(11);
  const waves = Array.from({ length: 30 }, () => {
    const angle = random.between(0, 2 * Math.PI);
    const wavenumber = (2 * Math.PI) / random.between(5, 20);
    return [wavenumber * Math.cos(angle), wavenumber * Math.sin(angle), random.between(0, 6)] as const;
  });
  return (x, y) => waves.reduce((sum, [kx, ky, phase]) => sum + 0.013 * Math.sin(kx * x + ky * y + phase), 1);
}

function imageOf(brightness: (x: number, y: number) => number, seed: number): MatchImage {
  const noise = seededNormal(seed);
  const samples = Uint16Array.from({ length: sizePx * sizePx }, (_, i) =>
    Math.round(8000 * (brightness(i % sizePx, Math.floor(i / sizePx)) + 0.015 * noise())),
  );
  return { samples, channels: 1, flags: new Uint8Array(sizePx * sizePx).fill(1) };
}

function request(): RadialMatchRequest {
  const surface = texture();
  return {
    near: imageOf(surface, 1),
    far: imageOf((x, y) => surface(...nearPixelOf(x, y)), 2),
    sizePx,
    pxPerMm: 3.4,
    epipolePx,
    nearDepthMm,
    farDepthMm,
    depthRangeMm: [-80, 60],
    rigErrors: { offsetXMm: 0, offsetYMm: 0, rollRad: 0, shiftXPx: 0, shiftYPx: 0 },
  };
}

const aligner = createAligner({ threads: 2 });
afterAll(() => aligner.close());

describe("matchRadially", () => {
  let match: RadialMatch;
  beforeAll(async () => {
    match = await aligner.matchRadially(request());
  });

  it("finds depth to a millimetre, and flow that leads to the same point", () => {
    const depthErrors: number[] = [];
    const flowErrors: number[] = [];
    for (let y = 20; y < sizePx - 20; y++) {
      for (let x = 20; x < sizePx - 40; x++) {
        const i = y * sizePx + x;
        const truth = depthAt(x, y);
        const depth = match.near.depthMm[i] as number;
        if (!Number.isFinite(depth)) continue;
        const growth = ratioAt(truth) - 1;
        depthErrors.push(Math.abs(depth - truth));
        flowErrors.push(
          Math.hypot(
            (match.near.flow[2 * i] as number) - (x - epipolePx[0]) * growth,
            (match.near.flow[2 * i + 1] as number) - (y - epipolePx[1]) * growth,
          ),
        );
      }
    }
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(depthErrors.length).toBeGreaterThan(0.9 * (sizePx - 40) * (sizePx - 60));
    expect(mean(depthErrors)).toBeLessThan(1);
    expect(mean(flowErrors)).toBeLessThan(0.2);
  });

  it("leaves depth, sigmas and flow unknown at the same pixels, all seen elsewhere", () => {
    for (const view of [match.near, match.far]) {
      for (let i = 0; i < sizePx * sizePx; i += 17) {
        const known = Number.isFinite(view.depthMm[i]);
        expect(Number.isFinite(view.sigmaPx[i])).toBe(known);
        expect(Number.isFinite(view.depthSigmaMm[i])).toBe(known);
        expect(Number.isFinite(view.flow[2 * i])).toBe(known);
        if (known) expect(view.visible[i]).toBe(1);
      }
    }
  });

  it("refuses what cannot be, and ends when it is told to", async () => {
    await expect(aligner.matchRadially({ ...request(), depthRangeMm: [-80, 460] })).rejects.toMatchObject({
      code: "USAGE",
    });
    const stop = new AbortController();
    const ended = aligner.matchRadially(request(), { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(ended).rejects.toThrow("enough");
  });
});

describe("fuse", () => {
  it("joins depth with a prior by inverse variance", async () => {
    const { near: _near, far: _far, depthRangeMm: _range, ...geometry } = request();
    const fused = await aligner.fuse({
      ...geometry,
      arm: "near",
      depthMm: new Float32Array(sizePx * sizePx).fill(10).fill(Number.NaN, 0, 100),
      depthSigmaMm: new Float32Array(sizePx * sizePx).fill(3).fill(Number.NaN, 0, 100),
      prior: { columns: 1, rows: 1, depthMm: Float32Array.of(20), sigmaMm: Float32Array.of(4) },
    });
    expect(fused.depthMm[0]).toBe(20);
    expect(fused.depthMm[200]).toBeCloseTo(13.6, 4);
    expect(fused.depthSigmaMm[200]).toBeCloseTo(2.4, 4);
  });
});

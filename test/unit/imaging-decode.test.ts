import { describe, expect, it } from "vitest";
import { decodeFrame } from "../../src/imaging/decode.js";
import { decodeReduced } from "../../src/imaging/decode-reduced.js";
import { encodeSrgb } from "../../src/imaging/preview-pixels.js";
import type { LinearImage } from "../../src/imaging/raw-frame.js";
import { camera, exposeSamples, type Scene } from "../support/synthetic-frame.js";

/** Red, green and blue change at different rates and directions: every flip, turn and swap shows. */
const ramps: Scene = (u, v) => [0.1 + u / 200, 0.15 + v / 150, 0.9 - u / 300 - v / 250];
const mosaics = ["BayerRG12", "BayerBG12", "BayerGB12", "BayerGR12"] as const;
const rotations = [0, 90, 180, 270] as const;

function pixelAt({ shares, widthPx, channels }: LinearImage, u: number, v: number): readonly number[] {
  const at = (v * widthPx + u) * channels;
  return [...shares.subarray(at, at + channels)];
}

/** Largest difference from the scene over all px that stand `marginPx` inside. */
function worstError(image: LinearImage, scene: Scene, marginPx: number): number {
  let worst = 0;
  for (let v = marginPx; v < image.heightPx - marginPx; v++) {
    for (let u = marginPx; u < image.widthPx - marginPx; u++) {
      const truth = image.channels === 3 ? scene(u, v) : [scene(u, v)[1]];
      pixelAt(image, u, v).forEach((share, c) => {
        worst = Math.max(worst, Math.abs(share - (truth[c] as number)));
      });
    }
  }
  return worst;
}

describe("decodeFrame", () => {
  for (const pixelFormat of [...mosaics, "Mono12", "RGB8"] as const) {
    const range = pixelFormat === "RGB8" ? { bitDepth: 8, blackLevel: 4, whiteLevel: 250 } : {};
    for (const rotationDeg of rotations) {
      for (const mirrored of [true, false]) {
        it(`undoes ${rotationDeg}°${mirrored ? " and the mirror" : ""} of ${pixelFormat}`, async () => {
          const model = camera(60, 44, { pixelFormat, mount: { rotationDeg, mirrored }, ...range });
          const image = await decodeFrame(exposeSamples(ramps, model));
          expect(image).toMatchObject({
            widthPx: 60,
            heightPx: 44,
            channels: pixelFormat === "Mono12" ? 1 : 3,
          });
          const isMosaic = pixelFormat.startsWith("Bayer");
          expect(worstError(image, ramps, isMosaic ? 2 : 0)).toBeLessThan(isMosaic ? 0.01 : 0.003);
        });
      }
    }
  }

  it("needs no even size for a mosaic", async () => {
    const model = camera(37, 23, { pixelFormat: "BayerGR12", mount: { rotationDeg: 90, mirrored: true } });
    const image = await decodeFrame(exposeSamples(ramps, model));
    expect(worstError(image, ramps, 2)).toBeLessThan(0.01);
  });

  it("keeps an edge sharp along its direction", async () => {
    const edge: Scene = (u) => (u < 20 ? [0.1, 0.1, 0.1] : [0.8, 0.8, 0.8]);
    const image = await decodeFrame(exposeSamples(edge, camera(40, 40, { pixelFormat: "BayerRG12" })));
    expect(pixelAt(image, 18, 20)[1]).toBeCloseTo(0.1, 2);
    expect(pixelAt(image, 21, 20)[1]).toBeCloseTo(0.8, 2);
  });

  it("turns clockwise: what stands on the stored left ends on top after 90°", async () => {
    const samples = Uint16Array.of(100, 200, 300, 400, 500, 600);
    const frame = { samples, widthPx: 3, heightPx: 2, pixelFormat: "Mono16", bitDepth: 16 } as const;
    const levels = { blackLevel: 0, whiteLevel: 1000 };
    const decode = async (rotationDeg: 0 | 90 | 180 | 270, mirrored: boolean) => {
      const image = await decodeFrame({ ...frame, ...levels, mount: { rotationDeg, mirrored } });
      return Array.from({ length: image.heightPx }, (_, v) =>
        Array.from(image.shares.subarray(v * image.widthPx, (v + 1) * image.widthPx), (s) =>
          Math.round(s * 10),
        ),
      );
    };
    expect(await decode(0, false)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(await decode(90, false)).toEqual([
      [4, 1],
      [5, 2],
      [6, 3],
    ]);
    expect(await decode(180, false)).toEqual([
      [6, 5, 4],
      [3, 2, 1],
    ]);
    expect(await decode(270, false)).toEqual([
      [3, 6],
      [2, 5],
      [1, 4],
    ]);
    expect(await decode(0, true)).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
    expect(await decode(90, true)).toEqual([
      [6, 3],
      [5, 2],
      [4, 1],
    ]);
    expect(await decode(270, true)).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });

  it.each(["Mono12", "BayerRG12"] as const)(
    "leaves a dark %s frame unbiased by noise",
    async (pixelFormat) => {
      const dark = exposeSamples(() => [0, 0, 0], camera(200, 200, { pixelFormat, noise: 20 }));
      const { shares } = await decodeFrame(dark);
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      expect(Math.abs(mean)).toBeLessThan(0.0002);
      expect(Math.min(...shares)).toBeLessThan(0);
    },
  );

  it("makes black 0 and saturation 1", async () => {
    const halves: Scene = (u) => (u < 10 ? [0, 0, 0] : [1, 1, 1]);
    const image = await decodeFrame(exposeSamples(halves, camera(20, 4)));
    expect([pixelAt(image, 3, 1), pixelAt(image, 15, 1)]).toEqual([[0], [1]]);
  });

  it("stops between two slices when it is aborted", async () => {
    const frame = exposeSamples(ramps, camera(1200, 900));
    await expect(decodeFrame(frame, AbortSignal.abort())).rejects.toThrow(/abort/i);
    const controller = new AbortController();
    const decoding = decodeFrame(frame, controller.signal);
    setImmediate(() => controller.abort());
    await expect(decoding).rejects.toThrow(/abort/i);
  });
});

describe("decodeReduced", () => {
  for (const pixelFormat of [...mosaics, "Mono12", "RGB8"] as const) {
    const range = pixelFormat === "RGB8" ? { bitDepth: 8, blackLevel: 4, whiteLevel: 250 } : {};
    it.each(rotations)(`agrees with the full decode of ${pixelFormat} at %i°`, async (rotationDeg) => {
      const model = camera(64, 48, { pixelFormat, mount: { rotationDeg, mirrored: true }, ...range });
      const frame = exposeSamples(ramps, model);
      const reduced = decodeReduced(frame, 4);
      expect(reduced).toMatchObject({ widthPx: 16, heightPx: 12 });
      // A bin of 4 px is centred 1.5 px right of and below its first px; a mosaic's colors lie up to
      // half a px beside it.
      const centred: Scene = (u, v) => ramps(4 * u + 1.5, 4 * v + 1.5);
      expect(worstError(reduced, centred, 0)).toBeLessThan(0.006);
    });
  }
});

describe("encodeSrgb", () => {
  it("clips below black and above saturation", () => {
    const shares = new Float32Array(new SharedArrayBuffer(16));
    shares.set([-0.5, 0, 1, 7]);
    expect([...encodeSrgb({ widthPx: 4, heightPx: 1, channels: 1, shares }).bytes]).toEqual([0, 0, 255, 255]);
  });
});

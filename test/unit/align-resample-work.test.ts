import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createAligner } from "../../src/native/aligner.js";
import type { FrameSource } from "../../src/native/resample.js";
import { seededUniform } from "../support/noise.js";
import { lensView, plainRequest, shiftBy } from "../support/resample-requests.js";

const aligner = createAligner({ threads: 2 });
const folder = mkdtempSync(join(tmpdir(), "nearfar-resample-work-"));
afterAll(async () => {
  await aligner.close();
  rmSync(folder, { recursive: true });
});

describe("how it is computed", () => {
  const noise = seededUniform(5);
  const samples = Uint16Array.from({ length: 900 * 700 * 3 }, () => 65535 * noise());
  const source: FrameSource = {
    samples,
    bitsPerSample: 16,
    widthPx: 900,
    heightPx: 700,
    samplesPerPixel: 3,
    cfa: null,
    transfer: "linear",
    blackLevel: 0,
    whiteLevel: 65535,
    mount: { rotationDeg: 270, mirrored: false },
  };
  const view = lensView([900, 905, 350, 455, -0.1, 0.02, 0, 0, 0], [0.02, 0.01, 0.3], {
    focalPx: 400,
    principalPx: [160, 160],
  });
  const request = plainRequest(source, view.map, { widthPx: 320, heightPx: 320 });

  it("gives the same bytes on one thread and on many", async () => {
    const one = createAligner({ threads: 1 });
    try {
      const [alone, together] = await Promise.all([one.resample(request), aligner.resample(request)]);
      expect(Buffer.compare(Buffer.from(alone.samples.buffer), Buffer.from(together.samples.buffer))).toBe(0);
      expect({ ...alone, samples: 0 }).toEqual({ ...together, samples: 0 });
    } finally {
      await one.close();
    }
  });

  it("reads samples of either byte order and of 8 bits where they lie in a file", async () => {
    const path = join(folder, "samples.raw");
    const big = Buffer.from(samples.slice().buffer).swap16();
    writeFileSync(path, Buffer.concat([Buffer.alloc(37), big]));
    const inFile = { ...source, samples: { path, byteOffset: 37, littleEndian: false } };
    expect(await aligner.resample({ ...request, source: inFile })).toEqual(await aligner.resample(request));
    const bytes = Uint8Array.from(samples, (s) => s >> 8);
    writeFileSync(path, bytes);
    const eight = { ...source, bitsPerSample: 8, whiteLevel: 255 } as const;
    expect(
      await aligner.resample({
        ...request,
        source: { ...eight, samples: { path, byteOffset: 0, littleEndian: true } },
      }),
    ).toEqual(await aligner.resample({ ...request, source: { ...eight, samples: bytes } }));
  });

  it("uses samples in shared memory where they lie", async () => {
    const shared = new Uint16Array(new SharedArrayBuffer(samples.byteLength));
    shared.set(samples);
    const inPlace = { ...request, source: { ...source, samples: shared } };
    expect(await aligner.resample(inPlace)).toEqual(await aligner.resample(request));
    const high = Uint8Array.from(samples, (s) => s >> 8);
    const sharedBytes = new Uint8Array(new SharedArrayBuffer(high.byteLength));
    sharedBytes.set(high);
    const eight = { ...source, bitsPerSample: 8, whiteLevel: 255 } as const;
    expect(await aligner.resample({ ...request, source: { ...eight, samples: sharedBytes } })).toEqual(
      await aligner.resample({ ...request, source: { ...eight, samples: high } }),
    );
  });

  it("says of a file that it is cut short or not there", async () => {
    const path = join(folder, "short.raw");
    writeFileSync(path, Buffer.alloc(samples.byteLength));
    truncateSync(path, samples.byteLength - 1);
    const at = (where: string) => ({
      ...source,
      samples: { path: where, byteOffset: 0, littleEndian: true },
    });
    await expect(aligner.resample({ ...request, source: at(path) })).rejects.toMatchObject({
      code: "FILE_CORRUPT",
    });
    const nowhere = at(join(folder, "nowhere.raw"));
    await expect(aligner.resample({ ...request, source: nowhere })).rejects.toMatchObject({
      code: "STORE_IO",
    });
  });

  it("refuses what cannot be", async () => {
    const refused = async (changes: object): Promise<void> => {
      await expect(aligner.resample({ ...request, ...changes })).rejects.toMatchObject({ code: "USAGE" });
    };
    await refused({ widthPx: 0 });
    await refused({ white: Number.NaN });
    await refused({ source: { ...source, whiteLevel: 0 } });
    await refused({ source: { ...source, heightPx: 701 } });
    await refused({ source: { ...source, cfa: "RGGB" } });
    await refused({ source: { ...source, cfa: "XTRANS", samplesPerPixel: 1 } });
    await refused({ map: { kind: "homography", homography: [1, 0, 0, 0, 1, 0] } });
    await refused({ map: { kind: "homography", homography: [1, 0, 0, 0, 1, 0, 0, 0, 0] } });
    await refused({ color: [[[1, 2, 3]]] });
    await refused({ flat: { columns: 2, rows: 2, gains: new Float32Array(11) } });
  });

  it("shows nothing where the map leads out of the frame, behind the camera or past the lens's fold", async () => {
    const outside = await aligner.resample({ ...request, map: shiftBy(5000, 0) });
    expect(outside.validPx).toBe(0);
    expect(outside.samples.every((sample) => sample === 0)).toBe(true);
    const fold = lensView([300, 300, 350, 450, -0.5, 0, 0, 0, 0], [0, 0, 0], {
      focalPx: 60,
      principalPx: [160, 160],
    });
    const folded = await aligner.resample({ ...request, map: fold.map });
    // 1 - 3 · 0.5 r² is 0 at r = 0.816: 49 px of this focal length.
    folded.flags.forEach((flags, pixel) => {
      const radius = Math.hypot((pixel % 320) - 160, Math.floor(pixel / 320) - 160);
      if (radius > 49.1) expect(flags).toBe(0);
    });
    expect(folded.validPx).toBeGreaterThan(6000);
  });

  it("stops when its signal aborts and when it is closed", async () => {
    const large = plainRequest(source, view.map, { widthPx: 4000, heightPx: 4000 });
    const abort = new AbortController();
    const asked = aligner.resample(large, { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
    const other = createAligner({ threads: 2 });
    const pending = other.resample(large);
    await other.close();
    await expect(pending).rejects.toMatchObject({ code: "CLOSED" });
    await expect(other.resample(request)).rejects.toMatchObject({ code: "CLOSED" });
  });
});

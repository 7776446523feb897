import { describe, expect, it } from "vitest";
import { colorStepsOf, frameLightOf, ownLight } from "../../src/alignment/resample/color-of.js";
import { frameMapOf } from "../../src/alignment/resample/frame-map.js";
import { canonicalTiff, npyOf } from "../../src/alignment/resample/image-files.js";
import { resampleFrame } from "../../src/alignment/resample/resample-frame.js";
import { subjectCanonical } from "../../src/alignment/resample/subject-canonical.js";
import { type Intrinsics, project } from "../../src/geometry/brown-camera.js";
import { canonicalPair, canonicalPixelOf, flowOf } from "../../src/geometry/canonical-pair.js";
import { invert, quaternionOfVector, type Rigid, transform } from "../../src/geometry/rigid.js";
import { scale, subtract, type Vector3 } from "../../src/geometry/vector.js";
import { readTiff } from "../../src/imaging/tiff-reader.js";
import { createAligner } from "../../src/native/aligner.js";
import type { FrameMap } from "../../src/native/resample.js";
import type { ColorCalibration } from "../../src/schema/calibration-color.js";
import { parseNpy } from "../../src/schema/npy.js";
import { sourceOf } from "../support/resample-requests.js";
import { camera, exposeSamples } from "../support/synthetic-frame.js";

const nearIntrinsics: Intrinsics = [2000, 2010, 500, 640, -0.2, 0.1, 0.001, -0.002, 0.01];
const farIntrinsics: Intrinsics = [7000, 7010, 515, 633, 0.05, 0, 0, 0, 0];
const T_near_rig: Rigid = {
  rotation: quaternionOfVector([0.01, -0.02, 0.005]),
  translationMm: [1.5, -2, -1150],
};
const cameras = {
  near: { intrinsics: nearIntrinsics, T_camera_rig: T_near_rig },
  far: { intrinsics: farIntrinsics, T_camera_rig: { rotation: [1, 0, 0, 0], translationMm: [0, 0, 0] } },
} as const;
const canonical = canonicalPair({
  nearPupilMm: invert(T_near_rig).translationMm,
  farPupilMm: [0, 0, 0],
  aimMm: [3, -4, 1600],
  farXAxis: [1, 0, 0],
});

/** Where the map says that a canonical pixel is seen. */
function mapped(map: FrameMap, [u, v]: readonly [number, number]): readonly [number, number] {
  if (map.kind !== "camera") throw new Error("a homography");
  const m = map.rayOfPixel as readonly number[];
  const row = (i: number): number => (m[i] as number) * u + (m[i + 1] as number) * v + (m[i + 2] as number);
  return project(map.intrinsics as unknown as Intrinsics, [row(0), row(3), row(6)]) ?? [NaN, NaN];
}

describe("the map of an arm", () => {
  for (const arm of ["near", "far"] as const) {
    it(`leads each canonical pixel to where the ${arm} camera sees what it shows`, () => {
      const map = frameMapOf(canonical, arm, cameras[arm]);
      for (const point of [
        [3, -4, 1600],
        [80, 60, 1560],
        [-90, 110, 1690],
        [20, -130, 1620],
      ] as const satisfies readonly Vector3[]) {
        const pixel = canonicalPixelOf(canonical, arm, point) as readonly [number, number];
        const { intrinsics, T_camera_rig } = cameras[arm];
        const seen = project(intrinsics, transform(T_camera_rig, point)) as readonly [number, number];
        const found = mapped(map, pixel);
        expect(found[0]).toBeCloseTo(seen[0], 7);
        expect(found[1]).toBeCloseTo(seen[1], 7);
      }
    });
  }
});

describe("the pair at a subject's eyes", () => {
  it("shows a point at their depth at the same place and scale in both images", () => {
    const moved = subjectCanonical(canonical, 12);
    const [x, , z] = canonical.axes;
    const eyes = subtract(canonical.aimMm, scale(z, 12));
    const aside = subtract(eyes, scale(x, 30));
    for (const arm of ["near", "far"] as const) {
      const middle = canonicalPixelOf(moved, arm, eyes) as readonly number[];
      const left = canonicalPixelOf(moved, arm, aside) as readonly number[];
      expect(middle[0]).toBeCloseTo(511.5, 6);
      expect(middle[1]).toBeCloseTo(511.5, 6);
      expect((middle[0] as number) - (left[0] as number)).toBeCloseTo(30 * canonical.pxPerMm, 6);
    }
    const flow = flowOf(moved, aside) as readonly number[];
    expect(Math.hypot(...flow)).toBeLessThan(1e-9);
    expect(moved.epipolePx).toEqual(
      canonicalPair({
        nearPupilMm: canonical.near.pupilMm,
        farPupilMm: [0, 0, 0],
        aimMm: eyes,
        farXAxis: [1, 0, 0],
      }).epipolePx.map((px) => expect.closeTo(px, 6)),
    );
  });
});

describe("color", () => {
  const toFar = { method: "root-polynomial-2", rows: [[1, 0, 0, 0, 0, 0]] };
  const record = {
    nearToFar: [toFar, { method: "matrix", rows: [] }],
    farToRec2020: [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ],
    light: {
      near: { darkOffset: [0.1, 0.2, 0.3], flat: { columns: 2, rows: 2, gains: Array(12).fill(1.5) } },
      far: null,
    },
  } as unknown as ColorCalibration;

  it("goes from near to far by the first map, and from there to Rec.2020", () => {
    const toRec2020 = { method: "matrix", rows: record.farToRec2020 };
    expect(colorStepsOf(record, "near")).toEqual([toFar, toRec2020]);
    expect(colorStepsOf(record, "far")).toEqual([toRec2020]);
    expect(colorStepsOf(null, "near")).toEqual([]);
    expect(colorStepsOf({ ...record, nearToFar: null }, "far")).toEqual([]);
  });

  it("takes dark and flat field of the arm", () => {
    const near = frameLightOf(record, "near");
    expect(near.dark).toEqual([0.1, 0.2, 0.3]);
    expect(near.flat?.gains).toEqual(new Float32Array(12).fill(1.5));
    expect(frameLightOf(record, "far")).toMatchObject({ flat: null, dark: null });
  });
});

describe("a resampled frame", () => {
  it("comes with all that it was made of, and as files", async () => {
    const scene = (u: number, v: number): [number, number, number] => [u / 2000, v / 2000, 0.3];
    const mount = { rotationDeg: 90, mirrored: true } as const;
    const frame = exposeSamples(scene, camera(1024, 1280, { pixelFormat: "BayerRG12", mount }));
    const aligner = createAligner({ threads: 2 });
    try {
      const placing = { canonical, arm: "near", camera: cameras.near } as const;
      const { image, resampling } = await resampleFrame(aligner, {
        source: sourceOf(frame),
        placing,
        light: ownLight,
      });
      expect(resampling).toMatchObject({
        mount,
        intrinsics: nearIntrinsics,
        T_camera_rig: T_near_rig,
        homography: null,
        color: [],
        white: 32768,
        flatField: false,
        clippedPx: 0,
      });
      expect(resampling.validShare).toBe(image.validPx / 1024 ** 2);
      expect(resampling.sourcePxPerPx).toBeCloseTo(2000 / canonical.near.focalPx, 2);
      const [x, y] = mapped(frameMapOf(canonical, "near", cameras.near), [511, 511]);
      const [r, g] = image.samples.slice((511 * 1024 + 511) * 3);
      expect((r as number) / 32768).toBeCloseTo(x / 2000, 3);
      expect((g as number) / 32768).toBeCloseTo(y / 2000, 3);

      const tiff = readTiff(Buffer.concat(canonicalTiff(image, '{"of":"near"}')));
      expect(tiff).toMatchObject({ widthPx: 1024, heightPx: 1024, samplesPerPixel: 3, bitsPerSample: 16 });
      expect(tiff.samples.every((sample, i) => sample === image.samples[i])).toBe(true);
      const npy = parseNpy("mask", Buffer.concat(npyOf(image.flags, [1024, 1024])));
      expect(npy).toMatchObject({ dtype: "|u1", shape: [1024, 1024] });
      expect(Buffer.compare(npy.data as Uint8Array, image.flags)).toBe(0);
    } finally {
      await aligner.close();
    }
  });

  it("keeps the homography of an approximate pair", async () => {
    const frame = exposeSamples(() => [0.5, 0.5, 0.5], camera(64, 64));
    const aligner = createAligner({ threads: 1 });
    const homography = [1, 0, 3, 0, 1, 4, 0, 0, 1];
    const light = {
      ...ownLight,
      color: [
        {
          method: "gains",
          rows: [
            [2, 0, 0],
            [0, 2, 0],
            [0, 0, 2],
          ],
        },
      ],
    };
    try {
      const { image, resampling } = await resampleFrame(aligner, {
        source: sourceOf(frame),
        placing: { sizePx: 48, homography },
        light,
      });
      const rows = [homography.slice(0, 3), homography.slice(3, 6), homography.slice(6)];
      expect(resampling).toMatchObject({ homography: rows, intrinsics: null, T_camera_rig: null, color: [] });
      expect(image.samples[24 * 48 + 24]).toBe(16384);
    } finally {
      await aligner.close();
    }
  });
});

describe("NumPy files", () => {
  it("hold floats, words and bytes of any shape", () => {
    for (const [data, shape, dtype] of [
      [Float32Array.of(1.5, Number.NaN, -3), [3], "<f4"],
      [Uint16Array.of(1, 65535, 3, 4, 5, 6), [1, 3, 2], "<u2"],
      [Uint8Array.of(7, 8), [2, 1], "|u1"],
    ] as const) {
      const parts = npyOf(data, shape);
      expect((parts[0]?.byteLength ?? 1) % 64).toBe(0);
      expect(parseNpy("x", Buffer.concat(parts))).toEqual({ dtype, shape, data });
    }
  });
});

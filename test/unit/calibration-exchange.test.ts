import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { imageHandling } from "../../src/calibration/exchange/image-handling.js";
import { kalibrChain } from "../../src/calibration/exchange/kalibr-chain.js";
import { mrcalModel, mrcalPair } from "../../src/calibration/exchange/mrcal-model.js";
import { parseOpencvCamera } from "../../src/calibration/exchange/opencv-import.js";
import { opencvCamera, opencvPair } from "../../src/calibration/exchange/opencv-yaml.js";
import { geometryOf, type PlainCamera, type PlainPair } from "../../src/calibration/exchange/plain-camera.js";
import { fitRadtan } from "../../src/calibration/exchange/radtan-fit.js";
import { readModel } from "../../src/calibration/exchange/read-model.js";
import { exportedColor } from "../../src/cli/calibrate/export-color.js";
import { type Intrinsics, project } from "../../src/geometry/brown-camera.js";
import { quaternionOfVector, transform } from "../../src/geometry/rigid.js";
import type { Vector3 } from "../../src/geometry/vector.js";
import { calibrationText } from "../../src/schema/calibration-text.js";
import { cameraRecord, syncRecord } from "../support/calibration-fixtures.js";
import { simulatedPair } from "../support/calibration-records.js";
import { simulatedColor } from "../support/simulated-color.js";

const python = "/usr/bin/python3";
const obstacleTo = (module: string, debianPackage: string): string =>
  spawnSync(python, ["-c", `import ${module}`]).status === 0 ? "" : `(apt-get install ${debianPackage})`;
const withoutOpencv = obstacleTo("cv2", "python3-opencv");
const withoutMrcal = obstacleTo("mrcal", "mrcal");

const origin = "nearfar 0.1.0, calibration 20261123T081530Z-000000-camera";

const wide: PlainCamera = {
  imageSizePx: [1024, 1280],
  intrinsics: [1200.125, 1201.5, 530.25, 633, -0.12, 0.03, 4e-4, -1.25e-7, 0.02],
  rmsPointPx: 0.123456789,
};
const long: PlainCamera = { ...wide, intrinsics: [7683.2, 7671.9, 522.1, 633.4, -0.12, 0, 0, 0, 0] };
const pair: PlainPair = {
  distanceMm: 450,
  near: wide,
  far: long,
  T_far_near: { rotation: quaternionOfVector([0.01, -0.02, 0.003]), translationMm: [0.4, -0.3, 1150] },
};

const points: readonly Vector3[] = [
  [0, 0, 450],
  [110, -140, 470],
  [-95.5, 130, 430],
];

/** Runs a Python program on a file; it prints JSON. */
function inPython(program: string, ...words: string[]): unknown {
  const { stdout, stderr, status } = spawnSync(python, ["-c", program, ...words], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

describe("cameras for other programs", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nearfar-exchange-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function fileOf(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  }

  it.skipIf(withoutOpencv !== "")(`OpenCV images points with ours as we do ${withoutOpencv}`, async () => {
    const path = await fileOf("camera.yml", opencvCamera(wide, origin));
    const program = `
import cv2, json, sys, numpy as np
fs = cv2.FileStorage(sys.argv[1], cv2.FILE_STORAGE_READ)
K, d = fs.getNode("camera_matrix").mat(), fs.getNode("distortion_coefficients").mat()
image, _ = cv2.projectPoints(np.array(json.loads(sys.argv[2])), np.zeros(3), np.zeros(3), K, d)
print(json.dumps({"px": image.reshape(-1, 2).tolist(), "rms": fs.getNode("avg_reprojection_error").real(),
  "size": [fs.getNode("image_width").real(), fs.getNode("image_height").real()]}))`;
    const seen = inPython(program, path, JSON.stringify(points)) as Record<string, unknown>;
    expect(seen).toMatchObject({ size: [1024, 1280], rms: 0.123456789 });
    for (const [index, [u, v]] of (seen.px as [number, number][]).entries()) {
      const [ourU, ourV] = project(wide.intrinsics, points[index] as Vector3) ?? [0, 0];
      expect(Math.hypot(u - ourU, v - ourV)).toBeLessThan(1e-9);
    }
  });

  it.skipIf(withoutOpencv !== "")(
    `OpenCV carries points from near to far with R and T ${withoutOpencv}`,
    async () => {
      const path = await fileOf("pair.yml", opencvPair(pair, origin));
      const program = `
import cv2, json, sys, numpy as np
fs = cv2.FileStorage(sys.argv[1], cv2.FILE_STORAGE_READ)
m = {k: fs.getNode(k).mat() for k in ("M1", "D1", "M2", "D2", "R", "T")}
r, _ = cv2.Rodrigues(m["R"])
image, _ = cv2.projectPoints(np.array(json.loads(sys.argv[2])), r, m["T"], m["M2"], m["D2"])
print(json.dumps({"px": image.reshape(-1, 2).tolist(), "fx": m["M1"][0, 0], "k3": m["D1"].ravel()[4]}))`;
      const seen = inPython(program, path, JSON.stringify(points)) as Record<string, unknown>;
      expect(seen).toMatchObject({ fx: wide.intrinsics[0], k3: wide.intrinsics[8] });
      for (const [index, [u, v]] of (seen.px as [number, number][]).entries()) {
        const inFar = transform(pair.T_far_near, points[index] as Vector3);
        const [ourU, ourV] = project(long.intrinsics, inFar) ?? [0, 0];
        expect(Math.hypot(u - ourU, v - ourV)).toBeLessThan(1e-8);
      }
    },
  );

  it.skipIf(withoutMrcal !== "")(
    `mrcal images points with both models as we do ${withoutMrcal}`,
    async () => {
      const models = mrcalPair(pair, origin);
      const near = await fileOf("near.cameramodel", models.near);
      const far = await fileOf("far.cameramodel", models.far);
      const program = `
import mrcal, json, sys, numpy as np
near, far = [mrcal.cameramodel(path) for path in sys.argv[1:3]]
p = np.array(json.loads(sys.argv[3])) / 1000
in_far = mrcal.transform_point_rt(mrcal.compose_rt(far.extrinsics_rt_fromref(), near.extrinsics_rt_toref()), p)
print(json.dumps({"near": mrcal.project(p, *near.intrinsics()).tolist(),
  "far": mrcal.project(in_far, *far.intrinsics()).tolist(), "size": near.imagersize().tolist()}))`;
      const seen = inPython(program, near, far, JSON.stringify(points)) as Record<
        "near" | "far",
        [number, number][]
      >;
      expect(seen).toMatchObject({ size: [1024, 1280] });
      for (const [index, point] of points.entries()) {
        const ours = {
          near: project(wide.intrinsics, point),
          far: project(long.intrinsics, transform(pair.T_far_near, point)),
        };
        for (const arm of ["near", "far"] as const) {
          const [u, v] = seen[arm][index] as [number, number];
          expect(Math.hypot(u - (ours[arm]?.[0] ?? 0), v - (ours[arm]?.[1] ?? 0))).toBeLessThan(1e-7);
        }
      }
    },
  );

  it.skipIf(withoutMrcal !== "")(`mrcal reads a single camera as OPENCV5 ${withoutMrcal}`, async () => {
    const path = await fileOf("camera.cameramodel", mrcalModel(wide, null, origin));
    const program = `
import mrcal, json, sys
model = mrcal.cameramodel(sys.argv[1])
print(json.dumps([model.intrinsics()[0], model.intrinsics()[1].tolist(), model.extrinsics_rt_fromref().tolist()]))`;
    expect(inPython(program, path)).toEqual(["LENSMODEL_OPENCV5", wide.intrinsics, [0, 0, 0, 0, 0, 0]]);
  });

  it("Kalibr's chain has metres, near first, and says how far radtan is off", () => {
    const { text, remark, errors } = kalibrChain({ kind: "pair", pair }, origin);
    expect(remark).toMatch(/no k3.*cam0 by 0\.0\d+ px rms/);
    expect(text.split("\n").slice(0, 3)).toEqual([`# ${origin}`, `# ${remark}`, "cam0:"]);
    expect(text).toContain("cam1:\n  camera_model: pinhole\n  intrinsics: [7683.2, 7671.9, 522.1, 633.4]");
    expect(text).toContain("  distortion_coeffs: [-0.12, 0, 0, 0]\n  T_cn_cnm1:");
    expect(text).toMatch(/, 0\.0004\]\n.*, -0\.0003\]\n.*, 1\.15\]\n {2}- \[0, 0, 0, 1\]/);
    expect(errors[0]?.rmsErrorPx).toBeGreaterThan(0);
    expect(errors[0]?.rmsErrorPx).toBeLessThan(0.1);
    expect(errors[1]).toMatchObject({ rmsErrorPx: 0, greatestErrorPx: 0 });
  });

  it("radtan's terms are the nearest ones: no other is better, and their error is the one it says", () => {
    const fit = fitRadtan(wide);
    const errorOf = (intrinsics: Intrinsics): number => {
      let sum = 0;
      for (let y = -0.52; y <= 0.53; y += 0.05) {
        for (let x = -0.43; x <= 0.42; x += 0.05) {
          const [u, v] = project(intrinsics, [x, y, 1]) ?? [0, 0];
          const [trueU, trueV] = project(wide.intrinsics, [x, y, 1]) ?? [0, 0];
          sum += (u - trueU) ** 2 + (v - trueV) ** 2;
        }
      }
      return sum;
    };
    const [fx, fy, cx, cy, k1, k2, p1, p2] = fit?.intrinsics ?? wide.intrinsics;
    const best = errorOf([fx, fy, cx, cy, k1, k2, p1, p2, 0]);
    const dropped = errorOf([fx, fy, cx, cy, ...wide.intrinsics.slice(4, 8), 0] as unknown as Intrinsics);
    expect(best).toBeLessThan(dropped / 20);
    for (const factor of [0.9, 1.1]) {
      expect(errorOf([fx, fy, cx, cy, k1, k2 * factor, p1, p2, 0])).toBeGreaterThan(best);
      expect(errorOf([fx, fy, cx, cy, k1 * factor, k2, p1, p2, 0])).toBeGreaterThan(best);
    }
    expect(Math.sqrt(best / 396) / (fit?.rmsErrorPx ?? 0)).toBeCloseTo(1, 0);
    expect(fit?.greatestErrorPx).toBeLessThan(0.5);
  });

  it("Kalibr is refused a lens that its terms cannot express", () => {
    const bent: PlainCamera = { ...wide, intrinsics: [500, 500, 511.5, 639.5, -0.3, 0.12, 0, 0, 0.2] };
    expect(() => kalibrChain({ kind: "camera", camera: bent }, origin)).toThrow(
      expect.objectContaining({ code: "CALIBRATION_REFUSED", message: expect.stringContaining("k3") }),
    );
  });

  it("a pair gives the stop that was asked for, and names its stops otherwise", () => {
    const record = simulatedPair({ stops: 2, viewsPerStop: 1 });
    const geometry = geometryOf(record, 300);
    expect(geometry).toMatchObject({ kind: "pair", pair: { distanceMm: 300 } });
    const stop = record.stops[1];
    const there = transform(stop?.T_camera_rig ?? pair.T_far_near, [10, 20, 1600]);
    const back = geometry.kind === "pair" ? transform(geometry.pair.T_far_near, there) : [];
    for (const [axis, mm] of [10, 20, 1600].entries()) expect(back[axis]).toBeCloseTo(mm, 9);
    for (const stopMm of [null, 310]) {
      expect(() => geometryOf(record, stopMm)).toThrow(
        expect.objectContaining({ code: "USAGE", advice: expect.stringContaining("230, 300") }),
      );
    }
    expect(() => geometryOf(syncRecord(), null)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it("say of which images they are", () => {
    const record = simulatedPair({ stops: 1, viewsPerStop: 1 });
    const rig = record.rig ?? { name: "", near: null, far: null, boardId: "", virtual: true };
    const config = {
      near: { mount: { rotationDeg: 90, mirrored: true } },
      far: { mount: { rotationDeg: 0, mirrored: false } },
    };
    const mounted = { ...record, rig: { ...rig, config } } as typeof record;
    expect(imageHandling(mounted, null)).toBe(
      "near images un-mirrored, then turned 90° clockwise, far images not turned, as nearfar decodes them",
    );
    expect(imageHandling(mounted, "far")).toBe("far images not turned, as nearfar decodes them");
    expect(imageHandling(cameraRecord(), null)).toMatch(/^of images/);
  });

  it("a file is taken for what it holds", async () => {
    const record = cameraRecord();
    const ours = await fileOf("record.json", calibrationText(record));
    const theirs = await fileOf("camera.yml", opencvCamera(wide, origin));
    const both = await fileOf("pair.yml", opencvPair(pair, origin));
    expect(await readModel(ours, null, null)).toEqual({ source: "record", record });
    expect(await readModel(theirs, null, "far")).toEqual({ source: "opencv", camera: wide, ofPair: false });
    for (const [arm, camera] of [
      ["near", wide],
      ["far", long],
    ] as const) {
      const withoutError = { ...camera, rmsPointPx: null };
      expect(await readModel(both, null, arm)).toEqual({
        source: "opencv",
        camera: withoutError,
        ofPair: true,
      });
    }
    await expect(readModel(both, null, null)).rejects.toMatchObject({
      advice: expect.stringContaining("--camera"),
    });
    await expect(readModel(join(folder, "none.yml"), null, null)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("color for other programs", () => {
  it("is a profile or DNG's tags, of the arm asked for", () => {
    const record = simulatedColor();
    const dng = (arm: "near" | "far"): Record<string, unknown> =>
      JSON.parse(String(exportedColor(record, "dng", arm)));
    expect(dng("near")).toMatchObject({ CalibrationIlluminant1: 23, ColorMatrix1: expect.anything() });
    expect(dng("far")).not.toEqual(dng("near"));
    const profile = Buffer.from(exportedColor(record, "icc", "far") as Uint8Array);
    expect(profile.readUInt32BE(0)).toBe(profile.length);
    expect(profile.toString("latin1", 36, 40)).toBe("acsp");
    expect(() => exportedColor(syncRecord(), "icc", "near")).toThrow(
      expect.objectContaining({
        code: "USAGE",
        message: expect.stringContaining("sync calibration, without color"),
      }),
    );
  });
});

describe("cameras from OpenCV", () => {
  const published: PlainCamera = {
    imageSizePx: [640, 480],
    intrinsics: [535.916, 535.916, 342.283, 235.571, -0.26637, -0.03859, 0.00178, -0.00028, 0.23839],
    rmsPointPx: 0.39259,
  };
  const data = "[ 535.916, 0., 342.283, 0.,\n       535.916, 235.571, 0., 0., 1. ]";
  const terms = "[ -0.26637, -3.859e-02, 0.00178, -0.00028,\n       0.23839 ]";

  it.each([
    [
      "its calibration program",
      `%YAML:1.0\n---\ncalibration_time: "Tue Jan 11 19:50:26 2011"\nnframes: 13\nimage_width: 640\nimage_height: 480
board_width: 9\nsquare_size: 2.5000000372529030e-002\naspectRatio: 1.\n# flags: +fix_aspectRatio\nflags: 2
camera_matrix: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: d\n   data: ${data}
distortion_coefficients: !!opencv-matrix\n   rows: 5\n   cols: 1\n   dt: d\n   data: ${terms}
avg_reprojection_error: 0.39259\n`,
    ],
    [
      "its later sample",
      `%YAML:1.0\n---\nimage_Width: 640\nimage_Height: 480\nfisheye_model: 0
Camera_Matrix: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: d\n   data: ${data}
Distortion_Coefficients: !!opencv-matrix\n   rows: 5\n   cols: 1\n   dt: d\n   data: ${terms}
Avg_Reprojection_Error: 0.39259\n`,
    ],
    [
      "Python programs",
      `%YAML:1.0\r\n---\r\ncameraMatrix: !!opencv-matrix\r\n   rows: 3\r\n   cols: 3\r\n   dt: d\r\n   data: ${data}\r
distCoeffs: !!opencv-matrix\r\n   rows: 1\r\n   cols: 5\r\n   dt: d\r\n   data: ${terms}\r
imageSize: [ 640, 480 ]\r\nrms: 0.39259\r\n`,
    ],
    [
      "ROS",
      `image_width: 640\nimage_height: 480\ncamera_name: left\nrms: 0.39259\ncamera_matrix:\n  rows: 3\n  cols: 3\n  data: ${data}
distortion_model: plumb_bob\ndistortion_coefficients:\n  rows: 1\n  cols: 5\n  data: ${terms}\n`,
    ],
    [
      "its JSON files, with rational terms of 0",
      JSON.stringify({
        image_width: 640,
        image_height: 480,
        camera_matrix: {
          type_id: "opencv-matrix",
          rows: 3,
          cols: 3,
          dt: "d",
          data: [535.916, 0, 342.283, 0, 535.916, 235.571, 0, 0, 1],
        },
        distortion_coefficients: {
          rows: 1,
          cols: 8,
          dt: "d",
          data: [...published.intrinsics.slice(4), 0, 0, 0],
        },
        rms: 0.39259,
      }),
    ],
  ])("are read as %s write them", (_who, text) => {
    expect(parseOpencvCamera(text, "left.yml", null)).toEqual({ camera: published, ofPair: false });
  });

  it("have k3 = 0 when there are four terms", () => {
    const text = opencvCamera(long, origin).replace(/\[ -0\.12.*\]/, "[ -0.12, 0., 0., 0. ]");
    expect(parseOpencvCamera(text, "long.yml", null).camera.intrinsics).toEqual(long.intrinsics);
  });

  const good = opencvCamera(published, origin);
  it.each([
    [
      "rational terms",
      good.replace("0.23839 ]", "0.23839, 1e-3, 0., 0. ]"),
      "CALIBRATION_REFUSED",
      "rational",
    ],
    ["a fisheye", `${good}fisheye_model: 1\n`, "CALIBRATION_REFUSED", "fisheye"],
    ["another model", `${good}distortion_model: equidistant\n`, "CALIBRATION_REFUSED", "equidistant"],
    ["skewed pixels", good.replace("535.916, 0., 342", "535.916, 1.5, 342"), "CALIBRATION_REFUSED", "skewed"],
    ["no size", good.replace(/image_height.*\n/, ""), "FILE_CORRUPT", "image_height"],
    ["no matrix", good.replace("camera_matrix", "other"), "FILE_CORRUPT", "camera_matrix is missing"],
    ["no number", good.replace("342.283", ".Nan"), "FILE_CORRUPT", "camera_matrix is not a list of numbers"],
    ["a negative focal length", good.replace("535.916", "-535.916"), "FILE_CORRUPT", "camera_matrix"],
    ["three terms", good.replace(/\[ -0\.26637.*\]/, "[ -0.2, 0., 0. ]"), "FILE_CORRUPT", "3 of 4 or 5"],
    ["half its text", good.slice(0, good.indexOf("data") + 20), "FILE_CORRUPT", "camera"],
    ["a stereo pair", opencvPair(pair, origin), "FILE_CORRUPT", "stereo pair"],
    ["other text", "<opencv_storage>", "FILE_CORRUPT", "no named members"],
  ])("with %s are refused", (_what, text, code, message) => {
    expect(() => parseOpencvCamera(text, "left.yml", null)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

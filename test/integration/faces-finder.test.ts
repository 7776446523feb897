import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Face, FaceImage } from "../../src/faces/face.js";
import { createFaceFinder, type FaceFinder } from "../../src/faces/face-finder.js";
import { readFaceNets } from "../../src/faces/face-nets-file.js";
import { meshPoint } from "../../src/faces/mesh.js";
import type { FaceNets } from "../../src/schema/face-nets.js";
import { withFolder } from "../support/cli.js";
import { hasPhoto, photoNeeded, photoPath, readPhoto } from "../support/shared-photo.js";

let finder: FaceFinder;

beforeAll(async () => {
  finder = await createFaceFinder(undefined, 2);
});

afterAll(() => finder.close());

async function pixels(picture: Sharp): Promise<FaceImage> {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), widthPx: info.width, heightPx: info.height };
}

async function onlyFace(image: FaceImage): Promise<Face> {
  const faces = await finder.find(image);
  const sure = faces.filter(({ score }) => score >= 0.9);
  expect(sure).toHaveLength(1);
  return sure[0] as Face;
}

/** The photo, shrunk so that the face is `facePx` wide, in a gray picture of 1024 × 1280 px. */
async function faceInPortrait(facePx: number): Promise<FaceImage> {
  const sizePx = Math.round((512 * facePx) / 93);
  const small = await sharp(photoPath).resize(sizePx, sizePx).png().toBuffer();
  const gray = { create: { width: 1024, height: 1280, channels: 3, background: "#808080" } } as const;
  return pixels(
    sharp(
      await sharp(gray)
        .composite([{ input: small, left: 200, top: 300 }])
        .png()
        .toBuffer(),
    ),
  );
}

describe.skipIf(!hasPhoto)(`FaceFinder on a photo${photoNeeded}`, () => {
  it("finds the face, the corners of the eyes and the irises", async () => {
    const face = await onlyFace(await readPhoto());
    expect(face.score).toBeGreaterThanOrEqual(0.9);
    expect(face.meshScore).toBeGreaterThan(0.99);
    // Another network, fr_landmark, put this corner at (196.9, 100.1); the eyes are 43 px apart.
    const corner = meshPoint(face.points468, 33);
    expect(Math.hypot(corner.x - 196.9, corner.y - 100.1)).toBeLessThan(0.1 * 43);
    // Read off the enlarged photo by eye.
    const [left, right] = face.irisCentres;
    expect(Math.hypot(left.x - 203.5, left.y - 100)).toBeLessThan(1.5);
    expect(Math.hypot(right.x - 246.3, right.y - 102.5)).toBeLessThan(1.5);
    expect(face.box.left).toBeGreaterThan(170);
    expect(face.box.right).toBeLessThan(280);
    expect(face.eyes[0].iris).toHaveLength(10);
    expect(face.eyes[1].contour).toHaveLength(142);
  });

  it("finds it mirrored where the mirror puts it", async () => {
    const face = await onlyFace(await readPhoto());
    const mirrored = await onlyFace(await pixels(sharp(photoPath).flop()));
    const [left, right] = face.irisCentres;
    expect(Math.abs(mirrored.irisCentres[0].x - (511 - right.x))).toBeLessThan(1);
    expect(Math.abs(mirrored.irisCentres[1].x - (511 - left.x))).toBeLessThan(1);
    expect(mirrored.angleRad).toBeCloseTo(-face.angleRad, 1);
  });

  it.each([140, 120, 60, 40, 30])("finds a face %i px wide in 1024 × 1280 px", async (facePx) => {
    const face = await onlyFace(await faceInPortrait(facePx));
    const scale = facePx / 93;
    const [left] = face.irisCentres;
    expect(Math.abs(left.x - (200 + 203.1 * scale))).toBeLessThan(1 + 2 * scale);
    expect(Math.abs(left.y - (300 + 100.5 * scale))).toBeLessThan(1 + 2 * scale);
  });

  it.each([-60, -30, 30, 60])("follows a head turned by %i°", async (turnDeg) => {
    const cut = sharp(photoPath).extract({ left: 60, top: 0, width: 330, height: 300 });
    const turned = sharp(await cut.rotate(turnDeg).png().toBuffer());
    const face = await onlyFace(await pixels(turned));
    expect(Math.abs((face.angleRad * 180) / Math.PI - 3 - turnDeg)).toBeLessThan(3);
  });

  it("finds a face that fills the picture", async () => {
    const cut = sharp(photoPath).extract({ left: 178, top: 60, width: 95, height: 120 }).resize(800);
    await onlyFace(await pixels(sharp(await cut.png().toBuffer())));
  });

  it("finds it in gray, one byte a pixel, too", async () => {
    const { data, info } = await sharp(photoPath).grayscale().raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(1);
    await onlyFace({ data: new Uint8Array(data), widthPx: info.width, heightPx: info.height });
  });

  it("gives the same answer every time, whichever thread works", async () => {
    const photo = await readPhoto();
    const answers = await Promise.all(Array.from({ length: 4 }, () => finder.find(photo)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it("leaves the caller's thread free", async () => {
    const photo = await faceInPortrait(30);
    let longestMs = 0;
    let lastMs = performance.now();
    const probe = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      lastMs = performance.now();
    }, 2);
    const startedMs = performance.now();
    await finder.find(photo);
    clearInterval(probe);
    expect(longestMs).toBeLessThan((performance.now() - startedMs) / 4);
  });
});

describe("FaceFinder", () => {
  const gray: FaceImage = { data: new Uint8Array(3 * 200 * 100).fill(128), widthPx: 200, heightPx: 100 };

  it("finds nobody in a plain picture, and in the smallest one", async () => {
    expect(await finder.find(gray)).toEqual([]);
    expect(await finder.find({ data: Uint8Array.of(7), widthPx: 1, heightPx: 1 })).toEqual([]);
  });

  it.each([
    { data: new Uint8Array(10), widthPx: 4, heightPx: 4 },
    { data: new Uint8Array(0), widthPx: 0, heightPx: 0 },
    { data: new Uint8Array(3), widthPx: 1.5, heightPx: 2 },
  ])("refuses data that do not fit: %o", async (image) => {
    await expect(finder.find(image)).rejects.toMatchObject({ code: "USAGE" });
  });

  it("gives up when asked to", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const found = finder.find(gray, { signal: controller.signal });
    controller.abort(reason);
    await expect(found).rejects.toBe(reason);
    expect(await finder.find(gray)).toEqual([]);
  });

  it("refuses work after close", async () => {
    const other = await createFaceFinder(undefined, 1);
    await other.close();
    await other.close();
    await expect(other.find(gray)).rejects.toMatchObject({ code: "CLOSED" });
  });
});

describe("choice of networks", () => {
  async function changed(change: (nets: FaceNets) => Partial<FaceNets>): Promise<FaceNets> {
    const nets = await readFaceNets();
    return { ...nets, ...change(nets) };
  }

  it("refuses a network with another sha256", async () => {
    const nets = await changed(({ mesh }) => ({ mesh: { ...mesh, sha256: "0".repeat(64) } }));
    await expect(createFaceFinder(nets)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
  });

  it("says that a network's file is not there", async () => {
    const nets = await changed(({ iris }) => ({ iris: { ...iris, path: "/nowhere/iris.onnx" } }));
    await expect(createFaceFinder(nets)).rejects.toMatchObject({
      code: "BACKEND_MISSING",
      message: expect.stringContaining("/nowhere/iris.onnx"),
    });
  });

  it("says which network is not one of its role", async () => {
    const nets = await changed(({ iris }) => ({ mesh: iris }));
    await expect(createFaceFinder(nets)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("mesh: "),
    });
  });

  it("refuses a file that is no network", () =>
    withFolder(async (folder) => {
      const path = join(folder, "no.onnx");
      await writeFile(path, "no network");
      const sha256 = createHash("sha256").update("no network").digest("hex");
      const nets = await changed(({ detector }) => ({ detector: { ...detector, path, sha256 } }));
      await expect(createFaceFinder(nets)).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining("detector: "),
      });
    }));

  it("reads a list whose paths are relative to it, and tells what is wrong in one", () =>
    withFolder(async (folder) => {
      const shipped = await readFaceNets();
      const path = join(folder, "nets.json");
      await writeFile(path, JSON.stringify({ ...shipped, mesh: { ...shipped.mesh, path: "my/mesh.onnx" } }));
      expect((await readFaceNets(path)).mesh.path).toBe(join(folder, "my/mesh.onnx"));
      await writeFile(path, JSON.stringify({ ...shipped, mesh: { ...shipped.mesh, sha256: "12ab" } }));
      await expect(readFaceNets(path)).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining("mesh.sha256"),
      });
      await expect(readFaceNets(join(folder, "none.json"))).rejects.toMatchObject({
        code: "CONFIG_NOT_FOUND",
      });
    }));

  it("uses the networks that it is given", async () => {
    const nets = await readFaceNets();
    const bytes = await readFile(nets.detector.path);
    await withFolder(async (folder) => {
      const path = join(folder, "copy.onnx");
      await writeFile(path, bytes);
      const other = await createFaceFinder({ ...nets, detector: { ...nets.detector, path } }, 1);
      await other.close();
    });
  });
});

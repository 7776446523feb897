/**
 * The converted networks against the originals, which TensorFlow.js runs on the same input. The measure
 * is the largest difference of any output value, |a - b| / max(1, |a|), in its own unit: input px for
 * points and boxes, the logit for detector scores, the probability for the mesh's presence.
 */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { readFaceNets } from "../../src/faces/face-nets-file.js";
import { ImagePyramid } from "../../src/faces/image-pyramid.js";
import { OnnxNet } from "../../src/faces/onnx-net.js";
import { type CropFormat, cropSquare, type Square } from "../../src/faces/square-crop.js";
import { faceNetSources, type NetSource } from "../support/face-net-sources.js";
import { seededUniform } from "../support/noise.js";
import { OriginalNet } from "../support/original-nets.js";
import { hasPhoto, photoNeeded, readPhoto } from "../support/shared-photo.js";

const largestDifference = 1e-3;

/** The detector takes -1..1, the others 0..1. */
function formatFor({ role, inputPx }: NetSource): CropFormat {
  return { outputPx: inputPx, black: role === "detector" ? -1 : 0, white: 1, outside: "black" };
}

function noise(source: NetSource, seed: number): Float32Array {
  const { black, outputPx } = formatFor(source);
  const uniform = seededUniform(seed);
  return Float32Array.from({ length: 3 * outputPx * outputPx }, () => black + (1 - black) * uniform());
}

/** Where each network looks in the photo. */
const squares: Readonly<Record<NetSource["role"], readonly Square[]>> = {
  detector: [
    { centre: { x: 255.5, y: 255.5 }, sizePx: 512, angleRad: 0 },
    { centre: { x: 230, y: 140 }, sizePx: 260, angleRad: 0 },
  ],
  mesh: [
    { centre: { x: 225, y: 123 }, sizePx: 160, angleRad: 0.05 },
    { centre: { x: 232, y: 115 }, sizePx: 190, angleRad: -0.3 },
  ],
  iris: [
    { centre: { x: 203, y: 102 }, sizePx: 44, angleRad: 0.05 },
    { centre: { x: 246, y: 104 }, sizePx: 44, angleRad: 0.05 },
  ],
};

async function difference(source: NetSource, crops: readonly Float32Array[]): Promise<number> {
  const path = (await readFaceNets())[source.role].path;
  const original = await OriginalNet.open(source.name);
  const names = Object.values(source.outputs);
  let largest = 0;
  for (const crop of crops) {
    const shape = [1, source.inputPx, source.inputPx, 3];
    const expected = await original.run(crop, shape, Object.keys(source.outputs));
    const lengths = Object.fromEntries(names.map((name, i) => [name, expected[i]?.length ?? 0]));
    const converted = await OnnxNet.open({ bytes: await readFile(path), inputPx: source.inputPx }, lengths);
    const outputs = await converted.run(crop, 1);
    names.forEach((name, i) => {
      const found = outputs(name);
      expected[i]?.forEach((value, place) => {
        const apart = Math.abs(value - (found[place] as number));
        largest = Math.max(largest, apart / Math.max(1, Math.abs(value)));
      });
    });
  }
  return largest;
}

describe.each(faceNetSources)("converted $name", (source) => {
  it("computes what the original computes on noise and on flat images", async () => {
    const crops = [noise(source, 1), noise(source, 0).fill(0), noise(source, 0).fill(1)];
    expect(await difference(source, crops)).toBeLessThan(largestDifference);
  });

  it.skipIf(!hasPhoto)(`computes what the original computes on a photo${photoNeeded}`, async () => {
    const photo = new ImagePyramid(await readPhoto());
    const crops = squares[source.role].map((square) => cropSquare(photo, square, formatFor(source)));
    expect(await difference(source, crops)).toBeLessThan(largestDifference);
  });
});

/**
 * Milliseconds of each face network beside the original in TensorFlow.js (plain JavaScript), and from
 * image to landmarks beside OpenCV's Haar cascade, which finds boxes only.
 *
 *     npx tsx test/bench/faces.bench.ts [SAMPLES]
 */
import sharp from "sharp";
import type { FaceImage } from "../../src/faces/face.js";
import { createFaceFinder } from "../../src/faces/face-finder.js";
import { readFaceNets } from "../../src/faces/face-nets-file.js";
import { readNetContents } from "../../src/faces/net-content.js";
import { openNets } from "../../src/faces/nets.js";
import { loadOpenCv, type Mat, type OpenCv } from "../../src/native/opencv.js";
import { median, printComparison, sizeName } from "../support/bench-figures.js";
import { repository } from "../support/cli.js";
import { faceNetSources } from "../support/face-net-sources.js";
import { seededUniform } from "../support/noise.js";
import { OriginalNet } from "../support/original-nets.js";
import { hasPhoto, photoNeeded, photoPath } from "../support/shared-photo.js";

interface Haar {
  detectMultiScale(image: Mat): { readonly objects: readonly unknown[] };
}

interface OpenCvWithHaar extends OpenCv {
  readonly CascadeClassifier: new (path: string) => Haar;
  readonly CV_8UC1: number;
}

const samples = Number(process.argv[2] ?? 50);
/** The peer is many times slower; few samples of it are enough. */
const peerSamples = 3;

async function medianMs(count: number, work: () => Promise<unknown> | unknown): Promise<number> {
  await work();
  const timesMs: number[] = [];
  for (let i = 0; i < count; i++) {
    const startedMs = performance.now();
    await work();
    timesMs.push(performance.now() - startedMs);
  }
  return median(timesMs);
}

async function benchNets(): Promise<void> {
  const nets = await openNets(await readNetContents(await readFaceNets()));
  for (const { role, name, inputPx, outputs } of faceNetSources) {
    const uniform = seededUniform(1);
    const crop = Float32Array.from({ length: 3 * inputPx * inputPx }, uniform);
    const original = await OriginalNet.open(name);
    const shape = [1, inputPx, inputPx, 3];
    const ours = await medianMs(samples, () => nets[role].run(crop, 1));
    const peer = await medianMs(peerSamples, () => original.run(crop, shape, Object.keys(outputs)));
    const peerName = `original in TensorFlow.js (${peerSamples} samples)`;
    printComparison(
      `${name}, one crop of ${inputPx} px, median`,
      "ms",
      { name: `nearfar (${samples} samples)`, value: ours },
      { name: peerName, value: peer },
    );
  }
}

/** The photo in a frame of a machine-vision camera, face 140 px wide. */
async function portrait(): Promise<FaceImage> {
  const photo = await sharp(photoPath).resize(770, 770).png().toBuffer();
  const { data, info } = await sharp({
    create: { width: 1024, height: 1280, channels: 3, background: "#808080" },
  })
    .composite([{ input: photo, left: 200, top: 300 }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), widthPx: info.width, heightPx: info.height };
}

async function haarOn(image: FaceImage): Promise<() => number> {
  const cv = loadOpenCv() as OpenCvWithHaar;
  const { widthPx, heightPx } = image;
  const gray = Buffer.alloc(widthPx * heightPx);
  for (let i = 0; i < gray.length; i++) gray[i] = image.data[3 * i + 1] as number;
  const mat = new cv.Mat(gray, heightPx, widthPx, cv.CV_8UC1);
  const cascades = `${repository}/node_modules/opencv4nodejs/src/lib/haarcascades`;
  const haar = new cv.CascadeClassifier(`${cascades}/haarcascade_frontalface_default.xml`);
  return () => haar.detectMultiScale(mat).objects.length;
}

async function benchWhole(): Promise<void> {
  const image = await portrait();
  const blank = { ...image, data: new Uint8Array(image.data.length).fill(128) };
  const haar = await haarOn(image);
  const finder = await createFaceFinder(undefined, 1);
  try {
    const faces = await finder.find(image);
    const found = `${faces.length} of 1 face, score ${faces[0]?.score.toFixed(3)}`;
    printComparison(
      `${sizeName(image)}, image to landmarks, median`,
      "ms",
      {
        name: `nearfar (${found}, ${samples} samples)`,
        value: await medianMs(samples, () => finder.find(image)),
      },
      { name: `OpenCV Haar (${haar()} boxes, ${samples} samples)`, value: await medianMs(samples, haar) },
    );
    const blankSamples = Math.ceil(samples / 10);
    const blankMs = await medianMs(blankSamples, () => finder.find(blank));
    console.log(`nobody there, every tile searched: ${blankMs.toFixed(0)} ms, median of ${blankSamples}`);
  } finally {
    await finder.close();
  }
}

await benchNets();
if (hasPhoto) await benchWhole();
else console.log(`image to landmarks${photoNeeded}`);

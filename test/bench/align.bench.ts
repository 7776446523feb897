/**
 * Pairs of frames, 16-bit R, G, B, to canonical pairs of 1024 × 1024 px, beside a Python program that does it with
 * Debian's python3-opencv in the same run: reads the TIFFs, one precomputed map composed of lens, turn, scale, crop and
 * mount, one cv2.remap with Lanczos4 straight to the result, float 3 × 3 color, uncompressed 16-bit TIFFs; OpenCV's
 * threads on. Both take light, place and color alike; nearfar also averages what the result cannot show, marks what is
 * valid and clipped, and finds the map itself.
 *
 * Files to files: from TIFFs in a warm cache to written TIFFs. Resample and color: from decoded samples in memory (for
 * nearfar in a SharedArrayBuffer, used where they lie) to finished words in memory; the time on the clock and that of
 * all processors together, which tells more on a machine that does other things too. The best of all runs counts, the
 * ways taking turns; each runs in a process of its own. Memory is that of the runs from files to files.
 *
 *     npx tsx test/bench/align.bench.ts [ROUNDS]
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalTiff } from "../../src/alignment/resample/image-files.js";
import { openFrameSource } from "../../src/imaging/frame-source.js";
import { orientationOf } from "../../src/imaging/orientation.js";
import { buildTiffHeader } from "../../src/imaging/tiff-writer.js";
import { type Aligner, createAligner } from "../../src/native/aligner.js";
import type { FrameSource, Resampled } from "../../src/native/resample.js";
import type { Mount } from "../../src/schema/rig-config.js";
import { printComparison, sizeName } from "../support/bench-figures.js";
import { seededUniform } from "../support/noise.js";
import { lensView } from "../support/resample-requests.js";

const sizePx = 1024;
const repeats = 5;
const color = [
  [1.21, -0.15, -0.06],
  [-0.08, 1.19, -0.11],
  [0.02, -0.17, 1.15],
];
const arms: readonly { readonly name: string; readonly mount: Mount }[] = [
  { name: "near", mount: { rotationDeg: 90, mirrored: true } },
  { name: "far", mount: { rotationDeg: 90, mirrored: false } },
];
interface Case {
  readonly title: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Frame px per canonical px. */
  readonly scale: number;
}
const large = { widthPx: 6000, heightPx: 4000 };
const cases: readonly Case[] = [
  { title: "portrait frames as a 28 and a 180 mm lens take them", ...large, scale: 5.5 },
  { title: "frames that cover the whole result", ...large, scale: 3.9 },
  { title: "small frames", widthPx: 2048, heightPx: 1536, scale: 1.4 },
];

interface Timed {
  /** Best of the repeats, ms a pair. */
  readonly wholeMs: number;
  readonly resampleMs: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
}
const nothing: Timed = {
  wholeMs: Number.POSITIVE_INFINITY,
  resampleMs: Number.POSITIVE_INFINITY,
  cpuMs: Number.POSITIVE_INFINITY,
  peakMiB: 0,
};

const peer = `
import json, resource, sys, time, numpy, cv2
folder, size, scale, repeats, color = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), json.loads(sys.argv[5])
matrix = numpy.array(color, numpy.float32)[::-1, ::-1].copy()  # OpenCV's order is B, G, R
maps = {}
for arm in ("near", "far"):
    places = numpy.fromfile(f"{folder}/{arm}-{scale}.map", numpy.float32).reshape(size, size, 2)
    maps[arm] = cv2.convertMaps(places, None, cv2.CV_16SC2)
def resample(image, arm):
    light = cv2.remap(image, *maps[arm], cv2.INTER_LANCZOS4).astype(numpy.float32)
    return cv2.add(cv2.transform(light, matrix * numpy.float32(32768 / 65535)), 0, dtype=cv2.CV_16U)
whole, alone, cpu = [], [], []
for _ in range(repeats):
    taken, busy, start = 0, 0, time.perf_counter()
    for arm in ("near", "far"):
        image = cv2.imread(f"{folder}/{arm}.tif", cv2.IMREAD_UNCHANGED)
        begun, idle = time.perf_counter(), time.process_time()
        result = resample(image, arm)
        taken += time.perf_counter() - begun
        busy += time.process_time() - idle
        cv2.imwrite(f"{folder}/peer-{arm}.tif", result, [cv2.IMWRITE_TIFF_COMPRESSION, 1])
    whole.append(time.perf_counter() - start)
    alone.append(taken)
    cpu.append(busy)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"wholeMs": min(whole) * 1e3, "resampleMs": min(alone) * 1e3, "cpuMs": min(cpu) * 1e3, "peakMiB": peak}))`;

function viewAt({ widthPx, heightPx, scale }: Case): ReturnType<typeof lensView> {
  const focalPx = (20000 / 6000) * widthPx;
  // Upright: turned by 90°.
  const principalPx = [heightPx / 2 - 10, widthPx / 2 + 10] as const;
  return lensView(
    [focalPx, focalPx, ...principalPx, -0.11, 0.05, 0.0001, -0.0002, 0],
    [0.002, -0.001, 0.004],
    {
      focalPx: focalPx / scale,
      principalPx: [(sizePx - 1) / 2, (sizePx - 1) / 2],
    },
  );
}

/** Skin-like light with noise, so that nothing compresses or saturates. */
function writeFrames(folder: string, { widthPx, heightPx }: Case): void {
  const noise = seededUniform(1);
  const texture = Float32Array.from({ length: 65536 }, () => 0.9 + 0.2 * noise());
  const samples = new Uint16Array(widthPx * heightPx * 3);
  for (let i = 0; i < samples.length; i++) {
    samples[i] = 12000 * (texture[(i * 31) & 65535] as number) * (1 + (i % 3) * 0.3);
  }
  for (const { name, mount } of arms) {
    const description = JSON.stringify({
      format: "nearfar-frame",
      version: 1,
      pixelFormat: "RGB8",
      cfa: null,
      bitDepth: 16,
      blackLevel: 0,
      whiteLevel: 65535,
      mount,
      source: {},
    });
    writeFileSync(
      join(folder, `${name}.tif`),
      buildTiffHeader({ widthPx, heightPx, samplesPerPixel: 3, description }),
    );
    writeFileSync(join(folder, `${name}.tif`), samples, { flag: "a" });
  }
}

/** Stored px of each canonical one. */
function writeMap(folder: string, stored: Case): void {
  const { place } = viewAt(stored);
  for (const { name, mount } of arms) {
    const { origin, stepU, stepV } = orientationOf(stored, mount);
    const along = (step: number): readonly [number, number] =>
      Math.abs(step) >= stored.widthPx ? [0, step / stored.widthPx] : [step, 0];
    const [ux, uy] = along(stepU);
    const [vx, vy] = along(stepV);
    const [x0, y0] = [origin % stored.widthPx, Math.floor(origin / stored.widthPx)];
    const places = new Float32Array(sizePx * sizePx * 2);
    for (let i = 0; i < sizePx * sizePx; i++) {
      const [u, v] = place(i % sizePx, Math.floor(i / sizePx));
      places[2 * i] = x0 + ux * u + vx * v;
      places[2 * i + 1] = y0 + uy * u + vy * v;
    }
    writeFileSync(join(folder, `${name}-${stored.scale}.map`), places);
  }
}

type Resampler = Pick<Aligner, "resample">;

function openSources(folder: string): Promise<FrameSource[]> {
  return Promise.all(arms.map(({ name }) => openFrameSource(join(folder, `${name}.tif`))));
}

function resampleAll(aligner: Resampler, sources: readonly FrameSource[], shown: Case): Promise<Resampled[]> {
  const { map } = viewAt(shown);
  const size = { widthPx: sizePx, heightPx: sizePx };
  const rest = { flat: null, dark: null, color: [color], white: 32768 };
  return Promise.all(sources.map((source) => aligner.resample({ source, map, ...size, ...rest })));
}

async function fromFilesToFiles(aligner: Resampler, folder: string, shown: Case): Promise<void> {
  const images = await resampleAll(aligner, await openSources(folder), shown);
  await Promise.all(
    images.map((image, arm) =>
      writeFile(
        join(folder, `ours-${arms[arm]?.name}.tif`),
        Buffer.concat(canonicalTiff(image, "")) as Uint8Array,
      ),
    ),
  );
}

/** The same source with its samples in shared memory. */
function inMemory(source: FrameSource): FrameSource {
  if (ArrayBuffer.isView(source.samples)) return source;
  const samples = new Uint16Array(new SharedArrayBuffer(source.widthPx * source.heightPx * 6));
  const file = openSync(source.samples.path, "r");
  readSync(file, samples, 0, samples.byteLength, source.samples.byteOffset);
  closeSync(file);
  return { ...source, samples };
}

async function bestOf(repeats: number, work: () => Promise<unknown>): Promise<{ ms: number; cpuMs: number }> {
  const best = { ms: Number.POSITIVE_INFINITY, cpuMs: Number.POSITIVE_INFINITY };
  for (let i = 0; i < repeats; i++) {
    const cpuBefore = process.cpuUsage();
    const startMs = performance.now();
    await work();
    best.ms = Math.min(best.ms, performance.now() - startMs);
    const { user, system } = process.cpuUsage(cpuBefore);
    best.cpuMs = Math.min(best.cpuMs, (user + system) / 1000);
  }
  return best;
}

/** The child process: prints what it took. */
async function child(mode: string, folder: string, shown: Case): Promise<void> {
  const aligner = createAligner();
  let timed: Timed = nothing;
  if (mode === "--files") {
    const { ms } = await bestOf(repeats, () => fromFilesToFiles(aligner, folder, shown));
    timed = { ...nothing, wholeMs: ms, peakMiB: process.resourceUsage().maxRSS / 1024 };
  } else {
    const sources = (await openSources(folder)).map(inMemory);
    const { ms, cpuMs } = await bestOf(repeats, () => resampleAll(aligner, sources, shown));
    timed = { ...nothing, resampleMs: ms, cpuMs };
  }
  await aligner.close();
  // JSON has no infinity.
  console.log(JSON.stringify(timed, (_, value) => (value === Number.POSITIVE_INFINITY ? undefined : value)));
}

function best(runs: readonly Timed[]): Timed {
  return {
    wholeMs: Math.min(...runs.map(({ wholeMs }) => wholeMs)),
    resampleMs: Math.min(...runs.map(({ resampleMs }) => resampleMs)),
    cpuMs: Math.min(...runs.map(({ cpuMs }) => cpuMs)),
    peakMiB: Math.max(...runs.map(({ peakMiB }) => peakMiB)),
  };
}

function run(command: string, parameters: readonly string[]): Timed {
  const told = JSON.parse(execFileSync(command, parameters, { encoding: "utf8" })) as Partial<Timed>;
  return { ...nothing, ...told };
}

function compare(folder: string, index: number, rounds: number): void {
  const shown = cases[index] as Case;
  const self = [...process.execArgv, fileURLToPath(import.meta.url)];
  writeFrames(folder, shown);
  writeMap(folder, shown);
  const ours: Timed[] = [];
  const theirs: Timed[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(run(process.execPath, [...self, "--files", folder, String(index)]));
    const parameters = [folder, sizePx, shown.scale, repeats, JSON.stringify(color)].map(String);
    theirs.push(run("/usr/bin/python3", ["-c", peer, ...parameters]));
    ours.push(run(process.execPath, [...self, "--memory", folder, String(index)]));
  }
  const [mine, other] = [best(ours), best(theirs)];
  const decodedMiB = (2 * shown.widthPx * shown.heightPx * 6) / 2 ** 20;
  const figures = [
    ["files to files", "ms", "wholeMs"],
    ["resample and color", "ms", "resampleMs"],
    ["resample and color, processor time", "ms", "cpuMs"],
    [`peak memory (both frames decoded: ${decodedMiB.toFixed(0)} MiB)`, "MiB", "peakMiB"],
  ] as const;
  for (const [what, unit, figure] of figures) {
    const name = `pair of ${sizeName(shown)}, ${shown.title} (${shown.scale} px to 1), ${what}`;
    const peerFigure = { name: "OpenCV", value: other[figure] };
    printComparison(name, unit, { name: "nearfar", value: mine[figure] }, peerFigure);
  }
  console.log(
    `  mean level of the far result: nearfar ${meanOf(folder, "ours")}, OpenCV ${meanOf(folder, "peer")}`,
  );
}

/** Says that both did the same. */
function meanOf(folder: string, who: string): string {
  const file = readFileSync(join(folder, `${who}-far.tif`));
  const bytes = sizePx * sizePx * 6;
  // The samples are the longest run in both files; OpenCV's begin after 8 bytes, ours at the end.
  const start = who === "ours" ? file.length - bytes : 8;
  let sum = 0;
  for (let i = start; i + 1 < start + bytes; i += 2) sum += file.readUInt16LE(i);
  return (sum / (bytes / 2)).toFixed(1);
}

async function main(): Promise<void> {
  const [mode, folderOfChild, index] = process.argv.slice(2);
  if (mode?.startsWith("--")) return child(mode, folderOfChild as string, cases[Number(index)] as Case);
  const folder = mkdtempSync(join(tmpdir(), "nearfar-align-"));
  try {
    for (let i = 0; i < cases.length; i++) compare(folder, i, Number(mode ?? 3));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();

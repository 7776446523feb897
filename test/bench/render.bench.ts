/**
 * Speed of the virtual rig's eyes: pairs per second at 1.3 MP through trigger, tracer, camera and store
 * (the demo's own settings), and how the cost of a picture grows with pixels × samples.
 *
 *     npx tsx test/bench/render.bench.ts [PAIRS] [REPEATS]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, printComparison, quantile } from "../support/bench-figures.js";
import { jsonLines, repository, runCli } from "../support/cli.js";
import { TracedRig } from "../support/traced-rig.js";

const pairs = Number(process.argv[2] ?? 8);
const repeats = Number(process.argv[3] ?? 5);
const scene = {
  scene: "subject",
  subject: { source: "head", identity: 3 },
  light: { continuous: 0.05, strobe: 0.95 },
} as const;

/** Seconds between one pair and the next of a whole session with the demo's rig. */
async function pairSeconds(): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), "nearfar-bench-"));
  try {
    const rig = join(repository, "rig-configs/virtual.yaml");
    const words = ["capture", "--rig", rig, "--store", join(folder, "store"), "--shots", String(pairs + 1)];
    const { stdout } = await runCli(...words, "--json");
    const times = jsonLines(stdout)
      .filter(({ type }) => type === "shot")
      .map(({ capturedAt }) => Date.parse(capturedAt as string) / 1000);
    return times.slice(1).map((time, i) => time - (times[i] as number));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Picture {
  readonly megapixels: number;
  readonly samples: number;
  readonly milliseconds: number;
}

/** Median time of one far picture, on one thread. */
async function pictures(widthPx: number, heightPx: number): Promise<Picture[]> {
  const pixelPitchUm = (23.4375 * 1280) / widthPx;
  const optics = { near: { pixelPitchUm }, far: { pixelPitchUm } };
  const traced = await TracedRig.start({ optics, sensor: { widthPx, heightPx }, scene });
  const found: Picture[] = [];
  try {
    for (const samples of [1, 2, 4, 8]) {
      await traced.scene({ samplesPerPixel: samples });
      await traced.raw("far");
      const times: number[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        const start = performance.now();
        await traced.raw("far");
        times.push(performance.now() - start);
      }
      found.push({ megapixels: (widthPx * heightPx) / 1e6, samples, milliseconds: median(times) });
    }
  } finally {
    await traced.stop();
  }
  return found;
}

const seconds = await pairSeconds();
console.log(
  `demo pairs, 1.3 MP color, 2 samples a pixel, ${seconds.length} intervals: ` +
    `median ${median(seconds).toFixed(2)} s, worst ${quantile(seconds, 1).toFixed(2)} s, ` +
    `${(1 / median(seconds)).toFixed(2)} pairs/s`,
);
const all: Picture[] = [];
for (const [widthPx, heightPx] of [
  [640, 512],
  [1280, 1024],
] as const) {
  for (const picture of await pictures(widthPx, heightPx)) {
    all.push(picture);
    const { samples, milliseconds, megapixels } = picture;
    const rate = (megapixels * samples * 1000) / milliseconds;
    console.log(
      `one picture of ${widthPx} × ${heightPx}, ${samples} samples a pixel, median of ${repeats}: ` +
        `${milliseconds.toFixed(0)} ms, ${rate.toFixed(2)} million samples/s`,
    );
  }
}
const cost = ({ megapixels, samples, milliseconds }: Picture): number => milliseconds / megapixels / samples;
const [least, most] = [all.find(({ samples }) => samples === 2), all.at(-1)];
if (least !== undefined && most !== undefined) {
  printComparison(
    "time of a sample",
    "ns",
    { name: `at ${most.megapixels.toFixed(2)} MP × ${most.samples}`, value: cost(most) },
    { name: `at ${least.megapixels.toFixed(2)} MP × ${least.samples}`, value: cost(least) },
  );
}

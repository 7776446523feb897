/**
 * The whole pipeline on the virtual rig, previews included: pairs acknowledged per second, and the
 * time from fire to acknowledgement, beside the board's fire-to-event round trip and plain write +
 * fsync of the same bytes. Every round takes them one after the other, so that a busy machine
 * slows all of them; medians over all rounds.
 *
 * The virtual rig (a simulated chip, two rendered cameras) runs on the same processors: its share
 * shows in the time from fire to both frames.
 *
 *     npx tsx test/bench/capture.bench.ts [ROUNDS] [PAIRS]
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { median, printComparison, quantile, sizeName } from "../support/bench-figures.js";
import { CaptureStand } from "../support/capture-stand.js";
import { frameBytes } from "../support/dataset-fixtures.js";
import { measureFireToEvent } from "../support/fire-to-event.js";
import { timePlainPairs } from "../support/plain-write.js";
import { ShotTimes } from "../support/shot-times.js";
import { SimulatedBoard } from "../support/simulated-board.js";

const sensors = [
  { widthPx: 1280, heightPx: 1024 },
  { widthPx: 2448, heightPx: 2048 },
];
const bytesPerPixel = 2;
const rounds = Number(process.argv[2] ?? 3);
const pairs = Number(process.argv[3] ?? 15);
const warmingPairs = 3;
const fires = 50;

interface Measured {
  /** The very first shot, while threads start. */
  readonly coldMs: number;
  readonly pairsPerSecond: number[];
  readonly fireToFramesMs: number[];
  readonly fireToAcknowledgedMs: number[];
  readonly fireToEventMs: number[];
  readonly plainPairMs: number[];
}

async function captureSession(stand: CaptureStand, shots: number): Promise<ShotTimes> {
  const run = stand.run(await stand.startSession(shots));
  const times = new ShotTimes(run);
  await run.start();
  return times;
}

async function fireBoard(): Promise<number[]> {
  const board = await SimulatedBoard.start();
  try {
    return await measureFireToEvent(board.path, fires);
  } finally {
    await board.stop();
  }
}

async function measure(sensor: (typeof sensors)[number]): Promise<Measured> {
  const frame = frameBytes(1, sensor.widthPx * sensor.heightPx * bytesPerPixel);
  const stand = await CaptureStand.start({ sensor });
  try {
    const [coldMs = Number.NaN] = (await captureSession(stand, warmingPairs)).fireToAcknowledgedMs;
    const measured: Measured = {
      coldMs,
      pairsPerSecond: [],
      fireToFramesMs: [],
      fireToAcknowledgedMs: [],
      fireToEventMs: [],
      plainPairMs: [],
    };
    for (let round = 0; round < rounds; round++) {
      const times = await captureSession(stand, pairs);
      measured.pairsPerSecond.push(times.pairsPerSecond);
      measured.fireToFramesMs.push(...times.fireToFramesMs);
      measured.fireToAcknowledgedMs.push(...times.fireToAcknowledgedMs);
      measured.fireToEventMs.push(...(await fireBoard()));
      measured.plainPairMs.push(...(await timePlainPairs(join(stand.folder, "plain"), frame, pairs)));
    }
    return measured;
  } finally {
    await stand.stop();
  }
}

function print(size: string, measured: Measured): void {
  const acknowledgedMs = measured.fireToAcknowledgedMs;
  const plainMs = median(measured.plainPairMs);
  const eventMs = median(measured.fireToEventMs);
  const rate = { name: "nearfar", value: median(measured.pairsPerSecond) };
  const plainRate = { name: "plain write+fsync of the same bytes", value: 1000 / plainMs };
  printComparison(`${size}, pairs acknowledged`, "pairs/s", rate, plainRate);
  const floor = { name: "the board's fire to event and plain write+fsync", value: eventMs + plainMs };
  const typical = { name: "median", value: median(acknowledgedMs) };
  const slow = { name: "95 % within", value: quantile(acknowledgedMs, 0.95) };
  printComparison(`${size}, fire to acknowledgement`, "ms", typical, floor);
  printComparison(`${size}, fire to acknowledgement`, "ms", slow, floor);
  const frames = { name: "median", value: median(measured.fireToFramesMs) };
  const event = { name: "the board's fire to event", value: eventMs };
  printComparison(`${size}, fire to both frames at the host`, "ms", frames, event);
  const counts = `${acknowledgedMs.length} pairs of ${rounds * pairs} planned shots`;
  console.log(
    `${size}: ${counts}; the first shot of all, not counted, took ${measured.coldMs.toFixed(0)} ms`,
  );
}

async function main(): Promise<void> {
  console.log(
    `${rounds} sessions of ${pairs} pairs each, without a wait between shots; ` +
      `the virtual rig shares the ${availableParallelism()} processors`,
  );
  for (const sensor of sensors) print(sizeName(sensor), await measure(sensor));
}

await main();

/**
 * Frames per second and incomplete frames of nearfar's Aravis backend beside Aravis' own
 * arv-camera-test, and the longest block of the event loop while 5 MP frames arrive.
 *
 * nearfar's cameras never run freely, so both clients wait for triggers: the virtual rig's board
 * fires as soon as the near camera has got rid of the frame before. The same camera of the same
 * rig serves both in turns (A B A B …), with the same stream settings, and the medians are
 * compared. Frames are counted by the client that received them. This process drives the board in
 * every turn: where the frames go to the other program, its longest block is the control.
 *
 *     npx tsx test/bench/cameras.bench.ts [REPEATS] [SECONDS]
 */
import { median, printComparison, sizeName } from "../support/bench-figures.js";
import { EventLoopProbe } from "../support/event-loop-probe.js";
import {
  arvCameraTest,
  hasArvCameraTest,
  nearfarClient,
  type Received,
  type StreamClient,
} from "../support/stream-clients.js";
import { type Streamed, streamSettings, TriggeredStream } from "../support/triggered-stream.js";

const sensors = [
  { widthPx: 1280, heightPx: 1024 },
  { widthPx: 2448, heightPx: 2048 },
];
const repeats = Number(process.argv[2] ?? 3);
const seconds = Number(process.argv[3] ?? 3);

type Turn = Streamed & Received & { readonly longestBlockMs: number };

async function turnOf(client: StreamClient, stream: TriggeredStream): Promise<Turn> {
  const end = await client.start(stream.camera);
  const probe = new EventLoopProbe();
  const streamed = await stream.run(seconds);
  const longestBlockMs = probe.stop();
  return { ...streamed, longestBlockMs, ...(await end()) };
}

/** @returns the turns of each client, in the order of `clients` */
async function takeTurns(
  clients: readonly StreamClient[],
  sensor: (typeof sensors)[number],
): Promise<readonly Turn[][]> {
  const stream = await TriggeredStream.start(sensor);
  const turns = clients.map((): Turn[] => []);
  try {
    // Compilation and the first garbage collections are not the clients' own.
    await turnOf(nearfarClient, stream);
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const [index, client] of clients.entries()) turns[index]?.push(await turnOf(client, stream));
    }
  } finally {
    await stream.stop();
  }
  return turns;
}

function frameRate(turns: readonly Turn[]): number {
  return median(turns.map((turn) => turn.complete / turn.seconds));
}

function sum(turns: readonly Turn[], key: "framesSent" | "complete" | "incomplete"): number {
  return turns.reduce((total, turn) => total + turn[key], 0);
}

function countsOf(name: string, turns: readonly Turn[]): string {
  return `${name} ${sum(turns, "incomplete")} of ${sum(turns, "framesSent")} sent (${sum(turns, "complete")} complete)`;
}

function blocksOf(turns: readonly Turn[]): string {
  return `in its turns ${turns.map((turn) => turn.longestBlockMs.toFixed(1)).join(", ")} ms`;
}

function printAlone(size: string, turns: readonly Turn[]): void {
  console.log(`${size}, frame rate: nearfar ${frameRate(turns).toFixed(1)} frames/s`);
  console.log(`${size}, incomplete frames: ${countsOf("nearfar", turns)}`);
  console.log(`${size}, longest block of the event loop: nearfar ${blocksOf(turns)}`);
}

function printBeside(size: string, ours: readonly Turn[], peers: readonly Turn[]): void {
  const [name, peer] = [nearfarClient.name, arvCameraTest.name];
  const rate = { name, value: frameRate(ours) };
  printComparison(`${size}, frame rate`, "frames/s", rate, { name: peer, value: frameRate(peers) });
  console.log(`${size}, incomplete frames: ${countsOf(name, ours)}, ${countsOf(peer, peers)}`);
  const block = { name, value: median(ours.map((turn) => turn.longestBlockMs)) };
  const control = { name: `while ${peer} receives`, value: median(peers.map((turn) => turn.longestBlockMs)) };
  printComparison(`${size}, longest block of the event loop`, "ms", block, control);
  console.log(`${size}, longest blocks: ${name} ${blocksOf(ours)}, ${peer} ${blocksOf(peers)}`);
}

async function main(): Promise<void> {
  const clients = [nearfarClient];
  if (hasArvCameraTest()) clients.push(arvCameraTest);
  else console.log(`${arvCameraTest.name} is not compared: install it with \`apt-get install aravis-tools\``);
  console.log(
    `one virtual camera, ${streamSettings.pixelFormat}, fired as fast as it sends, ordinary sockets; ` +
      `${repeats} turns of ${seconds} s for each client, medians`,
  );
  for (const sensor of sensors) {
    const [ours = [], peers] = await takeTurns(clients, sensor);
    if (peers === undefined) printAlone(sizeName(sensor), ours);
    else printBeside(sizeName(sensor), ours, peers);
  }
}

await main();

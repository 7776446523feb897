/**
 * From sending `fire` to the board's `fired` event at the host, over the simulated board's tty,
 * beside the time that the bytes themselves need on the wire; and the clock model's residual.
 *
 *     npx tsx test/bench/trigger-link.bench.ts [FIRES]
 */
import { baudRate } from "../../src/devices/trigger/generated/protocol.js";
import { openTriggerBoard } from "../../src/devices/trigger/open-board.js";
import { median, printComparison, quantile } from "../support/bench-figures.js";
import { fireOnTheWire, measureFireToEvent } from "../support/fire-to-event.js";
import { SimulatedBoard } from "../support/simulated-board.js";
import { systemClock } from "../support/system-clock.js";

const fires = Number(process.argv[2] ?? 300);
const clockMs = 20_000;

async function measureClock(path: string): Promise<string> {
  const board = await openTriggerBoard({ path, clock: systemClock });
  await new Promise((resolve) => setTimeout(resolve, clockMs));
  const fit = board.clockFit;
  await board.close();
  if (fit === null) return "no fit";
  const ppm = (fit.nsPerTick / 62.5 - 1) * 1e6;
  return `residual ${fit.residualUs.toFixed(1)} µs over ${fit.sampleCount} pings, drift ${ppm.toFixed(1)} ppm`;
}

async function main(): Promise<void> {
  const simulated = await SimulatedBoard.start();
  try {
    const timesMs = await measureFireToEvent(simulated.path, fires);
    const wire = fireOnTheWire();
    const bytes = { name: `the ${wire.bytes} bytes alone at ${baudRate} baud`, value: wire.ms };
    console.log(`${fires} fires, from the request to the \`fired\` event at the host`);
    printComparison("fire to event, median", "ms", { name: "nearfar", value: median(timesMs) }, bytes);
    const slow = { name: "nearfar", value: quantile(timesMs, 0.95) };
    printComparison("fire to event, 95 % within", "ms", slow, bytes);
    console.log(`clock model of the board: ${await measureClock(simulated.path)}`);
  } finally {
    await simulated.stop();
  }
}

await main();

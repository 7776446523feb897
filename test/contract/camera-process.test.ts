/** What the Aravis addon does to the process that loads it: exits, worker threads, the event loop. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAravisBackend } from "../../src/devices/aravis/aravis-backend.js";
import { armed, type CameraStand, fireAndReceive, startVirtualStand } from "../support/camera-stand.js";
import { EventLoopProbe } from "../support/event-loop-probe.js";

// A 5 MP sensor, the size that the figures are asked for.
const sensor = { widthPx: 2448, heightPx: 2048 };
const framesTimed = 20;
const blockLimitMs = 20;
const compiledBackend = fileURLToPath(
  new URL("../../dist/devices/aravis/aravis-backend.js", import.meta.url),
);

let stand: CameraStand;

beforeAll(async () => {
  stand = await startVirtualStand(sensor);
});
afterAll(() => stand?.stop());

/** Lines that open `camera` on the stand, configured with its `settings`. */
function opening(): string {
  return `
    const { createAravisBackend } = await import(${JSON.stringify(compiledBackend)});
    const settings = ${JSON.stringify(stand.settings)};
    const camera = await createAravisBackend().open(${JSON.stringify(stand.serial)});
    await camera.configure(settings);`;
}

/** Runs a script in a process of its own. */
function runProcess(script: string): Promise<{ code: number | null; signal: string | null; errors: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, errors }));
  });
}

async function expectCameraFree(): Promise<void> {
  const camera = await armed(await createAravisBackend().open(stand.serial), stand.settings);
  (await fireAndReceive(stand, camera.frames())).release();
  await camera.close();
}

describe("a process ends cleanly", () => {
  it.each([
    ["while it discovers", "void createAravisBackend().discover();"],
    ["while it opens", "void createAravisBackend().open('any');"],
  ])("%s", async (_, work) => {
    const start = `const { createAravisBackend } = await import(${JSON.stringify(compiledBackend)});`;
    const ended = await runProcess(`${start} ${work} setTimeout(() => process.exit(0), 100);`);
    expect(ended).toEqual({ code: 0, signal: null, errors: "" });
  });

  it("with an arm in flight", async () => {
    const ended = await runProcess(`${opening()} void camera.arm(); process.exit(7);`);
    expect(ended).toEqual({ code: 7, signal: null, errors: "" });
  });

  it("while a camera is armed and its frames are awaited", async () => {
    const ended = await runProcess(
      `${opening()} await camera.arm(); void camera.frames().next(); setTimeout(() => process.exit(0), 100);`,
    );
    expect(ended).toEqual({ code: 0, signal: null, errors: "" });
  });

  it("by itself, with an open camera that nobody waits for", async () => {
    const ended = await runProcess(opening());
    expect(ended).toEqual({ code: 0, signal: null, errors: "" });
    await expectCameraFree();
  });
});

describe("a worker thread", () => {
  it("loads the addon, uses a camera, and may be terminated while it is armed", async () => {
    const script = `(async () => {${opening()}
      await camera.arm();
      void camera.frames().next();
      require("node:worker_threads").parentPort.postMessage("armed");
    })();`;
    const worker = new Worker(script, { eval: true });
    await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    await worker.terminate();
    await expectCameraFree();
  });
});

describe("the event loop", () => {
  /** The longest time that this process did not let the loop turn while frames arrived. */
  async function longestBlockMs(): Promise<number> {
    const camera = await armed(await createAravisBackend().open(stand.serial), stand.settings);
    try {
      const frames = camera.frames();
      const probe = new EventLoopProbe();
      for (let frame = 0; frame < framesTimed; frame++) (await fireAndReceive(stand, frames)).release();
      return probe.stop();
    } finally {
      await camera.close();
    }
  }

  it("is not blocked over 20 ms while frames of 5 MP arrive", async () => {
    // A garbage collection may fall into one run; what we block, we block in every run.
    const blocks: number[] = [];
    while (blocks.length < 3 && !blocks.some((ms) => ms < blockLimitMs)) blocks.push(await longestBlockMs());
    expect(Math.min(...blocks)).toBeLessThan(blockLimitMs);
  });

  it("goes on while the addon is loaded and cameras are discovered", async () => {
    const probe = new EventLoopProbe();
    await createAravisBackend().discover();
    expect(probe.stop()).toBeLessThan(blockLimitMs);
  });
});

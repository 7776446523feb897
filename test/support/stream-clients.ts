/** Programs that receive a camera's frames: nearfar's backend and Aravis' own camera test. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createAravisBackend } from "../../src/devices/aravis/aravis-backend.js";
import type { Camera } from "../../src/devices/contract/camera.js";
import { armed } from "./camera-stand.js";
import { streamSettings } from "./triggered-stream.js";

export interface Received {
  readonly complete: number;
  /** Frames that arrived with holes or not at all in time. */
  readonly incomplete: number;
}

export interface StreamClient {
  readonly name: string;
  /**
   * Takes control of the camera and arms it, which may be over after this resolves.
   * @returns what ends the reception and counts
   */
  start(camera: { readonly serial: string; readonly address: string }): Promise<() => Promise<Received>>;
}

async function countFrames(camera: Camera): Promise<number> {
  let complete = 0;
  for await (const frame of camera.frames()) {
    if (frame.status === "complete") complete += 1;
    frame.release();
  }
  return complete;
}

export const nearfarClient: StreamClient = {
  name: "nearfar",
  async start({ serial }) {
    const camera = await armed(await createAravisBackend().open(serial), streamSettings);
    const counted = countFrames(camera);
    return async () => {
      await camera.disarm();
      const complete = await counted;
      const { framesIncomplete } = await camera.statistics();
      await camera.close();
      return { complete, incomplete: framesIncomplete };
    };
  },
};

const arvProgram = "arv-camera-test-0.8";
/** It ends by itself when this process is killed. */
const longestArvS = 60;

/**
 * nearfar's own stream settings: the ordinary socket that needs no privileges, no resends (the
 * virtual camera has none), and its patience.
 */
const arvOptions = [
  ...["--trigger", streamSettings.triggerLine],
  ...["--exposure", String(streamSettings.exposureUs)],
  ...["--features", `PixelFormat=${streamSettings.pixelFormat}`],
  ...[
    "--no-packet-socket",
    "--no-packet-resend",
    "--auto",
    "--packet-timeout",
    "40",
    "--frame-retention",
    "500",
  ],
  ...["--duration", String(longestArvS)],
];

export const arvCameraTest: StreamClient = {
  name: arvProgram,
  async start({ address }) {
    const child = spawn(arvProgram, ["--name", address, ...arvOptions], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const ended = once(child, "close");
    return async () => {
      child.kill("SIGINT");
      await ended;
      const total = (name: string): number =>
        Number(new RegExp(`^${name} *= (\\d+)$`, "m").exec(output)?.[1]);
      const received = { complete: total("n_completed_buffers"), incomplete: total("n_failures") };
      if (Number.isNaN(received.complete)) throw new Error(`${arvProgram} told no totals: ${output}`);
      return received;
    };
  },
};

/** Whether Aravis' camera test can be started here. */
export function hasArvCameraTest(): boolean {
  return spawnSync(arvProgram, ["--version"], { stdio: "ignore" }).error === undefined;
}

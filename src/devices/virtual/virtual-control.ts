/** Typed requests of a virtual rig, over the control socket of this process's rig or another's. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NearfarError, WorldError } from "../../base/errors.js";
import type { SceneTruth } from "../../schema/scene-truth.js";
import { type TruthArray, truthArray } from "../../schema/truth-array.js";
import type { VirtualRigFaults } from "../../schema/virtual-rig.js";
import type { VirtualScene, VirtualSceneNow } from "../../schema/virtual-scene.js";
import type { Arm } from "../contract/trigger-board.js";
import { ControlConnection } from "./control-connection.js";
import { readNpy } from "./npy.js";
import { requestOf } from "./rig-requests.js";

/** Linear camera RGB, upright and un-mirrored, interleaved, as a share of full scale. */
export interface SignalImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 3;
  readonly shares: Float32Array<SharedArrayBuffer>;
}

function wanted(
  folder: string,
  arrays: readonly TruthArray[],
): { directory?: string; arrays?: TruthArray[] } {
  return arrays.length === 0 ? {} : { directory: folder, arrays: [...arrays] };
}

/**
 * Makes the folder, without what an earlier truth left in it.
 * @throws WorldError STORE_IO when the file system does not let it.
 */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    await mkdir(folder, { recursive: true });
    const old = ["truth.json", "shot.json", ...truthArray.options.map((name) => `${name}.npy`)];
    for (const name of old) await rm(join(folder, name), { force: true });
    return await work();
  } catch (cause) {
    if (cause instanceof NearfarError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WorldError("STORE_IO", `the truth cannot be written to ${folder}: ${why}`, {
      advice: "Give a folder on a disk with room, that you may write to.",
      cause,
    });
  }
}

/** Last of its folder, so that one with this file is whole. */
function writeTruth(folder: string, truth: unknown): Promise<void> {
  return writeFile(join(folder, "truth.json"), `${JSON.stringify(truth)}\n`);
}

export class VirtualControl {
  readonly socket: string;
  readonly #connection: ControlConnection;

  private constructor(socket: string, connection: ControlConnection) {
    this.socket = socket;
    this.#connection = connection;
  }

  /** @throws WorldError RIG_FAILED when nothing listens there. */
  static async open(socket: string): Promise<VirtualControl> {
    try {
      const control = new VirtualControl(socket, await ControlConnection.open(socket));
      await requestOf(control.#connection, "ping", {});
      return control;
    } catch (cause) {
      throw new WorldError("RIG_FAILED", `no virtual rig listens at ${socket}`, {
        advice: "Start one with `nearfar rig run --rig FILE`; it prints the path of its socket.",
        cause,
      });
    }
  }

  async scene(): Promise<VirtualSceneNow> {
    const { scene } = await requestOf(this.#connection, "status", {});
    if (scene !== undefined) return scene;
    throw new WorldError("RIG_FAILED", "this virtual rig has a board but no cameras", {
      advice: "Start it with cameras.",
    });
  }

  async setScene(scene: VirtualScene): Promise<void> {
    await requestOf(this.#connection, "scene", scene);
  }

  async setFaults(faults: VirtualRigFaults): Promise<void> {
    await requestOf(this.#connection, "faults", { faults });
  }

  async moveTo(distanceMm: number): Promise<void> {
    await requestOf(this.#connection, "stage", { distanceMm });
  }

  async renderSignal(arm: Arm): Promise<SignalImage> {
    const folder = await mkdtemp(join(tmpdir(), "nearfar-render-"));
    try {
      const path = join(folder, `${arm}.npy`);
      const { widthPx, heightPx } = await requestOf(this.#connection, "render", {
        arm,
        path,
        output: "signal",
      });
      const { data } = await readNpy(path);
      const shares = new Float32Array(new SharedArrayBuffer(data.byteLength));
      shares.set(data);
      return { widthPx, heightPx, channels: 3, shares };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  sceneTruth(): Promise<SceneTruth> {
    return requestOf(this.#connection, "sceneTruth", {});
  }

  async saveSceneTruth(folder: string, arrays: readonly TruthArray[]): Promise<void> {
    await inFolder(folder, async () => {
      await writeTruth(folder, await requestOf(this.#connection, "sceneTruth", wanted(folder, arrays)));
    });
  }

  async saveTruth(
    shot: { readonly bootId: string; readonly shotId: number },
    folder: string,
    arrays: readonly TruthArray[],
  ): Promise<boolean> {
    return inFolder(folder, async () => {
      const truth = await requestOf(this.#connection, "truth", { ...shot, ...wanted(folder, arrays) });
      if (truth === null) return false;
      const { scene, ...events } = truth;
      await writeFile(join(folder, "shot.json"), `${JSON.stringify(events)}\n`);
      // The plane has no optics to tell of.
      if (scene !== null) await writeTruth(folder, scene);
      return true;
    });
  }

  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}

/** Typed requests of a virtual rig, over the control socket of this process's rig or another's. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorldError } from "../../base/errors.js";
import type { SceneTruth } from "../../schema/scene-truth.js";
import type { TruthArray } from "../../schema/truth-array.js";
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
      return new VirtualControl(socket, await ControlConnection.open(socket));
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
    await mkdir(folder, { recursive: true });
    const wanted = arrays.length === 0 ? {} : { directory: folder, arrays: [...arrays] };
    await writeTruth(folder, await requestOf(this.#connection, "sceneTruth", wanted));
  }

  async saveTruth(
    shot: { readonly bootId: string; readonly shotId: number },
    folder: string,
    arrays: readonly TruthArray[],
  ): Promise<boolean> {
    const known = await requestOf(this.#connection, "truth", shot);
    if (known === null) return false;
    await mkdir(folder, { recursive: true });
    const withArrays = { ...shot, directory: folder, arrays: [...arrays] };
    const truth = arrays.length === 0 ? known : await requestOf(this.#connection, "truth", withArrays);
    if (truth === null) return false;
    const { scene, ...events } = truth;
    await writeFile(join(folder, "shot.json"), `${JSON.stringify(events)}\n`);
    // The plane has no optics to tell of.
    if (scene !== null) await writeTruth(folder, scene);
    return true;
  }

  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}

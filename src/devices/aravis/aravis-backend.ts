import { type AravisAddon, loadAravis, type NativeDevice } from "../../native/aravis.js";
import type { Camera, CameraBackend, CameraIdentity } from "../contract/camera.js";
import { AravisCamera } from "./aravis-camera.js";
import { nearfarErrorOf } from "./native-failure.js";

/**
 * GigE Vision and USB3 Vision cameras through Aravis.
 * @throws WorldError BACKEND_MISSING when the addon or Aravis is not there.
 */
export function createAravisBackend(): CameraBackend {
  return new AravisBackend(loadAravis());
}

class AravisBackend implements CameraBackend {
  readonly name = "aravis";
  readonly #addon: AravisAddon;

  constructor(addon: AravisAddon) {
    this.#addon = addon;
  }

  async discover(signal?: AbortSignal): Promise<readonly CameraIdentity[]> {
    const devices = await this.#unlessAborted(this.#addon.discover(), signal);
    return devices.map(identityOf);
  }

  async open(serial: string, signal?: AbortSignal): Promise<Camera> {
    signal?.throwIfAborted();
    let camera: AravisCamera | null = null;
    const opening = this.#addon.open(serial, () => camera?.wake());
    const native = await this.#unlessAborted(opening, signal, (late) => late.close());
    camera = new AravisCamera(identityOf(native.device), native);
    return camera;
  }

  /** The work's result, or the signal's reason if that comes first; `discard` gets a late result. */
  async #unlessAborted<T>(
    work: Promise<T>,
    signal: AbortSignal | undefined,
    discard: (late: T) => unknown = () => {},
  ): Promise<T> {
    let onAbort = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => {
        reject(signal?.reason);
        work.then(discard, () => {});
      };
    });
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([work, aborted]);
    } catch (failure) {
      throw nearfarErrorOf(failure);
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }
}

function identityOf(device: NativeDevice): CameraIdentity {
  return { backend: "aravis", ...device };
}

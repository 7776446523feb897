/** The only loader of native/aravis, and the types of what it exports. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { WorldError } from "../base/errors.js";

/** A camera as discovery sees it. */
export interface NativeDevice {
  readonly vendor: string;
  readonly model: string;
  readonly serial: string;
  readonly address: string;
  /** Known once the camera is open. */
  readonly firmware: string | null;
}

export interface NativeRegion {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface NativeSettings {
  readonly pixelFormat: string;
  readonly exposureUs: number;
  readonly gainDb: number;
  readonly region: NativeRegion | null;
  readonly triggerLine: string;
}

export interface NativeConfigured {
  /** Read back from the camera; `region` is never null here. */
  readonly settings: NativeSettings;
  /** Bytes that each buffer of `start` must hold. */
  readonly payloadBytes: number;
}

export interface NativeFrame {
  /** Place in the array handed to `start`; its first `imageBytes` bytes are the pixels. */
  readonly buffer: number;
  readonly frameId: number;
  readonly deviceTimeNs: bigint;
  readonly hostTimeNs: bigint;
  readonly status: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly imageBytes: number;
}

export interface NativeStatistics {
  readonly framesComplete: number;
  readonly framesIncomplete: number;
  readonly underruns: number;
  readonly packetsMissing: number;
  readonly packetsResent: number;
}

/**
 * One camera. Its promises settle in the order of the calls: they run one after the other on the
 * camera's own thread. The other methods return at once. Errors carry an ErrorCode as `code`.
 */
export interface NativeCamera {
  readonly device: NativeDevice;
  /** Rejects while started. */
  configure(settings: NativeSettings): Promise<NativeConfigured>;
  /**
   * Starts acquisition. Native threads write into the buffers from now until `stop` has
   * resolved; the camera keeps them alive. Shared memory is best: workers can read it in place.
   */
  start(buffers: readonly Uint8Array[]): Promise<void>;
  /** Frames that have arrived can still be taken, until the next `start`. Never rejects. */
  stop(): Promise<void>;
  /**
   * The oldest frame that has arrived, or null. Its buffer is the caller's until `release`.
   * @throws CAMERA_LOST when the camera is gone and no frame is left.
   */
  take(): NativeFrame | null;
  /** Hands a buffer back to the running stream; does nothing when it is not out. */
  release(buffer: number): void;
  /** Totals since the last `start`. */
  statistics(): NativeStatistics;
  /** Ends everything; every later call throws CLOSED. An open camera is never collected. */
  close(): Promise<void>;
}

/** Loading does no input or output; the event loop stays alive while a promise is pending. */
export interface AravisAddon {
  /** Asks all GigE Vision and USB3 Vision cameras for a sign of life; about a second. */
  discover(): Promise<NativeDevice[]>;
  /**
   * Discovers, then takes control. A camera that somebody else controls is waited for, as long as
   * a killed program's control lasts (4 s).
   * @param wake is called when `take` may have something new: a frame, or the camera's loss.
   */
  open(serial: string, wake: () => void): Promise<NativeCamera>;
}

// The same two steps up from src/native and from dist/native.
const addonPath = fileURLToPath(
  new URL("../../native/aravis/build/Release/nearfar_aravis.node", import.meta.url),
);

/** @throws WorldError BACKEND_MISSING when the addon is not built or Aravis is not installed. */
export function loadAravis(): AravisAddon {
  try {
    return createRequire(import.meta.url)(addonPath) as AravisAddon;
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new WorldError("BACKEND_MISSING", `the Aravis backend cannot be loaded: ${why}`, {
      advice: "Install Aravis with `apt-get install libaravis-dev`, then run `npm run build:native`.",
      cause,
    });
  }
}

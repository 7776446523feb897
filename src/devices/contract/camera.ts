/**
 * The camera contract, written for whoever implements a backend (Aravis, libgphoto2).
 *
 * Life of a camera: open → configure → arm → frames… → disarm → (configure → arm …) → close.
 * Calls out of this order throw a `CallerError`. `close` may come at any time, also with a frame
 * outstanding or an `arm` in flight, ends the frame iterator without an error, and may be called
 * twice. Losing the device ends the iterator with `WorldError` CAMERA_LOST; every later call but
 * `close` throws the same.
 */
import type { PixelFormat } from "../../schema/pixel-format.js";

export interface CameraIdentity {
  readonly backend: "aravis" | "gphoto2";
  readonly vendor: string;
  readonly model: string;
  /** The maker's serial number; cameras are always found by it, never by port or address. */
  readonly serial: string;
  /** Where it was found: an IP address or a USB path; for messages only. */
  readonly address: string;
  readonly firmware: string | null;
}

/** Region of interest on the sensor, in px of the full sensor. */
export interface SensorRegion {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface CameraSettings {
  readonly pixelFormat: PixelFormat;
  readonly exposureUs: number;
  readonly gainDb: number;
  /** Whole sensor when null. */
  readonly region: SensorRegion | null;
  /** Input that starts an exposure, e.g. `Line0`, always on the rising edge. */
  readonly triggerLine: string;
}

/** How the transport judged a frame. Anything but `complete` has untrusted pixels. */
export type FrameStatus = "complete" | "missing-packets" | "timeout" | "size-mismatch" | "aborted";

export interface CameraFrame {
  /** Counts frames of this arm from the camera's own counter, unwrapped; gaps are lost frames. */
  readonly frameId: number;
  /** Camera clock at the start of exposure, in ns; its zero is the camera's own. */
  readonly deviceTimeNs: bigint;
  /** Host CLOCK_MONOTONIC when the last packet arrived, in ns. */
  readonly hostTimeNs: bigint;
  readonly status: FrameStatus;
  readonly pixelFormat: PixelFormat;
  readonly widthPx: number;
  readonly heightPx: number;
  /**
   * The payload exactly as the camera sent it, little-endian, on shared memory that worker
   * threads may read. Valid until `release`; never written by nearfar.
   */
  readonly payload: Uint8Array<SharedArrayBuffer>;
  /** Hands the buffer back to the stream; idempotent. A consumer that forgets starves the camera. */
  release(): void;
}

/** Totals since `arm`. Losses are counted here even when no frame object could be made of them. */
export interface CameraStatistics {
  readonly framesComplete: number;
  readonly framesIncomplete: number;
  /** Frames for which no free buffer was left. */
  readonly underruns: number;
  readonly packetsMissing: number;
  readonly packetsResent: number;
}

export interface Camera {
  readonly identity: CameraIdentity;
  /** Writes all settings and reads them back; resolves with what the camera really holds. */
  configure(settings: CameraSettings): Promise<CameraSettings>;
  /** Starts acquisition; resolves when a trigger edge will be answered by a frame. */
  arm(): Promise<void>;
  /**
   * Frames in order of arrival, incomplete ones included. One consumer at a time.
   * Ends when the camera is disarmed or closed.
   */
  frames(): AsyncIterableIterator<CameraFrame>;
  /** Stops acquisition; frames that are still in flight are dropped by the stream. */
  disarm(): Promise<void>;
  statistics(): Promise<CameraStatistics>;
  close(): Promise<void>;
}

/** One SDK. Loaded on demand: a missing SDK disables the backend, never the program. */
export interface CameraBackend {
  readonly name: CameraIdentity["backend"];
  /** Looks at all transports of the SDK; takes about a second on Ethernet. */
  discover(signal?: AbortSignal): Promise<readonly CameraIdentity[]>;
  /**
   * @throws WorldError CAMERA_NOT_FOUND (advice lists the serials that are there),
   *   CAMERA_BUSY when another program controls it.
   */
  open(serial: string, signal?: AbortSignal): Promise<Camera>;
}

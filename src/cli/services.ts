import type { Clock } from "../base/clock.js";
import type { Logger } from "../base/log.js";
import type { Rig, RigFactory } from "../capture/rig.js";
import type { Dataset } from "../dataset/dataset.js";
import type { CameraBackend, CameraIdentity } from "../devices/contract/camera.js";
import type { BoardIdentity } from "../devices/contract/trigger-board.js";
import type { FrameProcessor } from "../imaging/frame-processor.js";
import type { RigConfig } from "../schema/rig-config.js";
import type { RunningServer } from "../server/serve.js";
import type { Terminal } from "./terminal.js";

/** A rig with all its devices open; `close` closes them and ends a virtual rig. */
export interface OpenedRig {
  readonly rig: Rig;
  readonly factory: RigFactory;
  close(): Promise<void>;
}

/** What a probe of the serial ports found. */
export interface ProbedPort {
  readonly path: string;
  /** null when the port did not answer as a trigger board. */
  readonly board: BoardIdentity | null;
  readonly problem: string | null;
}

export interface FirmwareImage {
  readonly hexPath: string;
  readonly version: string;
}

export interface FlashJob {
  readonly image: FirmwareImage;
  readonly port: string;
  readonly bootBaudRate: 115200 | 57600;
}

/** A camera backend, or why it is not there. */
export type BackendState =
  | { readonly name: CameraIdentity["backend"]; readonly backend: CameraBackend }
  | { readonly name: CameraIdentity["backend"]; readonly problem: Error };

/** Everything that commands need and `app` chooses. */
export interface Services {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Version of this program. */
  readonly version: string;
  /** Folder of the installed program, where rig-configs/ lies. */
  readonly programFolder: string;
  /** Sets the exit status of the program; it ends when the command returns. */
  exit(status: number): void;
  /** When set-up began, if it ran just before: host time in ms since the epoch. */
  readonly setupStartedMs: number | null;
  /** Aborts when the user asks to end (Ctrl-C, SIGTERM); the handler is called once per request. */
  onInterrupt(listener: (count: number) => void): () => void;
  openRig(config: RigConfig, signal?: AbortSignal): Promise<OpenedRig>;
  openDataset(directory: string, mode: "create-if-missing" | "must-exist" | "read-only"): Promise<Dataset>;
  /** Makes the database anew from sidecars and journal; resolves with the path of the old one's copy. */
  rebuildDatabase(directory: string): Promise<string | null>;
  createFrameProcessor(): FrameProcessor;
  cameraBackends(): readonly BackendState[];
  probePorts(signal?: AbortSignal): Promise<readonly ProbedPort[]>;
  /** Gives the board on `port` an id of its own and returns it. */
  assignBoardId(port: string): Promise<string>;
  firmwareImage(): Promise<FirmwareImage>;
  flashCommand(job: FlashJob): readonly string[];
  flash(job: FlashJob, onOutput: (text: string) => void): Promise<void>;
  serve(dataset: Dataset, host: string, port: number): Promise<RunningServer>;
  /** Bytes that this user may still write in the folder, or in the nearest one that exists. */
  freeBytes(directory: string): Promise<number>;
}

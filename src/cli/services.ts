import type { PairAligner } from "../alignment/pair-aligner.js";
import type { Clock } from "../base/clock.js";
import type { Logger } from "../base/log.js";
import type { Rig, RigFactory } from "../capture/rig.js";
import type { Dataset } from "../dataset/dataset.js";
import type { CameraBackend, CameraIdentity } from "../devices/contract/camera.js";
import type { TargetGuide } from "../devices/contract/target-guide.js";
import type { Arm, BoardIdentity } from "../devices/contract/trigger-board.js";
import type { FrameProcessor } from "../imaging/frame-processor.js";
import type { LinearImage } from "../imaging/raw-frame.js";
import type { VisionBoard } from "../native/vision.js";
import type { RigConfig } from "../schema/rig-config.js";
import type { SceneTruth } from "../schema/scene-truth.js";
import type { TruthArray } from "../schema/truth-array.js";
import type { VirtualRigFaults } from "../schema/virtual-rig.js";
import type { VirtualScene, VirtualSceneNow } from "../schema/virtual-scene.js";
import type { RunningServer } from "../server/serve.js";
import type { Terminal } from "./terminal.js";

/** Name of a shot of one boot of the board. */
export interface ShotName {
  readonly bootId: string;
  readonly shotId: number;
}

/** A virtual rig's control: what no real rig can be asked. Refusals are CallerError SCENE_INVALID. */
export interface VirtualControl {
  /** Path of its control socket. */
  readonly socket: string;
  scene(): Promise<VirtualSceneNow>;
  setScene(scene: VirtualScene): Promise<void>;
  setFaults(faults: VirtualRigFaults): Promise<void>;
  /** Puts the near entrance pupil at this distance from the eye plane, 230 to 1370. */
  moveTo(distanceMm: number): Promise<void>;
  /** Linear camera RGB of what an arm sees now, upright and free of noise, as a share of full scale. */
  renderSignal(arm: Arm): Promise<LinearImage>;
  sceneTruth(): Promise<SceneTruth>;
  /** The same as `truth.json` in `folder`, which it makes, with the named arrays (.npy). */
  saveSceneTruth(folder: string, arrays: readonly TruthArray[]): Promise<void>;
  /**
   * Writes what happened in a shot (`shot.json`: edges, exposures, fates), what its frames show (`truth.json`)
   * and the named arrays (.npy) into `folder`, which it makes. False when the rig does not know the shot.
   */
  saveTruth(shot: ShotName, folder: string, arrays: readonly TruthArray[]): Promise<boolean>;
  /** Ends a rig that was started for this; leaves one that runs elsewhere alone. */
  close(): Promise<void>;
}

/** A virtual rig that runs by itself, for other programs to use. */
export interface RunningVirtualRig extends VirtualControl {
  readonly tty: string;
  readonly cameras: Readonly<Record<Arm, { readonly serial: string; readonly address: string }>>;
  /** When the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/** A rig with all its devices open; `close` closes them and ends a virtual rig. */
export interface OpenedRig {
  readonly rig: Rig;
  readonly factory: RigFactory;
  /** Null on a real rig. */
  readonly virtual: VirtualControl | null;
  /** Puts calibration targets before the rig, or asks the operator to. */
  readonly targetGuide: TargetGuide;
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
  /** The words of this call, for records of what it makes. */
  readonly commandLine: readonly string[];
  /** Folder of the installed program, where rig-configs/ lies. */
  readonly programFolder: string;
  /** Sets the exit status of the program; it ends when the command returns. */
  exit(status: number): void;
  /** When set-up began, if it ran just before: host time in ms since the epoch. */
  readonly setupStartedMs: number | null;
  /** Aborts when the user asks to end (Ctrl-C, SIGTERM); the handler is called once per request. */
  onInterrupt(listener: (count: number) => void): () => void;
  openRig(config: RigConfig, signal?: AbortSignal): Promise<OpenedRig>;
  /** The process of a virtual rig and nothing else. @throws CallerError CONFIG_INVALID for a real rig's config. */
  startVirtualRig(config: RigConfig): Promise<RunningVirtualRig>;
  /** The virtual rig at this control socket, or the only one that runs. @throws CallerError NOT_FOUND */
  connectVirtualRig(socket?: string): Promise<VirtualControl>;
  openDataset(directory: string, mode: "create-if-missing" | "must-exist" | "read-only"): Promise<Dataset>;
  /** Makes the database anew from sidecars and journal; resolves with the path of the old one's copy. */
  rebuildDatabase(directory: string): Promise<string | null>;
  createFrameProcessor(): FrameProcessor;
  /** Of the machine. */
  readonly cores: number;
  /** @param options.boards that may be in a reference pair. */
  createPairAligner(options: { readonly boards: readonly VisionBoard[] }): Promise<PairAligner>;
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

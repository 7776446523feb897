/**
 * Every error that nearfar raises on purpose carries a stable code and advice.
 *
 * Two classes keep apart what a caller did wrong ({@link CallerError}: a bad option, a bad
 * config, a call after close) and what the world did ({@link WorldError}: a cable, a disk, a
 * camera). The exit status of the command line follows from the code's kind alone.
 */

/** What kind of trouble a code stands for; it decides the exit status. */
export type ErrorKind = "usage" | "device" | "store" | "data" | "environment" | "interrupted";

/** Exit status of the command line for each kind; 0 is success, 1 a defect of nearfar itself. */
export const exitStatusOfKind: Readonly<Record<ErrorKind, number>> = {
  usage: 2,
  device: 3,
  store: 4,
  data: 5,
  environment: 6,
  interrupted: 130,
};

/** Every code with its kind. Codes are part of the public interface: add, never rename. */
export const errorKinds = {
  CONFIG_INVALID: "usage",
  CONFIG_NOT_FOUND: "usage",
  PLAN_INVALID: "usage",
  SCENE_INVALID: "usage",
  USAGE: "usage",
  CLOSED: "usage",

  BOARD_NOT_FOUND: "device",
  BOARD_BUSY: "device",
  BOARD_NO_PERMISSION: "environment",
  BOARD_NO_REPLY: "device",
  BOARD_NOT_A_TRIGGER: "device",
  BOARD_OLD_FIRMWARE: "device",
  BOARD_NEW_FIRMWARE: "device",
  BOARD_REFUSED: "device",
  BOARD_REBOOTED: "device",
  LINK_LOST: "device",
  CAMERA_NOT_FOUND: "device",
  CAMERA_BUSY: "device",
  CAMERA_LOST: "device",
  CAMERA_REFUSED: "device",
  SYNC_FAILED: "device",
  RIG_FAILED: "device",
  STAGE_REFUSED: "device",

  STORE_BUSY: "store",
  STORE_FULL: "store",
  STORE_IO: "store",
  STORE_NEWER: "store",
  STORE_NOT_FOUND: "store",
  STORE_NO_INDEX: "store",
  STORE_PATH: "usage",
  STORE_READ_ONLY: "store",

  AUDIT_FAILED: "data",
  FILE_CORRUPT: "data",
  NOT_FOUND: "usage",
  OUTPUT_EXISTS: "usage",
  SESSION_INCOMPLETE: "data",
  CALIBRATION_FAILED: "data",
  CALIBRATION_REFUSED: "data",
  ALIGN_CAMERA: "data",
  ALIGN_EXPIRED: "data",
  ALIGN_FAILED: "data",
  ALIGN_NO_CALIBRATION: "data",
  ALIGN_NO_FLAT: "data",
  ALIGN_NO_STOP: "data",
  ALIGN_SIZE: "data",

  INTERRUPTED: "interrupted",

  BACKEND_MISSING: "environment",
  TOOL_MISSING: "environment",
  WORKER_FAILED: "environment",
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export interface ErrorOptions {
  /** What the reader can do about it, as a sentence. */
  readonly advice: string;
  readonly cause?: unknown;
}

/** Base of both classes; use one of them. */
export abstract class NearfarError extends Error {
  readonly code: ErrorCode;
  readonly advice: string;

  constructor(code: ErrorCode, message: string, options: ErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.advice = options.advice;
  }

  get kind(): ErrorKind {
    return errorKinds[this.code];
  }

  get exitStatus(): number {
    return exitStatusOfKind[this.kind];
  }
}

/** The caller's mistake: the same call will fail again until the caller changes it. */
export class CallerError extends NearfarError {}

/** A failure of the world: the call was right, the cable, disk or camera was not. */
export class WorldError extends NearfarError {}

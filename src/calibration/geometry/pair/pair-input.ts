/** What the joint calibration of the pair is made from. */
import type { KnownBoard, SeenBoard } from "../observations/seen-board.js";

/** One visit of a stop of the rail. The same distance twice is two visits, and tells how well the carriage returns. */
export interface PairStop {
  /** Where the rail was told to stand, mm from near pupil to eye plane. */
  readonly distanceMm: number;
}

/** A board at one place, as one arm or both saw it. */
export interface PairView {
  readonly name: string;
  /** Index into the stops. */
  readonly stop: number;
  /** `eye-plane`: the board stood where faces stand, facing the cameras. */
  readonly role: "eye-plane" | "pose";
  readonly boardId: string;
  /** Un-mirrored. Null where it was not seen. */
  readonly near: SeenBoard | null;
  readonly far: SeenBoard | null;
}

export interface PairInput {
  readonly stops: readonly PairStop[];
  /** In the order they were taken. */
  readonly views: readonly PairView[];
  readonly boards: readonly KnownBoard[];
  /** Width and height of the upright images. */
  readonly imageSizePx: {
    readonly near: readonly [number, number];
    readonly far: readonly [number, number];
  };
  /** Far pupil to eye plane, as the rig config has it: a start value, and the eye plane when no board stood there. */
  readonly farDistanceMm: number;
}

export interface PairOptions {
  /**
   * How far printed corners may lie from their places, mm along each axis (one standard deviation): each corner's
   * place is then solved for, held by that. 0: the boards are exact. 0.15 unless given: an office printer on a foam board.
   */
  readonly boardErrorMm?: number;
  readonly signal?: AbortSignal;
  /** What is being done, for a progress line. */
  readonly onProgress?: (step: string) => void;
}

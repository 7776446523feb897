import type { Arm } from "../contract/trigger-board.js";
import type { VirtualSight } from "./virtual-sight.js";

/** What the virtual rig is started with; every absent value is the process's own default. */
export interface VirtualRigOptions {
  /** Only the board and its tty; no cameras. */
  readonly boardOnly?: boolean;
  readonly serial?: Readonly<Record<Arm, string>>;
  readonly sensor?: { readonly widthPx: number; readonly heightPx: number };
  /** A GenICam name the rig can serve: Mono8, Mono12, Mono12p, Mono16, BayerRG12. */
  readonly pixelFormat?: string;
  readonly bitDepth?: number;
  readonly blackLevel?: number;
  /** Trigger edge to exposure start, at most 200,000. */
  readonly shutterLagUs?: Readonly<Record<Arm, number>>;
  /** Standard deviation of the lag, at most 20,000. */
  readonly shutterLagJitterUs?: Readonly<Record<Arm, number>>;
  /** What the cameras see and through what; absent: a flat texture on the sensor, without optics. */
  readonly sight?: VirtualSight;
  readonly seed?: number;
  /** `free` lets the chip run faster than the wall clock, for tests that count cycles. */
  readonly pace?: "real" | "free";
}

/** The process's options, without the files, the socket and the subnet. */
export function rigArguments(options: VirtualRigOptions): string[] {
  const values: Readonly<Record<string, string | number | undefined>> = {
    "near-serial": options.serial?.near,
    "far-serial": options.serial?.far,
    width: options.sensor?.widthPx,
    height: options.sensor?.heightPx,
    "pixel-format": options.pixelFormat,
    "bit-depth": options.bitDepth,
    "black-level": options.blackLevel,
    "near-lag-us": options.shutterLagUs?.near,
    "far-lag-us": options.shutterLagUs?.far,
    "near-jitter-us": options.shutterLagJitterUs?.near,
    "far-jitter-us": options.shutterLagJitterUs?.far,
    seed: options.seed,
    pace: options.pace,
  };
  const listed = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
  return options.boardOnly ? ["--board-only", ...listed] : listed;
}

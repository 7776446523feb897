/** What a capture run tells while it runs: its states, its printable status and its events. */
import type { PlannedShot } from "../schema/capture-plan.js";
import type { FrameOutcome, ShotRecord, TriggerOutcome, Verdict } from "../schema/records.js";
import type { PerArm } from "./rig.js";

/**
 * `idle` → `connecting` → `syncing` → (`moving` →) `ready` → `countdown` → `arming` → `firing` →
 * `collecting` → `ready` … → `finishing` → `done`. `paused` and `recovering` lead back to `ready`;
 * `failed` ends a run that could not go on. Judging and storing of a shot overlap the next one
 * and show in {@link RunStatus.storing}.
 */
export const runStates = [
  "idle",
  "connecting",
  "syncing",
  "moving",
  "ready",
  "countdown",
  "arming",
  "firing",
  "collecting",
  "recovering",
  "paused",
  "finishing",
  "done",
  "failed",
] as const;
export type RunState = (typeof runStates)[number];

/** How the run waits between shots. */
export type Pacing =
  /** One shot after the other without a wait: no operator is there. */
  | "unattended"
  /** The plan's countdown before each shot. */
  | "countdown"
  /** Each shot waits for `shoot()`, then counts down. */
  | "on-command";

export type DeviceState = "closed" | "ready" | "armed" | "lost";

/** Counts of this run alone; earlier runs of a resumed session are in the dataset. */
export interface RunTotals {
  /** Every committed trigger, dry ones included. */
  readonly triggers: number;
  readonly dryTriggers: number;
  readonly triggersByOutcome: Readonly<Record<TriggerOutcome, number>>;
  /** Shots of the plan only. */
  readonly shotsByVerdict: Readonly<Record<Verdict, number>>;
  /** Every frame that any camera delivered, those of dry triggers included. */
  readonly framesByOutcome: Readonly<Record<FrameOutcome, number>>;
  /** Holes in the cameras' frame counters: exposures whose frame never arrived. */
  readonly framesLost: PerArm<number>;
  readonly recoveries: number;
}

export interface Progress {
  /** Planned shots that need no more triggers, those of earlier runs of the session included. */
  readonly done: number;
  readonly planned: number;
  /** Seconds to the end at the pace so far; null before the first shot. */
  readonly etaS: number | null;
}

/** A snapshot that one can print at any time. */
export interface RunStatus {
  readonly state: RunState;
  /** When `state` began, ISO 8601 UTC. */
  readonly since: string;
  readonly sessionId: string;
  readonly progress: Progress;
  /** The planned shot at work or next; null when none is left. */
  readonly current: PlannedShot | null;
  /** Shot id in flight, from `arming` to the end of `collecting`. */
  readonly shotId: number | null;
  /** Shots captured and not yet acknowledged by the dataset. */
  readonly storing: number;
  readonly board: DeviceState;
  readonly cameras: PerArm<DeviceState>;
  readonly totals: RunTotals;
  readonly lastShot: ShotRecord | null;
  readonly lastWarning: string | null;
}

export interface RunWarning {
  readonly message: string;
  readonly advice: string;
}

export type RunEvent =
  | { readonly kind: "state"; readonly state: RunState; readonly previous: RunState; readonly at: string }
  /** Once a second; `secondsLeft` 0 is the moment of fire. */
  | { readonly kind: "countdown"; readonly secondsLeft: number; readonly planned: PlannedShot }
  /** The dataset has acknowledged the shot. In order of shot id, dry triggers left out. */
  | { readonly kind: "shot"; readonly shot: ShotRecord; readonly planned: PlannedShot }
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "warning"; readonly warning: RunWarning }
  /** Last event of every run. */
  | { readonly kind: "end"; readonly summary: RunSummary };

export type RunListener = (event: RunEvent) => void;

/** Why a run ended without a defect; what it could not do is an error instead. */
export type RunEnd = "complete" | "stopped" | "aborted" | "failed";

export interface RunSummary {
  readonly sessionId: string;
  readonly end: RunEnd;
  readonly totals: RunTotals;
  readonly progress: Progress;
  /** Planned shots without a usable pair; skipped ones are left out. */
  readonly unfulfilled: number;
}

/**
 * The trigger board contract. Ticks are 62.5 ns (16 MHz) since the board's boot, as `bigint`
 * (48 bits on the wire). The board numbers its triggers from 1 since boot; the host issues shot
 * ids and the board echoes them.
 */
import type { ClockFit } from "./clock-fit.js";

export type Arm = "near" | "far";

export interface BoardIdentity {
  /** Path of the tty, e.g. `/dev/ttyUSB0`. */
  readonly path: string;
  /** 64-bit id kept in the board's EEPROM, as 16 hex digits. */
  readonly boardId: string;
  /** Changes at every boot of the board, as 8 hex digits. */
  readonly bootId: string;
  readonly firmwareVersion: string;
  readonly protocolVersion: string;
}

export interface TriggerSettings {
  /** From fire to the rising edge of each trigger line; kept to one tick. 0 to 500,000 µs. */
  readonly delayUs: Readonly<Record<Arm, number>>;
  /** Width of the trigger pulse. */
  readonly pulseUs: number;
  /** How long both focus lines are held before fire; 0 leaves them alone. */
  readonly focusLeadMs: number;
  /** How long after the later trigger edge the board waits for both exposures to end. */
  readonly feedbackTimeoutMs: number;
  /** Which arms return an exposure-active (or X-sync) pulse. */
  readonly feedback: Readonly<Record<Arm, boolean>>;
  /** Fire the strobe on the later of the two feedback edges. */
  readonly strobe: boolean;
  readonly strobeUs: number;
}

/** What the board saw on one feedback input during a trigger. */
export interface FeedbackPulse {
  readonly riseTick: bigint;
  /** null when the pulse had not ended at the timeout. */
  readonly fallTick: bigint | null;
}

/** One trigger from fire to done, put together from the board's events. */
export interface TriggerReport {
  readonly shotId: number;
  readonly triggerNumber: number;
  /** Rising edge of each trigger line; 0n: switched off (disarm, damaged frame) before it rose. */
  readonly edgeTick: Readonly<Record<Arm, bigint>>;
  /** First pulse of each feedback input; null: none came (or the arm has no feedback). */
  readonly feedback: Readonly<Record<Arm, FeedbackPulse | null>>;
  /** Pulses seen on each input; more than one is an extra exposure. */
  readonly pulseCount: Readonly<Record<Arm, number>>;
  /** null: the strobe was off, or an edge was missing. */
  readonly strobeTick: bigint | null;
}

/** How a fire ended, as the host can know it. */
export type FireResult =
  | { readonly kind: "fired"; readonly report: TriggerReport }
  /** The board refused or was disarmed: certainly no edge. */
  | { readonly kind: "not-fired"; readonly reason: string }
  /** The link was lost after the request may have reached the board: nobody knows. */
  | { readonly kind: "unknown"; readonly reason: string };

export type BoardState = "safe" | "idle" | "armed" | "firing";

export interface BoardStatus {
  readonly state: BoardState;
  readonly tick: bigint;
  readonly triggersSinceBoot: number;
  readonly rxCrcErrors: number;
  readonly rxOverruns: number;
  readonly eventsDropped: number;
}

export interface TriggerBoard {
  readonly identity: BoardIdentity;
  /** Board tick → host monotonic ns, from the pings so far; null before the first fit. */
  readonly clockFit: ClockFit | null;
  configure(settings: TriggerSettings): Promise<TriggerSettings>;
  /** Allows exactly `budget` triggers for `shotId`; both cameras must be armed before. */
  arm(shotId: number, budget: number): Promise<void>;
  /**
   * Fires one trigger of the armed budget and waits for its `done`. Never rejects for the state
   * of the world once the request may have left: that is `unknown`.
   */
  fire(shotId: number): Promise<FireResult>;
  /** All outputs off, budget gone. */
  disarm(): Promise<void>;
  status(): Promise<BoardStatus>;
  /** Resolves with the reason when the link is lost, never rejects; pending until then. */
  readonly lost: Promise<Error>;
  /** Opens the link again after a loss, by board id; pushes the settings again. */
  reconnect(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

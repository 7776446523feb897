/** One trigger's record within the pairing, and the ends it can come to. */
import type { Arm } from "../devices/contract/trigger-board.js";
import type { TriggerOutcome } from "../schema/records.js";
import type { ClosedFrame, FrameStamp, StrayFate, TickWindow } from "./frame-fate.js";

export type TriggerEnd = "fired" | "not-fired" | "unknown";

/** A trigger as the pairing knows it, open or closed. */
export interface Trigger<F> {
  readonly shotId: number;
  /** null until the board (or its silence) told how the fire ended. */
  end: TriggerEnd | null;
  /** Exposure start of a fired trigger; null when it can be compared with no frame of that arm. */
  readonly referenceTick: Record<Arm, bigint | null>;
  /** The same for an unknown one. */
  readonly window: Record<Arm, TickWindow | null>;
  readonly frames: Record<Arm, F | null>;
  /** A frame of that arm was given to this trigger, be it late. */
  readonly taken: Record<Arm, boolean>;
  closed: boolean;
}

export function newTrigger<F>(shotId: number): Trigger<F> {
  return {
    shotId,
    end: null,
    referenceTick: { near: null, far: null },
    window: { near: null, far: null },
    frames: { near: null, far: null },
    taken: { near: false, far: false },
    closed: false,
  };
}

/** The end of a frame that came with its trigger. */
export function closedFrame<F extends FrameStamp>(
  frame: F | null,
  outcome: TriggerOutcome,
): ClosedFrame<F> | null {
  if (frame === null) return null;
  if (frame.status !== "complete") return { frame, outcome: "incomplete" };
  return { frame, outcome: outcome === "paired" ? "paired" : "one-sided" };
}

export function outcomeOf(trigger: Trigger<FrameStamp>): TriggerOutcome {
  if (trigger.end === "not-fired" || trigger.end === "unknown") return trigger.end;
  const near = trigger.frames.near?.status === "complete";
  const far = trigger.frames.far?.status === "complete";
  if (near && far) return "paired";
  if (near) return "far-missing";
  return far ? "near-missing" : "both-missing";
}

/** A frame that fits no trigger; of a broken one not even the stamp is to be trusted. */
export function stray<F extends FrameStamp>(arm: Arm, frame: F): StrayFate<F> {
  return { arm, frame, outcome: frame.status === "complete" ? "extra" : "incomplete", shotId: null };
}

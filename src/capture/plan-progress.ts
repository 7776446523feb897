/** Which planned shots are done, which are owed, and what a retake replaces. Pure. */
import type { PlannedShot } from "../schema/capture-plan.js";
import type { ShotRecord } from "../schema/records.js";

export type ShotResult = Pick<ShotRecord, "shotId" | "planIndex" | "outcome" | "verdict" | "reasons">;

interface Slot {
  readonly planned: PlannedShot;
  /** Shots begun, those whose verdict is still open included. */
  attempts: number;
  /** Attempts granted: the first, the retakes, and one more for each that the operator asked for. */
  allowed: number;
  /** Shots begun whose verdict is still open. */
  open: number;
  /** The shot that fulfils the plan; null while none does. */
  goodShotId: number | null;
  lastShotId: number | null;
  skipped: boolean;
}

/**
 * A planned shot is done when a paired shot with verdict KEEP or WARN exists that the operator did
 * not reject, when its retakes are used up, or when it was skipped.
 */
export class PlanProgress {
  readonly #slots: readonly Slot[];
  readonly #indexOfShot = new Map<number, number>();
  readonly #rejected = new Set<number>();
  /** No slot before it is owed or open. */
  #firstOwed = 0;

  /** `retakes`: attempts beyond the first for each planned shot. */
  constructor(planned: readonly PlannedShot[], retakes: number) {
    this.#slots = planned.map((shot) => ({
      planned: shot,
      attempts: 0,
      allowed: 1 + retakes,
      open: 0,
      goodShotId: null,
      lastShotId: null,
      skipped: false,
    }));
  }

  get planned(): number {
    return this.#slots.length;
  }

  get done(): number {
    return this.#slots.filter((slot) => slot.open === 0 && !isOwed(slot)).length;
  }

  /** Planned shots that no attempt fulfilled, skipped ones left out. */
  get unfulfilled(): readonly PlannedShot[] {
    return this.#slots
      .filter((slot) => slot.goodShotId === null && !slot.skipped)
      .map((slot) => slot.planned);
  }

  /** First planned shot that is owed an attempt and has none whose verdict is open; null if none. */
  next(): PlannedShot | null {
    const slots = this.#slots;
    while (isDone(slots[this.#firstOwed])) this.#firstOwed++;
    for (let index = this.#firstOwed; index < slots.length; index++) {
      const slot = slots[index];
      if (slot !== undefined && slot.open === 0 && isOwed(slot)) return slot.planned;
    }
    return null;
  }

  /** The latest shot of this planned one, which a new attempt replaces; null for the first. */
  retakeOf(planned: PlannedShot): number | null {
    return this.#slot(planned.index).lastShotId;
  }

  /** A shot was opened for `planned`; its result follows. */
  begin(planned: PlannedShot, shotId: number): void {
    const slot = this.#slot(planned.index);
    slot.attempts++;
    slot.open++;
    slot.lastShotId = shotId;
    this.#indexOfShot.set(shotId, planned.index);
  }

  /** A shot got its verdict: one that was begun here, or one of an earlier run of the session. */
  record(shot: ShotResult): void {
    if (shot.planIndex === null || this.#slots[shot.planIndex] === undefined) return;
    const slot = this.#slot(shot.planIndex);
    if (this.#indexOfShot.has(shot.shotId)) {
      slot.open--;
    } else {
      // A crash of ours is no fault of the shot: it uses up no retake.
      if (!shot.reasons.includes("interrupted")) slot.attempts++;
      slot.lastShotId = Math.max(slot.lastShotId ?? 0, shot.shotId);
      this.#indexOfShot.set(shot.shotId, shot.planIndex);
    }
    if (isGood(shot) && !this.#rejected.has(shot.shotId)) slot.goodShotId = shot.shotId;
  }

  /**
   * The operator does not want `shotId`, whose planned shot is then owed once more unless another
   * shot fulfils it. Shots of other sessions are ignored.
   */
  reject(shotId: number): void {
    const index = this.#indexOfShot.get(shotId);
    if (index === undefined) return;
    const slot = this.#slot(index);
    this.#rejected.add(shotId);
    if (slot.goodShotId === shotId) slot.goodShotId = null;
    if (slot.goodShotId !== null) return;
    slot.skipped = false;
    slot.allowed = Math.max(slot.allowed, slot.attempts + 1);
    this.#firstOwed = Math.min(this.#firstOwed, index);
  }

  /** Leaves a planned shot out of this run. */
  skip(planned: PlannedShot): void {
    this.#slot(planned.index).skipped = true;
  }

  #slot(index: number): Slot {
    const slot = this.#slots[index];
    if (slot === undefined) throw new RangeError(`the plan has no shot ${index}`);
    return slot;
  }
}

function isGood(shot: ShotResult): boolean {
  return shot.outcome === "paired" && (shot.verdict === "KEEP" || shot.verdict === "WARN");
}

function isOwed(slot: Slot): boolean {
  return !slot.skipped && slot.goodShotId === null && slot.attempts < slot.allowed;
}

function isDone(slot: Slot | undefined): boolean {
  return slot !== undefined && slot.open === 0 && !isOwed(slot);
}

/**
 * From captured to acknowledged. Shots are analysed and written while the next one is taken, but
 * judged and committed strictly in the order in which they were captured.
 */
import type { Logger } from "../base/log.js";
import type { Dataset } from "../dataset/dataset.js";
import type { FrameQuality, ShotRecord, StrayFrame } from "../schema/records.js";
import type { RigConfig } from "../schema/rig-config.js";
import { type CapturedShot, shotRecord } from "./captured-shot.js";
import type { Condition } from "./condition.js";
import { strayFrame } from "./dry-shot.js";
import type { FrameStore, StoredFrame } from "./frame-store.js";
import { judge } from "./judge.js";
import { arms, type PerArm, perArm } from "./rig.js";
import type { SessionNorms } from "./session-norms.js";

export interface ShotStoreOptions {
  readonly dataset: Pick<Dataset, "commitShot" | "recordStray">;
  readonly frames: Pick<FrameStore, "write" | "preview">;
  readonly config: RigConfig;
  readonly norms: SessionNorms;
  readonly changed: Condition;
  readonly logger: Logger;
  /** Shots whose frames may be held at once; each holds two of the cameras' buffers. */
  readonly capacity: number;
  /** The dataset has acknowledged the shot. */
  readonly onCommitted: (shot: ShotRecord) => void;
  readonly onStray: (frame: StrayFrame) => void;
}

export class ShotStore {
  readonly #options: ShotStoreOptions;
  /** Judgement and commit of the latest shot; each waits for the one before. */
  #tail: Promise<void> = Promise.resolve();
  #uncommitted = 0;
  #holding = 0;
  #strays = 0;
  #failure: unknown = null;

  constructor(options: ShotStoreOptions) {
    this.#options = options;
  }

  /** Shots added and not yet acknowledged. */
  get uncommitted(): number {
    return this.#uncommitted;
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  /** @throws what a write or commit failed with; everything after it was left uncommitted. */
  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Resolves when another shot may be captured without holding too many frames. */
  async room(): Promise<void> {
    const { changed, capacity } = this.#options;
    await changed.until(() => this.#holding < capacity || this.failed);
    this.throwIfFailed();
  }

  /** Resolves when every shot added is acknowledged. */
  async committed(): Promise<void> {
    await this.#options.changed.until(() => this.#uncommitted === 0 || this.failed);
    this.throwIfFailed();
  }

  /** Resolves when nothing is at work any more, previews included; never rejects. */
  async settled(): Promise<void> {
    await this.#options.changed.until(() => this.#holding === 0 && this.#strays === 0);
  }

  /** Takes over the shot and its frames, which are released here whatever happens. */
  add(shot: CapturedShot): void {
    this.#uncommitted++;
    this.#holding++;
    const written = this.#write(shot);
    // Awaited below, in order; until then a failure must not count as unhandled.
    written.catch(() => {});
    const committed = this.#tail.then(async () => this.#commit(shot, await written));
    this.#tail = committed.catch((error: unknown) => this.#fail(error));
    void this.#previewAndRelease(shot, written, committed);
  }

  /** Records a frame whose pixels are not kept. */
  addStray(frame: StrayFrame): void {
    this.#strays++;
    this.#options.dataset
      .recordStray(frame)
      .then(() => this.#options.onStray(frame))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#strays--;
        this.#options.changed.notify();
      });
  }

  async #write(shot: CapturedShot): Promise<PerArm<StoredFrame | null>> {
    const { frames } = this.#options;
    const writes = arms.map((arm) => frames.write(shot, arm));
    // Both must have ended before a failure is passed on: the payloads are in use until then.
    await Promise.allSettled(writes);
    const [near, far] = await Promise.all(writes);
    return { near: near ?? null, far: far ?? null };
  }

  async #commit(shot: CapturedShot, stored: PerArm<StoredFrame | null>): Promise<void> {
    this.throwIfFailed();
    const { config, norms, dataset } = this.#options;
    const { distanceMm, shotId } = shot.open;
    const judgement = judge({
      shotId,
      outcome: shot.trigger.outcome,
      fire: shot.fire,
      linkLost: shot.linkLost,
      frames: perArm((arm) => stored[arm]?.judged ?? null),
      skew: shot.skew,
      feedbackWired: perArm((arm) => config[arm].feedback),
      strobe: config.trigger.strobe.enabled,
      norms: norms.at(distanceMm),
      limits: config.limits,
    });
    const frames = arms.flatMap((arm) => stored[arm]?.record ?? []);
    const record = shotRecord(shot, judgement, frames);
    await dataset.commitShot(record);
    const quality = pairQuality(record);
    if (quality !== null) norms.add(distanceMm, quality);
    for (const arm of arms) this.#strayOfUnreadable(shot, arm, stored[arm]);
    this.#uncommitted--;
    this.#options.onCommitted(record);
    this.#options.changed.notify();
  }

  /** A frame too broken to be stored is still a frame, and counted. */
  #strayOfUnreadable(shot: CapturedShot, arm: (typeof arms)[number], stored: StoredFrame | null): void {
    const closed = shot.trigger.frames[arm];
    if (closed === null || stored !== null) return;
    const { sessionId, shotId } = shot.open;
    this.addStray(strayFrame(sessionId, arm, closed.outcome, closed.frame, shotId));
  }

  async #previewAndRelease(
    shot: CapturedShot,
    written: Promise<unknown>,
    committed: Promise<void>,
  ): Promise<void> {
    try {
      await committed;
      await Promise.all(arms.map((arm) => this.#preview(shot, arm)));
    } catch {
      // Kept in #failure; the frames may go as soon as nobody reads them.
      await written.catch(() => {});
    } finally {
      for (const arm of arms) shot.trigger.frames[arm]?.frame.release();
      this.#holding--;
      this.#options.changed.notify();
    }
  }

  async #preview(shot: CapturedShot, arm: (typeof arms)[number]): Promise<void> {
    const closed = shot.trigger.frames[arm];
    if (closed === null || closed.outcome === "incomplete") return;
    try {
      await this.#options.frames.preview(shot.open.shotId, arm, closed.frame);
    } catch (error) {
      this.#options.logger.warn({ error, shotId: shot.open.shotId, arm }, "no preview was kept");
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#options.changed.notify();
  }
}

/** The quality of both frames of a pair; null for anything else. */
export function pairQuality(shot: Pick<ShotRecord, "outcome" | "frames">): PerArm<FrameQuality> | null {
  if (shot.outcome !== "paired") return null;
  const near = shot.frames.find((frame) => frame.arm === "near")?.quality;
  const far = shot.frames.find((frame) => frame.arm === "far")?.quality;
  return near && far ? { near, far } : null;
}

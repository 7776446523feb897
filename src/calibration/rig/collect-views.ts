/** Takes the views of a plan one after the other, and asks for those again that are not worth keeping. */
import type { Vision } from "../../native/vision.js";
import type { KnownBoard, SeenBoard } from "../geometry/observations/seen-board.js";
import type { PlannedPose, PlannedStop } from "./pose-plan.js";
import type { RigShooter } from "./shooter.js";
import { type BoardsInShot, sightBoards } from "./sight-board.js";
import { complaint, movement, type SeenByBoth } from "./view-check.js";

/** A view that was kept. */
export interface CollectedView {
  /** Of its pose in the plan. */
  readonly name: string;
  /** Index into the plan's stops. */
  readonly stop: number;
  readonly role: PlannedPose["role"];
  readonly boardId: string;
  readonly near: SeenBoard | null;
  readonly far: SeenBoard | null;
  readonly imageSizePx: BoardsInShot["imageSizePx"];
}

export interface CollectProgress {
  readonly pose: PlannedPose;
  readonly distanceMm: number;
  /** Views behind us, kept or given up, and all of the plan. */
  readonly done: number;
  readonly all: number;
  /** Why the view was not kept; null: it was. */
  readonly complaint: string | null;
  /** It will be asked for once more. */
  readonly again: boolean;
  readonly elapsedS: number;
  /** At the pace so far. */
  readonly remainingS: number;
}

export interface CollectOptions {
  readonly vision: Vision;
  readonly boards: readonly KnownBoard[];
  /** Views of an earlier session; they are not taken again. */
  readonly kept?: readonly CollectedView[];
  /** Gets each view as soon as it is taken, before the next one is asked for. */
  readonly keep?: (view: CollectedView) => Promise<void>;
  readonly onProgress?: (progress: CollectProgress) => void;
  readonly signal?: AbortSignal;
}

/** How often a person is asked for the same view. */
const mostTries = 3;

/**
 * @returns views of the plan in its order; those that no try gave are left out.
 * @throws CALIBRATION_REFUSED for a mirrored arm; what moving, asking and shooting throw; the signal's reason. What
 *   `keep` got is safe then.
 */
export async function collectViews(
  shooter: RigShooter,
  plan: readonly PlannedStop[],
  options: CollectOptions,
): Promise<CollectedView[]> {
  const collection = new Collection(shooter, plan, options);
  for (const [stop, { distanceMm, poses }] of plan.entries()) {
    const missing = poses.filter(({ name }) => !collection.views.has(name));
    if (missing.length > 0) await shooter.moveTo(distanceMm, options.signal);
    for (const pose of missing) await collection.obtain(pose, stop);
  }
  return plan.flatMap(({ poses }) => poses.flatMap(({ name }) => collection.views.get(name) ?? []));
}

/** What was collected so far, and how fast. */
class Collection {
  /** By their poses' names. */
  readonly views: Map<string, CollectedView>;
  readonly #shooter: RigShooter;
  readonly #plan: readonly PlannedStop[];
  readonly #options: CollectOptions;
  readonly #startedAtMs = performance.now();
  readonly #doneBefore: number;
  /** Poses of this session that are behind us. */
  #done = 0;

  constructor(shooter: RigShooter, plan: readonly PlannedStop[], options: CollectOptions) {
    this.#shooter = shooter;
    this.#plan = plan;
    this.#options = options;
    this.views = new Map((options.kept ?? []).map((view) => [view.name, view]));
    this.#doneBefore = this.views.size;
  }

  /** Takes the view of a pose, asking a person again when it was no good. */
  async obtain(pose: PlannedPose, stop: number): Promise<void> {
    const tries = this.#shooter.guide.automatic ? 1 : mostTries;
    const asked = { ...pose, text: `View ${this.#behindUs + 1} of ${this.#all}: ${pose.text}` };
    for (let left = tries; left > 0; left--) {
      const taken = await takeView(this.#shooter, asked, stop, this.#options);
      const problem = typeof taken === "string" ? taken : null;
      if (typeof taken !== "string") {
        await this.#options.keep?.(taken);
        this.views.set(pose.name, taken);
      }
      const again = problem !== null && left > 1;
      if (!again) this.#done++;
      this.#tell(pose, stop, problem, again);
      if (!again) return;
    }
  }

  get #all(): number {
    return this.#plan.reduce((sum, { poses }) => sum + poses.length, 0);
  }

  get #behindUs(): number {
    return this.#doneBefore + this.#done;
  }

  #tell(pose: PlannedPose, stop: number, problem: string | null, again: boolean): void {
    const [done, all] = [this.#behindUs, this.#all];
    const elapsedS = (performance.now() - this.#startedAtMs) / 1000;
    const remainingS = (elapsedS / Math.max(1, this.#done)) * (all - done);
    const distanceMm = this.#plan[stop]?.distanceMm ?? Number.NaN;
    this.#options.onProgress?.({
      ...{ pose, distanceMm, done, all },
      complaint: problem,
      ...{ again, elapsedS, remainingS },
    });
  }
}

/** The view, or a sentence that says why it is not worth keeping. */
async function takeView(
  shooter: RigShooter,
  { name, role, boardId, pose, text }: PlannedPose,
  stop: number,
  { vision, boards, signal }: CollectOptions,
): Promise<CollectedView | string> {
  const { guide } = shooter;
  const known = boards.filter(({ id }) => id === boardId);
  await guide.show({ show: { target: boardId }, pose, text }, signal);
  const look = async (): Promise<{ shot: BoardsInShot; seen: SeenByBoth }> => {
    const shot = await sightBoards(shooter, vision, known, signal);
    return { shot, seen: { near: shot.near[0] ?? null, far: shot.far[0] ?? null } };
  };
  const { shot, seen } = await look();
  const problem = complaint(seen, known[0]?.cornersMm.length ?? 0);
  if (problem !== null) return problem;
  // A hand needs a moment to come to rest; a program's boards stand where they were put.
  const moved = guide.automatic ? null : movement(seen, (await look()).seen);
  return moved ?? { name, stop, role, boardId, ...seen, imageSizePx: shot.imageSizePx };
}

/** Views of boards of a calibration that is under way: in the store, so that none is asked for twice. */
import { join } from "node:path";
import { CallerError } from "../../base/errors.js";
import type { CollectedView } from "../../calibration/rig/collect-views.js";
import type { PlannedStop } from "../../calibration/rig/pose-plan.js";
import { planFingerprint, ViewJournal } from "../../calibration/rig/view-journal.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { Calibration } from "../../schema/calibration.js";
import type { RigConfig } from "../../schema/rig-config.js";
import type { Services } from "../services.js";
import { withDataset } from "./with-store.js";

/** What becomes of the views of a calibration that was broken off. */
export interface FormerViews {
  /** They are gone on with. */
  readonly resume?: boolean;
  /** They are thrown away. */
  readonly restart?: boolean;
}

function journalPath(store: string, { name }: RigConfig): string {
  return join(store, "calibrating", `${name}-geometry.jsonl`);
}

/**
 * Before anything is opened for long.
 * @throws CallerError USAGE when there are such views and nobody said what becomes of them; STORE_NOT_FOUND and NOT_FOUND
 *   when there are none to go on with.
 */
export async function requireFormerViewsAsSaid(
  services: Services,
  store: string,
  config: RigConfig,
  { resume = false, restart = false }: FormerViews,
): Promise<void> {
  if (restart) return;
  const path = journalPath(store, config);
  const count = resume
    ? await withDataset(services, store, () => ViewJournal.count(path))
    : await ViewJournal.count(path);
  if (resume && count === 0) throw noViews();
  if (resume || count === 0) return;
  throw new CallerError("USAGE", `${store} keeps ${count} views of a calibration that was broken off.`, {
    advice: "Say --resume to go on with them, or --restart to throw them away.",
  });
}

function noViews(): CallerError {
  return new CallerError("NOT_FOUND", "There are no views of a calibration that was broken off.", {
    advice: "Leave --resume out to begin one.",
  });
}

/** A store, opened for writing, and the views in it. */
export class KeptViews {
  readonly #services: Services;
  readonly #store: string;
  readonly #resume: boolean;
  #dataset: Dataset | null = null;
  #journal: ViewJournal | null = null;
  #count = 0;

  constructor(services: Services, store: string, { resume = false }: FormerViews) {
    this.#services = services;
    this.#store = store;
    this.#resume = resume;
  }

  /** How many there are by now. */
  get count(): number {
    return this.#count;
  }

  /** @returns those of the session before. @throws what `openDataset` and `ViewJournal.resume` throw. */
  async open(config: RigConfig, plan: readonly PlannedStop[]): Promise<readonly CollectedView[]> {
    const mode = this.#resume ? "must-exist" : "create-if-missing";
    this.#dataset = await this.#services.openDataset(this.#store, mode);
    const path = journalPath(this.#store, config);
    const fingerprint = planFingerprint(plan, config);
    this.#journal = this.#resume
      ? await ViewJournal.resume(path, fingerprint)
      : await ViewJournal.begin(path, fingerprint);
    this.#count = this.#journal.kept.length;
    return this.#journal.kept;
  }

  /** Resolves when it is on the disk. */
  async keep(view: CollectedView): Promise<void> {
    await this.#journal?.keep(view);
    this.#count++;
  }

  /** The record has them all. */
  async replaceBy(record: Calibration): Promise<void> {
    await this.#dataset?.addCalibration(record);
    this.#count = 0;
    await this.#journal?.remove();
  }

  async close(): Promise<void> {
    await this.#dataset?.close();
  }
}

/** `nearfar calibrate geometry` on a rig: guided views of boards at every stop, then the joint solve. */
import { join } from "node:path";
import type { Command } from "commander";
import { CallerError, WorldError } from "../../base/errors.js";
import { calibratePair, type PairResult } from "../../calibration/geometry/pair/calibrate-pair.js";
import type { PairInput } from "../../calibration/geometry/pair/pair-input.js";
import {
  type CollectedView,
  type CollectProgress,
  collectViews,
} from "../../calibration/rig/collect-views.js";
import { type PlanBoards, planBoards } from "../../calibration/rig/plan-boards.js";
import { type PlannedStop, posePlan } from "../../calibration/rig/pose-plan.js";
import { rigField } from "../../calibration/rig/rig-field.js";
import type { RigShooter } from "../../calibration/rig/shooter.js";
import { planFingerprint, ViewJournal } from "../../calibration/rig/view-journal.js";
import { loadRigConfig } from "../../capture/load-config.js";
import type { Dataset } from "../../dataset/dataset.js";
import { createSolver } from "../../native/solver.js";
import { createVision, type Vision } from "../../native/vision.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { CalibratedRig } from "../../schema/calibration-header.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { targetsFolder } from "../../targets/read-targets.js";
import { note } from "../note.js";
import type { Services } from "../services.js";
import { formatDuration } from "../units.js";
import { interruptible } from "./interruptible.js";
import { rigOf, rigRecord } from "./keep-record.js";
import { pairFindings, pairJson } from "./pair-result.js";
import { requireRecordFolder, writeRecordFolder } from "./record-folder.js";
import { stopList, usualStopsMm } from "./stop-list.js";
import { type HowTold, tellRecord } from "./tell-record.js";
import { usualViews, viewCount } from "./view-count.js";
import { withShooter } from "./with-shooter.js";

export interface GeometryRigOptions extends HowTold {
  readonly rig?: string;
  readonly store?: string;
  /** Of other calibrations than a rig's. */
  readonly images?: unknown;
  readonly corners?: unknown;
  readonly stops?: readonly number[];
  readonly views?: number;
  readonly board?: string;
  readonly resume?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** Of a person's time, boards in both hands. */
const secondsOfAView = 12;

export function addGeometryRigOptions(command: Command): Command {
  return command
    .option("--rig <file>", "calibrate both cameras of a rig together, guided; needs --store")
    .option("--store <dir>", "the dataset that keeps the record; made when it is not there")
    .option("--stops <list>", `of a rig: stops of the rail in mm (${usualStopsMm.join(",")})`, stopList)
    .option("--views <number>", `of a rig: views of each stop (${usualViews}; 30 for the best)`, viewCount)
    .option("--resume", "of a rig: go on with the views of a calibration that was broken off");
}

interface Job {
  readonly config: RigConfig;
  readonly plan: readonly PlannedStop[];
  readonly boards: PlanBoards["boards"];
  readonly json: boolean;
}

/**
 * @throws CallerError USAGE, CONFIG_INVALID, STAGE_REFUSED before anything is opened; CALIBRATION_REFUSED and
 *   CALIBRATION_FAILED as `calibratePair`; what the rig throws. Views that were taken are kept for --resume.
 */
export async function runGeometryOnRig(services: Services, options: GeometryRigOptions): Promise<void> {
  const { terminal } = services;
  const { rig, store, out, force = false, json = false } = options;
  if (rig === undefined || store === undefined) {
    throw new CallerError("USAGE", "A rig is calibrated into a store.", {
      advice: "Give --rig and --store.",
    });
  }
  requireNoFiles(options);
  const config = await loadRigConfig(rig);
  const job = await jobOf(services, config, options);
  if (out !== undefined) await requireRecordFolder(out, force);
  const startedAtMs = performance.now();
  announce(services, job);
  const taken = await takeViews(services, job, store, options.resume === true);
  let record: PairCalibration;
  try {
    const result = await solve(services, job, taken.views);
    record = rigRecord(services, taken.calibrated, { ...result, expiresAt: () => null });
    await taken.dataset.addCalibration(record);
    await taken.journal.remove();
  } finally {
    await taken.dataset.close();
  }
  if (out !== undefined) await writeRecordFolder(out, record, force);
  tellRecord(services, record, options, { json: pairJson, findings: pairFindings });
  if (!json) terminal.note(`Took ${formatDuration((performance.now() - startedAtMs) / 1000)}.`);
}

/** Tells people how long it will take them. */
function announce({ terminal }: Services, { config, plan, json }: Job): void {
  if (config.virtual !== undefined) return;
  const views = plan.reduce((sum, { poses }) => sum + poses.length, 0);
  const minutes = Math.ceil((views * secondsOfAView) / 60);
  note(
    terminal,
    `${views} views at ${plan.length} stops, about ${minutes} min; Ctrl-C keeps those taken.`,
    json,
  );
}

function requireNoFiles({ images, corners }: GeometryRigOptions): void {
  if (images === undefined && corners === undefined) return;
  throw new CallerError("USAGE", "Images and corner files are of one camera; a rig takes its own.", {
    advice: "Give --rig, or --images or --corners.",
  });
}

async function jobOf(services: Services, config: RigConfig, options: GeometryRigOptions): Promise<Job> {
  const { minMm, maxMm } = config.rail;
  const stopsMm = options.stops ?? usualStopsMm.filter((stop) => stop >= minMm && stop <= maxMm);
  const outside = stopsMm.filter((stop) => stop < minMm || stop > maxMm);
  if (outside.length > 0 || stopsMm.length === 0) {
    throw new CallerError("STAGE_REFUSED", `The rail does not reach ${outside.join(", ")} mm.`, {
      advice: `Give --stops from ${minMm} to ${maxMm} mm, the rail's travel in the rig config.`,
    });
  }
  requireSomebody(services, config);
  const targets = targetsFolder(services.programFolder);
  const { boards, boardAt } = await planBoards(stopsMm, options.board, targets);
  const plan = posePlan(config, { stopsMm, views: options.views ?? usualViews, boardAt });
  return { config, plan, boards, json: options.json === true };
}

/** @throws CallerError USAGE for a real rig without anybody who could hold boards. */
export function requireSomebody({ terminal }: Services, config: RigConfig): void {
  if (config.virtual !== undefined || terminal.interactive) return;
  throw new CallerError("USAGE", "Boards are held by hand, and nobody is at a terminal to be asked.", {
    advice: "Calibrate a real rig at a terminal.",
  });
}

interface Taken {
  readonly views: readonly CollectedView[];
  readonly calibrated: CalibratedRig;
  /** Open for writing. */
  readonly dataset: Dataset;
  readonly journal: ViewJournal;
}

/** Opens the rig before the store, so that a rig that is not there leaves no empty store behind. */
async function takeViews(services: Services, job: Job, store: string, resume: boolean): Promise<Taken> {
  const vision = createVision();
  try {
    return await withShooter(services, job.config, async (shooter, signal) => {
      const dataset = await services.openDataset(store, resume ? "must-exist" : "create-if-missing");
      try {
        const journal = await openJournal(dataset, job, resume);
        const views = await collect(services, job, journal, { shooter, vision, signal });
        return { views, calibrated: rigOf(shooter), dataset, journal };
      } catch (error) {
        await dataset.close();
        throw error;
      }
    });
  } finally {
    await vision.close();
  }
}

function openJournal({ directory }: Dataset, { config, plan }: Job, resume: boolean): Promise<ViewJournal> {
  const path = join(directory, "calibrating", `${config.name}-geometry.jsonl`);
  const fingerprint = planFingerprint(plan, config);
  return resume ? ViewJournal.resume(path, fingerprint) : ViewJournal.begin(path, fingerprint);
}

async function collect(
  services: Services,
  { plan, boards, json }: Job,
  journal: ViewJournal,
  { shooter, vision, signal }: { shooter: RigShooter; vision: Vision; signal: AbortSignal },
): Promise<CollectedView[]> {
  let count = journal.kept.length;
  const keep = async (view: CollectedView): Promise<void> => {
    await journal.keep(view);
    count++;
  };
  const onProgress = (progress: CollectProgress): void => showProgress(services, progress, json);
  try {
    const options = { vision, boards, kept: journal.kept, keep, onProgress, signal };
    return await collectViews(shooter, plan, options);
  } catch (error) {
    if (count > 0) note(services.terminal, `${count} views are kept: --resume goes on with them.`, json);
    throw error;
  }
}

function showProgress({ terminal }: Services, progress: CollectProgress, json: boolean): void {
  const { pose, distanceMm, done, all, complaint, again, elapsedS, remainingS } = progress;
  if (complaint !== null)
    note(terminal, `View ${pose.name}${again ? "" : " is left out"}: ${complaint}`, json);
  terminal.progress(
    `At ${distanceMm} mm: ${done} of ${all} views, ${formatDuration(elapsedS)} gone, about ${formatDuration(remainingS)} left`,
  );
}

function solve(
  services: Services,
  { config, plan, boards }: Job,
  views: readonly CollectedView[],
): Promise<PairResult> {
  const imageSizePx = views[0]?.imageSizePx;
  if (imageSizePx === undefined) {
    throw new WorldError("CALIBRATION_FAILED", "No board was seen in any view.", {
      advice: "Check light, focus and exposure with `nearfar capture`, and that the right board is held.",
    });
  }
  const input: PairInput = {
    stops: plan.map(({ distanceMm }) => ({ distanceMm })),
    views,
    boards,
    imageSizePx,
    farDistanceMm: rigField(config, plan[0]?.distanceMm ?? 0).farDistanceMm,
  };
  const solver = createSolver();
  const onProgress = (step: string): void => services.terminal.progress(`Solving: ${step}`);
  return interruptible(services, (signal) => calibratePair(solver, input, { signal, onProgress })).finally(
    () => solver.close(),
  );
}

/** `nearfar calibrate geometry` on a rig: guided views of boards at every stop, then the joint solve. */
import { WorldError } from "../../base/errors.js";
import { calibratePair, type PairResult } from "../../calibration/geometry/pair/calibrate-pair.js";
import type { PairInput } from "../../calibration/geometry/pair/pair-input.js";
import {
  type CollectedView,
  type CollectProgress,
  collectViews,
} from "../../calibration/rig/collect-views.js";
import { type PlanBoards, planBoards } from "../../calibration/rig/plan-boards.js";
import { type PlannedStop, posePlan } from "../../calibration/rig/pose-plan.js";
import { farDistanceOf } from "../../calibration/rig/rig-field.js";
import { loadRigConfig } from "../../capture/load-config.js";
import { createVision } from "../../native/vision.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { CalibratedRig } from "../../schema/calibration-header.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { targetsFolder } from "../../targets/read-targets.js";
import { note } from "../note.js";
import type { Services } from "../services.js";
import { formatDuration } from "../units.js";
import { withSolver } from "./camera-difference.js";
import { newRecord, rigOf } from "./keep-record.js";
import { type FormerViews, KeptViews, requireFormerViewsAsSaid } from "./kept-views.js";
import { pairFindings, pairJson } from "./pair-result.js";
import { requireRecordFolder, writeRecordFolder } from "./record-folder.js";
import { requireSomebody } from "./require-somebody.js";
import { stopsOnRail } from "./stop-list.js";
import { type HowTold, tellRecord } from "./tell-record.js";
import { usualViews } from "./view-count.js";
import { withShooter } from "./with-shooter.js";

export interface GeometryRigOptions extends HowTold, FormerViews {
  readonly rig: string;
  readonly store: string;
  readonly stops?: readonly number[];
  readonly views?: number;
  readonly board?: string;
  readonly out?: string;
  readonly force?: boolean;
}

/** Of a person's time, boards in both hands. */
const secondsOfAView = 12;

interface Job {
  readonly config: RigConfig;
  readonly plan: readonly PlannedStop[];
  readonly boards: PlanBoards["boards"];
  readonly json: boolean;
}

/**
 * @throws CallerError USAGE, CONFIG_INVALID before anything is opened; CALIBRATION_REFUSED and CALIBRATION_FAILED as
 *   `calibratePair`; what the rig throws. Views that were taken are kept for --resume.
 */
export async function runGeometryOnRig(services: Services, options: GeometryRigOptions): Promise<void> {
  const { terminal } = services;
  const { rig, store, out, force = false, json = false } = options;
  const config = await loadRigConfig(rig);
  const job = await jobOf(services, config, options);
  await requireFormerViewsAsSaid(services, store, config, options);
  if (out !== undefined) await requireRecordFolder(out, force);
  const startedAtMs = performance.now();
  announce(services, job);
  const kept = new KeptViews(services, store, options);
  let record: PairCalibration;
  try {
    const { views, calibrated } = await takeViews(services, job, kept);
    record = newRecord(services, calibrated, await solve(services, job, views));
    await kept.replaceBy(record);
  } catch (error) {
    if (kept.count > 0) {
      const advice = `${kept.count} views are kept: --resume goes on with them, --restart throws them away.`;
      note(terminal, advice, json);
    }
    throw error;
  } finally {
    await kept.close();
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

async function jobOf(services: Services, config: RigConfig, options: GeometryRigOptions): Promise<Job> {
  const stopsMm = stopsOnRail(config, options.stops);
  requireSomebody(services, config);
  const targets = targetsFolder(services.programFolder);
  const { boards, boardAt } = await planBoards(stopsMm, options.board, targets);
  const plan = posePlan(config, { stopsMm, views: options.views ?? usualViews, boardAt });
  return { config, plan, boards, json: options.json === true };
}

interface Taken {
  readonly views: readonly CollectedView[];
  readonly calibrated: CalibratedRig;
}

/** Opens the rig before the store, so that a rig that is not there leaves no empty store behind. */
async function takeViews(services: Services, job: Job, kept: KeptViews): Promise<Taken> {
  const { config, plan, boards, json } = job;
  const vision = createVision();
  try {
    return await withShooter(services, config, async (shooter, signal) => {
      const former = await kept.open(config, plan);
      const keep = (view: CollectedView): Promise<void> => kept.keep(view);
      const onProgress = (progress: CollectProgress): void => showProgress(services, progress, json);
      const options = { vision, boards, kept: former, keep, onProgress, signal };
      return { views: await collectViews(shooter, plan, options), calibrated: rigOf(shooter) };
    });
  } finally {
    await vision.close();
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
    farDistanceMm: farDistanceOf(config),
  };
  const onProgress = (step: string): void => services.terminal.progress(`Solving: ${step}`);
  return withSolver(services, (solver, signal) => calibratePair(solver, input, { signal, onProgress }));
}

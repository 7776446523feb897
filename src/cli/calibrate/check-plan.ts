/** What a check will look at, found out before anything moves. */
import { calibratedStop } from "../../calibration/geometry/check/calibrated-stop.js";
import { boardsOfTarget } from "../../calibration/geometry/observations/known-boards.js";
import type { KnownBoard } from "../../calibration/geometry/observations/seen-board.js";
import { type PlanBoards, planBoards } from "../../calibration/rig/plan-boards.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import { readTarget, targetsFolder } from "../../targets/read-targets.js";
import type { Services } from "../services.js";

export interface CheckOptions {
  readonly rig: string;
  readonly store: string;
  readonly stop?: number;
  readonly board?: string;
  readonly watch?: boolean;
  readonly phantom?: boolean;
  readonly null?: boolean;
  readonly json?: boolean;
}

export interface CheckPlan {
  /** Where boards are looked at. */
  readonly stopMm: number;
  /** Of the null test. */
  readonly farthestMm: number;
  readonly boards: PlanBoards;
  /** Null when none is asked for. */
  readonly phantom: {
    readonly id: string;
    readonly boards: readonly KnownBoard[];
    readonly stopsMm: readonly number[];
  } | null;
}

const phantomId = "depth-phantom";

/** @throws CallerError USAGE at a stop that was not calibrated and for what is no board; NOT_FOUND without a definition. */
export async function checkPlan(
  services: Services,
  record: PairCalibration,
  { stop, board, phantom }: CheckOptions,
): Promise<CheckPlan> {
  if (stop !== undefined) calibratedStop(record, stop);
  const all = [...new Set(record.stops.map(({ distanceMm }) => distanceMm))];
  const [stopMm, farthestMm] = [stop ?? all[0] ?? 0, Math.max(...all)];
  const targets = targetsFolder(services.programFolder);
  const boards = await planBoards([stopMm, farthestMm], board, targets);
  if (!phantom) return { stopMm, farthestMm, boards, phantom: null };
  const parts = boardsOfTarget(await readTarget(targets, phantomId));
  const stopsMm = stop === undefined ? all : [stop];
  return { stopMm, farthestMm, boards, phantom: { id: phantomId, boards: parts, stopsMm } };
}

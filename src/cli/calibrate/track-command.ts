/** `nearfar calibrate track`: whether the rig moved during a session, by a board that stood beside the head. */
import { Command } from "commander";
import { CallerError } from "../../base/errors.js";
import { resolveRecord } from "../../calibration/record/record-file.js";
import { oneBoard } from "../../calibration/rig/plan-boards.js";
import type { Dataset } from "../../dataset/dataset.js";
import { createVision } from "../../native/vision.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import { targetsFolder } from "../../targets/read-targets.js";
import { requireSession } from "../require-session.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";
import { interruptible } from "./interruptible.js";
import { rowJson, rowText, type TrackedRow, tellSummary } from "./track-result.js";
import { trackShot } from "./track-shots.js";
import { withDataset } from "./with-store.js";

interface TrackOptions {
  readonly store: string;
  readonly board: string;
  readonly calibration?: string;
  readonly json?: boolean;
}

/** The calibration named, else the one that was in force when the session began. */
async function pairRecord(
  dataset: Dataset,
  sessionId: string,
  named: string | undefined,
): Promise<PairCalibration> {
  const session = await requireSession(dataset, sessionId);
  const reference = named ?? session.calibrations.find((id) => id.endsWith("-pair"));
  if (reference === undefined) {
    throw new CallerError("NOT_FOUND", `No geometric calibration was in force in session ${sessionId}.`, {
      advice: "Name one with --calibration: `nearfar calibrate list` shows those that are there.",
    });
  }
  const record = await resolveRecord(reference, dataset);
  if (record.kind === "pair") return record;
  throw new CallerError("USAGE", `${reference} is a calibration of kind ${record.kind}, not of a pair.`, {
    advice: "`nearfar calibrate list --kind pair` shows those that are there.",
  });
}

async function track(services: Services, sessionId: string, options: TrackOptions): Promise<void> {
  const { terminal } = services;
  const { json = false } = options;
  const board = await oneBoard(options.board, targetsFolder(services.programFolder));
  const rows = await withDataset(services, options.store, async (dataset) => {
    const record = await pairRecord(dataset, sessionId, options.calibration);
    const shots = await dataset.shots({ sessionId, outcome: "paired", purpose: "pair" });
    const vision = createVision();
    return interruptible(services, async (signal) => {
      const done: TrackedRow[] = [];
      for (const shot of shots) {
        terminal.progress(`Shot ${done.length + 1} of ${shots.length}`);
        const row = { shot, tracked: await trackShot({ dataset, record, board, vision, signal }, shot) };
        if (json) terminal.print(JSON.stringify(rowJson(row)));
        done.push(row);
      }
      return done;
    }).finally(() => vision.close());
  });
  const head = ["shot", "stop mm", "near moved against far, px", "near camera moved, mm", ""];
  if (!json && rows.length > 0) for (const line of formatTable(head, rows.map(rowText))) terminal.print(line);
  tellSummary(services, rows, json);
}

export function trackCommand(services: Services): Command {
  return new Command("track")
    .description(
      "Follow the rig through a stored session by a board that stood beside the head: did anything move?",
    )
    .argument("<session>", "id, as `nearfar session list` prints it")
    .requiredOption("--store <dir>", "the dataset")
    .requiredOption("--board <description>", "a target's id, or charuco:COLUMNSxROWS:SQUARE:MARKER, mm")
    .option("--calibration <id>", "another calibration than the one in force when the session began")
    .option("--json", "print a JSON line for each shot")
    .action((sessionId: string, options: TrackOptions) => track(services, sessionId, options));
}

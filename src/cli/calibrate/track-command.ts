/** `nearfar calibrate track`: whether the rig moved during a session, by a board that stood beside the head. */
import { Command } from "commander";
import { CallerError, exitStatusOfKind } from "../../base/errors.js";
import { type TrackedShot, trackRig } from "../../calibration/geometry/check/track-rig.js";
import { describedBoards } from "../../calibration/geometry/observations/board-description.js";
import { detectInImage } from "../../calibration/geometry/observations/detect-boards.js";
import type { KnownBoard, SeenBoard } from "../../calibration/geometry/observations/seen-board.js";
import { resolveRecord } from "../../calibration/record/record-file.js";
import type { Dataset } from "../../dataset/dataset.js";
import { readGrayFile } from "../../imaging/gray-file.js";
import { createVision, type Vision } from "../../native/vision.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { ArmName, ShotRecord } from "../../schema/records.js";
import { targetsFolder } from "../../targets/read-targets.js";
import { requireSession } from "../require-session.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";
import { interruptible } from "./interruptible.js";
import { plusMinus } from "./pair-result.js";

interface TrackOptions {
  readonly store: string;
  readonly board: string;
  readonly calibration?: string;
  readonly json?: boolean;
}

interface Tracker {
  readonly dataset: Dataset;
  readonly record: PairCalibration;
  readonly board: KnownBoard;
  readonly vision: Vision;
  readonly signal: AbortSignal;
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

async function seenBy(tracker: Tracker, shot: ShotRecord, arm: ArmName): Promise<SeenBoard | null> {
  const frame = shot.frames.find((each) => each.arm === arm);
  if (frame === undefined) return null;
  const { objectSha256: sha256, bytes } = frame;
  const image = await readGrayFile(tracker.dataset.objectPath({ sha256, bytes }, ".tif"), tracker.signal);
  const found = await detectInImage(`shot ${shot.shotId}`, image, [tracker.board], tracker);
  return found.boards[0] ?? null;
}

async function trackShot(tracker: Tracker, shot: ShotRecord): Promise<TrackedShot | null> {
  const { record, board } = tracker;
  const near = await seenBy(tracker, shot, "near");
  const far = near === null ? null : await seenBy(tracker, shot, "far");
  return near === null || far === null ? null : trackRig(record, shot.distanceMm, { board, near, far });
}

function shotRow({ shotId, distanceMm }: ShotRecord, tracked: TrackedShot | null): string[] {
  const name = [`#${shotId}`, String(distanceMm)];
  if (tracked === null) return [...name, "board not seen by both", "", ""];
  const { shiftPx, drift, moved } = tracked;
  const [x, y, z] = drift.moveMm;
  return [
    ...name,
    `${plusMinus(shiftPx.x, 3)} / ${plusMinus(shiftPx.y, 3)}`,
    `${plusMinus(x, 2)} / ${plusMinus(y, 2)} / ${plusMinus(z, 2)}`,
    moved ? "moved" : "",
  ];
}

async function track(services: Services, sessionId: string, options: TrackOptions): Promise<void> {
  const { terminal } = services;
  const boards = await describedBoards(options.board, targetsFolder(services.programFolder));
  const board = boards[0] as KnownBoard;
  const dataset = await services.openDataset(options.store, "read-only");
  const vision = createVision();
  try {
    const record = await pairRecord(dataset, sessionId, options.calibration);
    const shots = await dataset.shots({ sessionId, outcome: "paired", purpose: "pair" });
    const rows: string[][] = [];
    let seen = 0;
    await interruptible(services, async (signal) => {
      for (const [i, shot] of shots.entries()) {
        terminal.progress(`Shot ${i + 1} of ${shots.length}`);
        const tracked = await trackShot({ dataset, record, board, vision, signal }, shot);
        const { shotId, distanceMm } = shot;
        if (options.json) terminal.print(JSON.stringify({ type: "tracked", shotId, distanceMm, ...tracked }));
        rows.push(shotRow(shot, tracked));
        if (tracked !== null) seen++;
      }
    });
    const head = ["shot", "stop mm", "near moved against far, px", "near camera moved, mm", ""];
    if (!options.json) for (const line of formatTable(head, rows)) terminal.print(line);
    if (seen === 0) services.exit(exitStatusOfKind.data);
  } finally {
    await vision.close();
    await dataset.close();
  }
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

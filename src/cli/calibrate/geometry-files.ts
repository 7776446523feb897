/** `nearfar calibrate geometry` on files: one camera from its pictures of a board, or from corners found elsewhere. */
import { CallerError, exitStatusOfKind } from "../../base/errors.js";
import { calibrateCamera } from "../../calibration/geometry/camera/calibrate-camera.js";
import { describedBoards } from "../../calibration/geometry/observations/board-description.js";
import { readCornerFile } from "../../calibration/geometry/observations/corner-file.js";
import { detectBoards } from "../../calibration/geometry/observations/detect-boards.js";
import type { ExpectedHandedness } from "../../calibration/geometry/observations/handedness.js";
import { imageFiles } from "../../calibration/geometry/observations/image-files.js";
import type { ImageSighting, KnownBoard } from "../../calibration/geometry/observations/seen-board.js";
import { createSolver } from "../../native/solver.js";
import { createVision } from "../../native/vision.js";
import { targetsFolder } from "../../targets/read-targets.js";
import { note } from "../note.js";
import type { Services } from "../services.js";
import { cameraJson, cameraLines } from "./camera-result.js";
import { interruptible } from "./interruptible.js";
import { newRecord } from "./keep-record.js";
import { requireRecordFolder, writeRecordFolder } from "./record-folder.js";

export interface GeometryFileOptions {
  readonly images?: readonly string[];
  readonly board?: string;
  readonly corners?: string;
  readonly expect?: ExpectedHandedness;
  readonly distance?: number;
  readonly warp?: boolean;
  readonly shape?: number;
  readonly robust?: number | boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Cauchy's loss treats residuals beyond this many standard deviations as suspicious; 95 % efficient on good ones. */
export const usualRobustSigmas = 2.385;

/** @throws CallerError and WorldError as `calibrateCamera`; nothing is written then. Status 5 when a gate fails. */
export async function runGeometryOnFiles(services: Services, options: GeometryFileOptions): Promise<void> {
  const { terminal } = services;
  const { out, force = false, json } = options;
  if (out !== undefined) await requireRecordFolder(out, force);
  const { body, gates, facts } = await interruptible(services, async (signal) => {
    const { board, sightings } = await observations(services, options, signal);
    return calibrated(board, sightings, options, signal);
  });
  const record = newRecord(services, null, { body, gates });
  if (out !== undefined) await writeRecordFolder(out, record, force);
  const lines = json
    ? [JSON.stringify(cameraJson(record, facts))]
    : cameraLines(record, facts, out !== undefined);
  for (const line of lines) terminal.print(line);
  if (record.verdict === "FAIL") services.exit(exitStatusOfKind.data);
}

interface Observations {
  readonly board: KnownBoard;
  readonly sightings: readonly ImageSighting[];
}

async function observations(
  services: Services,
  { images, board: description, corners, json }: GeometryFileOptions,
  signal: AbortSignal,
): Promise<Observations> {
  if (corners !== undefined) {
    if (images !== undefined) throw usage("a corner file needs no images");
    const read = await readCornerFile(corners);
    if (read.remark !== null) note(services.terminal, read.remark, json === true);
    if (description === undefined || description === read.board.id) return read;
    throw usage(`the board of ${corners} is ${read.board.id}, not ${description}`);
  }
  if (images === undefined) throw usage("there is nothing to calibrate from");
  if (description === undefined) throw usage("the board in the images is not named");
  const [board, ...others] = await describedBoards(description, targetsFolder(services.programFolder));
  if (board === undefined || others.length > 0) throw usage(`${description} is not a single board`);
  return { board, sightings: await detected(services, await imageFiles(images), board, signal) };
}

async function detected(
  { terminal }: Services,
  sources: Awaited<ReturnType<typeof imageFiles>>,
  board: KnownBoard,
  signal: AbortSignal,
): Promise<ImageSighting[]> {
  const vision = createVision();
  const onProgress = (done: number, total: number): void =>
    terminal.progress(`Looking for the board: ${done} of ${total} images`);
  try {
    return await detectBoards(sources, [board], { vision, signal, onProgress });
  } finally {
    await vision.close();
  }
}

async function calibrated(
  board: KnownBoard,
  sightings: readonly ImageSighting[],
  { warp, shape, robust, distance, expect }: GeometryFileOptions,
  signal: AbortSignal,
): ReturnType<typeof calibrateCamera> {
  const solver = createSolver();
  try {
    return await calibrateCamera(sightings, board, {
      solver,
      warp: warp === true,
      shapeSigmaMm: shape ?? null,
      robustSigmas: robust === true ? usualRobustSigmas : typeof robust === "number" ? robust : null,
      distanceMm: distance ?? null,
      expected: expect ?? "any",
      signal,
    });
  } finally {
    await solver.close();
  }
}

function usage(why: string): CallerError {
  return new CallerError("USAGE", `calibrate geometry: ${why}.`, {
    advice: "For example `--images DIR --board chessboard:9x6:25`, or `--corners FILE`.",
  });
}

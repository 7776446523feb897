/** What `--reference` names. */
import { fileFrame } from "../../alignment/input/file-frame.js";
import { type Reference, referenceOfShot } from "../../alignment/input/reference-choice.js";
import { CallerError } from "../../base/errors.js";
import { describedBoards } from "../../calibration/geometry/observations/board-description.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { VisionBoard } from "../../native/vision.js";
import { targetsFolder } from "../../targets/read-targets.js";
import { requireSession } from "../require-session.js";
import type { Services } from "../services.js";
import { type AlignOptions, readingOf } from "./align-options.js";
import { requireShot } from "./require-shot.js";

/** The targets that are made to be held before a rig. */
const usualBoards = ["charuco-a4", "charuco-small"];

/** @throws CallerError NOT_FOUND, USAGE; WorldError FILE_CORRUPT. */
export async function referencesOf(dataset: Dataset, options: AlignOptions): Promise<readonly Reference[]> {
  const references: Reference[] = [];
  for (const words of options.reference ?? []) {
    const files = filesOf(words);
    references.push(files === null ? await ofShot(dataset, words) : await ofFiles(words, files, options));
  }
  return references;
}

/** Of two files with commas between; null for what must be a shot. */
export function filesOf(words: string): { readonly near: string; readonly far: string } | null {
  const [near, far, ...more] = words.split(",");
  return near !== undefined && far !== undefined && more.length === 0 ? { near, far } : null;
}

async function ofShot(dataset: Dataset, words: string): Promise<Reference> {
  const shotId = Number(words);
  if (Number.isInteger(shotId) && shotId > 0) {
    const shot = await requireShot(dataset, shotId);
    return referenceOfShot(dataset, shot, await requireSession(dataset, shot.sessionId));
  }
  throw new CallerError("USAGE", `${words} is neither the number of a shot nor NEAR,FAR.`, {
    advice: "Name a still pair by its shot, or two files with a comma between.",
  });
}

async function ofFiles(
  name: string,
  { near, far }: { readonly near: string; readonly far: string },
  options: AlignOptions,
): Promise<Reference> {
  const reading = readingOf(options);
  const [nearFrame, farFrame] = [
    await fileFrame(near, "near", reading.near),
    await fileFrame(far, "far", reading.far),
  ];
  const taken = {
    sizes: { near: nearFrame.size, far: farFrame.size },
    // Of whichever run of a virtual rig: sizes must do.
    serials: { near: null, far: null },
  };
  return { name, distanceMm: null, taken, near: nearFrame.input, far: farFrame.input };
}

/** Boards that may be in a reference pair. @throws CallerError as `describedBoards`. */
export async function boardsOf(services: Services, options: AlignOptions): Promise<readonly VisionBoard[]> {
  const folder = targetsFolder(services.programFolder);
  const described = await Promise.all(
    (options.board ?? usualBoards).map((description) => describedBoards(description, folder)),
  );
  return described.flat().map(({ board }) => board);
}

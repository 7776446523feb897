/** `nearfar align --store`: all pairs of a dataset, or those that are named. */
import { alignmentInputOf } from "../../alignment/input/alignment-input-of.js";
import { CalibrationShelf } from "../../alignment/input/calibration-shelf.js";
import { requireNamed } from "../../alignment/input/choose-calibrations.js";
import { type ShotChoice, shotInput } from "../../alignment/input/shot-input.js";
import type { PairAligner } from "../../alignment/pair-aligner.js";
import type { AlignmentParameters, PairInput } from "../../alignment/pair-input.js";
import { alignShots, type PreparedPair } from "../../alignment/run/align-shots.js";
import type { AlignRunSummary } from "../../alignment/run/run-events.js";
import { WorldError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import { faceNetHashes, readFaceNets } from "../../faces/face-nets-file.js";
import type { VisionBoard } from "../../native/vision.js";
import type { SessionRecord, ShotRecord } from "../../schema/records.js";
import { interruptible } from "../calibrate/interruptible.js";
import { note } from "../note.js";
import type { Services } from "../services.js";
import type { AlignOptions } from "./align-options.js";
import { chosenShots } from "./chosen-shots.js";
import { dryRun } from "./dry-run.js";
import { limitsOfSession, namedLimits, parametersOf } from "./parameters-of.js";
import { boardsOf, referencesOf } from "./references-of.js";
import { RunDisplay, summaryLines } from "./run-display.js";

/** A pair and how it is to be aligned, before a pixel was read. */
export interface PlannedPair {
  readonly input: PairInput;
  readonly parameters: AlignmentParameters;
}

export type PlanPair = (shot: ShotRecord) => Promise<PlannedPair>;

export async function alignStore(services: Services, store: string, options: AlignOptions): Promise<void> {
  const dataset = await services.openDataset(store, options.dryRun === true ? "read-only" : "must-exist");
  try {
    const shots = await chosenShots(dataset, options);
    const plan = await plannerOf(dataset, options);
    const faceNets = faceNetHashes(await readFaceNets());
    const boards = await boardsOf(services, options);
    if (options.dryRun === true) {
      await dryRun(services, dataset, { shots, plan, faceNets, json: options.json === true });
      return;
    }
    const summary = await alignAll(services, dataset, { shots, plan, faceNets, boards, options });
    tellSummary(services, summary, options.json === true);
  } finally {
    await dataset.close();
  }
}

/** What is common to all pairs is read once. @throws as `referencesOf` and `namedLimits`. */
async function plannerOf(dataset: Dataset, options: AlignOptions): Promise<PlanPair> {
  const { calibration, color, allowExpired = false, withoutFlat = false } = options;
  const shelf = new CalibrationShelf(dataset);
  const references = await referencesOf(dataset, options);
  const named = await namedLimits(options.rig);
  await requireNamed(shelf, {
    ...(calibration === undefined ? {} : { pair: calibration }),
    ...(color === undefined ? {} : { color }),
  });
  const sessions = new Map((await dataset.sessions()).map((session) => [session.sessionId, session]));
  return async (shot) => {
    const session = sessions.get(shot.sessionId) as SessionRecord;
    const limits = named ?? limitsOfSession(session.rigConfig);
    const choice: ShotChoice = {
      ...(calibration === undefined ? {} : { pair: calibration }),
      ...(color === undefined ? {} : { color }),
      allowExpired,
      withoutFlat,
      limits,
      references,
    };
    const input = await shotInput({ dataset, shelf }, shot, session, choice);
    return { input, parameters: parametersOf(options, limits) };
  };
}

interface Run {
  readonly shots: readonly ShotRecord[];
  readonly plan: PlanPair;
  readonly faceNets: readonly string[];
  /** That reference pairs may show. */
  readonly boards: readonly VisionBoard[];
  readonly options: AlignOptions;
}

async function alignAll(
  services: Services,
  dataset: Dataset,
  { shots, plan, faceNets, boards, options }: Run,
): Promise<AlignRunSummary> {
  const json = options.json === true;
  services.terminal.progress(`0 of ${shots.length} pairs`);
  const display = new RunDisplay(services.terminal, dataset, json);
  const opening = new OnceOpened(() => services.createPairAligner({ boards }));
  const prepare = async (shot: ShotRecord): Promise<PreparedPair> => {
    const { input, parameters } = await plan(shot);
    return {
      input: alignmentInputOf(input, parameters, faceNets),
      align: async (signal) => (await opening.get()).align(input, parameters, signal),
    };
  };
  const run = (signal: AbortSignal): Promise<AlignRunSummary> =>
    alignShots({
      dataset,
      shots,
      prepare,
      concurrency: options.jobs ?? services.cores,
      clock: services.clock,
      signal,
      onEvent: (event) => display.show(event),
    });
  try {
    const summary = await interruptible(services, run);
    await display.settled();
    return summary;
  } catch (error) {
    // What ended the run is told; a record that could not be shown besides is not.
    await display.settled().catch(() => {});
    const { done = 0, all = shots.length } = display.progress ?? {};
    const message = `${done} of ${all} pairs were done; the same command goes on where it ended.`;
    note(services.terminal, message, json);
    throw error;
  } finally {
    await opening.close();
  }
}

/** The aligner with its networks and threads, opened when the first pair needs it. */
class OnceOpened {
  readonly #open: () => Promise<PairAligner>;
  #opened: Promise<PairAligner> | null = null;

  constructor(open: () => Promise<PairAligner>) {
    this.#open = open;
  }

  get(): Promise<PairAligner> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => null);
    await opened?.close();
  }
}

/** @throws WorldError ALIGN_FAILED when some failed. */
function tellSummary({ terminal }: Services, summary: AlignRunSummary, json: boolean): void {
  if (json) terminal.print(JSON.stringify({ type: "summary", ...summary }));
  else for (const line of summaryLines(summary)) terminal.print(line);
  if (summary.failed === 0) return;
  throw new WorldError("ALIGN_FAILED", `${summary.failed} of ${summary.pairs} pairs could not be aligned.`, {
    advice: "Each one's line tells why; the others are done. Run it again when that is mended.",
  });
}

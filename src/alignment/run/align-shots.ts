/** Aligns stored pairs, several at a time, and keeps what comes of them. Running again goes on where it ended. */
import type { Clock } from "../../base/clock.js";
import { NearfarError } from "../../base/errors.js";
import { inputKeyOf } from "../../dataset/alignment-key.js";
import type { AlignmentEntry, Dataset } from "../../dataset/dataset.js";
import type { AlignmentInput } from "../../schema/alignment.js";
import type { ShotRecord } from "../../schema/records.js";
import type { AlignedPair } from "../aligned-pair.js";
import { keepAlignedPair } from "./keep-aligned-pair.js";
import type { AlignRunEvent, AlignRunSummary } from "./run-events.js";
import { RunTally } from "./run-tally.js";

/** A pair before it is aligned: what from, without having read a pixel, and how. */
export interface PreparedPair {
  readonly input: AlignmentInput;
  /** Asked only when the dataset has no alignment of `input`. Rejects when aborted. */
  align(signal: AbortSignal): Promise<AlignedPair>;
}

export interface AlignRunOptions {
  readonly dataset: Pick<
    Dataset,
    "findAlignment" | "hasObjects" | "writeObject" | "addAlignment" | "sweepIncoming"
  >;
  /** Those that are not a committed pair are counted and left out. */
  readonly shots: Iterable<ShotRecord>;
  /** Throws coded errors for a pair that cannot be aligned. */
  prepare(shot: ShotRecord, signal: AbortSignal): Promise<PreparedPair>;
  /** Pairs at a time. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: AlignRunEvent) => void;
}

/**
 * A pair that fails with a coded error is told of and counted, and the rest goes on. A failure of the store, a
 * defect or an abort ends the run: pairs in flight are given up, and what was kept stays. What is kept of a pair
 * does not depend on the others nor on their order.
 * @throws the signal's reason; what the dataset throws.
 */
export async function alignShots(options: AlignRunOptions): Promise<AlignRunSummary> {
  const shots = [...options.shots];
  const pairs = shots.filter(({ purpose, outcome }) => purpose === "pair" && outcome === "paired");
  // A run that was killed leaves the files that it was writing.
  await options.dataset.sweepIncoming();
  const tally = new RunTally(options.clock, pairs.length, shots.length - pairs.length);
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  const next = pairs.values();
  const lane = async (): Promise<void> => {
    try {
      for (const shot of next) {
        signal.throwIfAborted();
        await alignShot(shot, { ...options, signal }, tally);
      }
    } catch (error) {
      end.abort(error);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, lane));
  end.signal.throwIfAborted();
  return tally.summary();
}

async function alignShot(shot: ShotRecord, options: AlignRunOptions, tally: RunTally): Promise<void> {
  const { dataset, signal } = options;
  const { shotId } = shot;
  try {
    const prepared = await ofPair(signal, () => options.prepare(shot, signal));
    const there = await findWholeAlignment(dataset, shotId, prepared.input);
    if (there !== null) {
      tally.countAlreadyThere(there);
      options.onEvent?.({ kind: "already-there", shotId, entry: there, progress: tally.progress() });
      return;
    }
    const pair = await ofPair(signal, () => prepared.align(signal));
    // Once it is made it is kept, also when the run was aborted meanwhile.
    const entry = await keepAlignedPair(dataset, shotId, pair);
    tally.countAligned(entry);
    options.onEvent?.({ kind: "aligned", shotId, entry, progress: tally.progress() });
  } catch (error) {
    if (!(error instanceof PairFailure)) throw error;
    const { code, message, advice } = error.cause;
    tally.countFailed(code);
    options.onEvent?.({ kind: "failed", shotId, code, message, advice, progress: tally.progress() });
  }
}

/** The alignment of these inputs; null also when files of it were lost since: aligned again, they come back. */
export async function findWholeAlignment(
  dataset: Pick<Dataset, "findAlignment" | "hasObjects">,
  shotId: number,
  input: AlignmentInput,
): Promise<AlignmentEntry | null> {
  const entry = await dataset.findAlignment(shotId, inputKeyOf(input));
  return entry !== null && (await dataset.hasObjects(entry)) ? entry : null;
}

/** Says that an error is one pair's own. */
class PairFailure extends Error {
  override readonly cause: NearfarError;

  constructor(cause: NearfarError) {
    super(cause.message);
    this.cause = cause;
  }
}

/** Runs a step that reads and computes; @throws PairFailure when only this pair is hit. */
async function ofPair<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof NearfarError && !endsRun(error) ? new PairFailure(error) : error;
  }
}

/** What is not the pair's own fault would hit every other pair too. */
function endsRun({ kind, code }: NearfarError): boolean {
  return kind === "store" || kind === "interrupted" || code === "BACKEND_MISSING" || code === "CLOSED";
}

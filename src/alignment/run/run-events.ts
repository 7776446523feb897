/** What a run of alignments tells while it works, and what it comes to. */
import type { ErrorCode } from "../../base/errors.js";
import type { AlignmentEntry } from "../../dataset/dataset.js";
import type { AlignmentReason, AlignmentVerdict } from "../../schema/alignment.js";

export interface AlignProgress {
  /** Pairs that are aligned, were there already, or failed. */
  readonly done: number;
  readonly all: number;
  /** Null until one is aligned; so is `secondsLeft`. */
  readonly pairsPerSecond: number | null;
  readonly secondsLeft: number | null;
}

export interface FailedPair {
  readonly code: ErrorCode;
  readonly message: string;
  readonly advice: string;
}

/** One of each pair, in the order in which they end. */
export type AlignRunEvent = { readonly shotId: number; readonly progress: AlignProgress } & (
  | { readonly kind: "aligned" | "already-there"; readonly entry: AlignmentEntry }
  | ({ readonly kind: "failed" } & FailedPair)
);

export interface AlignRunSummary {
  /** Paired shots of purpose `pair`; each is aligned, was there already, or failed. */
  readonly pairs: number;
  /** Shots that were left out: not a pair. */
  readonly notPairs: number;
  readonly aligned: number;
  /** For the same inputs. */
  readonly alreadyThere: number;
  readonly failed: number;
  /** Failed pairs by the code of their error. */
  readonly failedByCode: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Of the pairs that are aligned now, by this run or before. */
  readonly verdicts: Readonly<Record<AlignmentVerdict, number>>;
  /** As `verdicts`; a pair may have several. */
  readonly reasons: Readonly<Partial<Record<AlignmentReason, number>>>;
  readonly seconds: number;
}

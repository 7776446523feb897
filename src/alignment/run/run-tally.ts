import type { Clock } from "../../base/clock.js";
import type { ErrorCode } from "../../base/errors.js";
import type { AlignmentEntry } from "../../dataset/dataset.js";
import type { AlignmentReason, AlignmentVerdict } from "../../schema/alignment.js";
import type { AlignProgress, AlignRunSummary } from "./run-events.js";

/** Counts what became of the pairs of a run. */
export class RunTally {
  readonly #clock: Clock;
  readonly #startedNs: bigint;
  readonly #pairs: number;
  readonly #notPairs: number;
  readonly #verdicts: Record<AlignmentVerdict, number> = { accept: 0, warn: 0, reject: 0 };
  readonly #reasons: Partial<Record<AlignmentReason, number>> = {};
  readonly #failedByCode: Partial<Record<ErrorCode, number>> = {};
  #aligned = 0;
  #alreadyThere = 0;
  #failed = 0;

  constructor(clock: Clock, pairs: number, notPairs: number) {
    this.#clock = clock;
    this.#startedNs = clock.monotonicNs();
    this.#pairs = pairs;
    this.#notPairs = notPairs;
  }

  countAligned(entry: AlignmentEntry): void {
    this.#aligned += 1;
    this.#countJudged(entry);
  }

  countAlreadyThere(entry: AlignmentEntry): void {
    this.#alreadyThere += 1;
    this.#countJudged(entry);
  }

  countFailed(code: ErrorCode): void {
    this.#failed += 1;
    this.#failedByCode[code] = (this.#failedByCode[code] ?? 0) + 1;
  }

  progress(): AlignProgress {
    const done = this.#aligned + this.#alreadyThere + this.#failed;
    const seconds = this.#seconds();
    const pairsPerSecond = this.#aligned === 0 || seconds === 0 ? null : this.#aligned / seconds;
    const secondsLeft = pairsPerSecond === null ? null : (this.#pairs - done) / pairsPerSecond;
    return { done, all: this.#pairs, pairsPerSecond, secondsLeft };
  }

  summary(): AlignRunSummary {
    return {
      pairs: this.#pairs,
      notPairs: this.#notPairs,
      aligned: this.#aligned,
      alreadyThere: this.#alreadyThere,
      failed: this.#failed,
      failedByCode: this.#failedByCode,
      verdicts: this.#verdicts,
      reasons: this.#reasons,
      seconds: this.#seconds(),
    };
  }

  #countJudged({ verdict, reasons }: AlignmentEntry): void {
    this.#verdicts[verdict] += 1;
    for (const reason of reasons) this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1;
  }

  #seconds(): number {
    return Number(this.#clock.monotonicNs() - this.#startedNs) / 1e9;
  }
}

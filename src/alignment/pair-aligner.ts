/** Makes aligned pairs. */
import type { AlignedPair } from "./aligned-pair.js";
import type { AlignmentParameters, PairInput } from "./pair-input.js";

export interface PairAligner {
  /**
   * Several may be under way at once; the result depends on nothing but input and parameters.
   * @throws WorldError FILE_CORRUPT, ALIGN_FAILED; the signal's reason.
   */
  align(input: PairInput, parameters: AlignmentParameters, signal: AbortSignal): Promise<AlignedPair>;
  /** Ends what is under way and gives threads and networks back. May be called twice. */
  close(): Promise<void>;
}

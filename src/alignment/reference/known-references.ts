import type { AlignmentParameters, ReferencePair } from "../pair-input.js";
import { type ReferenceSolution, type ReferenceTools, solveReference } from "./solve-reference.js";

/** Reference pairs, each solved once for all the pairs that it serves. */
export class KnownReferences {
  readonly #solved = new Map<string, Promise<ReferenceSolution>>();

  /** @throws as `solveReference`; a failure is not remembered. */
  solve(
    reference: ReferencePair,
    parameters: Pick<AlignmentParameters, "sizePx" | "sideMm">,
    tools: ReferenceTools,
    signal: AbortSignal,
  ): Promise<ReferenceSolution> {
    const key = [reference.near.sha256, reference.far.sha256, parameters.sizePx, parameters.sideMm].join(" ");
    const known = this.#solved.get(key);
    if (known !== undefined) return known;
    const solving = solveReference(reference, parameters, tools, signal);
    this.#solved.set(key, solving);
    solving.catch(() => this.#solved.delete(key));
    return solving;
  }
}

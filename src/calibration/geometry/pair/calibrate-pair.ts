/** Both cameras, all stops of the rail, all boards and their poses, solved together. */
import type { Solver } from "../../../native/solver.js";
import type { PairCalibration } from "../../../schema/calibration-geometry.js";
import type { Gate } from "../../../schema/calibration-header.js";
import { checkedInput } from "./check-input.js";
import { heldOutViews } from "./held-out.js";
import type { LensModel } from "./lens-terms.js";
import { pairBody } from "./pair-body.js";
import { pairGates } from "./pair-gates.js";
import type { PairInput, PairOptions } from "./pair-input.js";
import { requireOneWorld } from "./require-one-world.js";
import { solvedPair } from "./solution-of.js";
import { solveInSteps } from "./solve-in-steps.js";
import { startValues } from "./start-values.js";
import { UncertainPair } from "./uncertain-pair.js";

/** Everything of the record but its header. */
export type PairBody = Omit<PairCalibration, HeaderMember>;
type HeaderMember =
  | "format"
  | "version"
  | "calibrationId"
  | "createdAt"
  | "expiresAt"
  | "softwareVersion"
  | "commandLine"
  | "rig"
  | "gates"
  | "verdict";

export interface PairResult {
  readonly body: PairBody;
  readonly gates: readonly Gate[];
  /** Distortion terms of far and of each stop. */
  readonly lensModels: readonly LensModel[];
}

/** Each corner's place on a good office print on a foam board. */
const usualBoardErrorMm = 0.15;

/**
 * @throws CallerError CALIBRATION_REFUSED for observations that must not be used (one angle only, a mirrored arm, images
 * of several sizes, fewer than six views at every stop), USAGE for ones that make no sense; WorldError
 * CALIBRATION_FAILED when they do not determine the pair; the signal's reason when it aborts.
 */
export async function calibratePair(
  solver: Solver,
  given: PairInput,
  options: PairOptions = {},
): Promise<PairResult> {
  const { boardErrorMm = usualBoardErrorMm, signal, onProgress } = options;
  const step = (what: string): void => {
    signal?.throwIfAborted();
    onProgress?.(what);
  };
  const checked = checkedInput(given);
  const { input, gates } = checked;
  step("looking for start values");
  const start = startValues(input);
  requireOneWorld(input, start);
  const solves = await solveInSteps({ solver, input, boardErrorMm, signal, step }, start);
  step("propagating errors");
  const uncertain = new UncertainPair(solvedPair(input, solves.final, boardErrorMm === 0));
  const heldOut = heldOutViews(input, solves.halves, solves.final.sightings);
  const body = pairBody({ checked, boardErrorMm, solves, uncertain, heldOut });
  return {
    body,
    gates: [...gates, ...pairGates(body, uncertain, solves.boardFactors)],
    lensModels: solves.models,
  };
}

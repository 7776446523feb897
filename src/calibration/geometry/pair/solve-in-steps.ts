/** The solves of one calibration, each from where the last one ended. */
import type { Solver } from "../../../native/solver.js";
import { chooseLensModels } from "./choose-lens-models.js";
import { EyePlaneModel } from "./eye-plane.js";
import { solveHalves } from "./held-out.js";
import { type JointBoard, type JointProblem, type JointSolution, solveJoint } from "./joint-solve.js";
import { type LensModel, lensModels } from "./lens-terms.js";
import { oneBoardScale, scaledCorners } from "./one-board-scale.js";
import type { PairInput } from "./pair-input.js";
import { solvedPair } from "./solution-of.js";
import type { StartValues } from "./start-values.js";

export interface PairSolves {
  readonly final: JointSolution;
  /** Of every other view, and of the rest. */
  readonly halves: readonly [JointSolution, JointSolution];
  /** Far, then one a stop. */
  readonly models: readonly LensModel[];
  /** Bend of each board; null where boards are exact. */
  readonly warpsMm: readonly (readonly [number, number] | null)[];
  /** What each board was multiplied by to agree with the others in the eye plane; null where that is not known. */
  readonly boardFactors: readonly (number | null)[];
}

export interface SolveContext {
  readonly solver: Solver;
  readonly input: PairInput;
  /** 0: boards are exact. */
  readonly boardErrorMm: number;
  readonly signal: AbortSignal | undefined;
  /** Tells what comes next; throws when it should not. */
  readonly step: (what: string) => void;
}

type Problem = Omit<JointProblem, "views" | "covariance">;

/** Corner noise until the first solve tells. */
const startNoisePx = 0.2;
/** Noise of a fit without noise, so that priors keep some weight. */
const leastNoisePx = 1e-3;

/** @throws as {@link Solver.solveBundle}. */
export async function solveInSteps(context: SolveContext, start: StartValues): Promise<PairSolves> {
  const { solver, input, boardErrorMm, signal, step } = context;
  const richest = lensModels.at(-1) as LensModel;
  step("first solve");
  const rough = await solveAll(context, {
    input,
    state: start.state,
    T_rig_board: start.T_rig_board,
    boards: nominalBoards(input, 0),
    models: Array.from({ length: 1 + input.stops.length }, () => richest),
    noiseSigmaPx: startNoisePx,
  });
  const shaped = boardErrorMm > 0 ? await solveShapes(context, rough) : rough.solution;
  const { factors, ...scaled } = oneScale(context, shaped);
  // What corners' places leave uncertain is small beside what their images do, but for the boards' size, which no px
  // depends on: from here on boards are as they were found.
  const boards = shaped.boards.map(({ cornersMm }, i) => ({
    cornersMm: scaledCorners(cornersMm, factors[i] ?? 1),
    errorMm: 0,
  }));
  const problem = { ...rough.problem, ...scaled, boards, noiseSigmaPx: noiseOf(shaped) };
  step("choosing distortion terms");
  const models = await chooseLensModels(solver, problem, shaped.sightings, signal);
  step("joint solve");
  const { solution: final } = await solveAll(context, { ...problem, models }, true);
  step("solving each half of the views");
  const { state, T_rig_board } = final;
  const halves = await solveHalves(solver, { ...problem, state, T_rig_board, models }, signal);
  return { final, halves, models, warpsMm: shaped.boards.map(({ warpMm }) => warpMm), boardFactors: factors };
}

interface Solved {
  readonly problem: Problem;
  readonly solution: JointSolution;
}

async function solveShapes(context: SolveContext, { problem, solution }: Solved): Promise<JointSolution> {
  context.step("solving for the shapes of the boards");
  const { state, T_rig_board } = solution;
  const boards = nominalBoards(context.input, context.boardErrorMm);
  const shaping = { ...problem, state, T_rig_board, boards, noiseSigmaPx: noiseOf(solution) };
  return (await solveAll(context, shaping)).solution;
}

async function solveAll(context: SolveContext, problem: Problem, covariance = false): Promise<Solved> {
  const views = problem.input.views.map((_, index) => index);
  const solution = await solveJoint(context.solver, { ...problem, views, covariance }, context.signal);
  return { problem, solution };
}

function nominalBoards({ boards }: PairInput, errorMm: number): JointBoard[] {
  return boards.map(({ cornersMm }) => ({ cornersMm, errorMm }));
}

function noiseOf({ noiseSigmaPx }: JointSolution): number {
  return Math.max(leastNoisePx, noiseSigmaPx);
}

/** Exact boards are as large as they are, whatever the eye plane says. */
function oneScale(
  { input, boardErrorMm }: SolveContext,
  solution: JointSolution,
): ReturnType<typeof oneBoardScale> {
  const { state, T_rig_board } = solution;
  if (boardErrorMm === 0) return { state, T_rig_board, factors: input.boards.map(() => null) };
  return oneBoardScale(input, solution, new EyePlaneModel(solvedPair(input, solution, false)));
}

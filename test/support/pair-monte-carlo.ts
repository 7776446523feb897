/** Scatter of a pair's read-outs over corners that are noised anew, beside the scatter that the solve claims. */
import { type JointProblem, solveJoint } from "../../src/calibration/geometry/pair/joint-solve.js";
import type { LensModel } from "../../src/calibration/geometry/pair/lens-terms.js";
import { pupilSpreadMm, readOutsOf } from "../../src/calibration/geometry/pair/read-outs.js";
import { solvedPair } from "../../src/calibration/geometry/pair/solution-of.js";
import { startValues } from "../../src/calibration/geometry/pair/start-values.js";
import { UncertainPair } from "../../src/calibration/geometry/pair/uncertain-pair.js";
import { createSolver, type Solver } from "../../src/native/solver.js";
import type { Measured, ReadOuts } from "../../src/schema/calibration-geometry.js";
import { SeenPair } from "./seen-pair.js";

export interface Scatter {
  readonly name: string;
  readonly sampled: number;
  /** Root mean square over the runs. */
  readonly claimed: number;
}

const model: LensModel = "k1 k2 p1 p2";

/** Of a rig without flaws, two stops with six views each and 0.1 px of noise: one entry for each read-out of each stop. */
export async function plainScatter(runs: number): Promise<Scatter[]> {
  const solver = createSolver();
  const options = { stopsMm: [450, 900], viewsPerStop: 6, seed: 41, optics: { honest: false } };
  const pair = await SeenPair.start(options);
  try {
    return await sampledScatter(solver, pair, 0.1, runs);
  } finally {
    await pair.stop();
    await solver.close();
  }
}

async function sampledScatter(
  solver: Solver,
  pair: SeenPair,
  noisePx: number,
  runs: number,
): Promise<Scatter[]> {
  const samples = new Map<string, Measured[]>();
  let from: Pick<JointProblem, "state" | "T_rig_board"> | null = null;
  for (let run = 0; run < runs; run++) {
    const input = pair.input(noisePx, 1000 + run);
    const { state, T_rig_board } = from ?? startValues(input);
    const problem: JointProblem = {
      input,
      state,
      T_rig_board,
      views: input.views.map((_, index) => index),
      boards: input.boards.map(({ cornersMm }) => ({ cornersMm, errorMm: 0 })),
      models: Array.from({ length: 1 + input.stops.length }, () => model),
      noiseSigmaPx: noisePx,
      covariance: true,
    };
    const solution = await solveJoint(solver, problem, undefined);
    from ??= solution;
    const readOuts = readOutsOf(new UncertainPair(solvedPair(input, solution, true)));
    for (const [stop, each] of readOuts.entries()) {
      for (const [name, measured] of numbersOf(each)) {
        const key = `${input.stops[stop]?.distanceMm} mm ${name}`;
        samples.set(key, [...(samples.get(key) ?? []), measured]);
      }
    }
  }
  return [...samples].map(([name, measured]) => {
    const mean = measured.reduce((sum, { value }) => sum + value, 0) / runs;
    const squares = measured.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
    const claims = measured.reduce((sum, { sigma }) => sum + sigma ** 2, 0);
    return { name, sampled: Math.sqrt(squares / (runs - 1)), claimed: Math.sqrt(claims / runs) };
  });
}

function numbersOf(readOuts: ReadOuts): [string, Measured][] {
  const { lateralOffsetMm, pitchMdeg, yawMdeg, rollMdeg, pupilSeparationMm } = readOuts;
  const { nearDistanceMm, farDistanceMm, magnificationRatio } = readOuts;
  const rest = {
    pitchMdeg,
    yawMdeg,
    rollMdeg,
    pupilSeparationMm,
    nearDistanceMm,
    farDistanceMm,
    magnificationRatio,
  };
  const { x, y } = lateralOffsetMm;
  return [["lateral x", sampledPart(x)], ["lateral y", sampledPart(y)], ...Object.entries(rest)];
}

/** Without the spread of a pupil behind glass, which is no matter of noise. */
function sampledPart({ value, sigma }: Measured): Measured {
  return { value, sigma: Math.sqrt(sigma ** 2 - pupilSpreadMm ** 2) };
}

/** Minimisation without slopes (Nelder, Mead, The Computer Journal 7(4), 1965). */

export interface SimplexOptions {
  /** Edge of the first simplex along each axis. */
  readonly step: number;
  /** Ends when the simplex spans no more than this along any axis, or its losses differ by no more. */
  readonly tolerance: number;
  readonly greatestEvaluations: number;
}

interface Vertex {
  readonly at: readonly number[];
  readonly loss: number;
}

/** @returns the best point seen. */
export function downhillSimplex(
  lossAt: (point: readonly number[]) => number,
  start: readonly number[],
  options: SimplexOptions,
): readonly number[] {
  let evaluations = 0;
  const vertexAt = (at: readonly number[]): Vertex => {
    evaluations++;
    return { at, loss: lossAt(at) };
  };
  let simplex = firstSimplex(start, options.step).map(vertexAt);
  while (!hasSettled(simplex, options.tolerance) && evaluations < options.greatestEvaluations) {
    simplex = improved(simplex, vertexAt);
  }
  return best(simplex).at;
}

/** `start` lies in the middle of the simplex's long side. */
function firstSimplex(start: readonly number[], step: number): number[][] {
  const corner = start.map((value) => value - 0.5 * step);
  return [corner, ...start.map((_, k) => start.map((value, i) => (i === k ? value + 0.5 * step : value)))];
}

const best = (simplex: readonly Vertex[]): Vertex =>
  simplex.reduce((least, vertex) => (vertex.loss <= least.loss ? vertex : least));

function hasSettled(simplex: readonly Vertex[], tolerance: number): boolean {
  const losses = simplex.map(({ loss }) => loss);
  if (Math.max(...losses) - Math.min(...losses) <= tolerance) return true;
  const spans = (simplex[0] as Vertex).at.map((_, axis) => {
    const values = simplex.map(({ at }) => at[axis] as number);
    return Math.max(...values) - Math.min(...values);
  });
  return Math.max(...spans) <= tolerance;
}

/** One step: the worst vertex goes through the others' centre, further, or half-way; or all go to the best one. */
function improved(simplex: readonly Vertex[], vertexAt: (at: readonly number[]) => Vertex): Vertex[] {
  const order = [...simplex.keys()].sort((a, b) => lossOf(simplex, b) - lossOf(simplex, a));
  const [worst, second] = [order[0] as number, order[1] as number];
  const least = best(simplex);
  const along = (share: number): Vertex => vertexAt(throughCentre(simplex, worst, share));
  const replaced = (vertex: Vertex): Vertex[] => simplex.map((old, i) => (i === worst ? vertex : old));

  const reflected = along(-1);
  if (reflected.loss < lossOf(simplex, second)) {
    if (reflected.loss >= least.loss) return replaced(reflected);
    const further = along(-2);
    return replaced(further.loss < reflected.loss ? further : reflected);
  }
  const halfWay = along(0.5);
  if (halfWay.loss < lossOf(simplex, worst)) return replaced(halfWay);
  return simplex.map((vertex) =>
    vertex === least
      ? vertex
      : vertexAt(vertex.at.map((value, i) => 0.5 * (value + (least.at[i] as number)))),
  );
}

const lossOf = (simplex: readonly Vertex[], index: number): number => (simplex[index] as Vertex).loss;

/** centre of the others + share · (vertex - centre). */
function throughCentre(simplex: readonly Vertex[], index: number, share: number): number[] {
  const vertex = simplex[index] as Vertex;
  return vertex.at.map((value, axis) => {
    const sum = simplex.reduce((total, { at }) => total + (at[axis] as number), 0);
    const centre = (sum - value) / (simplex.length - 1);
    return centre + share * (value - centre);
  });
}

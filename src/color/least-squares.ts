/** Linear least squares by Householder reflections, without forming the normal equations. */

/**
 * The matrix x, by columns of `left`, that minimises Σ weight · |right - left · x|².
 * @param left one row an observation, at least as many as it has columns.
 * @param right one row an observation.
 * @param weights of the observations, 0 or more; all alike when left out.
 * @returns [column of left][column of right]; null when the columns of `left` are dependent to rounding.
 */
export function leastSquares(
  left: readonly (readonly number[])[],
  right: readonly (readonly number[])[],
  weights?: readonly number[],
): number[][] | null {
  const columns = left[0]?.length ?? 0;
  const outputs = right[0]?.length ?? 0;
  if (left.length < columns || columns === 0) return null;
  const rows = left.map((row, i) => {
    const root = Math.sqrt(weights?.[i] ?? 1);
    return [...row, ...(right[i] as readonly number[])].map((value) => value * root);
  });
  for (let column = 0; column < columns; column++) {
    if (!reflect(rows, column, columns + outputs)) return null;
  }
  return backSubstitute(rows, columns, outputs);
}

const at = (rows: readonly number[][], row: number, column: number): number =>
  (rows[row] as number[])[column] as number;

/** Clears a column below its diagonal; false when nothing of it is left. */
function reflect(rows: number[][], pivot: number, width: number): boolean {
  let before = 0;
  for (let i = 0; i < rows.length; i++) before += at(rows, i, pivot) ** 2;
  let square = 0;
  for (let i = pivot; i < rows.length; i++) square += at(rows, i, pivot) ** 2;
  if (!(square > 1e-24 * before)) return false;
  const head = at(rows, pivot, pivot);
  const length = head > 0 ? -Math.sqrt(square) : Math.sqrt(square);
  const normal = rows.map((_, i) => (i < pivot ? 0 : at(rows, i, pivot) - (i === pivot ? length : 0)));
  const scale = square - head * length;
  for (let column = pivot; column < width; column++) {
    let dot = 0;
    for (let i = pivot; i < rows.length; i++) dot += (normal[i] as number) * at(rows, i, column);
    const share = dot / scale;
    for (let i = pivot; i < rows.length; i++) {
      const row = rows[i] as number[];
      row[column] = (row[column] as number) - share * (normal[i] as number);
    }
  }
  return true;
}

function backSubstitute(rows: readonly number[][], columns: number, outputs: number): number[][] {
  const solution: number[][] = Array.from({ length: columns }, () => new Array<number>(outputs).fill(0));
  for (let column = columns - 1; column >= 0; column--) {
    for (let output = 0; output < outputs; output++) {
      let value = at(rows, column, columns + output);
      for (let k = column + 1; k < columns; k++) value -= at(rows, column, k) * at(solution, k, output);
      (solution[column] as number[])[output] = value / at(rows, column, column);
    }
  }
  return solution;
}

/** Maps of linear color to linear color that are linear in terms of the color. */
import { type ExpansionName, expansions } from "./expansion.js";
import type { Triple } from "./lab.js";
import { leastSquares } from "./least-squares.js";

export interface ColorMap {
  readonly method: ExpansionName;
  /** One row for each channel of the result, one column a term. */
  readonly rows: readonly (readonly number[])[];
}

/**
 * The map that minimises Σ weight · |to - map(from)|² over paired colors.
 * @returns null when the colors are too few or too alike to determine it.
 */
export function fitColorMap(
  method: ExpansionName,
  from: readonly Triple[],
  to: readonly Triple[],
  weights?: readonly number[],
): ColorMap | null {
  const solution = leastSquares(
    from.map((color) => expansions[method](color)),
    to,
    weights,
  );
  if (solution === null) return null;
  const rows = [0, 1, 2].map((channel) => solution.map((term) => term[channel] as number));
  return { method, rows };
}

export function mapColor({ method, rows }: ColorMap, color: Triple): Triple {
  const terms = expansions[method](color);
  const channel = (index: number): number =>
    (rows[index] as readonly number[]).reduce(
      (sum, weight, term) => sum + weight * (terms[term] as number),
      0,
    );
  return [channel(0), channel(1), channel(2)];
}

/** The rig errors that an exact match of this pair would lead to: what the fitted ones should come out as. */
import { nearDisplacement, noRigErrors, type RigErrors } from "../../geometry/rig-residual.js";
import { choleskyFactor, choleskySolve } from "../../stats/cholesky.js";
import { type CanonicalGeometry, depthOf, type LandingErrors, type TrueSighting } from "./landing-errors.js";

const names = ["offsetXMm", "offsetYMm", "rollRad", "shiftXPx", "shiftYPx"] as const;

export interface ExpectedRigFit {
  readonly errors: RigErrors;
  /** Tangential, far image, px: before and after those errors are taken out. */
  readonly tangentialRmsPx: { readonly before: number; readonly after: number };
}

/**
 * Least squares on the tangential part of exact correspondences, all alike: with d = p - epipole of the near image and
 * t across the radius in the far one, t · d = t · δ(errors).
 * @returns null when the points do not determine the five numbers.
 */
export function expectedRigFit(
  { pair, near, far }: CanonicalGeometry,
  gauge: LandingErrors["T_rig_truth"],
  sightings: readonly TrueSighting[],
): ExpectedRigFit | null {
  const geometry = { sizePx: pair.sizePx, pxPerMm: pair.pxPerMm, nearDepthMm: pair.near.aimDepthMm };
  const size = names.length;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  const rows: { readonly tangential: number; readonly slopes: readonly number[] }[] = [];
  for (const sighting of sightings) {
    const [p, q] = [near.canonicalOf(sighting.near.px), far.canonicalOf(sighting.far.px)];
    if (p === null || q === null) continue;
    const [qx, qy] = [q[0] - pair.epipolePx[0], q[1] - pair.epipolePx[1]];
    const radius = Math.hypot(qx, qy);
    if (radius < 1) continue;
    const [tx, ty] = [-qy / radius, qx / radius];
    const depthMm = depthOf(pair, gauge, sighting.near.positionMm);
    const scale = (1 - depthMm / pair.near.aimDepthMm) / (1 - depthMm / pair.far.aimDepthMm);
    const slopes = names.map((name) => {
      const [dx, dy] = nearDisplacement(geometry, { ...noRigErrors, [name]: 1 }, p, depthMm);
      return scale * (tx * dx + ty * dy);
    });
    const tangential = scale * (tx * (p[0] - pair.epipolePx[0]) + ty * (p[1] - pair.epipolePx[1]));
    rows.push({ tangential, slopes });
    for (const [k, slope] of slopes.entries()) {
      right[k] = (right[k] as number) + slope * tangential;
      for (const [l, other] of slopes.entries())
        normal[k * size + l] = (normal[k * size + l] as number) + slope * other;
    }
  }
  const factor = choleskyFactor(normal, size);
  if (factor === null) return null;
  const values = choleskySolve(factor, right);
  const rms = (left: (row: (typeof rows)[number]) => number): number =>
    Math.sqrt(rows.reduce((sum, row) => sum + left(row) ** 2, 0) / rows.length);
  const after = rms(({ tangential, slopes }) =>
    slopes.reduce((rest, slope, k) => rest - slope * (values[k] as number), tangential),
  );
  const errors = Object.fromEntries(names.map((name, k) => [name, values[k]])) as unknown as RigErrors;
  return { errors, tangentialRmsPx: { before: rms(({ tangential }) => tangential), after } };
}

/** How far the near camera comes back from its place when a stop is visited again. */
import type { ReadOuts } from "../../../schema/calibration-geometry.js";

/** The farthest of all second visits, mm; null when no stop was visited twice. */
export function returnErrorMm(
  stops: readonly { readonly distanceMm: number }[],
  readOuts: readonly ReadOuts[],
): number | null {
  let worst: number | null = null;
  for (const [second, { distanceMm }] of stops.entries()) {
    const first = stops.findIndex((stop) => stop.distanceMm === distanceMm);
    if (first === second) continue;
    const [a, b] = [placeOf(readOuts[first] as ReadOuts), placeOf(readOuts[second] as ReadOuts)];
    worst = Math.max(worst ?? 0, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
  }
  return worst;
}

/**
 * Of the near pupil to the line from far pupil to face point: two numbers across, one along. These are well
 * determined; the pupil's place in the far camera's frame is not.
 */
function placeOf({
  lateralOffsetMm: { x, y },
  nearDistanceMm,
  farDistanceMm,
}: ReadOuts): [number, number, number] {
  const lever = nearDistanceMm.value / farDistanceMm.value;
  return [-x.value * lever, -y.value * lever, nearDistanceMm.value];
}

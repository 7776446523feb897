/**
 * At most about `limit` points, spread as evenly as the points are: the first one in each cell of a grid over the image.
 * The same points in the same order give the same choice.
 */
export function thinned<P extends { readonly x: number; readonly y: number }>(
  points: readonly P[],
  [widthPx, heightPx]: readonly [number, number],
  limit: number,
): readonly P[] {
  if (points.length <= limit) return points;
  const side = Math.sqrt((widthPx * heightPx) / limit);
  const columns = Math.ceil(widthPx / side) + 2;
  const first = new Map<number, P>();
  for (const point of points) {
    const cell = Math.floor(point.y / side) * columns + Math.floor(point.x / side);
    if (!first.has(cell)) first.set(cell, point);
  }
  return [...first.values()];
}

/** `, one of 4 drawn` where some are left out. */
export function thinningNote(drawn: number, all: number): string {
  return drawn === all
    ? ""
    : ` ${drawn.toLocaleString("en-US")} of ${all.toLocaleString("en-US")} corners are drawn, spread evenly.`;
}

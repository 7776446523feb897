/**
 * Stops of a pair as they are told apart: the carriage may come back to one, which is a stop of its own in the record.
 * @param nameOf what a distance is called, as "250 mm".
 * @returns one name a stop; "250 mm, return" for a later visit.
 */
export function stopNames(
  stops: readonly { readonly distanceMm: number }[],
  nameOf: (distanceMm: number) => string,
): string[] {
  return stops.map(({ distanceMm }, i) =>
    isReturn(stops, i) ? `${nameOf(distanceMm)}, return` : nameOf(distanceMm),
  );
}

/** Whether the carriage had stood there before. */
export function isReturn(stops: readonly { readonly distanceMm: number }[], index: number): boolean {
  return stops.findIndex(({ distanceMm }) => distanceMm === stops[index]?.distanceMm) < index;
}

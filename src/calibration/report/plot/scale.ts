/** From values to places on paper, and where ticks stand. */

export interface Scale {
  readonly from: number;
  readonly to: number;
  /** Place of a value, px of the drawing. */
  at(value: number): number;
}

/** Linear; `from` may be the greater one. */
export function linearScale(from: number, to: number, startPx: number, endPx: number): Scale {
  const factor = from === to ? 0 : (endPx - startPx) / (to - from);
  return { from, to, at: (value) => startPx + (value - from) * factor };
}

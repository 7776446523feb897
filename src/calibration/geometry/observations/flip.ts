/** Points as they lie after the image was flipped left to right: x → width - 1 - x. [x, y] flat, px. */
export function flipX(pointsPx: Float64Array, widthPx: number): Float64Array {
  return pointsPx.map((value, i) => (i % 2 === 0 ? widthPx - 1 - value : value));
}

/** Round numbers for scales and their steps. */

/** The least of 1, 2 and 5 times a power of ten that is not below `size`. */
export function niceAbove(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size) + 1e-9);
  const lead = [1, 2, 5].find((candidate) => candidate * power >= size * (1 - 1e-9)) ?? 10;
  return lead * power;
}

/** The greatest of those that is not above `size`. */
export function niceBelow(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size) + 1e-9);
  const lead = [5, 2].find((candidate) => candidate * power <= size * (1 + 1e-9)) ?? 1;
  return lead * power;
}

export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** Round values between two ends, about `count` of them and two at least, `leastStep` apart or more. */
export function ticks(from: number, to: number, count = 5, leastStep = 0): Tick[] {
  const [low, high] = from < to ? [from, to] : [to, from];
  if (!(high > low)) return [{ value: low, text: plain(low, 2) }];
  const placesOf = (step: number): [number, number] => [
    Math.ceil(low / step - 1e-6),
    Math.floor(high / step + 1e-6),
  ];
  let step = Math.max(leastStep, niceAbove((0.7 * (high - low)) / count));
  let [first, last] = placesOf(step);
  while (last <= first && step > leastStep) {
    step = Math.max(leastStep, niceBelow(0.9 * step));
    [first, last] = placesOf(step);
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { value, text: plain(value, decimals) };
  });
}

function plain(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(Math.min(decimals, 12));
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

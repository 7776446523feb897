/** What the benchmarks print: a figure, its peer of the same run, and their ratio. Never asserted. */

/** The value below which `share` (0 to 1) of the values lie; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export interface Figure {
  readonly name: string;
  readonly value: number;
}

/** One line: `title: ours 1.2 unit, peer 2.4 unit, ratio 0.50`, where the ratio is ours / peer. */
export function printComparison(title: string, unit: string, ours: Figure, peer: Figure): void {
  const written = [ours, peer].map(({ name, value }) => `${name} ${rounded(value)} ${unit}`);
  console.log(`${title}: ${written.join(", ")}, ratio ${(ours.value / peer.value).toFixed(2)}`);
}

/** Three significant digits, without an exponent. */
function rounded(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** "1280×1024 (1.3 MP)" */
export function sizeName({
  widthPx,
  heightPx,
}: {
  readonly widthPx: number;
  readonly heightPx: number;
}): string {
  return `${widthPx}×${heightPx} (${((widthPx * heightPx) / 1e6).toFixed(1)} MP)`;
}

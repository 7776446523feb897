/** Numbers as people read them, with their unit. */
import type { AlignmentRecord } from "../../src/schema/alignment.js";

/** A number with its standard deviation. */
type Measured = NonNullable<AlignmentRecord["quality"]["eyePlaneMm"]>;

const thinSpace = "\u202f";
export const unknown = "–";

/** With a true minus. */
export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

export function quantity(value: number | null, unit: string, decimals: number): string {
  if (value === null) return unknown;
  return unit === "" ? fixed(value, decimals) : `${fixed(value, decimals)}${thinSpace}${unit}`;
}

/** `0.12 ± 0.03 mm`: two digits of the sigma. */
export function withSigma(measured: Measured | null, unit: string): string {
  if (measured === null) return unknown;
  const { value, sigma } = measured;
  const decimals = sigma > 0 ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(sigma)))) : 3;
  return `${fixed(value, decimals)} ± ${fixed(sigma, decimals)}${thinSpace}${unit}`;
}

export const percent = (share: number | null): string =>
  quantity(share === null ? null : 100 * share, "%", 1);

/** Numbers as people read them: digits that mean something, and a unit. */

/** True minus, thin space between number and unit. */
const minus = "−";
const thinSpace = "\u202f";

/** With this many decimals. */
export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `${minus}${text}` : text;
}

/** To `digits` significant digits, without an exponent between 1e-5 and 1e7. */
export function significant(value: number, digits = 3): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-5 || size >= 1e7) {
    const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
    return `${value < 0 ? minus : ""}${mantissa}·10^${Number(exponent)}`;
  }
  return fixed(value, decimalsFor(size, digits));
}

/** Decimals that show `digits` significant digits of a value of this size. */
function decimalsFor(size: number, digits: number): number {
  return Math.max(0, Math.min(20, digits - 1 - Math.floor(Math.log10(size))));
}

/** For numbers that somebody chose, and where the number of digits says nothing: no zeros at the end. `0.3 px`. */
export function chosen(value: number, unit: string, digits = 6): string {
  const text = significant(value, digits);
  return joined(text.includes(".") ? text.replace(/\.?0+$/, "") : text, unit);
}

/** Number and unit; `not known` for null. */
export function quantity(value: number | null, unit: string, digits = 3): string {
  return value === null ? "not known" : joined(significant(value, digits), unit);
}

/** `532.83 ± 0.64 px`: as many decimals as the sigma has with two digits; a sigma of 0 counts as held fixed. */
export function withSigma(value: number, sigma: number, unit: string): string {
  if (!(sigma > 0)) return joined(`${significant(value, 5)} (fixed)`, unit);
  const decimals = Math.min(8, decimalsFor(sigma, 2));
  return joined(`${fixed(value, decimals)} ± ${fixed(sigma, decimals)}`, unit);
}

function joined(number: string, unit: string): string {
  return unit === "" ? number : `${number}${thinSpace}${unit}`;
}

/** Share of the whole, in percent. */
export function percent(share: number, digits = 2): string {
  return joined(significant(100 * share, digits), "%");
}

/** `3 corners`, `1 corner`. */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString("en-US")} ${thing}${count === 1 ? "" : "s"}`;
}

/** The transfer function of sRGB (IEC 61966-2-1). */

/** Linear light 0 to 1 to signal 0 to 1. */
export function srgbOfLight(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** Signal 0 to 1 to linear light 0 to 1. */
export function lightOfSrgb(signal: number): number {
  return signal <= 0.04045 ? signal / 12.92 : ((signal + 0.055) / 1.055) ** 2.4;
}

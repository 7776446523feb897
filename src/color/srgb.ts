/** The transfer function of sRGB (IEC 61966-2-1). */

/** Linear light 0 to 1 to signal 0 to 1. */
export function srgbOfLight(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** Signal 0 to 1 to linear light 0 to 1. */
export function lightOfSrgb(signal: number): number {
  return signal <= 0.04045 ? signal / 12.92 : ((signal + 0.055) / 1.055) ** 2.4;
}

/** Fine enough that neighbouring steps differ by less than one 8-bit level, in the dark too. */
const levelSteps = 4096;
const levels = Uint8Array.from({ length: levelSteps + 1 }, (_, step) =>
  Math.round(255 * srgbOfLight(step / levelSteps)),
);

/** Linear light to the level of an 8-bit picture, fast; what is below 0 or above 1 becomes 0 or 255. */
export function srgbLevel(light: number): number {
  const step = Math.round(light * levelSteps);
  return levels[Math.min(Math.max(step, 0), levelSteps)] as number;
}

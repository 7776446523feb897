/** Colors for numbers. */
import { colorAt, coolWarm, type Rgb, rgbText, viridis } from "../../../color/palettes.js";
import { srgbOfLight } from "../../../color/srgb.js";

/** A color map: share from 0 to 1, ends kept outside. */
export type ColorMap = (share: number) => string;

/** Small to great. */
export const sequential: ColorMap = (share) => rgbText(colorAt(viridis, share));

/** Below, at and above a middle at 0.5. */
export const diverging: ColorMap = (share) => rgbText(colorAt(coolWarm, share));

/** Directions: one turn of hue at constant lightness (OKLCH, L 0.68, C 0.14), so that no direction stands out. */
export const cyclic: ColorMap = (share) => {
  const angle = 2 * Math.PI * share;
  return rgbText(srgbOfOklab(0.68, 0.14 * Math.cos(angle), 0.14 * Math.sin(angle)));
};

/** Björn Ottosson, "A perceptual color space for image processing" (2020). */
function srgbOfOklab(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    srgbByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    srgbByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    srgbByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** Linear share to a byte of sRGB. */
export function srgbByte(linear: number): number {
  return Math.round(255 * srgbOfLight(Math.min(1, Math.max(0, linear))));
}

/** Colors for numbers. */
import { srgbOfLight } from "../../../color/srgb.js";

type Rgb = readonly [number, number, number];

/** Viridis by Nathaniel Smith and Stéfan van der Walt (matplotlib, CC0), every 17th entry of its 256. */
const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [72, 24, 106],
  [71, 45, 123],
  [66, 64, 134],
  [59, 82, 139],
  [51, 99, 141],
  [44, 114, 142],
  [38, 130, 142],
  [33, 145, 140],
  [31, 160, 136],
  [40, 174, 128],
  [63, 188, 115],
  [94, 201, 98],
  [132, 212, 75],
  [173, 220, 48],
  [216, 226, 25],
];

/** Blue, light gray, red: Kenneth Moreland's "smooth cool warm" (2009), nine of its entries. */
const coolWarm: readonly Rgb[] = [
  [59, 76, 192],
  [98, 130, 234],
  [141, 176, 254],
  [184, 208, 249],
  [221, 221, 221],
  [245, 196, 173],
  [244, 154, 123],
  [222, 96, 77],
  [180, 4, 38],
];

function between(table: readonly Rgb[], share: number): Rgb {
  const place = Math.min(1, Math.max(0, share)) * (table.length - 1);
  const index = Math.min(table.length - 2, Math.floor(place));
  const [low, high] = [table[index] as Rgb, table[index + 1] as Rgb];
  const mix = (k: 0 | 1 | 2): number => Math.round(low[k] + (high[k] - low[k]) * (place - index));
  return [mix(0), mix(1), mix(2)];
}

export function rgbText([r, g, b]: Rgb): string {
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** A color map: share from 0 to 1, ends kept outside. */
export type ColorMap = (share: number) => string;

/** Small to great. */
export const sequential: ColorMap = (share) => rgbText(between(viridis, share));

/** Below, at and above a middle at 0.5. */
export const diverging: ColorMap = (share) => rgbText(between(coolWarm, share));

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

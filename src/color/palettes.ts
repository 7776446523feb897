/** Colors for numbers, in 8-bit sRGB. */

export type Rgb = readonly [number, number, number];

/** Viridis by Nathaniel Smith and Stéfan van der Walt (matplotlib, CC0), every 17th entry of its 256. */
export const viridis: readonly Rgb[] = [
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
export const coolWarm: readonly Rgb[] = [
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

/** The color at a share from 0 to 1 of a palette, ends kept outside. */
export function colorAt(palette: readonly Rgb[], share: number): Rgb {
  const place = Math.min(1, Math.max(0, share)) * (palette.length - 1);
  const index = Math.min(palette.length - 2, Math.floor(place));
  const [low, high] = [palette[index] as Rgb, palette[index + 1] as Rgb];
  const mix = (k: 0 | 1 | 2): number => Math.round(low[k] + (high[k] - low[k]) * (place - index));
  return [mix(0), mix(1), mix(2)];
}

export function rgbText([r, g, b]: Rgb): string {
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * The color wheel of optical flow: hue is direction, saturation is size. S. Baker et al., "A Database and Evaluation
 * Methodology for Optical Flow" (IJCV 2011), as the Middlebury code draws it.
 */
import type { Rgb } from "../../color/palettes.js";

/** Steps between neighboring hues: more where the eye tells more of them apart. */
const spans: readonly { readonly from: Rgb; readonly to: Rgb; readonly steps: number }[] = [
  { from: [255, 0, 0], to: [255, 255, 0], steps: 15 },
  { from: [255, 255, 0], to: [0, 255, 0], steps: 6 },
  { from: [0, 255, 0], to: [0, 255, 255], steps: 4 },
  { from: [0, 255, 255], to: [0, 0, 255], steps: 11 },
  { from: [0, 0, 255], to: [255, 0, 255], steps: 13 },
  { from: [255, 0, 255], to: [255, 0, 0], steps: 6 },
];

const wheel: readonly Rgb[] = spans.flatMap(({ from, to, steps }) =>
  Array.from({ length: steps }, (_, step): Rgb => {
    const mix = (k: 0 | 1 | 2): number => from[k] + ((to[k] - from[k]) * step) / steps;
    return [mix(0), mix(1), mix(2)];
  }),
);

/**
 * @param dx to the right, in units of the flow that is fully saturated.
 * @param dy down, likewise.
 * @returns white for no flow; darkened where the flow is larger than the scale.
 */
export function flowColor(dx: number, dy: number): Rgb {
  const size = Math.hypot(dx, dy);
  const place = ((Math.atan2(-dy, -dx) / Math.PI + 1) / 2) * (wheel.length - 1);
  const index = Math.floor(place);
  const [low, high] = [wheel[index] as Rgb, wheel[(index + 1) % wheel.length] as Rgb];
  const part = (k: 0 | 1 | 2): number => {
    const hue = low[k] + (high[k] - low[k]) * (place - index);
    return Math.round(size <= 1 ? 255 - size * (255 - hue) : 0.75 * hue);
  };
  return [part(0), part(1), part(2)];
}

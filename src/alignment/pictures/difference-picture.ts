import type { Triple } from "../../color/lab.js";
import type { Rgb } from "../../color/palettes.js";
import { srgbLevel } from "../../color/srgb.js";
import type { DrawnPicture } from "../../imaging/encode-picture.js";
import { displayColor, displayGain, eachPixel } from "./display-light.js";
import { type CanonicalImage, type PicturedFiles, readFlow, readImage, readMask } from "./pictured-files.js";
import { hiddenKey, Sheet, unmeasuredKey } from "./sheet.js";
import { paintUnmeasured } from "./unmeasured.js";
import { drawValueBar } from "./value-bar.js";
import { warpedLight } from "./warped-light.js";

/** Light of middle gray: sRGB 0.5. */
const grayLight = 0.2140411;
/** Differences are small: light is shown this many times as different as it is. */
const exaggeration = 4;

const shown = ([r, g, b]: Triple): Rgb => {
  const level = (difference: number): number => srgbLevel(grayLight + exaggeration * difference);
  return [level(r), level(g), level(b)];
};

/** Far brought to near by the measured flow, less near, in linear light, around gray. */
export async function differencePicture(files: PicturedFiles): Promise<DrawnPicture> {
  const flow = await readFlow(files);
  const [near, far] = [await readImage(files, "near"), await readImage(files, "far")];
  const [mask, farMask] = [await readMask(files, "near"), await readMask(files, "far")];
  const gain = displayGain(near);
  const sheet = new Sheet(near.sizePx);
  await eachPixel(near.sizePx, (pixel, x, y) => {
    const farX = x + (flow[pixel * 2] as number);
    const farY = y + (flow[pixel * 2 + 1] as number);
    const warped = warpedLight(far, farMask, farX, farY);
    if (warped === null) paintUnmeasured(sheet, mask[pixel] as number, pixel, x, y);
    else sheet.paint(pixel, shown(displayColor(near, lessNear(warped, near, pixel, gain))));
  });
  const reach = grayLight / exaggeration / gain;
  drawValueBar(sheet, {
    from: -100 * reach,
    to: 100 * reach,
    color: (share) => {
      const level = srgbLevel(2 * grayLight * share);
      return [level, level, level];
    },
    title: "far − near, % of white",
  });
  hiddenKey(sheet, 700, 28);
  unmeasuredKey(sheet, 700, 70);
  return sheet.finished();
}

function lessNear(warped: Triple, near: CanonicalImage, pixel: number, gain: number): Triple {
  const { channels, samples, white } = near;
  const first = pixel * channels;
  const last = first + channels - 1;
  const less = (light: number, index: number): number =>
    gain * (light - (samples[Math.min(index, last)] as number) / white);
  return [less(warped[0], first), less(warped[1], first + 1), less(warped[2], last)];
}

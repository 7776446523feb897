import { colorAt, viridis } from "../../color/palettes.js";
import type { DrawnPicture } from "../../imaging/encode-picture.js";
import { eachPixel } from "./display-light.js";
import { type PicturedFiles, readDepth, readMask } from "./pictured-files.js";
import { hiddenKey, Sheet, unmeasuredKey } from "./sheet.js";
import { paintUnmeasured } from "./unmeasured.js";
import { drawValueBar } from "./value-bar.js";
import { headQuantiles, roundRange } from "./value-range.js";

export async function depthPicture(files: PicturedFiles): Promise<DrawnPicture> {
  const depth = await readDepth(files);
  const mask = await readMask(files, "near");
  const { sizePx } = files.record.input.parameters;
  const [low = -1, high = 1] = headQuantiles(depth, mask, [0.01, 0.99]) ?? [];
  const [from, to] = roundRange(low, high);
  const sheet = new Sheet(sizePx);
  await eachPixel(sizePx, (pixel, x, y) => {
    const value = depth[pixel] as number;
    if (Number.isFinite(value)) sheet.paint(pixel, colorAt(viridis, (value - from) / (to - from)));
    else paintUnmeasured(sheet, mask[pixel] as number, pixel, x, y);
  });
  drawValueBar(sheet, {
    from,
    to,
    color: (share) => colorAt(viridis, share),
    title: "mm towards the cameras from the eye plane",
  });
  hiddenKey(sheet, 700, 28);
  unmeasuredKey(sheet, 700, 70);
  return sheet.finished();
}

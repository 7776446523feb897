import type { DrawnPicture } from "../../imaging/encode-picture.js";
import { niceAbove } from "../../stats/nice-numbers.js";
import { eachPixel } from "./display-light.js";
import { flowColor } from "./flow-wheel.js";
import { type PicturedFiles, readFlow, readMask } from "./pictured-files.js";
import { hiddenKey, Sheet, unmeasuredKey, words } from "./sheet.js";
import { paintUnmeasured } from "./unmeasured.js";
import { headQuantiles } from "./value-range.js";

/** Larger flow than that of this share of the head is beyond the wheel. */
const heldShare = 0.9;

/** Disc of the legend in the strip's design. */
const disc = { x: 40, y: 8, width: 112, height: 112 };

export async function flowPicture(files: PicturedFiles): Promise<DrawnPicture> {
  const flow = await readFlow(files);
  const mask = await readMask(files, "near");
  const { sizePx } = files.record.input.parameters;
  const sizes = new Float32Array(sizePx * sizePx);
  await eachPixel(sizePx, (pixel) => {
    sizes[pixel] = Math.hypot(flow[pixel * 2] as number, flow[pixel * 2 + 1] as number);
  });
  const [held = 0] = headQuantiles(sizes, mask, [heldShare]) ?? [];
  const reachPx = niceAbove(Math.max(held, 0.1));
  const sheet = new Sheet(sizePx);
  await eachPixel(sizePx, (pixel, x, y) => {
    const [dx, dy] = [flow[pixel * 2] as number, flow[pixel * 2 + 1] as number];
    if (Number.isFinite(dx)) sheet.paint(pixel, flowColor(dx / reachPx, dy / reachPx));
    else paintUnmeasured(sheet, mask[pixel] as number, pixel, x, y);
  });
  drawLegend(sheet, reachPx);
  return sheet.finished();
}

function drawLegend(sheet: Sheet, reachPx: number): void {
  sheet.paintStrip(disc, (across, down) => {
    const [dx, dy] = [2 * across - 1, 2 * down - 1];
    return Math.hypot(dx, dy) <= 1 ? flowColor(dx, dy) : null;
  });
  sheet.drawInStrip(
    words(176, 50, `rim: ${Number(reachPx.toPrecision(3))} px, darker: more`) +
      words(176, 92, "where near pixels move to"),
  );
  hiddenKey(sheet, 700, 28);
  unmeasuredKey(sheet, 700, 70);
}

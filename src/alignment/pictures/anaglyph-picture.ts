import type { RgbPicture } from "../../imaging/picture-file.js";
import { eachPixel } from "./display-light.js";

/** Rec. 709 luma of an sRGB pixel. */
function lumaAt({ data }: RgbPicture, pixel: number): number {
  const [r, g, b] = [data[pixel * 3] as number, data[pixel * 3 + 1] as number, data[pixel * 3 + 2] as number];
  return Math.round(0.2126 * r + 0.7152 * g + 0.0722 * b);
}

/** Both as gray, near in red and far in green and blue: what lies at the same place stays gray. */
export async function anaglyphOf(near: RgbPicture, far: RgbPicture): Promise<RgbPicture> {
  const data = new Uint8Array(near.data.length);
  await eachPixel(near.widthPx, (pixel) => {
    const farLuma = lumaAt(far, pixel);
    data[pixel * 3] = lumaAt(near, pixel);
    data[pixel * 3 + 1] = farLuma;
    data[pixel * 3 + 2] = farLuma;
  });
  return { ...near, data };
}

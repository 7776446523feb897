import { lightOfSrgb } from "../../color/srgb.js";
import type { RgbPicture } from "../../imaging/picture-file.js";
import type { LinearImage } from "../../imaging/raw-frame.js";

/** How the values of a picture file follow from linear light. */
export type Transfer =
  | { readonly kind: "srgb" }
  | { readonly kind: "linear" }
  /** value = light^(1/gamma) */
  | { readonly kind: "gamma"; readonly gamma: number };

function lightOf(value: number, transfer: Transfer): number {
  switch (transfer.kind) {
    case "srgb":
      return lightOfSrgb(value);
    case "linear":
      return value;
    case "gamma":
      return value ** transfer.gamma;
  }
}

/** An 8-bit picture file as linear light, shares of its full scale. A camera's own tone curve stays in it. */
export function linearPicture({ widthPx, heightPx, data }: RgbPicture, transfer: Transfer): LinearImage {
  const table = Float32Array.from({ length: 256 }, (_, value) => lightOf(value / 255, transfer));
  const shares = new Float32Array(new SharedArrayBuffer(data.length * 4));
  for (let i = 0; i < data.length; i++) shares[i] = table[data[i] as number] as number;
  return { widthPx, heightPx, channels: 3, shares };
}

/** Values in stored order → shares in upright order; the step that ends every decoding. */
import { type Orientation, orientationOf } from "./orientation.js";
import type { FrameSize } from "./pixel-layout.js";
import type { LinearImage, SampleMeaning } from "./raw-frame.js";

/** A full-color or mono picture that still lies, and is still mirrored, as the camera is mounted. */
export interface StoredPicture extends FrameSize {
  readonly channels: 1 | 3;
  /** heightPx × widthPx × channels, in sample units with the black level still in it. */
  readonly values: Uint16Array | Float32Array;
}

export type Levels = Pick<SampleMeaning, "blackLevel" | "whiteLevel" | "mount">;

/** Turns a picture upright row by row, so that a long job can pause between two rows. */
export class UprightPass {
  readonly image: LinearImage;
  readonly #picture: StoredPicture;
  readonly #orientation: Orientation;
  readonly #levels: Levels;

  constructor(picture: StoredPicture, levels: Levels) {
    this.#picture = picture;
    this.#levels = levels;
    this.#orientation = orientationOf(picture, levels.mount);
    const { widthPx, heightPx } = this.#orientation;
    const { channels } = picture;
    const shares = new Float32Array(new SharedArrayBuffer(widthPx * heightPx * channels * 4));
    this.image = { widthPx, heightPx, channels, shares };
  }

  /** Fills upright rows `from` up to, not including, `to`. */
  fillRows(from: number, to: number): void {
    const { channels, values } = this.#picture;
    const { origin, stepU, stepV, widthPx } = this.#orientation;
    const { blackLevel, whiteLevel } = this.#levels;
    const { shares } = this.image;
    const perRange = 1 / (whiteLevel - blackLevel);
    let out = from * widthPx * channels;
    for (let v = from; v < to; v++) {
      let pixel = (origin + v * stepV) * channels;
      for (let u = 0; u < widthPx; u++, pixel += stepU * channels) {
        for (let c = 0; c < channels; c++) {
          shares[out++] = ((values[pixel + c] as number) - blackLevel) * perRange;
        }
      }
    }
  }
}

/** A square picture in canonical pixels, and below it a strip with its legend. */
import { type Rgb, rgbText } from "../../color/palettes.js";
import type { DrawnPicture } from "../../imaging/encode-picture.js";

/** The strip's design is for images of this size; others scale it. */
const designPx = 1024;
const stripDesignPx = 128;

const ground: Rgb = [22, 24, 27];
/** Frame pixels did not reach here. */
export const outsideColor: Rgb = [10, 11, 13];
/** Nothing was measured here. */
export const unmeasuredColor: Rgb = [74, 80, 87];
const hatchColor: Rgb = [128, 136, 145];

export class Sheet {
  readonly sizePx: number;
  /** Canonical px per px of the design. */
  readonly scale: number;
  readonly #widthPx: number;
  readonly #heightPx: number;
  readonly #data: Uint8Array;
  readonly #drawing: string[] = [];

  constructor(sizePx: number) {
    this.sizePx = sizePx;
    this.scale = sizePx / designPx;
    this.#widthPx = sizePx;
    this.#heightPx = sizePx + Math.round(stripDesignPx * this.scale);
    this.#data = new Uint8Array(this.#widthPx * this.#heightPx * 3);
    for (let pixel = sizePx * sizePx; pixel < this.#widthPx * this.#heightPx; pixel++)
      this.paint(pixel, ground);
  }

  /** @param pixel y · width + x, of image and strip alike. */
  paint(pixel: number, [r, g, b]: Rgb): void {
    this.#data[pixel * 3] = r;
    this.#data[pixel * 3 + 1] = g;
    this.#data[pixel * 3 + 2] = b;
  }

  /** Where the other pupil does not see the surface. */
  paintHidden(pixel: number, x: number, y: number): void {
    const period = Math.max(4, Math.round(14 * this.scale));
    this.paint(pixel, (x + y) % period < period / 3.5 ? hatchColor : unmeasuredColor);
  }

  /** Adds SVG in px of the image. */
  draw(svg: string): void {
    this.#drawing.push(svg);
  }

  /** Adds SVG in px of the strip's design: 1024 × `stripDesignPx`, (0, 0) at its top left. */
  drawInStrip(svg: string): void {
    this.draw(`<g transform="translate(0 ${this.sizePx}) scale(${this.scale})">${svg}</g>`);
  }

  /** Paints a part of the strip, given in px of its design; `color` gets shares of the part's width and height. */
  paintStrip(
    place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
    color: (across: number, down: number) => Rgb | null,
  ): void {
    const [left, top] = [Math.round(place.x * this.scale), Math.round(place.y * this.scale)];
    const [width, height] = [Math.round(place.width * this.scale), Math.round(place.height * this.scale)];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const painted = color((x + 0.5) / width, (y + 0.5) / height);
        if (painted !== null) this.paint((this.sizePx + top + y) * this.#widthPx + left + x, painted);
      }
    }
  }

  finished(): DrawnPicture {
    const [width, height] = [this.#widthPx, this.#heightPx];
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
      `<g font-family="DejaVu Sans, sans-serif" fill="#e6e8ea">${this.#drawing.join("")}</g></svg>`;
    return { widthPx: width, heightPx: height, data: this.#data, svg };
  }
}

export const words = (
  x: number,
  y: number,
  text: string,
  anchor: "start" | "middle" | "end" = "start",
): string => `<text x="${x}" y="${y}" font-size="26" text-anchor="${anchor}">${text}</text>`;

/** A patch with what it means beside it, in the strip. */
export function hiddenKey(sheet: Sheet, x: number, y: number): void {
  const hatch = [0, 14, 28]
    .map(
      (from) =>
        `<path d="M${x + from} ${y + 24}l${Math.min(14, 42 - from)} -24" stroke="${rgbText(hatchColor)}" stroke-width="4"/>`,
    )
    .join("");
  sheet.drawInStrip(
    `<rect x="${x}" y="${y}" width="42" height="24" fill="${rgbText(unmeasuredColor)}"/>${hatch}${words(x + 54, y + 22, "hidden from far")}`,
  );
}

export function unmeasuredKey(sheet: Sheet, x: number, y: number): void {
  sheet.drawInStrip(
    `<rect x="${x}" y="${y}" width="42" height="24" fill="${rgbText(unmeasuredColor)}"/>${words(x + 54, y + 22, "not measured")}`,
  );
}

/** Pictures that must be decoded: PNG, JPEG, WebP, TIFF of any kind. */
import type { FrameSource } from "../native/resample.js";
import type { FrameReading } from "./frame-source.js";
import { notAPicture, openPicture } from "./picture-file.js";
import { sharedSamples } from "./shared-samples.js";

/**
 * Gray or R, G, B, upright as its EXIF orientation tells, without transparency; 16 bit where the file has them.
 * @throws CallerError FILE_CORRUPT.
 */
export async function openPictureSource(path: string, reading: FrameReading): Promise<FrameSource> {
  const { mount, transfer, blackLevel, whiteLevel } = reading;
  const picture = await openPicture(path);
  try {
    const { depth, channels } = await picture.metadata();
    const bitsPerSample = depth === "uchar" ? 8 : 16;
    const gray = channels !== undefined && channels < 3;
    const space = bitsPerSample === 8 ? (gray ? "b-w" : "srgb") : gray ? "grey16" : "rgb16";
    const decoded = await picture
      .toColourspace(space)
      .raw({ depth: bitsPerSample === 8 ? "uchar" : "ushort" })
      .toBuffer({ resolveWithObject: true });
    const { data, info } = decoded;
    return {
      samples:
        bitsPerSample === 8
          ? sharedSamples(data)
          : sharedSamples(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)),
      bitsPerSample,
      widthPx: info.width,
      heightPx: info.height,
      samplesPerPixel: info.channels === 3 ? 3 : 1,
      cfa: null,
      transfer: transfer ?? "srgb",
      blackLevel: blackLevel ?? 0,
      whiteLevel: whiteLevel ?? 2 ** bitsPerSample - 1,
      mount: mount ?? { rotationDeg: 0, mirrored: false },
    };
  } catch (cause) {
    throw notAPicture(path, cause);
  }
}

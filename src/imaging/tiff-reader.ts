/** Reads nearfar's own frames and other ordinary uncompressed 8- and 16-bit TIFF strips. */
import type { SampleFrame } from "./raw-frame.js";
import { type FrameDescription, parseFrameDescription } from "./tiff-description.js";
import {
  corruptTiff,
  runOf,
  type TiffBytes,
  TiffDirectory,
  type TiffStrip,
  tiffBytesOf,
} from "./tiff-directory.js";
import { contiguousPlanes, tiffTag, uncompressed } from "./tiff-tags.js";

export interface TiffImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly samplesPerPixel: number;
  readonly bitsPerSample: 8 | 16;
  /** heightPx × widthPx × samplesPerPixel; a view of the file's bytes where they lie right for it. */
  readonly samples: Uint16Array;
  /** null: not written by nearfar. */
  readonly description: FrameDescription | null;
}

export interface TiffPlace extends Omit<TiffImage, "samples"> {
  readonly littleEndian: boolean;
  readonly strips: readonly TiffStrip[];
}

/**
 * What the samples are and where they lie, without reading them.
 * @throws WorldError FILE_CORRUPT when it is cut short, damaged, compressed, tiled or of other depth.
 */
export function locateTiff(bytes: TiffBytes): TiffPlace {
  const directory = new TiffDirectory(bytes);
  const widthPx = directory.number(tiffTag.imageWidth);
  const heightPx = directory.number(tiffTag.imageLength);
  const samplesPerPixel = directory.number(tiffTag.samplesPerPixel, 1);
  const bitDepths = directory.numbers(tiffTag.bitsPerSample) ?? [1];
  const bitsPerSample = bitDepths[0];
  if (widthPx === 0 || heightPx === 0 || samplesPerPixel === 0) throw corruptTiff("the image is empty");
  if (directory.number(tiffTag.compression, uncompressed) !== uncompressed) {
    throw corruptTiff("it is compressed");
  }
  if (directory.numbers(tiffTag.tileWidth) !== null) throw corruptTiff("it is tiled");
  if (directory.number(tiffTag.planarConfig, contiguousPlanes) !== contiguousPlanes) {
    throw corruptTiff("its channels are stored apart");
  }
  if ((bitsPerSample !== 8 && bitsPerSample !== 16) || bitDepths.some((bits) => bits !== bitsPerSample)) {
    throw corruptTiff(`samples of ${bitDepths.join("/")} bits`);
  }
  return {
    widthPx,
    heightPx,
    samplesPerPixel,
    bitsPerSample,
    littleEndian: directory.littleEndian,
    strips: directory.strips(widthPx * heightPx * samplesPerPixel * (bitsPerSample / 8)),
    description: parseFrameDescription(directory.text(tiffTag.imageDescription)),
  };
}

/** @throws WorldError FILE_CORRUPT as {@link locateTiff} does. */
export function readTiff(file: Uint8Array): TiffImage {
  const { littleEndian, strips, ...image } = locateTiff(tiffBytesOf(file));
  const { widthPx, heightPx, samplesPerPixel, bitsPerSample } = image;
  const bytes = samplesOf(file, strips, widthPx * heightPx * samplesPerPixel * (bitsPerSample / 8));
  return { ...image, samples: bitsPerSample === 8 ? Uint16Array.from(bytes) : words(bytes, littleEndian) };
}

/**
 * A stored frame of nearfar, ready for decoding.
 * @throws WorldError FILE_CORRUPT also when the file is a TIFF but not one of nearfar's frames.
 */
export function readStoredFrame(file: Uint8Array): SampleFrame {
  const { description, samples, widthPx, heightPx } = readTiff(file);
  if (description === null) throw corruptTiff("it has no nearfar description");
  const { pixelFormat, bitDepth, blackLevel, whiteLevel, mount } = description;
  return { samples, widthPx, heightPx, pixelFormat, bitDepth, blackLevel, whiteLevel, mount };
}

/** The samples as one run of bytes: a view where they lie one after the other. */
function samplesOf(file: Uint8Array, strips: readonly TiffStrip[], expected: number): Uint8Array {
  const first = runOf(strips);
  if (first !== null) return file.subarray(first, first + expected);
  const joined = new Uint8Array(strips.reduce((sum, { bytes }) => sum + bytes, 0));
  let end = 0;
  for (const { offset, bytes } of strips) {
    joined.set(file.subarray(offset, offset + bytes), end);
    end += bytes;
  }
  return joined.subarray(0, expected);
}

function words(bytes: Uint8Array, littleEndian: boolean): Uint16Array {
  if (littleEndian && bytes.byteOffset % 2 === 0) {
    return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  }
  const swapped = Uint8Array.from(bytes);
  if (!littleEndian) Buffer.from(swapped.buffer).swap16();
  return new Uint16Array(swapped.buffer);
}

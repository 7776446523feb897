/** Uncompressed TIFFs whose samples can stay in the file. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { NearfarError, WorldError } from "../base/errors.js";
import type { FrameSource } from "../native/resample.js";
import type { FrameReading } from "./frame-source.js";
import { pixelLayouts } from "./pixel-layout.js";
import type { FrameDescription } from "./tiff-description.js";
import { corruptTiff, runOf, type TiffBytes, TiffDirectory } from "./tiff-directory.js";
import { locateTiff, type TiffPlace } from "./tiff-reader.js";
import {
  contiguousPlanes,
  photometric,
  tiffTag,
  uncompressed,
  unsignedSamples,
  uprightOrientation,
} from "./tiff-tags.js";

/**
 * @returns null for a TIFF that must be decoded as a picture; `raw` for a camera's raw file.
 * @throws WorldError FILE_CORRUPT when it is cut short or damaged.
 */
export function openTiffSource(path: string, reading: FrameReading): FrameSource | "raw" | null {
  try {
    return sourceIn(path, reading);
  } catch (cause) {
    if (!(cause instanceof NearfarError && cause.code === "FILE_CORRUPT")) throw cause;
    throw new WorldError("FILE_CORRUPT", `${path}: ${cause.message}`, {
      advice: "Copy the file again from where it came, or restore it from a backup.",
      cause,
    });
  }
}

function sourceIn(path: string, reading: FrameReading): FrameSource | "raw" | null {
  return withTiff(path, (bytes) => {
    const directory = new TiffDirectory(bytes);
    if (isRaw(directory)) return "raw";
    if (!isInterleaved(directory)) return null;
    const place = locateTiff(bytes);
    const byteOffset = runOf(place.strips);
    if (place.description !== null) return storedFrame(path, place, byteOffset);
    return byteOffset === null || !isPlain(directory, reading)
      ? null
      : plainPicture(path, place, byteOffset, reading);
  });
}

/**
 * What nearfar wrote into a frame of its own, read without the samples; null for any other file.
 * @param path of a file that can be opened.
 */
export function frameDescriptionIn(path: string): FrameDescription | null {
  return withTiff(path, (bytes) => {
    try {
      return locateTiff(bytes).description;
    } catch (error) {
      // No TIFF, or one that nearfar does not write.
      if (error instanceof NearfarError && error.code === "FILE_CORRUPT") return null;
      throw error;
    }
  });
}

function withTiff<T>(path: string, use: (bytes: TiffBytes) => T): T {
  const descriptor = openSync(path, "r");
  try {
    return use(bytesOf(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

/** Few and small reads, which are not worth a thread. */
function bytesOf(descriptor: number): TiffBytes {
  return {
    byteLength: fstatSync(descriptor).size,
    at: (offset, length) => {
      const into = new Uint8Array(length);
      const got = readSync(descriptor, into, 0, length, offset);
      if (got !== length) throw corruptTiff("it was cut short while it was read");
      return into;
    },
  };
}

function isRaw(directory: TiffDirectory): boolean {
  return (
    directory.has(tiffTag.dngVersion) || directory.number(tiffTag.photometric, 1) === photometric.colorFilter
  );
}

/** Whether its samples lie as they are, pixel by pixel, 8 or 16 bit. */
function isInterleaved(directory: TiffDirectory): boolean {
  const depths = directory.numbers(tiffTag.bitsPerSample) ?? [1];
  return (
    directory.number(tiffTag.compression, uncompressed) === uncompressed &&
    !directory.has(tiffTag.tileWidth) &&
    directory.number(tiffTag.planarConfig, contiguousPlanes) === contiguousPlanes &&
    depths.every((bits) => bits === depths[0] && (bits === 8 || bits === 16))
  );
}

/** Whether its samples are colors as they stand: nothing is to be turned, looked up or converted. */
function isPlain(directory: TiffDirectory, { transfer }: FrameReading): boolean {
  const meaning = directory.number(tiffTag.photometric, photometric.blackIsZero);
  const samples = directory.number(tiffTag.samplesPerPixel, 1);
  return (
    meaning === (samples === 3 ? photometric.rgb : photometric.blackIsZero) &&
    (samples === 1 || samples === 3) &&
    directory.number(tiffTag.sampleFormat, unsignedSamples) === unsignedSamples &&
    directory.number(tiffTag.orientation, uprightOrientation) === uprightOrientation &&
    (transfer === "linear" || !directory.has(tiffTag.colorProfile))
  );
}

function storedFrame(path: string, place: TiffPlace, byteOffset: number | null): FrameSource {
  const { description, widthPx, heightPx, samplesPerPixel, bitsPerSample, littleEndian } = place;
  if (description === null || byteOffset === null) throw corruptTiff("its strips lie apart");
  const { pixelFormat, blackLevel, whiteLevel, mount } = description;
  const layout = pixelLayouts[pixelFormat];
  if (layout.samplesPerPixel !== samplesPerPixel) {
    throw corruptTiff(`${samplesPerPixel} samples per pixel, which is not ${pixelFormat}`);
  }
  return {
    samples: { path, byteOffset, littleEndian },
    bitsPerSample,
    widthPx,
    heightPx,
    samplesPerPixel: layout.samplesPerPixel,
    cfa: layout.cfa,
    transfer: "linear",
    blackLevel,
    whiteLevel,
    mount,
  };
}

function plainPicture(
  path: string,
  { widthPx, heightPx, samplesPerPixel, bitsPerSample, littleEndian }: TiffPlace,
  byteOffset: number,
  { mount, transfer, blackLevel, whiteLevel }: FrameReading,
): FrameSource {
  return {
    samples: { path, byteOffset, littleEndian },
    bitsPerSample,
    widthPx,
    heightPx,
    samplesPerPixel: samplesPerPixel === 3 ? 3 : 1,
    cfa: null,
    transfer: transfer ?? "srgb",
    blackLevel: blackLevel ?? 0,
    whiteLevel: whiteLevel ?? 2 ** bitsPerSample - 1,
    mount: mount ?? { rotationDeg: 0, mirrored: false },
  };
}

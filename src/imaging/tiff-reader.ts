/** Reads nearfar's own frames and other ordinary uncompressed 8- and 16-bit TIFF strips. */
import { WorldError } from "../base/errors.js";
import type { SampleFrame } from "./raw-frame.js";
import { type FrameDescription, parseFrameDescription } from "./tiff-description.js";
import { contiguousPlanes, tiffTag, tiffType, tiffTypeBytes, uncompressed } from "./tiff-tags.js";

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

/** @throws WorldError FILE_CORRUPT when it is cut short, damaged, compressed, tiled or of other depth. */
export function readTiff(file: Uint8Array): TiffImage {
  const directory = new TiffDirectory(file);
  const widthPx = directory.number(tiffTag.imageWidth);
  const heightPx = directory.number(tiffTag.imageLength);
  const samplesPerPixel = directory.number(tiffTag.samplesPerPixel, 1);
  const bitDepths = directory.numbers(tiffTag.bitsPerSample) ?? [1];
  const bitsPerSample = bitDepths[0];
  if (widthPx === 0 || heightPx === 0 || samplesPerPixel === 0) throw corrupt("the image is empty");
  if (directory.number(tiffTag.compression, uncompressed) !== uncompressed) throw corrupt("it is compressed");
  if (directory.numbers(tiffTag.tileWidth) !== null) throw corrupt("it is tiled");
  if (directory.number(tiffTag.planarConfig, contiguousPlanes) !== contiguousPlanes) {
    throw corrupt("its channels are stored apart");
  }
  if ((bitsPerSample !== 8 && bitsPerSample !== 16) || bitDepths.some((bits) => bits !== bitsPerSample)) {
    throw corrupt(`samples of ${bitDepths.join("/")} bits`);
  }
  const bytes = directory.strips(widthPx * heightPx * samplesPerPixel * (bitsPerSample / 8));
  return {
    widthPx,
    heightPx,
    samplesPerPixel,
    bitsPerSample,
    samples: bitsPerSample === 8 ? Uint16Array.from(bytes) : words(bytes, directory.littleEndian),
    description: parseFrameDescription(directory.text(tiffTag.imageDescription)),
  };
}

/**
 * A stored frame of nearfar, ready for decoding.
 * @throws WorldError FILE_CORRUPT also when the file is a TIFF but not one of nearfar's frames.
 */
export function readStoredFrame(file: Uint8Array): SampleFrame {
  const { description, samples, widthPx, heightPx } = readTiff(file);
  if (description === null) throw corrupt("it has no nearfar description");
  const { pixelFormat, bitDepth, blackLevel, whiteLevel, mount } = description;
  return { samples, widthPx, heightPx, pixelFormat, bitDepth, blackLevel, whiteLevel, mount };
}

function corrupt(what: string): WorldError {
  return new WorldError("FILE_CORRUPT", `not a TIFF that nearfar can read: ${what}`, {
    advice: "Compare the file's sha256 with its record; restore it from a backup if it differs.",
  });
}

/** The first image directory; every read is checked against the end of the file. */
class TiffDirectory {
  readonly littleEndian: boolean;
  readonly #file: Uint8Array;
  readonly #view: DataView;
  /** Place of each tag's 12-byte entry. */
  readonly #entries = new Map<number, number>();

  constructor(file: Uint8Array) {
    this.#file = file;
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    if (file.byteLength < 8) throw corrupt("it is shorter than a header");
    this.littleEndian = file[0] === 0x49 && file[1] === 0x49;
    const bigEndian = file[0] === 0x4d && file[1] === 0x4d;
    if (!(this.littleEndian || bigEndian) || this.#u16(2) !== 42) throw corrupt("it has another signature");
    const ifd = this.#u32(4);
    const count = this.#u16(ifd);
    for (let i = 0; i < count; i++) {
      const at = ifd + 2 + i * 12;
      this.#entries.set(this.#u16(at), at);
      this.#check(at, 12);
    }
  }

  /** @returns null when the tag is not there. */
  numbers(tag: number): readonly number[] | null {
    const field = this.#field(tag);
    if (field === null) return null;
    return Array.from({ length: field.count }, (_, i) => this.#value(field.at, field.type, i));
  }

  number(tag: number, whenAbsent?: number): number {
    const value = this.numbers(tag)?.[0] ?? whenAbsent;
    if (value === undefined) throw corrupt(`tag ${tag} is missing`);
    return value;
  }

  /** @returns null when the tag is not there or is no text. */
  text(tag: number): string | null {
    const field = this.#field(tag);
    if (field === null || field.type !== tiffType.ascii) return null;
    const bytes = this.#file.slice(field.at, field.at + field.count);
    return new TextDecoder("latin1").decode(bytes).replace(/\0+$/, "");
  }

  /** All strips as one run of `expected` bytes: a view when they lie one after the other. */
  strips(expected: number): Uint8Array {
    const offsets = this.numbers(tiffTag.stripOffsets);
    const lengths = this.numbers(tiffTag.stripByteCounts);
    if (offsets === null || lengths === null || offsets.length !== lengths.length) {
      throw corrupt("its strips are not described");
    }
    const total = lengths.reduce((sum, length) => sum + length, 0);
    if (total < expected) throw corrupt(`${total} bytes of pixels instead of ${expected}`);
    offsets.forEach((offset, i) => {
      this.#check(offset, lengths[i] as number);
    });
    const first = offsets[0] as number;
    const isOneRun = offsets.every(
      (offset, i) => i === 0 || offset === (offsets[i - 1] as number) + (lengths[i - 1] as number),
    );
    if (isOneRun) return this.#file.subarray(first, first + expected);
    const joined = new Uint8Array(total);
    let end = 0;
    offsets.forEach((offset, i) => {
      joined.set(this.#file.subarray(offset, offset + (lengths[i] as number)), end);
      end += lengths[i] as number;
    });
    return joined.subarray(0, expected);
  }

  #field(tag: number): { readonly at: number; readonly type: number; readonly count: number } | null {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return null;
    const type = this.#u16(entry + 2);
    const count = this.#u32(entry + 4);
    const size = tiffTypeBytes[type];
    if (size === undefined) throw corrupt(`tag ${tag} has field type ${type}`);
    const at = size * count <= 4 ? entry + 8 : this.#u32(entry + 8);
    this.#check(at, size * count);
    return { at, type, count };
  }

  #value(at: number, type: number, index: number): number {
    if (type === tiffType.short) return this.#u16(at + index * 2);
    if (type === tiffType.long) return this.#u32(at + index * 4);
    return this.#file[at + index] as number;
  }

  #u16(at: number): number {
    this.#check(at, 2);
    return this.#view.getUint16(at, this.littleEndian);
  }

  #u32(at: number): number {
    this.#check(at, 4);
    return this.#view.getUint32(at, this.littleEndian);
  }

  #check(at: number, bytes: number): void {
    if (at + bytes > this.#file.byteLength) throw corrupt("it is cut short");
  }
}

function words(bytes: Uint8Array, littleEndian: boolean): Uint16Array {
  if (littleEndian && bytes.byteOffset % 2 === 0) {
    return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  }
  const swapped = Uint8Array.from(bytes);
  if (!littleEndian) Buffer.from(swapped.buffer).swap16();
  return new Uint16Array(swapped.buffer);
}

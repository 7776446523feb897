/** The first image directory of a TIFF, without its samples. */
import { WorldError } from "../base/errors.js";
import { tiffTag, tiffType, tiffTypeBytes } from "./tiff-tags.js";

/** Bytes of a file, in memory or read as they are asked for. */
export interface TiffBytes {
  readonly byteLength: number;
  /** @param offset,length within the file. */
  at(offset: number, length: number): Uint8Array;
}

export interface TiffStrip {
  readonly offset: number;
  readonly bytes: number;
}

export function tiffBytesOf(file: Uint8Array): TiffBytes {
  return { byteLength: file.byteLength, at: (offset, length) => file.subarray(offset, offset + length) };
}

export function corruptTiff(what: string): WorldError {
  return new WorldError("FILE_CORRUPT", `not a TIFF that nearfar can read: ${what}`, {
    advice: "Compare the file's sha256 with its record; restore it from a backup if it differs.",
  });
}

/** Every read is checked against the end of the file. */
export class TiffDirectory {
  readonly littleEndian: boolean;
  readonly #bytes: TiffBytes;
  /** Each tag's 12-byte entry. */
  readonly #entries = new Map<number, DataView>();

  /** @throws WorldError FILE_CORRUPT. */
  constructor(bytes: TiffBytes) {
    this.#bytes = bytes;
    if (bytes.byteLength < 8) throw corruptTiff("it is shorter than a header");
    const start = bytes.at(0, 8);
    this.littleEndian = start[0] === 0x49 && start[1] === 0x49;
    const bigEndian = start[0] === 0x4d && start[1] === 0x4d;
    const header = viewOf(start);
    if (!(this.littleEndian || bigEndian) || header.getUint16(2, this.littleEndian) !== 42) {
      throw corruptTiff("it has another signature");
    }
    const ifd = header.getUint32(4, this.littleEndian);
    const count = this.#view(ifd, 2).getUint16(0, this.littleEndian);
    const entries = this.#view(ifd + 2, count * 12);
    for (let i = 0; i < count; i++) {
      const entry = new DataView(entries.buffer, entries.byteOffset + i * 12, 12);
      this.#entries.set(entry.getUint16(0, this.littleEndian), entry);
    }
  }

  has(tag: number): boolean {
    return this.#entries.has(tag);
  }

  /** @returns null when the tag is not there. */
  numbers(tag: number): readonly number[] | null {
    const field = this.#field(tag);
    if (field === null) return null;
    return Array.from({ length: field.count }, (_, i) => this.#value(field.values, field.type, i));
  }

  number(tag: number, whenAbsent?: number): number {
    const value = this.numbers(tag)?.[0] ?? whenAbsent;
    if (value === undefined) throw corruptTiff(`tag ${tag} is missing`);
    return value;
  }

  /** @returns null when the tag is not there or is no text. */
  text(tag: number): string | null {
    const field = this.#field(tag);
    if (field === null || field.type !== tiffType.ascii) return null;
    const { buffer, byteOffset, byteLength } = field.values;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
    return new TextDecoder("latin1").decode(bytes).replace(/\0+$/, "");
  }

  /** Where the samples lie, `expected` bytes at least. */
  strips(expected: number): readonly TiffStrip[] {
    const offsets = this.numbers(tiffTag.stripOffsets);
    const lengths = this.numbers(tiffTag.stripByteCounts);
    if (offsets === null || lengths === null || offsets.length !== lengths.length) {
      throw corruptTiff("its strips are not described");
    }
    const total = lengths.reduce((sum, length) => sum + length, 0);
    if (total < expected) throw corruptTiff(`${total} bytes of pixels instead of ${expected}`);
    return offsets.map((offset, i) => {
      const bytes = lengths[i] as number;
      this.#check(offset, bytes);
      return { offset, bytes };
    });
  }

  #field(tag: number): { readonly values: DataView; readonly type: number; readonly count: number } | null {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return null;
    const type = entry.getUint16(2, this.littleEndian);
    const count = entry.getUint32(4, this.littleEndian);
    const size = tiffTypeBytes[type];
    if (size === undefined) throw corruptTiff(`tag ${tag} has field type ${type}`);
    const length = size * count;
    const values =
      length <= 4
        ? new DataView(entry.buffer, entry.byteOffset + 8, length)
        : this.#view(entry.getUint32(8, this.littleEndian), length);
    return { values, type, count };
  }

  #value(values: DataView, type: number, index: number): number {
    if (type === tiffType.short) return values.getUint16(index * 2, this.littleEndian);
    if (type === tiffType.long) return values.getUint32(index * 4, this.littleEndian);
    return values.getUint8(index);
  }

  #view(at: number, length: number): DataView {
    this.#check(at, length);
    return viewOf(this.#bytes.at(at, length));
  }

  #check(at: number, bytes: number): void {
    if (at + bytes > this.#bytes.byteLength) throw corruptTiff("it is cut short");
  }
}

/** Where one run of bytes holds all samples; null when the strips lie apart. */
export function runOf(strips: readonly TiffStrip[]): number | null {
  const isOneRun = strips.every(({ offset }, i) => {
    const before = strips[i - 1];
    return before === undefined || offset === before.offset + before.bytes;
  });
  return isOneRun ? (strips[0]?.offset ?? null) : null;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

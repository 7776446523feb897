/**
 * Uncompressed 16-bit TIFF as a header that goes before the samples: the file is `[header, samples]`,
 * so that a payload which already holds uint16 samples is stored without being copied.
 *
 * One strip, little-endian, contiguous channels. A mosaic is written as plain gray, because few
 * readers know photometric 32803 (CFA); its pattern stands in the description.
 */
import {
  contiguousPlanes,
  photometric,
  tiffTag,
  tiffType,
  uncompressed,
  unsignedSamples,
} from "./tiff-tags.js";

export interface TiffLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly samplesPerPixel: 1 | 3;
  /** Written as 7-bit ASCII, other characters as \uXXXX (which JSON reads back). */
  readonly description: string;
}

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** The value itself when it fits in 4 bytes, else the bytes to be put elsewhere. */
  readonly value: number | Uint8Array;
}

/** The samples start at a multiple of this, so that a reader can map them as words. */
const dataAlignment = 16;
const firstIfd = 8;

/** @returns the bytes before the samples; their number is a multiple of 16. */
export function buildTiffHeader(layout: TiffLayout): Uint8Array<SharedArrayBuffer> {
  const entries = entriesOf(layout);
  let end = firstIfd + 2 + entries.length * 12 + 4;
  const places = entries.map(({ value }) => {
    if (typeof value === "number") return value;
    const place = end;
    end += value.byteLength + (value.byteLength % 2);
    return place;
  });
  const headerBytes = Math.ceil(end / dataAlignment) * dataAlignment;

  const header = new Uint8Array(new SharedArrayBuffer(headerBytes));
  const view = new DataView(header.buffer);
  header.set([0x49, 0x49]);
  view.setUint16(2, 42, true);
  view.setUint32(4, firstIfd, true);
  view.setUint16(firstIfd, entries.length, true);
  entries.forEach(({ tag, type, count, value }, index) => {
    const at = firstIfd + 2 + index * 12;
    const place = tag === tiffTag.stripOffsets ? headerBytes : (places[index] as number);
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, place, true);
    if (typeof value !== "number") header.set(value, place);
  });
  return header;
}

/** Sorted by tag, as TIFF demands. A single SHORT fills the low half of its field, which is where little-endian left-justifies it. */
function entriesOf({ widthPx, heightPx, samplesPerPixel, description }: TiffLayout): readonly Entry[] {
  const perSample = (value: number): Omit<Entry, "tag"> =>
    samplesPerPixel === 1
      ? { type: tiffType.short, count: 1, value }
      : { type: tiffType.short, count: 3, value: new Uint8Array(Uint16Array.of(value, value, value).buffer) };
  const short = (value: number): Omit<Entry, "tag"> => ({ type: tiffType.short, count: 1, value });
  const long = (value: number): Omit<Entry, "tag"> => ({ type: tiffType.long, count: 1, value });
  const text = (value: string): Omit<Entry, "tag"> => {
    const bytes = asciiBytes(value);
    return { type: tiffType.ascii, count: bytes.byteLength, value: bytes };
  };
  return [
    { tag: tiffTag.imageWidth, ...long(widthPx) },
    { tag: tiffTag.imageLength, ...long(heightPx) },
    { tag: tiffTag.bitsPerSample, ...perSample(16) },
    { tag: tiffTag.compression, ...short(uncompressed) },
    { tag: tiffTag.photometric, ...short(samplesPerPixel === 3 ? photometric.rgb : photometric.blackIsZero) },
    { tag: tiffTag.imageDescription, ...text(description) },
    { tag: tiffTag.stripOffsets, ...long(0) },
    { tag: tiffTag.samplesPerPixel, ...short(samplesPerPixel) },
    { tag: tiffTag.rowsPerStrip, ...long(heightPx) },
    { tag: tiffTag.stripByteCounts, ...long(widthPx * heightPx * samplesPerPixel * 2) },
    { tag: tiffTag.planarConfig, ...short(contiguousPlanes) },
    { tag: tiffTag.software, ...text("nearfar") },
    { tag: tiffTag.sampleFormat, ...perSample(unsignedSamples) },
  ];
}

function asciiBytes(text: string): Uint8Array {
  const escaped = text.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return new TextEncoder().encode(`${escaped}\0`);
}

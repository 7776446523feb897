/** The TIFF 6.0 tags, field types and values that nearfar writes or reads. */
export const tiffTag = {
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  imageDescription: 270,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfig: 284,
  software: 305,
  tileWidth: 322,
  sampleFormat: 339,
  colorProfile: 34675,
  dngVersion: 50706,
} as const;

export const tiffType = { byte: 1, ascii: 2, short: 3, long: 4 } as const;

/** Bytes per value of each field type that the reader understands. */
export const tiffTypeBytes: Readonly<Record<number, 1 | 2 | 4>> = {
  [tiffType.byte]: 1,
  [tiffType.ascii]: 1,
  [tiffType.short]: 2,
  [tiffType.long]: 4,
};

export const uncompressed = 1;
export const contiguousPlanes = 1;
export const unsignedSamples = 1;
export const photometric = { blackIsZero: 1, rgb: 2, colorFilter: 32803 } as const;
/** Rows run from the top, columns from the left. */
export const uprightOrientation = 1;

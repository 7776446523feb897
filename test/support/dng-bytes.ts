/** A camera's raw file, small: an uncompressed DNG (Adobe DNG 1.4) of a 16-bit mosaic. */

export interface DngOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Of the 2 × 2 cell, row-major: 0 red, 1 green, 2 blue. */
  readonly pattern: readonly [number, number, number, number];
  /** Of the four places of the cell. */
  readonly blackLevels: readonly [number, number, number, number];
  readonly whiteLevel: number;
  /** EXIF orientation: 1 upright, 3 upside down, 6 to be turned clockwise, 8 counter-clockwise. */
  readonly orientation: 1 | 3 | 6 | 8;
  readonly sample: (x: number, y: number) => number;
}

type Field = readonly [
  tag: number,
  type: "byte" | "ascii" | "short" | "long" | "rational",
  values: readonly number[],
];

const types = {
  byte: { code: 1, bytes: 1 },
  ascii: { code: 2, bytes: 1 },
  short: { code: 3, bytes: 2 },
  long: { code: 4, bytes: 4 },
  rational: { code: 5, bytes: 8 },
} as const;

const text = (characters: string): number[] => [...Buffer.from(`${characters}\0`, "latin1")];
const identityMatrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];

function valueBytes([, type, values]: Field): Buffer {
  const buffer = Buffer.alloc(types[type].bytes * values.length);
  values.forEach((value, i) => {
    if (type === "short") buffer.writeUInt16LE(value, 2 * i);
    else if (type === "long") buffer.writeUInt32LE(value, 4 * i);
    else if (type === "rational") {
      buffer.writeUInt32LE(value, 8 * i);
      buffer.writeUInt32LE(1, 8 * i + 4);
    } else buffer[i] = value;
  });
  return buffer;
}

function fieldsOf(options: DngOptions, samplesAt: number): readonly Field[] {
  const { widthPx, heightPx, pattern, blackLevels, whiteLevel, orientation } = options;
  return [
    [254, "long", [0]],
    [256, "long", [widthPx]],
    [257, "long", [heightPx]],
    [258, "short", [16]],
    [259, "short", [1]],
    [262, "short", [32803]],
    [271, "ascii", text("Example")],
    [272, "ascii", text("Model 1")],
    [273, "long", [samplesAt]],
    [274, "short", [orientation]],
    [277, "short", [1]],
    [278, "long", [heightPx]],
    [279, "long", [widthPx * heightPx * 2]],
    [284, "short", [1]],
    [33421, "short", [2, 2]],
    [33422, "byte", pattern],
    [50706, "byte", [1, 4, 0, 0]],
    [50708, "ascii", text("Example Model 1")],
    [50713, "short", [2, 2]],
    [50714, "rational", blackLevels],
    [50717, "long", [whiteLevel]],
    // LibRaw reads the signed color matrix as this too.
    [50721, "rational", identityMatrix],
    [50728, "rational", [1, 1, 1]],
    [50778, "short", [21]],
  ];
}

export function dngBytes(options: DngOptions): Buffer {
  const { widthPx, heightPx, sample } = options;
  const directoryAt = 8;
  const count = fieldsOf(options, 0).length;
  const valuesAt = directoryAt + 2 + 12 * count + 4;
  const samplesAt = valuesAt + 1024;
  const directory = Buffer.alloc(samplesAt);
  directory.write("II*\0", "latin1");
  directory.writeUInt32LE(directoryAt, 4);
  directory.writeUInt16LE(count, directoryAt);
  let end = valuesAt;
  fieldsOf(options, samplesAt).forEach((field, i) => {
    const at = directoryAt + 2 + 12 * i;
    const bytes = valueBytes(field);
    directory.writeUInt16LE(field[0], at);
    directory.writeUInt16LE(types[field[1]].code, at + 2);
    directory.writeUInt32LE(field[2].length, at + 4);
    if (bytes.length <= 4) bytes.copy(directory, at + 8);
    else {
      directory.writeUInt32LE(end, at + 8);
      bytes.copy(directory, end);
      end += bytes.length + (bytes.length % 2);
    }
  });
  const samples = Buffer.alloc(widthPx * heightPx * 2);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) samples.writeUInt16LE(sample(x, y), 2 * (y * widthPx + x));
  }
  return Buffer.concat([directory, samples]);
}

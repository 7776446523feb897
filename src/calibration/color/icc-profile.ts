/** An ICC v4 input profile of three linear curves and a matrix (ICC.1:2022, sections 7 to 10). */
import { createHash } from "node:crypto";
import { type Triple, whiteD50 } from "../../color/lab.js";
import type { Matrix } from "../../color/matrix.js";

const headerBytes = 128;

export interface IccProfileOptions {
  /** Shown by programs, e.g. the camera's model and serial. */
  readonly description: string;
  readonly createdAt: Date;
}

/**
 * @param xyzOfCamera linear camera color to XYZ under D50, a perfect white with Y = 1. Camera color that a program
 *   hands over is linear, 0 to 1, and not white-balanced.
 */
export function iccProfile(xyzOfCamera: Matrix, { description, createdAt }: IccProfileOptions): Buffer {
  const colorant = (channel: 0 | 1 | 2): Buffer =>
    xyzType([xyzOfCamera[0][channel], xyzOfCamera[1][channel], xyzOfCamera[2][channel]]);
  const curve = linearCurve();
  const tags: readonly (readonly [string, Buffer])[] = [
    ["desc", textType(description)],
    ["cprt", textType("No copyright: made by nearfar from a measurement")],
    ["wtpt", xyzType(whiteD50)],
    ["rXYZ", colorant(0)],
    ["gXYZ", colorant(1)],
    ["bXYZ", colorant(2)],
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
  ];
  const body = tagTable(tags);
  const profile = Buffer.concat([header(headerBytes + body.length, createdAt), body]);
  // The id is the MD5 of the profile with its flags, intent and id zeroed, which they are.
  createHash("md5").update(profile).digest().copy(profile, 84);
  return profile;
}

function header(size: number, createdAt: Date): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeUInt32BE(size, 0);
  bytes.writeUInt32BE(0x04400000, 8);
  bytes.write("scnrRGB XYZ ", 12, "latin1");
  const date = [
    createdAt.getUTCFullYear(),
    createdAt.getUTCMonth() + 1,
    createdAt.getUTCDate(),
    createdAt.getUTCHours(),
    createdAt.getUTCMinutes(),
    createdAt.getUTCSeconds(),
  ];
  for (const [i, value] of date.entries()) bytes.writeUInt16BE(value, 24 + 2 * i);
  bytes.write("acsp", 36, "latin1");
  for (const [i, value] of whiteD50.entries()) bytes.writeInt32BE(fixed(value), 68 + 4 * i);
  return bytes;
}

/** Table, then the elements, each on four bytes; equal elements are shared. */
function tagTable(tags: readonly (readonly [string, Buffer])[]): Buffer {
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  const places = new Map<Buffer, number>();
  const elements: Buffer[] = [];
  let end = headerBytes + table.length;
  for (const [i, [signature, element]] of tags.entries()) {
    let place = places.get(element);
    if (place === undefined) {
      place = end;
      places.set(element, place);
      const padding = Buffer.alloc((4 - (element.length % 4)) % 4);
      elements.push(element, padding);
      end += element.length + padding.length;
    }
    table.write(signature, 4 + 12 * i, "latin1");
    table.writeUInt32BE(place, 8 + 12 * i);
    table.writeUInt32BE(element.length, 12 + 12 * i);
  }
  return Buffer.concat([table, ...elements]);
}

/** s15Fixed16 */
const fixed = (value: number): number => Math.round(value * 65536);

function xyzType(xyz: Triple): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.write("XYZ ", 0, "latin1");
  for (const [i, value] of xyz.entries()) bytes.writeInt32BE(fixed(value), 8 + 4 * i);
  return bytes;
}

/** A curve of no entries is the identity. */
function linearCurve(): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.write("curv", 0, "latin1");
  return bytes;
}

/** multiLocalizedUnicode with one record, en-US. */
function textType(text: string): Buffer {
  const letters = Buffer.from(text, "utf16le").swap16();
  const bytes = Buffer.alloc(28);
  bytes.write("mluc", 0, "latin1");
  bytes.writeUInt32BE(1, 8);
  bytes.writeUInt32BE(12, 12);
  bytes.write("enUS", 16, "latin1");
  bytes.writeUInt32BE(letters.length, 20);
  bytes.writeUInt32BE(28, 24);
  return Buffer.concat([bytes, letters]);
}

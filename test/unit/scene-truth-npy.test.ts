import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readNpy } from "../../src/devices/virtual/npy.js";
import { npyBytes } from "../support/npy-bytes.js";

// numpy.save of numpy.array([[1.5, -2, numpy.nan]], dtype="<f4"), NumPy 1.24.
const fromNumpy = Buffer.from(
  "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDMpLCB9ICAgICAg" +
    "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAAwAAAwH8=",
  "base64",
);

describe("readNpy", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nearfar-npy-"));
    path = join(folder, "a.npy");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("reads what NumPy writes", async () => {
    await writeFile(path, fromNumpy);
    const array = await readNpy(path);
    expect(array).toEqual({ dtype: "<f4", shape: [1, 3], data: Float32Array.of(1.5, -2, Number.NaN) });
  });

  it("reads each type, any number of dimensions, and nothing", async () => {
    for (const [dtype, data] of [
      ["|u1", Uint8Array.of(0, 255, 3, 4, 5, 6)],
      ["<u2", Uint16Array.of(0, 65535, 3, 4, 5, 6)],
    ] as const) {
      await writeFile(path, npyBytes(dtype, [1, 2, 3], data));
      expect(await readNpy(path)).toEqual({ dtype, shape: [1, 2, 3], data });
    }
    await writeFile(path, npyBytes("|u1", [7], new Uint8Array(7)));
    expect((await readNpy(path)).shape).toEqual([7]);
    await writeFile(path, npyBytes("<f4", [0, 4], new Float32Array(0)));
    expect((await readNpy(path)).data).toHaveLength(0);
  });

  it.each([
    ["does not start as one", Buffer.from("P5 4 3 255\n")],
    ["does not start as one", Buffer.alloc(0)],
    ["format version is 2", Buffer.concat([Buffer.from("\x93NUMPY\x02\x00", "latin1"), Buffer.alloc(64)])],
    ["header is damaged", fromNumpy.subarray(0, 100)],
    ["holds 11 bytes where 3 elements", fromNumpy.subarray(0, fromNumpy.length - 1)],
    ["holds 13 bytes where 3 elements", Buffer.concat([fromNumpy, Buffer.alloc(1)])],
    ["element type is <f8", npyBytes("<f8", [1], new Float32Array(2))],
    ["element type is >f4", npyBytes(">f4", [1], new Float32Array(1))],
    ["not C's", Buffer.from(fromNumpy.toString("latin1").replace("False", "True "), "latin1")],
  ])("refuses a file whose content: %s", async (reason, bytes) => {
    await writeFile(path, bytes);
    await expect(readNpy(path)).rejects.toMatchObject({
      code: "FILE_CORRUPT",
      message: expect.stringContaining(reason),
    });
  });

  it("passes on that there is no file", async () => {
    await expect(readNpy(path)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

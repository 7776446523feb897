import { spawnSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository, withFolder } from "../support/cli.js";
import {
  converterProgram,
  convertGraph,
  faceNetSources,
  modelsFolder,
  type NetSource,
  readTfjsGraph,
  transpose,
  widenHalves,
} from "../support/face-net-sources.js";

const mesh = faceNetSources.find(({ role }) => role === "mesh") as NetSource;

function convert(...words: string[]) {
  return spawnSync(process.execPath, [converterProgram, ...words], { encoding: "utf8" });
}

describe("conversion of the face networks", () => {
  it("gives the same bytes every time, and set-up's are these", () =>
    withFolder(async (folder) => {
      const { status, stderr } = convert(folder);
      expect(stderr).toBe("");
      expect(status).toBe(0);
      for (const name of [...faceNetSources.map(({ name }) => `${name}.onnx`), "face-nets.json"]) {
        const built = await readFile(join(repository, "dist/face-nets", name));
        expect((await readFile(join(folder, name))).equals(built)).toBe(true);
      }
    }));

  it("refuses weights other than the pinned ones", () =>
    withFolder(async (folder) => {
      for (const ending of ["json", "bin"]) {
        await cp(join(modelsFolder, `facemesh.${ending}`), join(folder, `facemesh.${ending}`));
      }
      const weights = await readFile(join(folder, "facemesh.bin"));
      expect(() => readTfjsGraph(folder, mesh)).not.toThrow();
      weights[1000] = (weights[1000] as number) ^ 1;
      await writeFile(join(folder, "facemesh.bin"), weights);
      expect(() => readTfjsGraph(folder, mesh)).toThrow(
        expect.objectContaining({
          code: "FACE_NET_SOURCE_CHANGED",
          message: expect.stringContaining("facemesh.bin"),
        }),
      );
    }));

  it("says which file is missing", () =>
    withFolder(async (folder) => {
      expect(() => readTfjsGraph(folder, mesh)).toThrow(
        expect.objectContaining({
          code: "FACE_NET_SOURCE_MISSING",
          message: expect.stringContaining("facemesh.json"),
        }),
      );
    }));

  it("names an operator that it does not know", () => {
    const nodes = [
      { name: "image", op: "Const" },
      { name: "curve", op: "Softplus", input: ["image"] },
    ];
    expect(() => convertGraph({ nodes, constants: new Map() }, "net", { curve: "result" })).toThrow(
      expect.objectContaining({
        code: "FACE_NET_UNSUPPORTED",
        message: expect.stringMatching(/Softplus.*curve/),
      }),
    );
  });

  it("leaves out what no wanted output needs", () => {
    const graph = readTfjsGraph(modelsFolder, mesh);
    const onlyPresence = convertGraph(graph, "mesh", { Identity_1: "presence" });
    const both = convertGraph(graph, "mesh", mesh.outputs);
    expect(onlyPresence.length).toBeLessThan(0.8 * both.length);
  });

  it("asks for the folder", () => {
    const { status, stderr } = convert();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error USAGE: /);
  });
});

describe("weights", () => {
  it("widens half-precision numbers exactly", () => {
    const halves = Uint16Array.from([0x0000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x0400, 0xfc00]);
    const wide = widenHalves(new Uint8Array(halves.buffer), halves.length);
    expect([...wide]).toEqual([0, 1, -2, 0.333251953125, 65504, 2 ** -24, 2 ** -14, -Infinity]);
  });

  it("reorders axes", () => {
    const { shape, values } = transpose({ shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }, [1, 0]);
    expect(shape).toEqual([3, 2]);
    expect([...values]).toEqual([1, 4, 2, 5, 3, 6]);
  });
});

// Reads a TensorFlow.js graph model: nodes in order of evaluation, and constants by name.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConversionError } from "./conversion-error.mjs";
import { widenHalves } from "./half-float.mjs";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

function readPinned(path, expected) {
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new ConversionError(
      "FACE_NET_SOURCE_MISSING",
      `${path} cannot be read (${error.code}).`,
      "Run `npm install`: the file comes with the package @vladmandic/human.",
    );
  }
  const found = sha256(bytes);
  if (found === expected) return bytes;
  throw new ConversionError(
    "FACE_NET_SOURCE_CHANGED",
    `${path} is not the file that was checked: sha256 ${found}, expected ${expected}.`,
    "Remove node_modules and run `npm run setup` to get @vladmandic/human as package-lock.json names it.",
  );
}

const elementCount = (shape) => shape.reduce((product, size) => product * size, 1);

/** Bytes of one element as stored, and how to read `count` of them. */
const storedTypes = {
  float32: { bytes: 4, read: (bytes) => new Float32Array(bytes.slice().buffer) },
  int32: { bytes: 4, read: (bytes) => new Int32Array(bytes.slice().buffer) },
  float16: { bytes: 2, read: widenHalves },
};

/** Constants by name: `{ shape, values }` with values a Float32Array or Int32Array, row-major. */
function readConstants(specs, data) {
  const constants = new Map();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of specs) {
    const stored = quantization?.dtype ?? dtype;
    const type = storedTypes[stored];
    if (type === undefined) {
      throw new ConversionError(
        "FACE_NET_UNSUPPORTED",
        `The weights ${name} are stored as ${stored}, which this converter cannot read.`,
        "Convert the network by other means and name the ONNX file in the configuration.",
      );
    }
    const count = elementCount(shape);
    const end = offset + count * type.bytes;
    constants.set(name, { shape, values: type.read(data.subarray(offset, end), count) });
    offset = end;
  }
  return constants;
}

/** Reads `name`.json and `name`.bin from `folder` after comparing their sha256 with the pinned ones. */
export function readTfjsGraph(folder, { name, jsonSha256, binSha256 }) {
  const model = JSON.parse(readPinned(join(folder, `${name}.json`), jsonSha256).toString("utf8"));
  const data = new Uint8Array(readPinned(join(folder, `${name}.bin`), binSha256));
  const specs = model.weightsManifest.flatMap((group) => group.weights);
  return { nodes: model.modelTopology.node, constants: readConstants(specs, data) };
}

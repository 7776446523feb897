// `node native/setup/face-nets/convert.mjs OUT_FOLDER`: converts the face networks to ONNX.
//
// Writes NAME.onnx for each network and face-nets.json, which names them with their sha256 and input
// size (schema: src/schema/face-nets.ts). The same originals give the same bytes.
import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConversionError } from "./conversion-error.mjs";
import { convertGraph } from "./convert-graph.mjs";
import { faceNetSources, modelsFolder } from "./sources.mjs";
import { readTfjsGraph } from "./tfjs-graph.mjs";

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

function writeAtomically(path, content) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

/** The list is written last: where it is, the networks are complete. */
function convertAll(outFolder) {
  mkdirSync(outFolder, { recursive: true });
  const nets = {};
  for (const source of faceNetSources) {
    const graph = readTfjsGraph(join(root, modelsFolder), source);
    const bytes = convertGraph(graph, source.name, source.outputs);
    const path = `${source.name}.onnx`;
    writeAtomically(join(outFolder, path), bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    nets[source.role] = { path, sha256, inputPx: source.inputPx };
  }
  writeAtomically(join(outFolder, "face-nets.json"), `${JSON.stringify(nets, null, 2)}\n`);
}

const [outFolder, ...more] = process.argv.slice(2);
try {
  if (outFolder === undefined || more.length > 0) {
    throw new ConversionError("USAGE", "Which folder?", "Give one folder to write to.");
  }
  convertAll(outFolder);
} catch (error) {
  if (!(error instanceof ConversionError)) throw error;
  console.error(`error ${error.code}: ${error.message}\n  ${error.advice}`);
  process.exitCode = 1;
}

/**
 * Writes everything that follows from trigger.yml: `tsx native/protocol/generate.ts`.
 * With `--check` it writes nothing and exits 1 when a generated file is stale.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { writeCHeader } from "./generator/c-header.js";
import { writeGoldenHeader, writeGoldenJson } from "./generator/golden.js";
import { readProtocol } from "./generator/model.js";
import { insertTables } from "./generator/tables.js";
import { writeTypescript } from "./generator/typescript.js";

const root = new URL("../../", import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(name, root));

const protocol = readProtocol(readFileSync(pathOf("native/protocol/trigger.yml"), "utf8"));
const documentPath = pathOf("native/protocol/PROTOCOL.md");

const outputs = new Map<string, string>([
  [pathOf("src/devices/trigger/generated/protocol.ts"), writeTypescript(protocol)],
  [pathOf("native/firmware/generated/protocol.h"), writeCHeader(protocol)],
  [pathOf("native/protocol/golden.json"), writeGoldenJson(protocol)],
  [pathOf("native/firmware/generated/golden.h"), writeGoldenHeader(protocol)],
  [documentPath, insertTables(readFileSync(documentPath, "utf8"), protocol)],
]);

const stale = [...outputs].filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text);
const names = stale.map(([path]) => relative(fileURLToPath(root), path));

if (process.argv.includes("--check")) {
  if (stale.length > 0) {
    console.error(`stale: ${names.join(", ")}\nRun \`npm run protocol\` after changing trigger.yml.`);
    process.exitCode = 1;
  }
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  console.log(stale.length === 0 ? "Everything is up to date." : `Written: ${names.join(", ")}`);
}

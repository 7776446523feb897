/** Reference colors and test vectors of the shared data; null where they are absent. */
import { readFileSync } from "node:fs";
import type { Triple } from "../../src/color/lab.js";
import { sharedData } from "./shared-data.js";

/** A CSV file of data/color: one record a line, by the names in its first line. */
export function colorTable(name: string): readonly Readonly<Record<string, string>>[] | null {
  const path = sharedData(`color/${name}`);
  if (path === null) return null;
  const [head = "", ...lines] = readFileSync(path, "utf8").trim().split("\n");
  const names = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((column, i) => [column, cells[i] ?? ""]));
  });
}

/** A JSON file of data/color. */
export function colorVectors<T>(name: string): T | null {
  const path = sharedData(`color/${name}`);
  return path === null ? null : (JSON.parse(readFileSync(path, "utf8")) as T);
}

export function tripleOf(row: Readonly<Record<string, string>>, ...names: [string, string, string]): Triple {
  return [Number(row[names[0]]), Number(row[names[1]]), Number(row[names[2]])];
}

/** For the title of what is skipped. */
export const colorDataNeeded =
  sharedData("color") === null ? " (skipped: there is no data/color, set NEARFAR_SHARED_DATA)" : "";

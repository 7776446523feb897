/** The converter of the face networks (plain JavaScript, because set-up runs it), with types. */
import { join } from "node:path";
import { repository } from "./cli.js";

export interface TfConstant {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export interface TfGraph {
  readonly nodes: readonly {
    readonly name: string;
    readonly op: string;
    readonly input?: readonly string[];
  }[];
  readonly constants: ReadonlyMap<string, TfConstant>;
}

export interface NetSource {
  readonly role: "detector" | "mesh" | "iris";
  readonly name: string;
  readonly jsonSha256: string;
  readonly binSha256: string;
  readonly inputPx: number;
  /** New name of each output by the node that computes it. */
  readonly outputs: Readonly<Record<string, string>>;
}

interface Converter {
  readonly faceNetSources: readonly NetSource[];
  readonly modelsFolder: string;
  readTfjsGraph(folder: string, source: NetSource): TfGraph;
  convertGraph(graph: TfGraph, name: string, outputs: Readonly<Record<string, string>>): Uint8Array;
  widenHalves(bytes: Uint8Array, count: number): Float32Array;
  transpose(constant: TfConstant, order: readonly number[]): TfConstant;
}

const converterFolder = join(repository, "native/setup/face-nets");
export const converterProgram = join(converterFolder, "convert.mjs");

const parts = await Promise.all(
  ["sources", "tfjs-graph", "convert-graph", "half-float", "operators"].map(
    (name) => import(join(converterFolder, `${name}.mjs`)) as Promise<object>,
  ),
);
const converter = Object.assign({}, ...parts) as Converter;

export const { faceNetSources, readTfjsGraph, convertGraph, widenHalves, transpose } = converter;
export const modelsFolder = join(repository, converter.modelsFolder);

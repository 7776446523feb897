/**
 * The original face networks, run by TensorFlow.js itself in plain JavaScript: the copy that
 * @vladmandic/human carries, with its CPU backend.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { modelsFolder } from "./face-net-sources.js";

interface TfTensor {
  readonly shape: readonly number[];
  data(): Promise<Float32Array>;
  dispose(): void;
}

interface TfModel {
  readonly outputNodes: readonly string[];
  execute(input: TfTensor, outputs: readonly string[]): TfTensor | TfTensor[];
}

interface TensorFlow {
  setBackend(name: "cpu"): Promise<boolean>;
  env(): { set(flag: string, value: boolean): void };
  tensor(values: Float32Array, shape: readonly number[]): TfTensor;
  loadGraphModel(source: { load(): Promise<object> }): Promise<TfModel>;
}

let loading: Promise<TensorFlow> | null = null;

async function loadTensorFlow(): Promise<TensorFlow> {
  // The bundle is made for browsers; in Node it looks for modules that it does not carry, unless it
  // thinks itself in a browser's worker while it loads.
  const scope = globalThis as { WorkerGlobalScope?: unknown };
  scope.WorkerGlobalScope = class {};
  try {
    const tensorFlow = (await import(join(modelsFolder, "../dist/tfjs.esm.js"))) as TensorFlow;
    tensorFlow.env().set("IS_NODE", false);
    await tensorFlow.setBackend("cpu");
    return tensorFlow;
  } finally {
    delete scope.WorkerGlobalScope;
  }
}

export class OriginalNet {
  readonly #tensorFlow: TensorFlow;
  readonly #model: TfModel;

  private constructor(tensorFlow: TensorFlow, model: TfModel) {
    this.#tensorFlow = tensorFlow;
    this.#model = model;
  }

  /** @param name `blazeface`, `facemesh` or `iris`. */
  static async open(name: string): Promise<OriginalNet> {
    loading ??= loadTensorFlow();
    const tensorFlow = await loading;
    const file = join(modelsFolder, name);
    const { modelTopology, weightsManifest } = JSON.parse(await readFile(`${file}.json`, "utf8"));
    const weightData = new Uint8Array(await readFile(`${file}.bin`)).buffer;
    const weightSpecs = weightsManifest[0].weights;
    const load = async () => ({ modelTopology, weightSpecs, weightData });
    return new OriginalNet(tensorFlow, await tensorFlow.loadGraphModel({ load }));
  }

  /** Values of the outputs, in the order asked for. */
  async run(
    values: Float32Array,
    shape: readonly number[],
    outputs: readonly string[],
  ): Promise<Float32Array[]> {
    const input = this.#tensorFlow.tensor(values, shape);
    const tensors = [this.#model.execute(input, outputs)].flat();
    const results = await Promise.all(tensors.map((tensor) => tensor.data()));
    for (const tensor of [input, ...tensors]) tensor.dispose();
    return results;
  }
}

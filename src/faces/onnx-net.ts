/** One ONNX network in this thread. */
import { InferenceSession, Tensor } from "onnxruntime-node";

/** The content of a network's file, checked, and the edge length of its input. */
export interface NetContent {
  readonly bytes: Uint8Array;
  readonly inputPx: number;
}

/** How many values each output has for one crop, by name. */
export type NetOutputs = Readonly<Record<string, number>>;

export class OnnxNet {
  readonly inputPx: number;
  readonly #session: InferenceSession;
  readonly #outputs: NetOutputs;

  private constructor(session: InferenceSession, inputPx: number, outputs: NetOutputs) {
    this.#session = session;
    this.inputPx = inputPx;
    this.#outputs = outputs;
  }

  /**
   * Opens the network and runs it once on black.
   * @throws Error when it is no network, or not one with these inputs and outputs.
   */
  static async open({ bytes, inputPx }: NetContent, outputs: NetOutputs): Promise<OnnxNet> {
    // One thread each: with more, runs on a few cores take about twice as long.
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
    // A copy, because the runtime does not read shared memory.
    const session = await InferenceSession.create(bytes.slice(), options);
    const net = new OnnxNet(session, inputPx, outputs);
    await net.run(new Float32Array(3 * inputPx * inputPx), 1);
    return net;
  }

  /**
   * @param crops float32 [count][inputPx][inputPx][3].
   * @returns the values of each output by name.
   */
  async run(crops: Float32Array, count: number): Promise<(output: string) => Float32Array> {
    const image = new Tensor("float32", crops, [count, this.inputPx, this.inputPx, 3]);
    const results = await this.#session.run({ image });
    const values = new Map<string, Float32Array>();
    for (const [name, length] of Object.entries(this.#outputs)) {
      const data = results[name]?.data;
      if (!(data instanceof Float32Array) || data.length !== count * length) {
        throw new Error(`the network has no output ${name} of ${length} floats`);
      }
      values.set(name, data);
    }
    return (output) => values.get(output) as Float32Array;
  }
}

/** The whole alignment with its usual parameters. */
import type { AlignedPair } from "../../src/alignment/aligned-pair.js";
import { usualParameters } from "../../src/alignment/pair-input.js";
import { alignByGeometry } from "../../src/alignment/pipeline/align-by-geometry.js";
import { createFaceFinder, type FaceFinder } from "../../src/faces/face-finder.js";
import { type Aligner, createAligner } from "../../src/native/aligner.js";
import { alignmentLimitsSchema } from "../../src/schema/alignment-limits.js";
import type { RenderedInput } from "./rendered-pairs.js";

/** Has to be closed. */
export class TestAligner {
  readonly #aligner: Aligner;
  readonly #finder: FaceFinder;

  private constructor(aligner: Aligner, finder: FaceFinder) {
    this.#aligner = aligner;
    this.#finder = finder;
  }

  static async start(): Promise<TestAligner> {
    return new TestAligner(createAligner(), await createFaceFinder(undefined, 2));
  }

  align(input: RenderedInput): Promise<AlignedPair> {
    const parameters = { ...usualParameters, limits: alignmentLimitsSchema.parse({}) };
    const tools = { aligner: this.#aligner, finder: this.#finder, faceNets: [] };
    return alignByGeometry(input, parameters, tools, new AbortController().signal);
  }

  async close(): Promise<void> {
    await this.#aligner.close();
    await this.#finder.close();
  }
}

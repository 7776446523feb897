/** Shows heads to the face finder as a portrait session would: studio light, noise, both views, every stop. */
import { createFaceFinder, type FaceFinder } from "../../src/faces/face-finder.js";
import { encodeSrgb } from "../../src/imaging/preview-pixels.js";
import { TracedRig } from "./traced-rig.js";

export const stopsMm = [250, 450, 900, 1370] as const;

export interface FaceScore {
  readonly identity: number;
  readonly expression: string;
  /** `far`, or the near camera's distance. */
  readonly view: string;
  /** Of the detector and of the mesh network; 0 where no face was found. */
  readonly score: number;
  readonly meshScore: number;
  /** Root mean square distance of the 68 landmarks from the truth's, as a share of the outer eye distance. */
  readonly landmarkError: number;
}

export class FaceStudio {
  readonly #traced: TracedRig;
  readonly #finder: FaceFinder;

  private constructor(traced: TracedRig, finder: FaceFinder) {
    this.#traced = traced;
    this.#finder = finder;
  }

  static async open(): Promise<FaceStudio> {
    const scene = {
      scene: "subject",
      light: { continuous: 0.05, strobe: 0.95 },
      samplesPerPixel: 2,
    } as const;
    return new FaceStudio(await TracedRig.start({ scene }), await createFaceFinder(undefined, 2));
  }

  /** Scores of one head with one expression at every stop and in the far view. */
  async scores(identity: number, expression: string): Promise<FaceScore[]> {
    await this.#traced.scene({ subject: { source: "head", identity, expression } });
    const scores: FaceScore[] = [];
    for (const distanceMm of stopsMm) {
      await this.#traced.rig.request("stage", { distanceMm });
      scores.push(await this.#score(identity, expression, "near", `${distanceMm} mm`));
    }
    scores.push(await this.#score(identity, expression, "far", "far"));
    return scores;
  }

  async close(): Promise<void> {
    await this.#finder.close();
    await this.#traced.stop();
  }

  async #score(identity: number, expression: string, arm: "near" | "far", view: string): Promise<FaceScore> {
    const signal = await this.#traced.signal(arm);
    const shares = new Float32Array(new SharedArrayBuffer(signal.data.length * 4));
    shares.set(signal.data);
    const { widthPx, heightPx } = signal;
    const { bytes: data } = encodeSrgb({ widthPx, heightPx, channels: 3, shares });
    const [face] = await this.#finder.find({ data, widthPx, heightPx });
    const landmarkError = face === undefined ? Number.NaN : await this.#landmarkError(arm, face.landmarks68);
    const { score = 0, meshScore = 0 } = face ?? {};
    return { identity, expression, view, score, meshScore, landmarkError };
  }

  async #landmarkError(arm: "near" | "far", found: Float32Array): Promise<number> {
    const truth = (await this.#traced.truth()).pointSets.find(({ name }) => name === "landmarks68");
    const pointOf = (index: number): readonly [number, number] => {
      const px = truth?.points.find(({ id }) => id === index)?.[arm].px;
      if (px == null) throw new Error(`landmark ${index} has no place in the ${arm} view`);
      return px;
    };
    const [left, right] = [pointOf(36), pointOf(45)];
    const eyes = Math.hypot(right[0] - left[0], right[1] - left[1]);
    let sum = 0;
    let count = 0;
    // The jaw's points mean different places to the network and to the truth.
    for (let index = 17; index < 68; index++) {
      const [x, y] = pointOf(index);
      sum += (x - (found[2 * index] as number)) ** 2 + (y - (found[2 * index + 1] as number)) ** 2;
      count += 1;
    }
    return Math.sqrt(sum / count) / eyes;
  }
}

/** The scores that miss a limit, in words, for a test's message. */
export function tooLow(scores: readonly FaceScore[], least: number): string[] {
  return scores
    .filter(({ score, meshScore }) => !(score >= least && meshScore >= least))
    .map(
      ({ identity, expression, view, score, meshScore }) =>
        `head:${identity} ${expression} ${view}: ${score.toFixed(3)}, mesh ${meshScore.toFixed(3)}`,
    );
}

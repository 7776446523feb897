/** Finds faces and their landmarks in images, on threads of its own. */
import { availableParallelism } from "node:os";
import { CallerError, NearfarError } from "../base/errors.js";
import { WorkerPool } from "../imaging/worker-pool.js";
import type { FaceNets } from "../schema/face-nets.js";
import type { Face, FaceImage } from "./face.js";
import type { FaceJobs } from "./face-jobs.js";
import { readFaceNets } from "./face-nets-file.js";
import type { FaceThresholds } from "./find-faces.js";
import { readNetContents } from "./net-content.js";
import type { ByRole } from "./nets.js";
import type { NetContent } from "./onnx-net.js";

export interface FindOptions extends Partial<FaceThresholds> {
  /** Ends the wait; an image that is being searched ends unheard. */
  readonly signal?: AbortSignal;
}

export interface FaceFinder {
  /**
   * Faces in the image, best first; none is an empty list.
   * @param options scores are 0.5 unless given, faces of any size are searched.
   * @throws CallerError USAGE when the image's data does not fit its size, CLOSED after `close`; the
   *   signal's reason when that aborts.
   */
  find(image: FaceImage, options?: FindOptions): Promise<Face[]>;
  /** Waits for searches under way, then ends the threads. May be called twice. */
  close(): Promise<void>;
}

const defaultThresholds: FaceThresholds = { minScore: 0.5, minMeshScore: 0.5, minFaceShare: 0 };

class PooledFaceFinder implements FaceFinder {
  readonly #pool: WorkerPool<FaceJobs>;
  readonly #nets: ByRole<NetContent>;

  constructor(nets: ByRole<NetContent>, threads: number) {
    // Node 20 cannot load TypeScript in a worker: from src/ and from dist/ alike this is the compiled file.
    this.#pool = new WorkerPool(new URL("../../dist/faces/faces.worker.js", import.meta.url), threads);
    this.#nets = nets;
  }

  /** Opens the networks in one thread, so that unusable ones are told at once. */
  async open(): Promise<void> {
    try {
      await this.#pool.run("open", { nets: this.#nets });
    } catch (error) {
      await this.close();
      if (error instanceof NearfarError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new CallerError("CONFIG_INVALID", `The face networks cannot be used: ${why}`, {
        advice: "The list must name ONNX files with the inputs and outputs told in src/schema/face-nets.ts.",
        cause: error,
      });
    }
  }

  async find(image: FaceImage, { signal, ...thresholds }: FindOptions = {}): Promise<Face[]> {
    requireWhole(image);
    const input = { nets: this.#nets, image, thresholds: { ...defaultThresholds, ...thresholds } };
    return this.#pool.run("find", input, signal);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

function requireWhole({ data, widthPx, heightPx }: FaceImage): void {
  const pixels = widthPx * heightPx;
  const whole = Number.isInteger(widthPx) && Number.isInteger(heightPx) && widthPx > 0 && heightPx > 0;
  if (whole && (data.length === pixels || data.length === 3 * pixels)) return;
  throw new CallerError("USAGE", `${data.length} bytes are no image of ${widthPx} × ${heightPx} px`, {
    advice: "Give one byte (gray) or three bytes (RGB) for each pixel.",
  });
}

/**
 * @param nets by default the networks that set-up converted.
 * @param threads images searched at once; one per core by default.
 * @throws what `readFaceNets` and `readNetContents` throw; CallerError CONFIG_INVALID when a file is no
 *   network that the runtime can load.
 */
export async function createFaceFinder(
  nets?: FaceNets,
  threads: number = availableParallelism(),
): Promise<FaceFinder> {
  const contents = await readNetContents(nets ?? (await readFaceNets()));
  const finder = new PooledFaceFinder(contents, threads);
  await finder.open();
  return finder;
}

import { CallerError, WorldError } from "../../base/errors.js";
import type { NativeCamera } from "../../native/aravis.js";
import { type PixelFormat, pixelFormats } from "../../schema/pixel-format.js";
import type {
  Camera,
  CameraFrame,
  CameraIdentity,
  CameraSettings,
  CameraStatistics,
} from "../contract/camera.js";
import { ArmedStream } from "./armed-stream.js";
import { BufferPool, bufferCountFor } from "./buffer-pool.js";
import { FrameIterator } from "./frame-iterator.js";
import { nearfarErrorOf } from "./native-failure.js";

/** What the camera holds since the last `configure`. */
interface Held {
  readonly pixelFormat: PixelFormat;
  readonly payloadBytes: number;
}

type Phase =
  | { readonly name: "open" }
  | { readonly name: "configured"; readonly held: Held }
  | { readonly name: "armed"; readonly held: Held; readonly stream: ArmedStream };
type PhaseNamed<Name extends Phase["name"]> = Extract<Phase, { name: Name }>;

/** The order of calls, and how a call ends that a close or a loss overtakes. */
export class AravisCamera implements Camera {
  readonly identity: CameraIdentity;
  readonly #native: NativeCamera;
  readonly #pool = new BufferPool();
  #phase: Phase = { name: "open" };
  /** The call that runs; only `close` may overlap with it. */
  #running: string | null = null;
  /** Of the last arm; still drained after `disarm`. */
  #stream: ArmedStream | null = null;
  #consumer: FrameIterator | null = null;
  #lost: WorldError | null = null;
  #closing: Promise<void> | null = null;

  constructor(identity: CameraIdentity, native: NativeCamera) {
    this.identity = identity;
    this.#native = native;
  }

  /** To be called when the addon has something new for this camera. */
  wake(): void {
    this.#stream?.wake();
  }

  configure(settings: CameraSettings): Promise<CameraSettings> {
    return this.#exclusive("configure", ["open", "configured"], async () => {
      this.#phase = { name: "open" };
      const { settings: held, payloadBytes } = await this.#native.configure(settings);
      const pixelFormat = pixelFormats.find((format) => format === held.pixelFormat);
      if (pixelFormat === undefined) throw this.#formatUnknown(held.pixelFormat);
      this.#phase = { name: "configured", held: { pixelFormat, payloadBytes } };
      return { ...held, pixelFormat };
    });
  }

  arm(): Promise<void> {
    return this.#exclusive("arm", ["configured"], async ({ held }) => {
      // A consumer of the last arm that has not come back yet finds that one over.
      this.#stream?.abandon();
      this.#consumer = null;
      const buffers = this.#pool.take(bufferCountFor(held.payloadBytes), held.payloadBytes);
      await this.#native.start(buffers);
      const stream = new ArmedStream(this.#native, this.#pool, buffers, held.pixelFormat);
      this.#stream = stream;
      this.#phase = { name: "armed", held, stream };
    });
  }

  frames(): AsyncIterableIterator<CameraFrame> {
    const { stream } = this.#check("frames", ["armed"]);
    if (this.#consumer !== null) throw this.#misuse("frames", "another consumer has not finished");
    const iterator = new FrameIterator(
      stream,
      (failure) => this.#translate(failure),
      () => {
        if (this.#consumer === iterator) this.#consumer = null;
      },
    );
    this.#consumer = iterator;
    return iterator;
  }

  disarm(): Promise<void> {
    return this.#exclusive("disarm", ["armed"], async ({ held, stream }) => {
      await this.#native.stop();
      this.#phase = { name: "configured", held };
      stream.end();
    });
  }

  async statistics(): Promise<CameraStatistics> {
    this.#check("statistics", ["open", "configured", "armed"]);
    return this.#native.statistics();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stream?.abandon();
    await this.#native.close();
  }

  /** Runs one call at a time, in a phase that allows it; close and loss decide how it ends. */
  async #exclusive<Name extends Phase["name"], Result>(
    call: string,
    allowed: readonly Name[],
    run: (phase: PhaseNamed<Name>) => Promise<Result>,
  ): Promise<Result> {
    const phase = this.#check(call, allowed);
    if (this.#running !== null) throw this.#misuse(call, `${this.#running}() is still running`);
    this.#running = call;
    try {
      const result = await run(phase);
      if (this.#closing !== null) throw this.#closed(call);
      return result;
    } catch (failure) {
      throw this.#translate(failure, call === "configure");
    } finally {
      this.#running = null;
    }
  }

  /** The phase, when it is one of `allowed` and the camera is neither closed nor lost. */
  #check<Name extends Phase["name"]>(call: string, allowed: readonly Name[]): PhaseNamed<Name> {
    if (this.#closing !== null) throw this.#closed(call);
    if (this.#lost !== null) throw this.#lost;
    const phase = this.#phase;
    const isAllowed = (candidate: Phase): candidate is PhaseNamed<Name> =>
      allowed.some((name) => name === candidate.name);
    if (!isAllowed(phase)) throw this.#misuse(call, `the camera is ${phase.name}`);
    return phase;
  }

  /** The nearfar error for a failure; the first loss is the one that all later calls throw. */
  #translate(failure: unknown, asked = false): unknown {
    const error = nearfarErrorOf(failure, asked);
    if (!(error instanceof WorldError) || error.code !== "CAMERA_LOST") return error;
    this.#lost ??= error;
    return this.#lost;
  }

  #misuse(call: string, why: string): CallerError {
    return new CallerError("USAGE", `camera ${this.identity.serial}: ${call}() while ${why}`, {
      advice: "Await configure, then arm, then read frames; disarm before configuring again.",
    });
  }

  #closed(call: string): CallerError {
    return new CallerError("CLOSED", `camera ${this.identity.serial}: ${call}() on a closed camera`, {
      advice: "Open the camera again.",
    });
  }

  #formatUnknown(format: string): WorldError {
    return new WorldError("CAMERA_REFUSED", `camera ${this.identity.serial} holds pixel format ${format}`, {
      advice: `Choose one that nearfar reads: ${pixelFormats.join(", ")}.`,
    });
  }
}

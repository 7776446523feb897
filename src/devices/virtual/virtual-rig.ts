import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { CallerError, WorldError } from "../../base/errors.js";
import { type VirtualRigReady, virtualRigReady } from "../../schema/virtual-rig.js";
import { ControlConnection } from "./control-connection.js";
import { rigArguments, type VirtualRigOptions } from "./rig-arguments.js";
import { type RigOp, type RigRequestFields, type RigResult, requestOf } from "./rig-requests.js";
import { socketPrefix } from "./running-rigs.js";
import { claimSubnet, type SubnetClaim } from "./subnet-claim.js";
import { SightFile } from "./virtual-sight.js";

const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));
const targetsFolder = join(packageRoot, "calibration/targets");
const readyTimeoutMs = 20_000;
const stopTimeoutMs = 5_000;
const stderrTailBytes = 4_000;

/** The files the rig is made of; absent ones are those that `npm run build:native` builds. */
export interface VirtualRigFiles {
  readonly binary?: string;
  readonly firmware?: string;
}

type RigProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A running virtual rig: a process of its own with a tty and two GigE Vision cameras. It ends with
 * this process, whatever happens to it. Several may run side by side.
 */
export class VirtualRig {
  readonly ready: VirtualRigReady;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  readonly #started: StartedRig;
  readonly #control: ControlConnection;

  private constructor(started: StartedRig, ready: VirtualRigReady, control: ControlConnection) {
    this.ready = ready;
    this.exited = started.exited;
    this.#started = started;
    this.#control = control;
  }

  /**
   * Starts the process and waits until board, cameras and control socket are up.
   * @throws {WorldError} TOOL_MISSING when it is not built, RIG_FAILED when it does not come up.
   */
  static async start(options: VirtualRigOptions = {}, files: VirtualRigFiles = {}): Promise<VirtualRig> {
    const started = await startProcess(options, files);
    try {
      const ready = await readyLine(started);
      // It has been read; a process that is killed later cannot leave it behind.
      await started.sight?.remove();
      return new VirtualRig(started, ready, await ControlConnection.open(ready.controlSocket));
    } catch (error) {
      started.process.kill("SIGKILL");
      await started.exited;
      await leaveNothing(started);
      throw error;
    }
  }

  get tty(): string {
    return this.ready.tty;
  }

  /**
   * One request of the control socket (`src/schema/virtual-rig.ts`).
   * @throws {CallerError} SCENE_INVALID when the rig refuses it, {WorldError} RIG_FAILED when it is gone.
   */
  async request<Op extends RigOp>(op: Op, fields: RigRequestFields<Op>): Promise<RigResult<Op>> {
    return requestOf(this.#control, op, fields);
  }

  /** Ends the process in order; does nothing when it has ended. */
  async stop(): Promise<void> {
    this.#started.process.stdin.end();
    const timer = setTimeout(() => this.#started.process.kill("SIGKILL"), stopTimeoutMs);
    await this.exited;
    clearTimeout(timer);
    await this.#cleanUp();
  }

  /** Ends the process at once, as if board and cameras were unplugged together. */
  async kill(): Promise<void> {
    this.#started.process.kill("SIGKILL");
    await this.exited;
    await this.#cleanUp();
  }

  async #cleanUp(): Promise<void> {
    this.#control.close();
    await leaveNothing(this.#started);
  }
}

interface StartedRig {
  readonly process: RigProcess;
  readonly claim: SubnetClaim;
  readonly socket: string;
  readonly sight: SightFile | null;
  readonly exited: Promise<void>;
  /** The end of what it wrote to stderr so far. */
  readonly stderrTail: () => string;
}

/** What a process that was killed could not clear away. */
async function leaveNothing({ socket, sight, claim }: StartedRig): Promise<void> {
  await rm(socket, { force: true });
  await sight?.remove();
  await claim.release();
}

async function requireFile(path: string, what: string, mode: number): Promise<void> {
  try {
    await access(path, mode);
  } catch (cause) {
    throw new WorldError("TOOL_MISSING", `${what} is missing: ${path}`, {
      advice: "Run `npm run build:native` to build it.",
      cause,
    });
  }
}

async function startProcess(options: VirtualRigOptions, files: VirtualRigFiles): Promise<StartedRig> {
  const binary = files.binary ?? join(packageRoot, "native/virtual-rig/build/nearfar-virtual-rig");
  const firmware = files.firmware ?? join(packageRoot, "native/firmware/build/trigger.elf");
  await requireFile(binary, "the virtual rig's program", constants.X_OK);
  await requireFile(firmware, "the trigger board's firmware image", constants.R_OK);

  const claim = await claimSubnet();
  const name = join(tmpdir(), `${socketPrefix}${process.pid}-${randomBytes(4).toString("hex")}`);
  const socket = `${name}.sock`;
  const sight =
    options.sight === undefined ? null : await SightFile.write(`${name}.json`, options.sight, targetsFolder);
  const fixed = ["--firmware", firmware, "--control", socket, "--subnet", claim.subnet];
  if (sight !== null) fixed.push("--optics", sight.path);
  const child = spawn(binary, [...fixed, ...rigArguments(options)], {
    stdio: ["pipe", "pipe", "pipe"],
    // Out of the terminal's process group: Ctrl-C is for whoever uses the rig, who still has work in flight on it.
    detached: true,
  });
  // The pipe breaks when the rig is killed; `exited` tells.
  child.stdin.on("error", () => {});
  let tail = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-stderrTailBytes);
  });
  const exited = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      tail += error.message;
      resolve();
    });
    child.once("close", () => resolve());
  });
  return { process: child, claim, socket, sight, exited, stderrTail: () => tail.trim() };
}

/** Exit status of the process for options that cannot be. */
const wrongOptions = 2;

function startFailure(reason: string, { process: child, stderrTail }: StartedRig): CallerError | WorldError {
  if (child.exitCode === wrongOptions) {
    const [first = ""] = stderrTail().split("\n");
    const why = first.replace(/^nearfar-virtual-rig: /, "");
    return new CallerError("CONFIG_INVALID", `the virtual rig cannot be set up so: ${why}`, {
      advice: "Correct `virtual` in the rig config.",
    });
  }
  return new WorldError("RIG_FAILED", `${reason}${stderrTail() && `: ${stderrTail()}`}`, {
    advice: "Run `npm run build:native`; if it is up to date, the message says what the rig lacks.",
  });
}

function readyLine(started: StartedRig): Promise<VirtualRigReady> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer);
      reject(startFailure(reason, started));
    };
    const timer = setTimeout(
      () => fail(`the virtual rig was not ready in ${readyTimeoutMs} ms`),
      readyTimeoutMs,
    );
    void started.exited.then(() => fail("the virtual rig ended before it was ready"));
    createInterface({ input: started.process.stdout }).once("line", (line) => {
      try {
        resolve(virtualRigReady.parse(JSON.parse(line)));
        clearTimeout(timer);
      } catch {
        fail(`the virtual rig said ${line}`);
      }
    });
  });
}

import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.js";
import { WorldError } from "../base/errors.js";
import type { Logger } from "../base/log.js";
import { arms } from "../capture/rig.js";
import type { OpenedRig } from "../cli/services.js";
import type { Terminal } from "../cli/terminal.js";
import { createAravisBackend } from "../devices/aravis/aravis-backend.js";
import type { Camera, CameraBackend } from "../devices/contract/camera.js";
import type { Stage } from "../devices/contract/stage.js";
import type { TargetGuide } from "../devices/contract/target-guide.js";
import type { Arm } from "../devices/contract/trigger-board.js";
import { ManualStage } from "../devices/stage/manual-stage.js";
import { ManualTargetGuide } from "../devices/stage/manual-target-guide.js";
import { VirtualStage } from "../devices/stage/virtual-stage.js";
import type { SerialTriggerBoard } from "../devices/trigger/board.js";
import { openTriggerBoard } from "../devices/trigger/open-board.js";
import type { VirtualControl } from "../devices/virtual/virtual-control.js";
import type { VirtualRig } from "../devices/virtual/virtual-rig.js";
import { VirtualSubjectGuide } from "../devices/virtual/virtual-subject-guide.js";
import { VirtualTargetGuide } from "../devices/virtual/virtual-target-guide.js";
import type { RigConfig } from "../schema/rig-config.js";
import { controlOf, startVirtualRig } from "./virtual-ground.js";

export interface RigOpener {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly terminal: Terminal;
}

/** What a rig's devices hang on: a virtual rig's process, or nothing but cables. */
interface Ground {
  readonly virtual: VirtualRig | null;
  readonly control: VirtualControl | null;
  /** Why nothing on it can come back, or null. */
  readonly hopeless: () => Error | null;
  readonly serials: Readonly<Record<Arm, string>>;
}

/**
 * Opens every device of the rig; a virtual rig's process first. When one does not open, those that
 * did are closed again.
 */
export async function openRig(
  opener: RigOpener,
  config: RigConfig,
  signal?: AbortSignal,
): Promise<OpenedRig> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  const keep = <T extends { close(): Promise<void> }>(device: T): T => {
    closers.push(() => device.close());
    return device;
  };
  try {
    const ground = await layGround(config);
    if (ground.virtual !== null) closers.push(() => ground.virtual?.stop() ?? Promise.resolve());
    if (ground.control !== null) keep(ground.control);
    signal?.throwIfAborted();
    const board = keep(await openBoard(opener, config, ground, signal));
    // Without an id of its own, a reconnect could take another rig's board that got the same tty.
    if (ground.virtual !== null) await board.assignBoardId(randomBytes(8).toString("hex"));
    const backend = createAravisBackend();
    const openCamera = (arm: Arm, abort?: AbortSignal): Promise<Camera> =>
      open(backend, ground.serials[arm], abort);
    const [near, far] = await openBoth(openCamera, keep, signal);
    const stage = keep(stageOf(opener, config, ground));
    const guide = ground.virtual === null ? null : new VirtualSubjectGuide(ground.virtual);
    return {
      rig: { board, near, far, stage, guide },
      factory: { openCamera, hopeless: ground.hopeless },
      virtual: ground.control,
      targetGuide: targetGuideOf(opener.terminal, ground),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function layGround(config: RigConfig): Promise<Ground> {
  if (config.virtual === undefined) {
    return {
      virtual: null,
      control: null,
      hopeless: () => null,
      serials: { near: config.near.serial, far: config.far.serial },
    };
  }
  const virtual = await startVirtualRig(config, config.virtual);
  let gone: Error | null = null;
  void virtual.exited.then(() => {
    gone = new WorldError("RIG_FAILED", "the virtual rig's process has ended", {
      advice: "Everything acknowledged is safe: go on with `nearfar session resume`.",
    });
  });
  const { near, far } = virtual.ready.cameras;
  const control = await controlOf(virtual);
  return { virtual, control, hopeless: () => gone, serials: { near: near.serial, far: far.serial } };
}

function openBoard(
  opener: RigOpener,
  config: RigConfig,
  ground: Ground,
  signal?: AbortSignal,
): Promise<SerialTriggerBoard> {
  const { port, boardId } = config.trigger;
  const path = ground.virtual?.tty ?? port;
  return openTriggerBoard({
    clock: opener.clock,
    log: opener.logger,
    ...(path === undefined ? {} : { path }),
    ...(boardId === undefined ? {} : { boardId }),
    ...(signal === undefined ? {} : { signal }),
  });
}

function open(backend: CameraBackend, serial: string, signal?: AbortSignal): Promise<Camera> {
  return signal === undefined ? backend.open(serial) : backend.open(serial, signal);
}

/** Both at once, because finding a camera takes a second; a lone one is still kept for closing. */
async function openBoth(
  openCamera: (arm: Arm, signal?: AbortSignal) => Promise<Camera>,
  keep: (camera: Camera) => Camera,
  signal?: AbortSignal,
): Promise<[Camera, Camera]> {
  const [near, far] = await Promise.allSettled(arms.map(async (arm) => keep(await openCamera(arm, signal))));
  if (near?.status === "rejected") throw near.reason;
  if (far?.status === "rejected") throw far.reason;
  return [near?.value as Camera, far?.value as Camera];
}

function stageOf(opener: RigOpener, config: RigConfig, { virtual }: Ground): Stage {
  const { kind, minMm, maxMm } = config.rail;
  const travel = { minMm, maxMm };
  if (kind === "manual" || virtual === null) {
    return new ManualStage(travel, (question, signal) => askToMove(opener.terminal, question, signal));
  }
  return new VirtualStage(travel, async (distanceMm) => {
    await virtual.request("stage", { distanceMm });
  });
}

function targetGuideOf(terminal: Terminal, { control }: Ground): TargetGuide {
  if (control !== null) return new VirtualTargetGuide(control);
  const ask = async (text: string, signal?: AbortSignal): Promise<void> => {
    terminal.bell();
    await terminal.ask(`${text} Then press Enter. `, signal);
  };
  return new ManualTargetGuide(terminal.interactive ? ask : null);
}

async function askToMove(terminal: Terminal, question: string, signal?: AbortSignal): Promise<void> {
  if (terminal.interactive) {
    await terminal.ask(`${question}, then press Enter `, signal);
    return;
  }
  terminal.note(`${question}: nobody is at a terminal, so it is taken to stand there.`);
}

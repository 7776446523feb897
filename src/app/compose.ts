import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { BackendState, Services } from "../cli/services.js";
import type { Terminal } from "../cli/terminal.js";
import { openDataset } from "../dataset/open-dataset.js";
import { rebuildDatabase } from "../dataset/rebuild-database.js";
import { createAravisBackend } from "../devices/aravis/aravis-backend.js";
import { readFirmwareImage } from "../devices/trigger/firmware-image.js";
import { planFlash, runFlash } from "../devices/trigger/flash.js";
import { findRunningRig } from "../devices/virtual/running-rigs.js";
import { VirtualControl } from "../devices/virtual/virtual-control.js";
import { createFrameProcessor } from "../imaging/frame-processor.js";
import { serve } from "../server/serve.js";
import { assignBoardId } from "./assign-board-id.js";
import { Interrupts } from "./interrupts.js";
import { createLogger } from "./logger.js";
import { openPairAligner } from "./open-pair-aligner.js";
import { openRig } from "./open-rig.js";
import { probePorts } from "./probe-ports.js";
import { programFolder } from "./program-folder.js";
import { programVersion } from "./program-version.js";
import { systemClock } from "./system-clock.js";
import { runVirtualRig } from "./virtual-ground.js";

function cameraBackends(): readonly BackendState[] {
  try {
    return [{ name: "aravis", backend: createAravisBackend() }];
  } catch (problem) {
    return [{ name: "aravis", problem: problem instanceof Error ? problem : new Error(String(problem)) }];
  }
}

/** Free bytes of the file system that holds `directory`, or will hold it once it is made. */
async function freeBytes(directory: string): Promise<number> {
  let folder = resolve(directory);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Chooses every implementation; the only place that does. */
export function compose(terminal: Terminal, environment: NodeJS.ProcessEnv): Services {
  const clock = systemClock;
  const logger = createLogger(environment.NEARFAR_LOG ?? "silent");
  const interrupts = new Interrupts();
  const setupStarted = environment.NEARFAR_SETUP_STARTED_MS;
  return {
    terminal,
    clock,
    logger,
    version: programVersion(),
    commandLine: ["nearfar", ...process.argv.slice(2)],
    programFolder,
    setupStartedMs: setupStarted === undefined ? null : Number(setupStarted),
    exit: (status) => {
      process.exitCode = status;
    },
    onInterrupt: (listener) => interrupts.listen(listener),
    openRig: (config, signal) => openRig({ clock, logger, terminal }, config, signal),
    startVirtualRig: (config) => runVirtualRig(config),
    connectVirtualRig: async (socket) => VirtualControl.open(await findRunningRig(socket)),
    openDataset: (directory, mode) => openDataset(directory, { mode, clock, logger }),
    rebuildDatabase: async (directory) => (await rebuildDatabase(directory, { clock, logger })).backup,
    createFrameProcessor: () => createFrameProcessor(),
    cores: availableParallelism(),
    createPairAligner: ({ boards }) => openPairAligner(boards),
    cameraBackends,
    probePorts: (signal) => probePorts(clock, signal),
    assignBoardId: (port) => assignBoardId(clock, port),
    firmwareImage: () => readFirmwareImage(join(programFolder, "native/firmware")),
    flashCommand: (job) => {
      const plan = planFlash({ ...job, imagePath: job.image.hexPath });
      return [plan.command, ...plan.args];
    },
    flash: (job, onOutput) =>
      runFlash(planFlash({ ...job, imagePath: job.image.hexPath }), {
        spawn: (command, words) => spawn(command, words, { stdio: ["ignore", "pipe", "pipe"] }),
        onOutput,
      }),
    serve: (dataset, host, port) =>
      serve({ dataset, pageFolder: join(programFolder, "dist/web"), logger }, host, port),
    freeBytes,
  };
}

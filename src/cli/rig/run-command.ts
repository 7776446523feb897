import type { Command } from "commander";
import { WorldError } from "../../base/errors.js";
import { loadRigConfig } from "../../capture/load-config.js";
import type { Services } from "../services.js";

interface RunOptions {
  readonly rig: string;
  readonly json?: boolean;
}

/** Runs a virtual rig until the user ends it, for other programs to work with. */
async function runRig(services: Services, options: RunOptions): Promise<void> {
  const { terminal } = services;
  const config = await loadRigConfig(options.rig);
  let release = (): void => {};
  const asked = new Promise<"asked">((resolve) => {
    release = services.onInterrupt(() => resolve("asked"));
  });
  const rig = await services.startVirtualRig(config).catch((error: unknown) => {
    release();
    throw error;
  });
  try {
    const { tty, cameras, socket } = rig;
    if (options.json) {
      terminal.print(JSON.stringify({ type: "virtual-rig", tty, cameras, socket }));
    } else {
      terminal.print(`trigger board  ${tty}`);
      terminal.print(`near camera    ${cameras.near.serial} at ${cameras.near.address}`);
      terminal.print(`far camera     ${cameras.far.serial} at ${cameras.far.address}`);
      terminal.print(`control        ${socket}`);
      terminal.print("Set what it sees with `nearfar rig scene`. Ctrl-C ends it.");
    }
    if ((await Promise.race([asked, rig.ended])) !== "asked") throw ended();
  } finally {
    await rig.close();
    release();
  }
}

function ended(): WorldError {
  return new WorldError("RIG_FAILED", "the virtual rig's process has ended by itself", {
    advice: "Start it again; run it with NEARFAR_LOG=debug if that happens twice.",
  });
}

export function addRunCommand(rig: Command, services: Services): void {
  rig
    .command("run")
    .description("Run a virtual rig by itself: a tty and two GigE Vision cameras for any program.")
    .requiredOption("--rig <file>", "config of a virtual rig, e.g. rig-configs/virtual.yaml")
    .option("--json", "print a JSON line")
    .action((options: RunOptions) => runRig(services, options));
}

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { NearfarError } from "../../base/errors.js";
import { loadRigConfig } from "../../capture/load-config.js";
import type { CameraIdentity } from "../../devices/contract/camera.js";
import { addRunCommand } from "../rig/run-command.js";
import { addSceneCommand } from "../rig/scene-command.js";
import { addSheetCommand } from "../rig/sheet-command.js";
import { addTruthCommand } from "../rig/truth-command.js";
import type { ProbedPort, Services } from "../services.js";
import { formatTable } from "../table.js";

interface ShippedConfig {
  readonly path: string;
  readonly name: string;
}

interface Found {
  readonly configs: readonly ShippedConfig[];
  readonly cameras: readonly CameraIdentity[];
  readonly ports: readonly ProbedPort[];
  readonly problems: readonly { readonly backend: string; readonly message: string }[];
}

/** The rig configs that come with nearfar; plans lie in the same folder and are left out. */
async function shippedConfigs(programFolder: string): Promise<ShippedConfig[]> {
  const folder = join(programFolder, "rig-configs");
  const configs: ShippedConfig[] = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort()) {
    const path = join(folder, file);
    try {
      configs.push({ path, name: (await loadRigConfig(path)).name });
    } catch (error) {
      if (!(error instanceof NearfarError)) throw error;
    }
  }
  return configs;
}

/** Looks for cameras of every backend and for boards on every serial port, at the same time. */
async function discover(services: Services): Promise<Found> {
  const problems: { backend: string; message: string }[] = [];
  const cameras = services.cameraBackends().map(async (state) => {
    if ("backend" in state) return state.backend.discover();
    problems.push({ backend: state.name, message: state.problem.message });
    return [];
  });
  const [found, ports, configs] = await Promise.all([
    Promise.all(cameras),
    services.probePorts(),
    shippedConfigs(services.programFolder),
  ]);
  return { configs, cameras: found.flat(), ports, problems };
}

function printFound(services: Services, found: Found): void {
  const { terminal } = services;
  const cameras = found.cameras.map((c) => [
    "camera",
    c.serial,
    `${c.vendor} ${c.model}`,
    c.backend,
    c.address,
  ]);
  const boards = found.ports.map((port) =>
    port.board === null
      ? ["serial port", "", port.problem ?? "no answer", "", port.path]
      : ["trigger board", port.board.boardId, `firmware ${port.board.firmwareVersion}`, "serial", port.path],
  );
  const configs = found.configs.map((config) => [
    "rig config",
    config.name,
    "comes with nearfar",
    "",
    config.path,
  ]);
  for (const line of formatTable(
    ["kind", "serial or id", "what", "by", "where"],
    [...configs, ...cameras, ...boards],
  )) {
    terminal.print(line);
  }
  for (const problem of found.problems) terminal.note(`${problem.backend}: ${problem.message}`);
  if (cameras.length + boards.length === 0) {
    terminal.note("Nothing is plugged in. The virtual rig needs nothing: rig-configs/virtual.yaml.");
  }
}

function printFoundJson(services: Services, found: Found): void {
  const { terminal } = services;
  for (const config of found.configs) terminal.print(JSON.stringify({ type: "config", ...config }));
  for (const camera of found.cameras) terminal.print(JSON.stringify({ type: "camera", ...camera }));
  for (const port of found.ports) terminal.print(JSON.stringify({ type: "port", ...port }));
  for (const problem of found.problems) terminal.print(JSON.stringify({ type: "problem", ...problem }));
}

export function rigCommand(services: Services): Command {
  const command = new Command("rig").description(
    "What is plugged in, the rig configs at hand, and the virtual rig.",
  );
  command
    .command("list")
    .description("Find cameras by serial and trigger boards by id. Probing a port resets an Arduino on it.")
    .option("--json", "print JSON lines")
    .action(async (options: { json?: boolean }) => {
      const found = await discover(services);
      if (options.json) printFoundJson(services, found);
      else printFound(services, found);
    });
  command
    .command("assign-id")
    .description(
      "Give a trigger board an id of its own, to name it by `trigger.boardId` whatever port it is on.",
    )
    .requiredOption("--port <tty>", "serial port of the board, e.g. /dev/ttyUSB0")
    .option("--json", "print a JSON line")
    .action(async ({ port, json }: { port: string; json?: boolean }) => {
      const boardId = await services.assignBoardId(port);
      const text = `The board on ${port} is now ${boardId}; put it into the rig config as trigger.boardId.`;
      services.terminal.print(json ? JSON.stringify({ type: "board", port, boardId }) : text);
    });
  addRunCommand(command, services);
  addSceneCommand(command, services);
  addTruthCommand(command, services);
  addSheetCommand(command, services);
  return command;
}

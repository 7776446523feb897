/** Putting a firmware image on an Uno or Nano with avrdude, through the board's boot loader. */
import type { ChildProcess } from "node:child_process";
import { WorldError } from "../../base/errors.js";

export interface FlashPlan {
  readonly command: string;
  readonly args: readonly string[];
}

export interface FlashOptions {
  /** Path of the tty; nobody may hold it open. */
  readonly port: string;
  /** Intel HEX file. */
  readonly imagePath: string;
  /** 115200 for the Uno and newer Nanos, 57600 for Nanos with the boot loader of before 2018. */
  readonly bootBaudRate?: 115200 | 57600;
}

/** The command line, for showing it before it runs. */
export function planFlash({ port, imagePath, bootBaudRate = 115200 }: FlashOptions): FlashPlan {
  const chip = ["-p", "atmega328p", "-c", "arduino", "-P", port, "-b", String(bootBaudRate)];
  // -D: the boot loader erases page by page; a chip erase is not possible through it.
  return { command: "avrdude", args: [...chip, "-D", "-U", `flash:w:${imagePath}:i`] };
}

export type Spawn = (command: string, args: readonly string[]) => ChildProcess;

export interface FlashRun {
  readonly spawn: Spawn;
  /** Gets avrdude's own progress, piece by piece, as it writes it. */
  readonly onOutput: (text: string) => void;
}

/** How much of avrdude's last words an error repeats. */
const lastWordsChars = 400;

/**
 * Runs the plan; resolves when avrdude has written and verified the image.
 * @throws WorldError TOOL_MISSING without avrdude, BOARD_REFUSED when it failed
 */
export async function runFlash(plan: FlashPlan, { spawn, onOutput }: FlashRun): Promise<void> {
  const child = spawn(plan.command, plan.args);
  let output = "";
  const listen = (chunk: Buffer): void => {
    const text = chunk.toString("utf8");
    output = (output + text).slice(-lastWordsChars);
    onOutput(text);
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(spawnError(plan.command, error)));
    child.once("close", resolve);
  });
  if (exitCode !== 0) throw flashError(exitCode, output);
}

function spawnError(command: string, cause: NodeJS.ErrnoException): WorldError {
  const message = cause.code === "ENOENT" ? `${command} is not installed` : `${command} did not start`;
  return new WorldError("TOOL_MISSING", message, {
    advice: "Install it: sudo apt-get install avrdude.",
    cause,
  });
}

function flashError(exitCode: number | null, output: string): WorldError {
  const ending = exitCode === null ? "was killed" : `ended with status ${exitCode}`;
  return new WorldError("BOARD_REFUSED", `avrdude ${ending}: ${output.trim()}`, {
    advice:
      "Check the port and that no other program holds it; a Nano with an old boot loader needs 57600 baud.",
  });
}

import { Command, CommanderError } from "commander";
import { CallerError } from "../base/errors.js";
import { alignCommand } from "./commands/align.js";
import { browseCommand } from "./commands/browse.js";
import { calibrateCommand } from "./commands/calibrate.js";
import { captureCommand } from "./commands/capture.js";
import { demoCommand } from "./commands/demo.js";
import { doctorCommand } from "./commands/doctor.js";
import { facesCommand } from "./commands/faces.js";
import { firmwareCommand } from "./commands/firmware.js";
import { rigCommand } from "./commands/rig.js";
import { sessionCommand } from "./commands/session.js";
import { targetsCommand } from "./commands/targets.js";
import { exitStatusHelp, exitStatusOf } from "./exit-status.js";
import { reportError } from "./report-error.js";
import type { Services } from "./services.js";

const commands = [
  captureCommand,
  calibrateCommand,
  alignCommand,
  sessionCommand,
  browseCommand,
  doctorCommand,
  rigCommand,
  facesCommand,
  targetsCommand,
  firmwareCommand,
  demoCommand,
] as const;

/** Commander's own errors become ours, so that they carry a code and the same exit status. */
function prepare(command: Command, services: Services): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => services.terminal.print(text.trimEnd()),
    writeErr: () => {},
  });
  for (const child of command.commands) prepare(child, services);
}

function createProgram(services: Services): Command {
  const program = new Command("nearfar")
    .description("Capture, calibrate, browse and benchmark near/far portrait pairs.")
    .version(services.version)
    // Options behind a command are its own, also where the command before it has one of the same name.
    .enablePositionalOptions()
    .addHelpText(
      "after",
      `\n${exitStatusHelp}\n\nDistances are in mm, times in µs unless a name says otherwise.`,
    );
  for (const make of commands) program.addCommand(make(services));
  prepare(program, services);
  return program;
}

/** Help and version arrive as errors too; they are none. */
function translate(error: CommanderError): unknown {
  if (error.exitCode === 0) return null;
  const message = error.message.replace(/^error: /, "");
  return new CallerError("USAGE", message === "(outputHelp)" ? "Which command?" : message, {
    advice: "`nearfar --help` and `nearfar COMMAND --help` list what there is.",
    cause: error,
  });
}

/** Runs one command line; errors are reported and become the exit status. */
export async function runProgram(services: Services, words: readonly string[]): Promise<void> {
  try {
    await createProgram(services).parseAsync(words, { from: "user" });
  } catch (thrown) {
    const error = thrown instanceof CommanderError ? translate(thrown) : thrown;
    if (error === null) return;
    reportError(services.terminal, error, words.includes("--json"));
    services.exit(exitStatusOf(error));
  }
}

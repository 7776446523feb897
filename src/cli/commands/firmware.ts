import { Command, Option } from "commander";
import { CallerError } from "../../base/errors.js";
import { note } from "../note.js";
import type { FlashJob, Services } from "../services.js";

/** Asks before it writes; `--yes` answers for scripts. */
async function confirmFlash(services: Services, words: readonly string[], yes: boolean): Promise<void> {
  if (yes) return;
  const { terminal } = services;
  if (!terminal.interactive) {
    throw new CallerError("USAGE", "Flashing needs a person's consent and nobody is at a terminal.", {
      advice: `Add --yes, or run this yourself: ${words.join(" ")}`,
    });
  }
  const answer = await terminal.ask("Go on? Type yes: ");
  if (answer.trim().toLowerCase() === "yes") return;
  throw new CallerError("USAGE", "Not flashed: the answer was not yes.", { advice: "Nothing was changed." });
}

interface FlashOptions {
  readonly port: string;
  readonly baud: "115200" | "57600";
  readonly yes?: boolean;
  readonly json?: boolean;
}

async function flash(services: Services, options: FlashOptions): Promise<void> {
  const { terminal } = services;
  const { port, json = false } = options;
  const image = await services.firmwareImage();
  const job: FlashJob = { image, port, bootBaudRate: options.baud === "57600" ? 57600 : 115200 };
  const words = services.flashCommand(job);
  const say = (message: string): void => note(terminal, message, json);
  say(`This replaces the program of the ATmega328P board on ${port} by nearfar firmware ${image.version}.`);
  say("The board id in its EEPROM stays. Its outputs are off meanwhile; disconnect the strobe to be sure.");
  say(`  ${words.join(" ")}`);
  await confirmFlash(services, words, options.yes === true);
  await services.flash(job, (text) => say(text.trimEnd()));
  const line = `Flashed nearfar firmware ${image.version} to ${port}.`;
  terminal.print(json ? JSON.stringify({ type: "flashed", port, version: image.version }) : line);
}

export function firmwareCommand(services: Services): Command {
  const command = new Command("firmware").description("The trigger board's firmware.");
  command
    .command("info")
    .description("The firmware image that comes with this program.")
    .option("--json", "print a JSON line")
    .action(async (options: { json?: boolean }) => {
      const image = await services.firmwareImage();
      const text = `nearfar firmware ${image.version}\n${image.hexPath}`;
      services.terminal.print(options.json ? JSON.stringify({ type: "firmware", ...image }) : text);
    });
  command
    .command("flash")
    .description("Write the firmware to an Arduino Uno or Nano by avrdude; says what it will do and asks.")
    .requiredOption("--port <tty>", "serial port of the board, e.g. /dev/ttyUSB0")
    .addOption(
      new Option("--baud <rate>", "of the boot loader; Nanos of before 2018 have 57600")
        .choices(["115200", "57600"])
        .default("115200"),
    )
    .option("--yes", "do not ask")
    .option("--json", "print a JSON line at the end")
    .action((options: FlashOptions) => flash(services, options));
  return command;
}

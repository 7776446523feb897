import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { CallerError } from "../../base/errors.js";
import { type TruthArray, truthArray } from "../../schema/truth-array.js";
import type { Services } from "../services.js";

interface TruthOptions {
  readonly out?: string;
  readonly arrays?: readonly TruthArray[];
  readonly socket?: string;
}

/** `all`, or names with commas between. */
export function truthArraysOf(text: string): readonly TruthArray[] {
  if (text === "all") return truthArray.options;
  return text.split(",").map((name) => {
    const known = truthArray.safeParse(name.trim());
    if (known.success) return known.data;
    throw new InvalidArgumentError(`must be all, or of ${truthArray.options.join(", ")}`);
  });
}

/** The truth about what a running rig shows now: printed, or written as a folder with arrays. */
async function truth(services: Services, options: TruthOptions): Promise<void> {
  const { terminal } = services;
  if (options.out === undefined && options.arrays !== undefined) {
    throw new CallerError("USAGE", "arrays cannot be printed", { advice: "Name a folder with --out." });
  }
  const control = await services.connectVirtualRig(options.socket);
  try {
    if (options.out === undefined) {
      terminal.print(JSON.stringify(await control.sceneTruth()));
    } else {
      const folder = resolve(options.out);
      await control.saveSceneTruth(folder, options.arrays ?? []);
      terminal.print(folder);
    }
  } finally {
    await control.close();
  }
}

export function addTruthCommand(rig: Command, services: Services): void {
  rig
    .command("truth")
    .description(
      "What a running virtual rig really shows: poses, intrinsics, corners, landmarks, flow, depth.",
    )
    .option("--out <dir>", "folder for truth.json and the arrays; without it the JSON is printed")
    .option("--arrays <list>", "NumPy arrays to write too: all, or names with commas between", truthArraysOf)
    .option("--socket <path>", "control socket of the rig, when several run")
    .addHelpText("after", `\nArrays: ${truthArray.options.join(", ")}. calibration/README.md describes them.`)
    .action((options: TruthOptions) => truth(services, options));
}

/** Options of `nearfar align`, shared by stores and files. */
import { type Command, Option } from "commander";
import { usualParameters } from "../../alignment/pair-input.js";
import { CallerError } from "../../base/errors.js";
import type { FrameReading } from "../../imaging/frame-source.js";
import { between, positive, wholeNumber } from "../option-values.js";

export interface AlignOptions {
  readonly store?: string;
  readonly session?: string;
  readonly shot?: readonly number[];
  readonly near?: string;
  readonly far?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly distance?: number;
  readonly nearMirrored?: boolean;
  readonly black?: number;
  readonly white?: number;
  readonly linear?: boolean;
  readonly calibration?: string;
  readonly color?: string;
  readonly reference?: readonly string[];
  readonly board?: readonly string[];
  readonly allowExpired?: boolean;
  readonly withoutFlat?: boolean;
  readonly rig?: string;
  readonly size: number;
  readonly side: number;
  readonly flow: boolean;
  readonly jobs?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const shotNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** For an option that takes several values. */
export function shotNumbers(text: string, before: readonly number[] = []): number[] {
  return [...before, shotNumber(text)];
}

export function addAlignOptions(command: Command): Command {
  return command
    .option(
      "--store <dir>",
      "align the pairs of this dataset and keep the results in it; of two files: where ids are looked up",
    )
    .option("--session <id>", "only those of this session")
    .option("--shot <number...>", "only these", shotNumbers)
    .option("--near <file>", "align two files: a nearfar frame, TIFF, PNG, JPEG or raw file")
    .option("--far <file>", "and the far one")
    .option("--out <dir>", "folder for the aligned pair of two files")
    .option("--force", "replace the aligned pair in that folder")
    .option("--distance <mm>", "of two files: near entrance pupil to eye plane", positive)
    .option("--near-mirrored", "of two files: the near one shows the reflection, un-mirror it")
    .option("--black <value>", "of two files: sample value of no light", between(0, 65535))
    .option("--white <value>", "of two files: sample value at which the sensor saturates", between(1, 65535))
    .option("--linear", "of two files: samples are linear light, not sRGB")
    .option("--calibration <id|file>", "of the pair; else the one in force when the session began")
    .option("--color <id|file>", "color calibration; else the one in force when the session began")
    .option(
      "--reference <pair...>",
      "without calibration: a still, flat pair, SHOT or NEAR,FAR; one for each stop",
    )
    .option("--board <description...>", "boards to look for in it (default: charuco-a4 charuco-small)")
    .option("--allow-expired", "use calibrations that had expired; the pairs are warned of")
    .option("--without-flat", "use a color calibration without flat field; vignetting stays")
    .option("--rig <file>", "rig config whose `alignment` limits hold; else those of the session")
    .option("--size <px>", "side of the canonical images", wholeNumber(128, 4096), usualParameters.sizePx)
    .option(
      "--side <mm>",
      "what they show of the eye plane",
      between(50, 1000, " mm"),
      usualParameters.sideMm,
    )
    .option("--no-flow", "images alone: neither flow nor depth")
    .addOption(
      new Option("--jobs <number>", "pairs at once; as many as cores by default").argParser(
        wholeNumber(1, 64),
      ),
    )
    .option("--dry-run", "say what would be done, with which calibrations, and do nothing")
    .option("--json", "print a JSON line for each pair and a summary");
}

/** @throws CallerError USAGE when it is neither a store nor two files, or both. */
export function aimOf(options: AlignOptions): "store" | "files" {
  const { store, near, far, out } = options;
  const files = near !== undefined || far !== undefined;
  if (!files && store === undefined)
    throw usage("What shall be aligned?", "Name a dataset with --store, or two files with --near and --far.");
  if (!files) {
    requireNone(
      options,
      ["out", "force", "distance", "nearMirrored", "black", "white", "linear"],
      "goes with --near and --far",
    );
    return "store";
  }
  if (near === undefined || far === undefined || (out === undefined && options.dryRun !== true)) {
    throw usage(
      "Two files need --near, --far and --out.",
      "The aligned pair is written into the folder --out.",
    );
  }
  requireNone(options, ["session", "shot", "jobs"], "goes with --store alone");
  return "files";
}

function requireNone(options: AlignOptions, names: readonly (keyof AlignOptions)[], why: string): void {
  for (const name of names) {
    if (options[name] === undefined) continue;
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw usage(`${flag} ${why}.`, "`nearfar align --help` tells the two ways to call it.");
  }
}

/** How files that are no frames of nearfar's own are to be read. @throws CallerError USAGE when black is not below white. */
export function readingOf(options: AlignOptions): {
  readonly near: FrameReading;
  readonly far: FrameReading;
} {
  const { black, white, linear, nearMirrored } = options;
  if (black !== undefined && white !== undefined && black >= white) {
    throw usage("--black must be below --white.", "Both are sample values of the files.");
  }
  const both: FrameReading = {
    ...(linear === true ? { transfer: "linear" } : {}),
    ...(black === undefined ? {} : { blackLevel: black }),
    ...(white === undefined ? {} : { whiteLevel: white }),
  };
  const mount = { rotationDeg: 0, mirrored: true } as const;
  return { near: nearMirrored === true ? { ...both, mount } : both, far: both };
}

function usage(message: string, advice: string): CallerError {
  return new CallerError("USAGE", message, { advice });
}

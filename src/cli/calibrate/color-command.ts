import { Command, Option } from "commander";
import { CallerError } from "../../base/errors.js";
import { chartTargets, usualChartTarget } from "../../calibration/color/edition.js";
import { between, positive } from "../option-values.js";
import type { Services } from "../services.js";
import { type ColorFileOptions, runColorOnFile } from "./color-files.js";
import { type ColorRigOptions, runColorOnRig } from "./color-rig.js";

type ColorOptions = Partial<ColorFileOptions & ColorRigOptions> & { readonly target: string };

function run(services: Services, options: ColorOptions): Promise<void> {
  const { image, rig, store } = options;
  if (image !== undefined && rig === undefined) return runColorOnFile(services, { ...options, image });
  if (rig !== undefined && store !== undefined && image === undefined) {
    return runColorOnRig(services, { ...options, rig, store });
  }
  throw new CallerError("USAGE", "calibrate color: give a picture of the chart, or a rig and a store.", {
    advice: "For example `--image FILE`, or `--rig rig-configs/virtual.yaml --store DIR`.",
  });
}

export function colorCommand(services: Services): Command {
  return new Command("color")
    .description("Calibrate color with a 24-patch chart: both arms of a rig, or one picture file.")
    .option("--target <chart>", `edition of the chart: ${chartTargets.join(" or ")}`, usualChartTarget)
    .addOption(
      new Option("--loss <kind>", "what fits minimise: squares in linear light, or ΔE00 (slower)")
        .choices(["linear", "delta-e"])
        .default("linear"),
    )
    .addOption(
      new Option("--image <file>", "picture of the chart; 8-bit values are taken as sRGB").conflicts([
        ...["rig", "store", "chart", "turn", "distance", "gray"],
      ]),
    )
    .option("--flat <file>", "picture of an even white by the same camera, to even out the light")
    .addOption(new Option("--linear", "values of the picture are linear light").conflicts("gamma"))
    .option("--gamma <number>", "values of the picture are light^(1/gamma)", positive)
    .option("--compare", "fit more kinds of maps too, to see what leave-one-out thinks of them")
    .option(
      "--out <folder>",
      "with --image: write record.json and report.html there; made when it is not there",
    )
    .option("--force", "replace those files if they exist")
    .addOption(
      new Option("--rig <file>", "rig config: guided through dark, flat, exposures and chart").conflicts([
        ...["flat", "linear", "gamma", "compare", "out", "force"],
      ]),
    )
    .option("--store <dir>", "with --rig: the dataset that keeps the record; made when it is not there")
    .option("--chart <id>", "with --rig: the chart, as `targets list` prints it", "colorchecker-mini")
    .option(
      "--turn <degrees>",
      "with --rig: turn of the chart in the view, clockwise",
      between(-360, 360, "°"),
      0,
    )
    .option("--distance <mm>", "with --rig: near entrance pupil to eye plane; else where it stands", positive)
    .option(
      "--gray",
      "with --rig: only correct the last calibration's gains by the grays of the chart, for a session's light",
    )
    .option("--json", "print the result as one JSON line")
    .action((options: ColorOptions) => run(services, options));
}

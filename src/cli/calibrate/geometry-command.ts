import { Command, Option } from "commander";
import { CallerError } from "../../base/errors.js";
import { boardDescriptionHelp } from "../../calibration/geometry/observations/board-description.js";
import { positive } from "../option-values.js";
import type { Services } from "../services.js";
import { type GeometryFileOptions, runGeometryOnFiles, usualRobustSigmas } from "./geometry-files.js";
import { type GeometryRigOptions, runGeometryOnRig } from "./geometry-rig.js";
import { stopList, usualStopsMm } from "./stop-list.js";
import { usualViews, viewCount } from "./view-count.js";

/** Of the other way to calibrate, by their names in commander. */
const ofRig = ["rig", "store", "stops", "views", "resume", "restart"];
const ofFiles = ["warp", "shape", "robust", "expect", "distance"];

const fileOptions = [
  new Option(
    "--images <paths...>",
    "folders of pictures, picture files, or patterns as 'left*.jpg', of one camera",
  ).conflicts([...ofRig, "corners"]),
  new Option("--corners <file>", "JSON file of corners found elsewhere, instead of images").conflicts(ofRig),
  new Option("--expect <handedness>", "how the images must lie; markers on the board tell")
    .choices(["as-seen", "mirrored", "any"])
    .default("any"),
  new Option("--distance <mm>", "also tell the uncertainty at this distance, mm").argParser(positive),
  new Option("--warp", "solve for the board's bend too"),
  new Option("--shape <mm>", "let each corner lie off its place by about this much, mm").argParser(positive),
  new Option(
    "--robust [sigmas]",
    `Cauchy's loss from so many standard deviations on (${usualRobustSigmas}), beside leaving out outliers`,
  ).argParser(positive),
];

const rigOptions = [
  new Option("--rig <file>", "calibrate both cameras of a rig together, guided; needs --store").conflicts(
    ofFiles,
  ),
  new Option("--store <dir>", "of a rig: the dataset that keeps the record; made when it is not there"),
  new Option("--stops <list>", `of a rig: stops of the rail in mm (${usualStopsMm.join(",")})`).argParser(
    stopList,
  ),
  new Option("--views <number>", `of a rig: views of each stop (${usualViews}; 30 for the best)`).argParser(
    viewCount,
  ),
  ...formerViewsOptions("of a rig: "),
];

/** What becomes of the views of a calibration that was broken off. */
export function formerViewsOptions(of = ""): readonly Option[] {
  return [
    new Option("--resume", `${of}go on with the views of a calibration that was broken off`),
    new Option("--restart", `${of}throw those views away`).conflicts("resume"),
  ];
}

function run(
  services: Services,
  { rig, store, ...options }: GeometryFileOptions & Partial<GeometryRigOptions>,
): Promise<void> {
  if (rig === undefined) return runGeometryOnFiles(services, options);
  if (store !== undefined) return runGeometryOnRig(services, { ...options, rig, store });
  throw new CallerError("USAGE", "A rig is calibrated into a store.", { advice: "Give --store too." });
}

export function geometryCommand(services: Services): Command {
  const command = new Command("geometry").description(
    "Calibrate where cameras look: one camera from pictures of a board, or both cameras of a rig; with what it is worth.",
  );
  for (const option of [...fileOptions, ...rigOptions]) command.addOption(option);
  return command
    .option("--board <description>", boardDescriptionHelp)
    .option("--out <folder>", "write record.json and report.html there; made when it is not there")
    .option("--force", "replace those files if they exist")
    .option("--json", "print the result as one JSON line")
    .action((options: GeometryFileOptions & Partial<GeometryRigOptions>) => run(services, options));
}

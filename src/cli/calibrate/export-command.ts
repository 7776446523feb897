import { extname } from "node:path";
import { Command, Option } from "commander";
import { CallerError } from "../../base/errors.js";
import { imageHandling } from "../../calibration/exchange/image-handling.js";
import { kalibrChain } from "../../calibration/exchange/kalibr-chain.js";
import { mrcalModel, mrcalPair } from "../../calibration/exchange/mrcal-model.js";
import { opencvCamera, opencvPair } from "../../calibration/exchange/opencv-yaml.js";
import type { GeometryOf } from "../../calibration/exchange/plain-camera.js";
import { type ReadModel, readModel } from "../../calibration/exchange/read-model.js";
import type { Calibration } from "../../schema/calibration.js";
import { calibrationText } from "../../schema/calibration-text.js";
import { note } from "../note.js";
import type { Services } from "../services.js";
import { requireWritable, writeOutput } from "../write-output.js";
import { addCameraChoice, type CameraChoice, chosenGeometry } from "./camera-source.js";
import { exportedColor } from "./export-color.js";
import { withStore } from "./with-store.js";

const formats = ["opencv", "mrcal", "kalibr", "json", "icc", "dng"] as const;

interface ExportOptions extends CameraChoice {
  readonly format: (typeof formats)[number];
  readonly out: string;
  readonly store?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

interface OutputFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** What is written, and what has to be said of it. */
interface Exported {
  readonly files: readonly OutputFile[];
  readonly remark: string | null;
}

function exported(model: ReadModel, options: ExportOptions, reference: string): Exported {
  const { format, out } = options;
  const whole = (content: OutputFile["content"], remark: string | null = null): Exported => ({
    files: [{ path: out, content }],
    remark,
  });
  if (format === "json") return whole(calibrationText(recordOf(model, reference)));
  if (format === "icc" || format === "dng") {
    return whole(exportedColor(recordOf(model, reference), format, options.camera ?? "near"));
  }
  const geometry = chosenGeometry(model, options);
  const origin = originOf(model, geometry, options);
  switch (format) {
    case "opencv":
      return whole(
        geometry.kind === "camera"
          ? opencvCamera(geometry.camera, origin)
          : opencvPair(geometry.pair, origin),
      );
    case "mrcal":
      if (geometry.kind === "camera") return whole(mrcalModel(geometry.camera, null, origin));
      return { files: bothFiles(out, mrcalPair(geometry.pair, origin)), remark: null };
    case "kalibr": {
      const { text, remark } = kalibrChain(geometry, origin);
      return whole(text, remark);
    }
  }
}

function recordOf(model: ReadModel, reference: string): Calibration {
  if (model.source === "record") return model.record;
  throw new CallerError("USAGE", `${reference} is not a calibration record.`, {
    advice: "A camera of OpenCV's can be exported as opencv, mrcal or kalibr.",
  });
}

/** `rig.cameramodel` → `rig-near.cameramodel`, `rig-far.cameramodel`. */
function bothFiles(out: string, texts: Readonly<Record<"near" | "far", string>>): readonly OutputFile[] {
  const ending = extname(out);
  const stem = out.slice(0, out.length - ending.length);
  return (["near", "far"] as const).map((arm) => ({ path: `${stem}-${arm}${ending}`, content: texts[arm] }));
}

function originOf(model: ReadModel, geometry: GeometryOf, { stop, camera }: CameraChoice): string {
  if (model.source === "opencv") return "by nearfar, from a camera of OpenCV's; of the same images";
  const { calibrationId, softwareVersion } = model.record;
  const at = geometry.kind === "pair" ? geometry.pair.distanceMm : stop;
  const part = [camera, at === undefined ? undefined : `stop ${at} mm`].filter((word) => word !== undefined);
  const origin = [`by nearfar ${softwareVersion}, calibration ${calibrationId}`, ...part].join(", ");
  return `${origin}; ${imageHandling(model.record, camera ?? null)}`;
}

async function exportCalibration(
  services: Services,
  reference: string,
  options: ExportOptions,
): Promise<void> {
  const { terminal } = services;
  const { format, store, json } = options;
  const force = options.force === true;
  const model = await withStore(services, store, (dataset) =>
    readModel(reference, dataset, options.camera ?? null),
  );
  const { files, remark } = exported(model, options, reference);
  // All of them, or none.
  for (const { path } of files) await requireWritable(path, force);
  for (const { path, content } of files) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await writeOutput(path, bytes, force);
  }
  if (remark !== null) note(terminal, remark, json === true);
  for (const { path } of files) {
    terminal.print(json ? JSON.stringify({ type: "file", path, format }) : `${format} written to ${path}`);
  }
}

export function exportCommand(services: Services): Command {
  const command = new Command("export")
    .description(
      "Write a calibration for other programs. Cameras of a rig are those of its upright images, un-mirrored and then " +
        "turned as its config says and as nearfar decodes them: not of stored frames. The files say which.",
    )
    .argument("<calibration>", "id of one in the store, file of a record, or a camera of OpenCV's")
    .option("--store <dir>", "the dataset that an id is of")
    .addOption(
      new Option(
        "--format <format>",
        "opencv: YAML of cv::FileStorage; mrcal: .cameramodel, two files of a pair; kalibr: camchain YAML; " +
          "json: the record itself; of a color calibration icc: input profile, dng: JSON of DNG's color tags",
      )
        .choices([...formats])
        .makeOptionMandatory(),
    )
    .requiredOption("--out <file>", "where to write it");
  return addCameraChoice(command)
    .option("--force", "replace files that are there")
    .option("--json", "print a JSON line for each file")
    .action((reference: string, options: ExportOptions) => exportCalibration(services, reference, options));
}

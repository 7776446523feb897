/** `nearfar calibrate color` on a picture file of a chart. */
import { exitStatusOfKind } from "../../base/errors.js";
import { type ArmLight, calibrateColor } from "../../calibration/color/calibrate-color.js";
import type { FitLoss } from "../../calibration/color/color-fit.js";
import { compareMaps } from "../../calibration/color/compare-maps.js";
import { editionOf } from "../../calibration/color/edition.js";
import { applyFlatField, makeFlatField } from "../../calibration/color/flat-field.js";
import { linearPicture, type Transfer } from "../../calibration/color/linear-picture.js";
import { fileClip } from "../../calibration/color/sample-patches.js";
import { resampled, sightChart } from "../../calibration/color/sight-chart.js";
import { readPicture } from "../../imaging/picture-file.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import { createVision } from "../../native/vision.js";
import type { ChartSighting } from "../../schema/calibration-color.js";
import type { Services } from "../services.js";
import { colorFileJson, colorFileLines } from "./color-result.js";
import { interruptible } from "./interruptible.js";
import { newRecord } from "./keep-record.js";
import { requireRecordFolder, writeRecordFolder } from "./record-folder.js";

export interface ColorFileOptions {
  readonly image: string;
  readonly target: string;
  readonly flat?: string;
  readonly linear?: boolean;
  readonly gamma?: number;
  readonly loss?: FitLoss;
  readonly compare?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** @throws CallerError and WorldError as `sightChart` and `calibrateColor`; nothing is written then. */
export async function runColorOnFile(services: Services, options: ColorFileOptions): Promise<void> {
  const { terminal } = services;
  await interruptible(services, async (signal) => {
    const edition = editionOf(options.target);
    const transfer = transferOf(options);
    const read = async (path: string): Promise<LinearImage> =>
      linearPicture(await readPicture(path), transfer);
    const image = await read(options.image);
    const light = options.flat === undefined ? null : await flatOnly(await read(options.flat));
    if (options.out !== undefined) await requireRecordFolder(options.out, options.force === true);
    const chart = await corrected(image, light, signal);
    const { loss = "linear" } = options;
    const charts = { near: chart, far: null };
    const observations = {
      edition,
      charts,
      light: { near: light, far: null },
      sameModel: true,
      previous: null,
      loss,
    };
    const { body, gates, arms } = calibrateColor(observations);
    const record = newRecord(services, null, { body, gates });
    if (options.out !== undefined) await writeRecordFolder(options.out, record, options.force === true);
    const compared = options.compare && arms.near !== null ? compareMaps(arms.near, edition, loss) : null;
    const facts = { image: options.image, transfer, compared, color: arms.near };
    const lines = options.json
      ? [JSON.stringify(colorFileJson(record, facts))]
      : colorFileLines(record, facts, options.out !== undefined);
    for (const line of lines) terminal.print(line);
    if (record.verdict === "FAIL") services.exit(exitStatusOfKind.data);
  });
}

function transferOf({ linear, gamma }: ColorFileOptions): Transfer {
  if (gamma !== undefined) return { kind: "gamma", gamma };
  return { kind: linear ? "linear" : "srgb" };
}

async function corrected(
  image: LinearImage,
  light: ArmLight | null,
  signal: AbortSignal,
): Promise<ChartSighting> {
  const vision = createVision();
  try {
    const sighted = await sightChart(vision, image, fileClip, signal);
    const flat = light?.flat ?? null;
    return flat === null ? sighted.sighting : resampled(sighted, await applyFlatField(image, flat));
  } finally {
    await vision.close();
  }
}

/** Files come without a dark frame, and nothing verifies a single flat field. */
async function flatOnly(image: LinearImage): Promise<ArmLight> {
  return {
    darkOffset: [0, 0, 0],
    darkNoise: [0, 0, 0],
    flat: await makeFlatField([image]),
    flatResidual: null,
    linearityError: null,
    linearity: [],
  };
}

import { extname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CallerError } from "../../base/errors.js";
import { loadRigConfig } from "../../capture/load-config.js";
import { createFaceFinder, type FaceFinder } from "../../faces/face-finder.js";
import { drawContactSheet, type SheetCell, type SheetRow } from "../../imaging/contact-sheet.js";
import { encodeSrgb } from "../../imaging/preview-pixels.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { virtualExpressions } from "../../schema/virtual-faces.js";
import { interrupted } from "../interrupted.js";
import type { RunningVirtualRig, Services } from "../services.js";
import { requireWritable, writeOutput } from "../write-output.js";
import { number, subjectOf } from "./scene-options.js";
import { sheetColor } from "./sheet-color.js";

type Subject = ReturnType<typeof subjectOf>;

interface SheetOptions {
  readonly rig: string;
  readonly out: string;
  readonly subjects?: readonly Subject[];
  readonly expressions: readonly string[];
  readonly distances: readonly number[];
  readonly samples: number;
  readonly width: number;
  readonly faces?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const list =
  <T>(each: (text: string) => T) =>
  (text: string): readonly T[] =>
    text.split(",").map((part) => each(part.trim()));

function expressionOf(text: string): string {
  if ((virtualExpressions as readonly string[]).includes(text)) return text;
  throw new InvalidArgumentError(`must be of ${virtualExpressions.join(", ")}`);
}

const shippedSubjects = [0, 5, 10, 15].map((identity): Subject => ({ source: "head", identity }));

/** @throws CallerError PLAN_INVALID */
function requireWithinRail(distancesMm: readonly number[], { rail: { minMm, maxMm } }: RigConfig): void {
  const outside = distancesMm.filter((mm) => !(mm >= minMm && mm <= maxMm));
  if (outside.length === 0) return;
  throw new CallerError("PLAN_INVALID", `the rail does not reach ${outside.join(", ")} mm`, {
    advice: `Give distances from ${minMm} to ${maxMm} mm.`,
  });
}

function wholeSamples(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 4096) return value;
  throw new InvalidArgumentError("must be a whole number from 1 to 4096");
}

function wholePx(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 16 && value <= 2048) return value;
  throw new InvalidArgumentError("must be a whole number of px from 16 to 2048");
}

/** @throws CallerError USAGE for a file name whose end names no picture format that a sheet can have. */
function formatOf(path: string): "jpeg" | "png" {
  const extension = extname(path).toLowerCase();
  if (extension === ".jpg" || extension === ".jpeg") return "jpeg";
  if (extension === ".png") return "png";
  throw new CallerError("USAGE", `a contact sheet cannot be written as ${path}`, {
    advice: "Let the name end in .jpg or .png.",
  });
}

/** What a face finder makes of a picture, in words. */
async function faceCaption(finder: FaceFinder, image: LinearImage): Promise<string> {
  const { widthPx, heightPx, bytes: data } = encodeSrgb(image);
  const [face] = await finder.find({ data, widthPx, heightPx });
  return face === undefined ? "no face" : `face ${face.score.toFixed(2)}, mesh ${face.meshScore.toFixed(2)}`;
}

async function cell(
  rig: RunningVirtualRig,
  arm: "near" | "far",
  finder: FaceFinder | null,
): Promise<SheetCell> {
  const toSrgb = sheetColor(await rig.sceneTruth(), arm);
  const image = toSrgb(await rig.renderSignal(arm));
  return { image, caption: finder === null ? "" : await faceCaption(finder, image) };
}

/** One subject with one expression: the near view at every distance, then the far one. */
async function renderRow(
  rig: RunningVirtualRig,
  subject: Subject,
  expression: string,
  { distances, samples, finder }: SheetOptions & { readonly finder: FaceFinder | null },
  beforeEach: () => void,
): Promise<SheetRow> {
  await rig.setScene({
    scene: "subject",
    subject: { ...subject, expression },
    samplesPerPixel: samples,
    noise: false,
  });
  const cells: SheetCell[] = [];
  for (const distanceMm of distances) {
    beforeEach();
    await rig.moveTo(distanceMm);
    cells.push(await cell(rig, "near", finder));
  }
  beforeEach();
  cells.push(await cell(rig, "far", finder));
  return { heading: `${subject.source}:${subject.identity}  ${expression}`, cells };
}

async function drawSheet(services: Services, options: SheetOptions): Promise<void> {
  const { terminal } = services;
  const format = formatOf(options.out);
  const config = await loadRigConfig(options.rig);
  requireWithinRail(options.distances, config);
  await requireWritable(options.out, options.force === true);
  let finder: FaceFinder | null = null;
  let stopped = false;
  const release = services.onInterrupt(() => {
    stopped = true;
  });
  const rig = await services.startVirtualRig(config).catch((error: unknown) => {
    release();
    throw error;
  });
  try {
    if (options.faces) finder = await createFaceFinder(undefined, 1);
    const { subjects = shippedSubjects, expressions, distances } = options;
    const total = subjects.length * expressions.length * (distances.length + 1);
    let begun = 0;
    const beforeEach = (): void => {
      if (stopped) throw interrupted();
      begun += 1;
      terminal.progress(`picture ${begun} of ${total}`);
    };
    const { farDistanceMm: farMm } = (await rig.sceneTruth()).rig;
    const rows: SheetRow[] = [];
    for (const subject of subjects) {
      for (const expression of expressions) {
        rows.push(await renderRow(rig, subject, expression, { ...options, finder }, beforeEach));
      }
    }
    const sheet = {
      columnHeadings: [...distances, farMm].map(
        (mm, i) => `${i < distances.length ? "near" : "far"}, ${mm / 10} cm`,
      ),
      rows,
      cellWidthPx: options.width,
    };
    await writeOutput(options.out, await drawContactSheet(sheet, format), options.force === true);
    const { out } = options;
    terminal.print(
      options.json ? JSON.stringify({ type: "sheet", out, pictures: total }) : `${out}: ${total} pictures`,
    );
  } finally {
    await rig.close();
    await finder?.close();
    release();
  }
}

export function addSheetCommand(rig: Command, services: Services): void {
  rig
    .command("sheet")
    .description("Render subjects × distances of a virtual rig into one picture.")
    .requiredOption("--rig <file>", "config of a virtual rig, e.g. rig-configs/virtual.yaml")
    .requiredOption("--out <file>", "picture to write, .jpg or .png")
    .option(
      "--subjects <list>",
      "head:N or ict:N, with commas between (default: head:0,head:5,head:10,head:15)",
      list(subjectOf),
    )
    .option("--expressions <list>", `of ${virtualExpressions.join(", ")}`, list(expressionOf), ["neutral"])
    .option("--distances <list>", "near distances, mm", list(number), [230, 450, 900, 1370])
    .option("--samples <number>", "primary rays of a pixel, 1 to 4096", wholeSamples, 8)
    .addOption(new Option("--width <px>", "of each picture").argParser(wholePx).default(240))
    .option("--faces", "write under each picture what the face finder makes of it")
    .option("--force", "replace the file if it exists")
    .option("--json", "print a JSON line")
    .action((options: SheetOptions) => drawSheet(services, options));
}

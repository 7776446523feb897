import { Command, InvalidArgumentError } from "commander";
import type { Face, Point } from "../../faces/face.js";
import { createFaceFinder } from "../../faces/face-finder.js";
import { readFaceNets } from "../../faces/face-nets-file.js";
import { readPicture, writePictureWithOverlay } from "../../imaging/picture-file.js";
import { drawFaces } from "../faces/draw-faces.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";
import { requireWritable } from "../write-output.js";

interface FacesOptions {
  readonly nets?: string;
  readonly minScore: number;
  readonly draw?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("must be a number from 0 to 1");
}

function irisDistancePx({ irisCentres: [left, right] }: Face): number {
  return Math.hypot(right.x - left.x, right.y - left.y);
}

/** Centred px to two digits: finer than the networks find anything. */
const rounded = (value: number): number => Math.round(100 * value) / 100;
const pair = ({ x, y }: Point): [number, number] => [rounded(x), rounded(y)];

/** Rows of `length` values of a flat array. */
function rows(values: Float32Array, length: number): number[][] {
  return Array.from({ length: values.length / length }, (_, i) =>
    Array.from(values.subarray(i * length, (i + 1) * length), rounded),
  );
}

function faceRecord(face: Face): object {
  const { left, top, right, bottom } = face.box;
  return {
    type: "face",
    score: face.score,
    meshScore: face.meshScore,
    box: { left: rounded(left), top: rounded(top), right: rounded(right), bottom: rounded(bottom) },
    angleDeg: rounded((face.angleRad * 180) / Math.PI),
    irisDistancePx: rounded(irisDistancePx(face)),
    irisCentres: face.irisCentres.map(pair),
    landmarks68: rows(face.landmarks68, 2),
    points468: rows(face.points468, 3),
  };
}

function tableRow(face: Face): string[] {
  const { left, top, right, bottom } = face.box;
  return [
    face.score.toFixed(3),
    face.meshScore.toFixed(3),
    [left, top, right, bottom].map((edge) => edge.toFixed(0)).join(", "),
    irisDistancePx(face).toFixed(1),
    ((face.angleRad * 180) / Math.PI).toFixed(1),
  ];
}

function printFaces({ terminal }: Services, faces: readonly Face[], json: boolean): void {
  if (json) {
    for (const face of faces) terminal.print(JSON.stringify(faceRecord(face)));
    return;
  }
  if (faces.length === 0) {
    terminal.print("no face found");
    return;
  }
  const header = ["score", "mesh", "left, top, right, bottom px", "between irises px", "turned °"];
  for (const line of formatTable(header, faces.map(tableRow))) terminal.print(line);
}

async function faces(services: Services, path: string, options: FacesOptions): Promise<void> {
  if (options.draw !== undefined) await requireWritable(options.draw, options.force === true);
  const picture = await readPicture(path);
  const nets = options.nets === undefined ? undefined : await readFaceNets(options.nets);
  const finder = await createFaceFinder(nets, 1);
  try {
    const found = await finder.find(picture, { minScore: options.minScore });
    printFaces(services, found, options.json ?? false);
    if (options.draw !== undefined) {
      await writePictureWithOverlay(picture, drawFaces(picture, found), options.draw);
    }
  } finally {
    await finder.close();
  }
}

export function facesCommand(services: Services): Command {
  return new Command("faces")
    .description("Find faces in a picture file: scores, box, distance of the irises, landmarks (--json).")
    .argument("<image>", "PNG, JPEG or TIFF")
    .option("--nets <file>", "list of networks to use instead of the converted ones (face-nets.json)")
    .option("--min-score <share>", "least score of the detector, 0 to 1", parseShare, 0.5)
    .option("--draw <file>", "PNG to write: the picture with boxes and points")
    .option("--force", "replace that file if it exists")
    .option("--json", "print a JSON line for each face")
    .action((path: string, options: FacesOptions) => faces(services, path, options));
}

import { readFile, writeFile } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import { CallerError } from "../../base/errors.js";
import { decodeFrame } from "../../imaging/decode.js";
import { renderPreviewOf } from "../../imaging/preview.js";
import { readStoredFrame } from "../../imaging/tiff-reader.js";
import { type ArmName, armSchema } from "../../schema/records.js";
import type { Services } from "../services.js";

interface PictureOptions {
  readonly store: string;
  readonly out: string;
  readonly longEdge: number;
  readonly json?: boolean;
}

function parseArm(text: string): ArmName {
  const arm = armSchema.safeParse(text);
  if (arm.success) return arm.data;
  throw new InvalidArgumentError("must be near or far");
}

function parseWhole(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("must be a whole number above 0");
}

/** @throws CallerError NOT_FOUND */
async function storedFrame(services: Services, store: string, shotId: number, arm: ArmName): Promise<Buffer> {
  const dataset = await services.openDataset(store, "read-only");
  try {
    const frame = (await dataset.shot(shotId))?.frames.find((candidate) => candidate.arm === arm);
    if (frame === undefined) {
      throw new CallerError("NOT_FOUND", `Shot ${shotId} has no ${arm} frame in ${store}.`, {
        advice: "`nearfar session show` lists the shots of a session.",
      });
    }
    const { objectSha256: sha256, bytes } = frame;
    return await readFile(dataset.objectPath({ sha256, bytes }, ".tif"));
  } finally {
    await dataset.close();
  }
}

async function picture(
  services: Services,
  shotId: number,
  arm: ArmName,
  options: PictureOptions,
): Promise<void> {
  const image = await decodeFrame(readStoredFrame(await storedFrame(services, options.store, shotId, arm)));
  await writeFile(options.out, await renderPreviewOf(image, options.longEdge));
  const { out, json } = options;
  const { widthPx, heightPx } = image;
  const text = `${out}: ${arm} view of shot ${shotId}, decoded from ${widthPx} × ${heightPx} px`;
  services.terminal.print(
    json ? JSON.stringify({ type: "picture", shotId, arm, out, widthPx, heightPx }) : text,
  );
}

export function addPictureCommand(session: Command, services: Services): void {
  session
    .command("picture")
    .description("Decode a stored frame (demosaic, un-mirror, turn upright) into an sRGB JPEG.")
    .argument("<shotId>", "number of the shot", parseWhole)
    .argument("<arm>", "near or far", parseArm)
    .requiredOption("--store <dir>", "the dataset")
    .requiredOption("--out <file>", "JPEG to write")
    .option("--long-edge <px>", "longer side at most, in px", parseWhole, 4096)
    .option("--json", "print a JSON line")
    .action((shotId: number, arm: ArmName, options: PictureOptions) =>
      picture(services, shotId, arm, options),
    );
}

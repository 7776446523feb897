import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type PictureKind, pictureKindNames, pictureKinds } from "../../alignment/pictures/picture-kinds.js";
import { renderPicture } from "../../alignment/pictures/render-picture.js";
import { storedFiles } from "../../alignment/stored/stored-files.js";
import { CallerError, NearfarError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import { withDataset } from "../calibrate/with-store.js";
import { note } from "../note.js";
import type { Services } from "../services.js";
import { writeOutput } from "../write-output.js";
import { shotNumbers } from "./align-options.js";
import { requireAlignment } from "./require-shot.js";

interface PicturesOptions {
  readonly store: string;
  readonly out: string;
  readonly kinds?: readonly PictureKind[];
  readonly animation: "webp" | "gif";
  readonly force?: boolean;
  readonly json?: boolean;
}

function parseKinds(text: string): PictureKind[] {
  const kinds = text.split(",");
  const isKind = (kind: string): kind is PictureKind =>
    (pictureKindNames as readonly string[]).includes(kind);
  if (kinds.every(isKind)) return kinds;
  throw new InvalidArgumentError(`must be of ${pictureKindNames.join(", ")}, with commas between`);
}

async function pictures(
  services: Services,
  shotIds: readonly number[],
  options: PicturesOptions,
): Promise<void> {
  await withDataset(services, options.store, async (dataset) => {
    // All shots must be there before the first picture is made.
    for (const shotId of shotIds) await requireAlignment(dataset, shotId);
    await mkdir(options.out, { recursive: true }).catch((cause) => {
      throw new CallerError(
        "USAGE",
        `The folder ${options.out} cannot be made: ${(cause as Error).message}`,
        {
          advice: "Choose another place.",
          cause,
        },
      );
    });
    for (const shotId of shotIds) await picturesOf(services, dataset, shotId, options);
  });
}

/** Kinds that were asked for must be possible; of all kinds those that are not are left out. */
async function picturesOf(
  services: Services,
  dataset: Dataset,
  shotId: number,
  options: PicturesOptions,
): Promise<void> {
  const { kinds = pictureKindNames, animation, out, force = false, json = false } = options;
  const files = storedFiles(dataset, await dataset.readAlignment(await requireAlignment(dataset, shotId)));
  for (const kind of kinds) {
    try {
      const { bytes, extension } = await renderPicture(kind, files, { animation });
      const path = join(out, `${shotId}-${kind}${extension}`);
      await writeOutput(path, bytes, force);
      const line = json
        ? JSON.stringify({ type: "picture", shotId, kind, path })
        : `${path}: ${pictureKinds[kind]}`;
      services.terminal.print(line);
    } catch (error) {
      const impossible = error instanceof NearfarError && error.code === "NOT_FOUND";
      if (!impossible || options.kinds !== undefined) throw error;
      note(services.terminal, `shot ${shotId}, ${kind}: ${error.message}`, json);
    }
  }
}

export function picturesCommand(services: Services): Command {
  const kinds = pictureKindNames.map((kind) => `  ${kind.padEnd(11)} ${pictureKinds[kind]}`).join("\n");
  return new Command("pictures")
    .description("Draw aligned pairs: blink, anaglyph, difference, flow, depth, tangential residuals.")
    .argument("<shot...>", "numbers of the shots", shotNumbers)
    .requiredOption("--store <dir>", "the dataset")
    .requiredOption("--out <dir>", "folder for the pictures, made when it is not there")
    .option("--kinds <list>", "with commas between; all that the pair can show by default", parseKinds)
    .addOption(new Option("--animation <format>", "of blink").choices(["webp", "gif"]).default("webp"))
    .option("--force", "replace pictures that are there")
    .option("--json", "print a JSON line for each")
    .addHelpText("after", `\nKinds:\n${kinds}`)
    .action((shots: number[], options: PicturesOptions) => pictures(services, shots, options));
}

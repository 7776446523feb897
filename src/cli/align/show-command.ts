import { Command } from "commander";
import { alignmentText } from "../../schema/alignment-text.js";
import { withDataset } from "../calibrate/with-store.js";
import { wholeNumber } from "../option-values.js";
import type { Services } from "../services.js";
import { shotName } from "./aligned-text.js";
import { recordLines } from "./record-lines.js";
import { requireAlignment } from "./require-shot.js";

interface ShowOptions {
  readonly store: string;
  readonly json?: boolean;
}

async function show(services: Services, shotId: number, { store, json }: ShowOptions): Promise<void> {
  const record = await withDataset(services, store, async (dataset) =>
    dataset.readAlignment(await requireAlignment(dataset, shotId)),
  );
  const lines = json ? [alignmentText(record).trimEnd()] : [shotName(shotId), ...recordLines(record)];
  for (const line of lines) services.terminal.print(line);
}

export function showCommand(services: Services): Command {
  return new Command("show")
    .description("Show an aligned pair: what it was made of, how good it is and why, what it cannot see.")
    .argument("<shot>", "number of the shot", wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .requiredOption("--store <dir>", "the dataset")
    .option("--json", "print the whole record as one JSON line")
    .action((shotId: number, options: ShowOptions) => show(services, shotId, options));
}

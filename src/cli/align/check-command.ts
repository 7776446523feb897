import { Command } from "commander";
import type { TruthComparison } from "../../alignment/truth/compare-with-truth.js";
import { truthSummary } from "../../alignment/truth/truth-summary.js";
import { withDataset } from "../calibrate/with-store.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";
import { shotNumbers } from "./align-options.js";
import { percent, shotName } from "./aligned-text.js";
import { requireAlignment } from "./require-shot.js";
import { comparedPair } from "./truth-table.js";

interface CheckOptions {
  readonly store: string;
  readonly json?: boolean;
}

const header = ["zone", "pixels", "kept", "error px median", "mean", "depth mm mean", "error/sigma"];

function zoneTable({ nearToFar }: TruthComparison): string[] {
  const rows = nearToFar.map(({ zone, pixels, keptShare, endPointPx, depthMm, normalised }) => {
    // Nothing is known of a zone of which nothing was kept.
    const found = (value: number, digits: number): string => (keptShare > 0 ? value.toFixed(digits) : "");
    return [
      zone,
      String(pixels),
      percent(keptShare),
      found(endPointPx.median, 2),
      found(endPointPx.mean, 2),
      found(depthMm.mean, 1),
      found(normalised.rms, 2),
    ];
  });
  return formatTable(header, rows);
}

async function check(
  services: Services,
  shotIds: readonly number[],
  { store, json }: CheckOptions,
): Promise<void> {
  const { terminal } = services;
  await withDataset(services, store, async (dataset) => {
    for (const shotId of shotIds) await requireAlignment(dataset, shotId);
    for (const shotId of shotIds) {
      const { truth: comparison } = await comparedPair(dataset, shotId);
      if (json) {
        terminal.print(JSON.stringify({ type: "truth", shotId, ...comparison }));
        continue;
      }
      terminal.print(`${shotName(shotId)} ${truthSummary(comparison)}`);
      for (const line of zoneTable(comparison)) terminal.print(`      ${line}`);
    }
  });
}

export function checkCommand(services: Services): Command {
  return new Command("check")
    .description("Hold aligned pairs of a virtual rig against its truth, which `capture --truth all` kept.")
    .argument("<shot...>", "numbers of the shots", shotNumbers)
    .requiredOption("--store <dir>", "the dataset")
    .option("--json", "print a JSON line for each")
    .action((shots: number[], options: CheckOptions) => check(services, shots, options));
}

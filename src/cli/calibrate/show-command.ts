import { Command } from "commander";
import { resolveRecord } from "../../calibration/record/record-file.js";
import type { Calibration } from "../../schema/calibration.js";
import { calibrationText } from "../../schema/calibration-text.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";
import { intrinsicsTable } from "./camera-result.js";
import { colorFindings } from "./color-result.js";
import { gateLines } from "./gate-lines.js";
import { lightFindings } from "./light-result.js";
import { pairFindings } from "./pair-result.js";
import { syncFindings } from "./sync-result.js";
import { withStore } from "./with-store.js";

interface ShowOptions {
  readonly store?: string;
  readonly json?: boolean;
}

function headerLines({
  calibrationId,
  createdAt,
  expiresAt,
  rig,
  softwareVersion,
  commandLine,
}: Calibration): string[] {
  const of = rig === null ? "files alone" : `${rig.name}: near ${rig.near.serial}, far ${rig.far.serial}`;
  return formatTable(
    ["calibration", calibrationId],
    [
      ["made", `${createdAt} by nearfar ${softwareVersion}`],
      ["until", expiresAt ?? "the rig changes"],
      ["of", of],
      ["by", commandLine.join(" ")],
    ],
  );
}

/** The numbers of its kind that are asked for first; the report has all. */
function bodyLines(record: Calibration): string[] {
  switch (record.kind) {
    case "camera":
      return intrinsicsTable(record);
    case "pair":
      return pairFindings(record);
    case "sync":
      return syncFindings(record);
    case "color":
      return colorFindings(record);
    case "light":
      return lightFindings(record);
  }
}

async function show(services: Services, reference: string, { store, json }: ShowOptions): Promise<void> {
  const record = await withStore(services, store, (dataset) => resolveRecord(reference, dataset));
  const lines = json
    ? [calibrationText(record).trimEnd()]
    : [...headerLines(record), ...bodyLines(record), ...gateLines(record.gates), record.verdict];
  for (const line of lines) services.terminal.print(line);
}

export function showCommand(services: Services): Command {
  return new Command("show")
    .description("Show a calibration: what it is of, what it found, its gates.")
    .argument("<calibration>", "id of one in the store, or the file of a record")
    .option("--store <dir>", "the dataset that an id is of")
    .option("--json", "print the whole record as one JSON line")
    .action((reference: string, options: ShowOptions) => show(services, reference, options));
}

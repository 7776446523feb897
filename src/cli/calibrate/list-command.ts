import { Command, Option } from "commander";
import { hasExpired } from "../../capture/calibrations-in-force.js";
import type { CalibrationEntry } from "../../dataset/dataset.js";
import { type CalibrationKind, calibrationKinds } from "../../schema/calibration-header.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";
import { withDataset } from "./with-store.js";

interface ListOptions {
  readonly store: string;
  readonly kind?: CalibrationKind;
  readonly json?: boolean;
}

function entryRow(
  { calibrationId, kind, createdAt, expiresAt, rig, verdict }: CalibrationEntry,
  now: string,
): string[] {
  const expiry =
    expiresAt === null ? "" : hasExpired({ expiresAt }, now) ? "expired" : expiresAt.slice(0, 10);
  const cameras = rig === null ? "files" : `${rig.name} (${rig.nearSerial}, ${rig.farSerial})`;
  return [
    calibrationId,
    kind,
    `${createdAt.slice(0, 10)} ${createdAt.slice(11, 16)}`,
    verdict,
    expiry,
    cameras,
  ];
}

async function list(services: Services, { store, kind, json }: ListOptions): Promise<void> {
  const { terminal, clock } = services;
  const entries = await withDataset(services, store, (dataset) =>
    dataset.calibrations(kind === undefined ? {} : { kind }),
  );
  const now = clock.utcNow();
  const rows = entries.map((entry) => entryRow(entry, now));
  const lines = json
    ? entries.map((entry) => JSON.stringify({ type: "calibration", ...entry }))
    : formatTable(["calibration", "kind", "made (UTC)", "verdict", "until", "of"], rows);
  for (const line of lines) terminal.print(line);
}

export function listCommand(services: Services): Command {
  return new Command("list")
    .description("List the calibrations of a store, newest first.")
    .requiredOption("--store <dir>", "the dataset")
    .addOption(new Option("--kind <kind>", "only these").choices([...calibrationKinds]))
    .option("--json", "print a JSON line for each")
    .action((options: ListOptions) => list(services, options));
}

import { Command } from "commander";
import { CallerError } from "../../base/errors.js";
import { resolveRecord } from "../../calibration/record/record-file.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";
import { differenceText, withSolver } from "./camera-difference.js";
import { requireRecordFolder, writeRecordFolder } from "./record-folder.js";
import { type SolvedAgain, solveCameraAgain, solvePairAgain } from "./solve-again.js";
import { withStore } from "./with-store.js";

interface ResolveOptions {
  readonly store?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

function resolvedLines({ cameras, rmsPointPx, stops, record }: SolvedAgain): string[] {
  const changes = cameras.map((camera) => `${camera.name}: differs by ${differenceText(camera)}`);
  const errors = rmsPointPx.map(
    ({ name, before, after }) =>
      `${name}: error per point ${before.toFixed(4)} px then, ${after.toFixed(4)} px now`,
  );
  const rows = stops.map(({ distanceMm, lateralOffsetMm, pupilSeparationMm, magnificationRatio }) => [
    String(distanceMm),
    ...lateralOffsetMm.map((mm) => mm.toFixed(4)),
    pupilSeparationMm.toFixed(3),
    (magnificationRatio * 1e6).toFixed(1),
  ]);
  const header = ["stop mm", "offset x mm", "offset y mm", "separation mm", "magnification ppm"];
  const table = rows.length === 0 ? [] : ["Now minus then:", ...formatTable(header, rows)];
  return [...changes, ...errors, ...table, `${record.verdict}  ${record.calibrationId}`];
}

async function resolve(services: Services, reference: string, options: ResolveOptions): Promise<void> {
  const { store, out, json } = options;
  const force = options.force === true;
  const old = await withStore(services, store, (dataset) => resolveRecord(reference, dataset));
  if (old.kind !== "camera" && old.kind !== "pair") {
    throw new CallerError("USAGE", `${old.calibrationId} is a ${old.kind} calibration.`, {
      advice: "Calibrations of a camera or of a pair can be solved again.",
    });
  }
  if (out !== undefined) await requireRecordFolder(out, force);
  const resolved = await withSolver(services, (solver, signal) =>
    old.kind === "camera"
      ? solveCameraAgain(services, old, solver, signal)
      : solvePairAgain(services, old, solver, signal),
  );
  const { record, ...changes } = resolved;
  if (out !== undefined) await writeRecordFolder(out, record, force);
  const { calibrationId, kind, verdict } = record;
  const lines = json
    ? [JSON.stringify({ type: "resolved", of: old.calibrationId, calibrationId, kind, verdict, ...changes })]
    : resolvedLines(resolved);
  for (const line of lines) services.terminal.print(line);
}

export function resolveCommand(services: Services): Command {
  return new Command("resolve")
    .description("Solve a calibration of a camera or of a pair again from its own record; tell what changed.")
    .argument("<calibration>", "id of one in the store, or the file of a record")
    .option("--store <dir>", "the dataset that an id is of")
    .option("--out <folder>", "write the new record.json and report.html there")
    .option("--force", "replace those files if they exist")
    .option("--json", "print one JSON line")
    .action((reference: string, options: ResolveOptions) => resolve(services, reference, options));
}

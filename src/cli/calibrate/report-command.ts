import { resolve } from "node:path";
import { Command } from "commander";
import { CallerError } from "../../base/errors.js";
import { resolveRecord } from "../../calibration/record/record-file.js";
import { reportHtml } from "../../calibration/report/report-html.js";
import { reportJson } from "../../calibration/report/report-json.js";
import type { Services } from "../services.js";
import { requireWritable, writeOutput } from "../write-output.js";
import { withStore } from "./with-store.js";

interface ReportOptions {
  readonly store?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** @throws CallerError USAGE when the page would replace the record. */
function requireOther(reference: string, out: string): void {
  if (resolve(reference) !== resolve(out)) return;
  throw new CallerError("USAGE", `${out} is the record itself.`, {
    advice: "Name another file for the page.",
  });
}

async function report(services: Services, reference: string, options: ReportOptions): Promise<void> {
  const { terminal, clock } = services;
  const { store, out, force, json } = options;
  requireOther(reference, out);
  await requireWritable(out, force === true);
  const record = await withStore(services, store, (dataset) => resolveRecord(reference, dataset));
  const html = new TextEncoder().encode(reportHtml(record, { now: new Date(clock.utcNow()) }));
  await writeOutput(out, html, force === true);
  if (json) {
    const path = resolve(out);
    terminal.print(JSON.stringify({ type: "report", path, bytes: html.length, ...reportJson(record) }));
    return;
  }
  const open = record.gates.filter(({ state }) => state !== "PASS");
  for (const { state, title, advice } of open) {
    terminal.print(`${state} ${title}${advice === null ? "" : `: ${advice}`}`);
  }
  terminal.print(`${record.verdict} ${record.calibrationId}: ${out}, open it in any browser`);
}

export function reportCommand(services: Services): Command {
  return new Command("report")
    .description(
      "Write a calibration as one HTML page: gates, residuals, uncertainty, geometry, colors, advice.",
    )
    .argument("<calibration>", "id of one in the store, or the file of a record")
    .option("--store <dir>", "the dataset that an id is of")
    .requiredOption("--out <file>", "page to write")
    .option("--force", "replace the file if it exists")
    .option("--json", "print path, verdict, gates and the first numbers as a JSON line")
    .action((reference: string, options: ReportOptions) => report(services, reference, options));
}

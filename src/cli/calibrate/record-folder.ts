/** A calibration as files of its own: the record and its report. */
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { CallerError } from "../../base/errors.js";
import { reportHtml } from "../../calibration/report/report-html.js";
import type { Calibration } from "../../schema/calibration.js";
import { calibrationText } from "../../schema/calibration-text.js";
import { requireWritable, writeOutput } from "../write-output.js";

const recordName = "record.json";
const reportName = "report.html";

/**
 * Before long work; makes nothing.
 * @throws CallerError NOT_FOUND when the folder's own folder is not there, OUTPUT_EXISTS when a calibration lies in it
 *   already, unless `force`.
 */
export async function requireRecordFolder(folder: string, force: boolean): Promise<void> {
  await requireWritable(folder, true);
  const there = await stat(folder).catch(() => null);
  if (there === null) return;
  if (!there.isDirectory()) {
    throw new CallerError("OUTPUT_EXISTS", `${folder} is there already and is no folder.`, {
      advice: "Name a folder, which need not be there yet.",
    });
  }
  for (const name of [recordName, reportName]) await requireWritable(join(folder, name), force);
}

/** Writes record.json and report.html; makes the folder where it is not there. @throws CallerError as `writeOutput`. */
export async function writeRecordFolder(folder: string, record: Calibration, force: boolean): Promise<void> {
  const encoder = new TextEncoder();
  const report = encoder.encode(reportHtml(record, { recordHref: recordName }));
  await mkdir(folder, { recursive: true });
  await writeOutput(join(folder, recordName), encoder.encode(calibrationText(record)), force);
  await writeOutput(join(folder, reportName), report, force);
}

/** Audit of the calibrations: does the database say of each what its record says? */
import { isDeepStrictEqual } from "node:util";
import { NearfarError } from "../base/errors.js";
import type { AuditOptions } from "./audit.js";
import { entryOfRecord, readCalibrationObject } from "./calibration-objects.js";
import { listCalibrations } from "./calibration-rows.js";
import type { AuditFinding, CalibrationEntry } from "./dataset.js";
import { codeOf } from "./error-code.js";
import { findSession } from "./session-rows.js";
import type { StoreParts } from "./store-dataset.js";

/** Of one session: the calibrations that it started with. Lost and altered objects are for the audit of objects. */
export async function auditCalibrations(
  store: StoreParts,
  options: AuditOptions,
  findings: AuditFinding[],
): Promise<void> {
  for (const entry of await calibrationsOf(store, options.sessionId)) {
    options.signal?.throwIfAborted();
    if (await agrees(store, entry)) continue;
    findings.push({
      kind: "calibration-differs",
      shotId: null,
      path: store.layout.database,
      message: `the database says otherwise of calibration ${entry.calibrationId} than its record`,
      severity: "error",
    });
  }
}

async function calibrationsOf(
  { reader }: StoreParts,
  sessionId: string | undefined,
): Promise<readonly CalibrationEntry[]> {
  const all = await listCalibrations(reader, {});
  if (sessionId === undefined) return all;
  const used = new Set((await findSession(reader, sessionId))?.calibrations);
  return all.filter(({ calibrationId }) => used.has(calibrationId));
}

async function agrees(store: StoreParts, entry: CalibrationEntry): Promise<boolean> {
  try {
    const record = await readCalibrationObject(store.layout, entry);
    return isDeepStrictEqual(entryOfRecord(record, entry), entry);
  } catch (error) {
    if (error instanceof NearfarError || codeOf(error) === "EIO") return true;
    throw error;
  }
}

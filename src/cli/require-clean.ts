import { WorldError } from "../base/errors.js";
import type { AuditReport } from "../dataset/dataset.js";

/** @throws WorldError AUDIT_FAILED when the audit found something that was promised and is not there. */
export function requireClean(report: AuditReport, store: string): void {
  const errors = report.findings.filter((finding) => finding.severity === "error");
  if (errors.length === 0) return;
  throw new WorldError("AUDIT_FAILED", `The audit found ${errors.length} errors in ${store}.`, {
    advice: "`nearfar session audit` names each one. Restore damaged objects from a backup by their hash.",
  });
}

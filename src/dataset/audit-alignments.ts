/** Audit of the alignments: does the database say of each what its record says? */
import { isDeepStrictEqual } from "node:util";
import { NearfarError } from "../base/errors.js";
import { contentOfRecord, readAlignmentObject } from "./alignment-objects.js";
import { listAlignments } from "./alignment-rows.js";
import type { AuditOptions } from "./audit.js";
import type { AlignmentEntry, AuditFinding } from "./dataset.js";
import { codeOf } from "./error-code.js";
import type { StoreParts } from "./store-dataset.js";

/** Alignments that are read from the database at a time. */
const pageLength = 500;

/** How many there are. Lost and altered objects are for the audit of objects. */
export async function auditAlignments(
  store: StoreParts,
  options: AuditOptions,
  findings: AuditFinding[],
): Promise<number> {
  const ofSession = options.sessionId === undefined ? {} : { sessionId: options.sessionId };
  let checked = 0;
  for (;;) {
    const page = { superseded: true, limit: pageLength, offset: checked, ...ofSession };
    const entries = await listAlignments(store.reader, page);
    for (const entry of entries) {
      options.signal?.throwIfAborted();
      if (!(await agrees(store, entry))) findings.push(differs(store, entry));
    }
    checked += entries.length;
    if (entries.length < pageLength) return checked;
  }
}

async function agrees(store: StoreParts, entry: AlignmentEntry): Promise<boolean> {
  try {
    const record = await readAlignmentObject(store.layout, entry);
    const { alignmentNumber, createdAt } = entry;
    const told = { alignmentNumber, createdAt, ...contentOfRecord(entry.shotId, record, entry) };
    return isDeepStrictEqual(told, entry);
  } catch (error) {
    if (error instanceof NearfarError || codeOf(error) === "EIO") return true;
    throw error;
  }
}

function differs({ layout }: StoreParts, { alignmentNumber, shotId }: AlignmentEntry): AuditFinding {
  return {
    kind: "alignment-differs",
    shotId,
    path: layout.database,
    message: `the database says otherwise of alignment ${alignmentNumber} (shot ${shotId}) than its record`,
    severity: "error",
  };
}

/** Records of aligned pairs as JSON text: one line, members in the schema's order, so that equal records are equal text. */
import {
  type AlignmentInput,
  type AlignmentRecord,
  alignmentInputSchema,
  alignmentRecordSchema,
} from "./alignment.js";
import { checkRecord, type ParsedRecord, parseRecordText } from "./record-text.js";

/** `record` must fit the schema. */
export function alignmentText(record: AlignmentRecord): string {
  return `${JSON.stringify(alignmentRecordSchema.parse(record))}\n`;
}

export function parseAlignmentText(text: string): ParsedRecord<AlignmentRecord> {
  return parseRecordText(alignmentRecordSchema, text);
}

export function checkAlignment(value: unknown): ParsedRecord<AlignmentRecord> {
  return checkRecord(alignmentRecordSchema, value);
}

/** `input` as text that does not depend on the order of any members. It must fit the schema. */
export function canonicalInputText(input: AlignmentInput): string {
  return JSON.stringify(alignmentInputSchema.parse(input), withSortedMembers);
}

function withSortedMembers(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

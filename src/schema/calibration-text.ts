/** Calibration records as JSON text: one line, members in the schema's order, so that equal records are equal text. */
import { type Calibration, calibrationSchema } from "./calibration.js";
import { checkRecord, type ParsedRecord, parseRecordText } from "./record-text.js";

/** Long lists of px that are kept to a millionth: far below any noise, and half the text. */
const roundedLists = new Set(["pointsPx", "residualsPx"]);

/** `record` must fit the schema. */
export function calibrationText(record: Calibration): string {
  return `${JSON.stringify(calibrationSchema.parse(record), rounded)}\n`;
}

export function parseCalibrationText(text: string): ParsedRecord<Calibration> {
  return parseRecordText(calibrationSchema, text);
}

export function checkCalibration(value: unknown): ParsedRecord<Calibration> {
  return checkRecord(calibrationSchema, value);
}

function rounded(key: string, value: unknown): unknown {
  if (!roundedLists.has(key) || !Array.isArray(value)) return value;
  return value.map((px: number) => Math.round(px * 1e6) / 1e6);
}

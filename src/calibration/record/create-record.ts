/** Finished, immutable calibration records. */
import { randomBytes } from "node:crypto";
import { WorldError } from "../../base/errors.js";
import type { Calibration } from "../../schema/calibration.js";
import type {
  CalibratedRig,
  CalibrationKind,
  calibrationHeader,
  Gate,
} from "../../schema/calibration-header.js";
import { calibrationText, checkCalibration, parseCalibrationText } from "../../schema/calibration-text.js";
import { verdictOf } from "./gate.js";

/** The record of one kind. */
export type CalibrationOf<K extends CalibrationKind> = Extract<Calibration, { readonly kind: K }>;

type WithoutHeader<T> = T extends unknown ? Omit<T, keyof typeof calibrationHeader> : never;

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;

/** Everything of a record but its header. */
export type CalibrationBody = Immutable<WithoutHeader<Calibration>>;

export interface RecordContext {
  /** UTC with ms, as `Clock.utcNow` gives it. */
  readonly createdAt: string;
  /** From when on it should be made anew; null: it holds until the rig changes. */
  readonly expiresAt: string | null;
  readonly softwareVersion: string;
  /** The words of the call that made it. */
  readonly commandLine: readonly string[];
  /** Null when only files were calibrated. */
  readonly rig: CalibratedRig | null;
  readonly gates: readonly Gate[];
}

/**
 * The record of a calibration: its header, checked against the schema, frozen to the depth, and the same as
 * what its text will be read back to.
 * @throws WorldError CALIBRATION_FAILED naming the member that is no number (or otherwise no part of a record).
 */
export function createRecord<Body extends CalibrationBody>(
  body: Body,
  context: RecordContext,
): CalibrationOf<Body["kind"]> {
  const { createdAt, expiresAt, softwareVersion, commandLine, rig, gates } = context;
  const checked = checkCalibration({
    format: "nearfar-calibration",
    version: 1,
    calibrationId: newCalibrationId(createdAt, body.kind),
    createdAt,
    expiresAt,
    softwareVersion,
    commandLine,
    rig,
    gates,
    verdict: verdictOf(gates),
    ...body,
  });
  if (!checked.ok) throw notWhole(body.kind, checked.reason);
  const record = parseCalibrationText(calibrationText(checked.record));
  if (!record.ok) throw notWhole(body.kind, record.reason);
  return deepFreeze(record.record) as CalibrationOf<Body["kind"]>;
}

/** Sorts by time and is unique: `20261123T081530Z-1a2b3c-pair`. */
function newCalibrationId(createdAt: string, kind: CalibrationKind): string {
  return `${createdAt.replace(/[-:]|\.\d+/g, "")}-${randomBytes(3).toString("hex")}-${kind}`;
}

/** The time `days` days after another, UTC with ms: for `expiresAt`. */
export function daysAfter(utc: string, days: number): string {
  return new Date(Date.parse(utc) + days * 24 * 3600 * 1000).toISOString();
}

function notWhole(kind: CalibrationKind, reason: string): WorldError {
  return new WorldError("CALIBRATION_FAILED", `the ${kind} calibration is not whole: ${reason}`, {
    advice: "Nothing was stored. Take more and more different images; if that does not help, report it.",
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

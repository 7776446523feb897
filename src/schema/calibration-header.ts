/** What every calibration record begins with. Records are immutable and carry all that they were made from. */
import { z } from "zod";

const utc = z.iso.datetime({ precision: 3 });

export const calibrationKinds = ["sync", "camera", "pair", "color", "light"] as const;
export type CalibrationKind = (typeof calibrationKinds)[number];

/** When it was made, a few digits of chance, what it is: `20261123T081530Z-1a2b3c-pair`. */
export const calibrationIdSchema = z
  .string()
  .regex(/^\d{8}T\d{6}Z-[0-9a-f]{6}-(sync|camera|pair|color|light)$/, "an id of a calibration");

export const gateStates = ["PASS", "WARN", "FAIL", "UNKNOWN"] as const;
export type GateState = (typeof gateStates)[number];

/** One number that was held against a limit. */
export const gateSchema = z.strictObject({
  /** Stable, lower-case words joined by hyphens: `held-out-rms`. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  title: z.string(),
  /** Null where it could not be measured; the state is then UNKNOWN, or FAIL where it must be known. */
  value: z.number().nullable(),
  /** As printed behind the value: `px`, `mm`, `µs`, `ΔE00`, `%`, or empty. */
  unit: z.string(),
  /** Beyond `warn` is WARN, beyond `fail` is FAIL; null: there is no such limit. */
  warn: z.number().nullable(),
  fail: z.number().nullable(),
  /** Which side of a limit is good. */
  better: z.enum(["lower", "higher"]),
  state: z.enum(gateStates),
  /** What to do about it; null when it passed. */
  advice: z.string().nullable(),
});
export type Gate = z.infer<typeof gateSchema>;

const device = z.strictObject({ vendor: z.string(), model: z.string(), serial: z.string() });

/** The rig that was calibrated; null when only files were. */
export const calibratedRigSchema = z.strictObject({
  name: z.string(),
  near: device,
  far: device,
  /** 16 hex digits. */
  boardId: z.string(),
  /** The whole rig config, as it was in force. */
  config: z.unknown(),
  virtual: z.boolean(),
});
export type CalibratedRig = z.infer<typeof calibratedRigSchema>;

export const calibrationHeader = {
  format: z.literal("nearfar-calibration"),
  version: z.literal(1),
  calibrationId: calibrationIdSchema,
  createdAt: utc,
  /** From when on it should be made anew; null: it holds until the rig changes. */
  expiresAt: utc.nullable(),
  softwareVersion: z.string(),
  /** The words of the call that made it. */
  commandLine: z.array(z.string()),
  rig: calibratedRigSchema.nullable(),
  gates: z.array(gateSchema),
  /** The worst of the gates; UNKNOWN counts as WARN. */
  verdict: z.enum(["PASS", "WARN", "FAIL"]),
};

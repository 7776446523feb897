/** Which calibrations of pair and color hold for frames. */
import { CallerError } from "../../base/errors.js";
import type { CameraSerials } from "../../dataset/dataset.js";
import type { Calibration } from "../../schema/calibration.js";
import type { ColorCalibration } from "../../schema/calibration-color.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { UsedCalibration } from "../pair-input.js";
import type { CalibrationShelf } from "./calibration-shelf.js";
import { mapsBothArms, requireFlat, requirePassed, requireSerials, requireValid } from "./require-fit.js";

/** What the user says about it. */
export interface CalibrationWishes {
  /** Id or path of the one to use; the one in force unless given. */
  readonly pair?: string;
  readonly color?: string;
  readonly allowExpired: boolean;
  /** A color calibration without flat field will do. */
  readonly withoutFlat: boolean;
}

/** Whose frames they are, and of when. */
export interface Occasion {
  /** Ids in force when the session began; none for files. */
  readonly inForce: readonly string[];
  /** Null: not known. */
  readonly serials: { readonly [Arm in keyof CameraSerials]: string | null };
  /** UTC with ms. */
  readonly at: string;
}

export interface Chosen<Record> extends UsedCalibration<Record> {
  readonly expired: boolean;
}

/**
 * The calibration of the pair: the one named, else the one in force, else the last one before the occasion.
 * @returns null when there is none.
 * @throws CallerError NOT_FOUND, USAGE, CALIBRATION_REFUSED; WorldError ALIGN_CAMERA, ALIGN_EXPIRED, FILE_CORRUPT.
 */
export async function choosePair(
  shelf: CalibrationShelf,
  occasion: Occasion,
  wishes: CalibrationWishes,
): Promise<Chosen<PairCalibration> | null> {
  const reference = wishes.pair ?? (await usual(shelf, "pair", occasion));
  if (reference === null) return null;
  const used = await shelf.read(reference);
  return checked(requireKind(used, "pair", reference), occasion, wishes);
}

/** The same for color. An expired refit of a session is followed by the calibration that it corrected. */
export async function chooseColor(
  shelf: CalibrationShelf,
  occasion: Occasion,
  wishes: CalibrationWishes,
): Promise<Chosen<ColorCalibration> | null> {
  const reference = wishes.color ?? (await usualColor(shelf, occasion));
  if (reference === null) return null;
  const used = requireKind(await shelf.read(reference), "color", reference);
  if (!mapsBothArms(used.record)) {
    if (wishes.color === undefined) return null;
    throw new CallerError(
      "CALIBRATION_REFUSED",
      `${reference} does not map the near arm's color to the far's.`,
      {
        advice: "Calibrate the color of both arms: `nearfar calibrate color`.",
      },
    );
  }
  const chosen = checked(used, occasion, wishes);
  if (!wishes.withoutFlat) requireFlat(chosen.record);
  return chosen;
}

/**
 * That what is named can be read and is of the right kind, before any frame is looked at.
 * @throws CallerError NOT_FOUND, USAGE; WorldError FILE_CORRUPT.
 */
export async function requireNamed(
  shelf: CalibrationShelf,
  { pair, color }: Pick<CalibrationWishes, "pair" | "color">,
): Promise<void> {
  if (pair !== undefined) requireKind(await shelf.read(pair), "pair", pair);
  if (color !== undefined) requireKind(await shelf.read(color), "color", color);
}

async function usual(
  shelf: CalibrationShelf,
  kind: "pair" | "color",
  { inForce, serials: { near, far }, at }: Occasion,
): Promise<string | null> {
  const named = inForce.find((id) => id.endsWith(`-${kind}`));
  if (named !== undefined) return named;
  return near === null || far === null ? null : shelf.latest(kind, { near, far }, at);
}

async function usualColor(shelf: CalibrationShelf, occasion: Occasion): Promise<string | null> {
  const reference = await usual(shelf, "color", occasion);
  const { near, far } = occasion.serials;
  if (reference === null || near === null || far === null) return reference;
  const { record } = await shelf.read(reference);
  if (!requireValid(record, occasion.at, true)) return reference;
  const others = await shelf.all("color", { near, far });
  const valid = others.find(
    (entry) =>
      entry.verdict !== "FAIL" && entry.createdAt < occasion.at && !requireValid(entry, occasion.at, true),
  );
  return valid?.calibrationId ?? reference;
}

function checked<Record extends Calibration>(
  used: UsedCalibration<Record>,
  { serials, at }: Occasion,
  { allowExpired }: CalibrationWishes,
): Chosen<Record> {
  requirePassed(used.record);
  requireSerials(used.record, serials);
  return { ...used, expired: requireValid(used.record, at, allowExpired) };
}

function requireKind<Kind extends "pair" | "color">(
  { record, sha256 }: UsedCalibration<Calibration>,
  kind: Kind,
  reference: string,
): UsedCalibration<Extract<Calibration, { readonly kind: Kind }>> {
  if (isOfKind(record, kind)) return { record, sha256 };
  throw new CallerError("USAGE", `${reference} is a calibration of kind ${record.kind}, not ${kind}.`, {
    advice: `\`nearfar calibrate list --kind ${kind}\` shows those that are there.`,
  });
}

function isOfKind<Kind extends Calibration["kind"]>(
  record: Calibration,
  kind: Kind,
): record is Extract<Calibration, { readonly kind: Kind }> {
  return record.kind === kind;
}

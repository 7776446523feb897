/** Does a calibration hold for these frames? One coded error for each way in which it does not. */
import { CallerError, WorldError } from "../../base/errors.js";
import type { CameraSerials } from "../../dataset/dataset.js";
import type { Calibration } from "../../schema/calibration.js";
import type { ColorCalibration } from "../../schema/calibration-color.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { CalibratedRig } from "../../schema/calibration-header.js";
import type { ArmName } from "../../schema/records.js";

export interface UprightSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Size of a frame once it stands upright. */
export function uprightSize(frame: {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly mount: { readonly rotationDeg: 0 | 90 | 180 | 270 };
}): UprightSize {
  const { widthPx, heightPx, mount } = frame;
  const lies = mount.rotationDeg === 90 || mount.rotationDeg === 270;
  return lies ? { widthPx: heightPx, heightPx: widthPx } : { widthPx, heightPx };
}

/** @throws WorldError ALIGN_SIZE. */
export function requireSize(
  record: PairCalibration,
  stopIndex: number,
  arm: ArmName,
  size: UprightSize,
): void {
  const camera = arm === "far" ? record.far : record.stops[stopIndex]?.near;
  const [width, height] = camera?.imageSizePx ?? [0, 0];
  if (width === size.widthPx && height === size.heightPx) return;
  const is = `The ${arm} frame is ${size.widthPx} × ${size.heightPx} px upright`;
  throw new WorldError("ALIGN_SIZE", `${is}, ${record.calibrationId} is of ${width} × ${height} px.`, {
    advice: "Use the calibration that was made with this sensor region and mount, or calibrate again.",
  });
}

/**
 * @param serials of the cameras that took the frames; an unknown one, or a calibration from files, is let pass.
 * @throws WorldError ALIGN_CAMERA.
 */
export function requireSerials(
  { rig, calibrationId }: Calibration,
  serials: { readonly [Arm in keyof CameraSerials]: string | null },
): void {
  for (const arm of ["near", "far"] as const) {
    if (rig === null || serials[arm] === null || isCamera(rig, arm, serials[arm])) continue;
    throw new WorldError(
      "ALIGN_CAMERA",
      `The ${arm} frame is by camera ${serials[arm]}, ${calibrationId} is of camera ${rig[arm].serial}.`,
      { advice: "Name a calibration of these cameras: `nearfar calibrate list` shows whose each one is." },
    );
  }
}

/** Cameras of a virtual rig have the serial of its config with a suffix of each run's own. */
function isCamera(rig: CalibratedRig, arm: ArmName, serial: string): boolean {
  return serial === rig[arm].serial || (rig.virtual && serial.startsWith(`${rig[arm].serial}-`));
}

/**
 * @param at UTC with ms, when the frames were taken.
 * @returns whether it had expired.
 * @throws WorldError ALIGN_EXPIRED unless that is allowed.
 */
export function requireValid(
  { expiresAt, calibrationId }: Pick<Calibration, "expiresAt" | "calibrationId">,
  at: string,
  allowExpired: boolean,
): boolean {
  const expired = expiresAt !== null && expiresAt <= at;
  if (!expired || allowExpired) return expired;
  throw new WorldError(
    "ALIGN_EXPIRED",
    `${calibrationId} expired on ${expiresAt}, before the shot of ${at}.`,
    {
      advice: "Calibrate again, name another calibration, or use it all the same with --allow-expired.",
    },
  );
}

/** @throws CallerError CALIBRATION_REFUSED when it failed its own gates. */
export function requirePassed({ verdict, calibrationId, gates }: Calibration): void {
  if (verdict !== "FAIL") return;
  const failed = gates.filter(({ state }) => state === "FAIL").map(({ title }) => title);
  throw new CallerError("CALIBRATION_REFUSED", `${calibrationId} failed: ${failed.join(", ")}.`, {
    advice: "`nearfar calibrate report` tells what to do about it; calibrate again.",
  });
}

/** Whether it maps both arms' colors to each other. */
export function mapsBothArms({ nearToFar, farToRec2020 }: ColorCalibration): boolean {
  return nearToFar !== null && nearToFar.length > 0 && farToRec2020 !== null;
}

/** @throws WorldError ALIGN_NO_FLAT when an arm has no flat field. */
export function requireFlat({ light, calibrationId }: ColorCalibration): void {
  const without = (["near", "far"] as const).filter((arm) => !light[arm]?.flat);
  if (without.length === 0) return;
  const arms = without.join(" and ");
  throw new WorldError("ALIGN_NO_FLAT", `${calibrationId} has no flat field of the ${arms} camera.`, {
    advice:
      "Take one (`nearfar calibrate color`), or leave the vignetting in the images with --without-flat.",
  });
}

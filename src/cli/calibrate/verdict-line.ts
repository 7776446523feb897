import type { Calibration } from "../../schema/calibration.js";

/**
 * The last line of a calibration from files: by what id it is found again.
 * @param kept whether the record was written anywhere.
 */
export function verdictLine({ verdict, calibrationId }: Calibration, kept: boolean): string {
  return `${verdict}  ${kept ? calibrationId : "not kept; --out FOLDER writes record and report"}`;
}

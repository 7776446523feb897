import { type CalibrationsInForce, calibrationsInForce } from "../../capture/calibrations-in-force.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { serialsOf } from "../calibrate/keep-record.js";
import { note } from "../note.js";
import type { Services } from "../services.js";

/**
 * Ids of the store's calibrations that hold for the rig now. Says in one line which kinds have expired or were
 * never made.
 */
export async function noteCalibrations(
  { clock, terminal }: Pick<Services, "clock" | "terminal">,
  config: RigConfig,
  dataset: Dataset,
  json: boolean,
): Promise<readonly string[]> {
  const inForce = await calibrationsInForce(dataset, serialsOf(config), clock.utcNow());
  const line = lackingLine(inForce);
  if (line !== null) note(terminal, line, json);
  return inForce.valid.map(({ calibrationId }) => calibrationId);
}

/** Null when nothing is lacking. */
export function lackingLine({ expired, missing }: Omit<CalibrationsInForce, "valid">): string | null {
  const parts = [
    ...expired.map(({ kind, expiresAt }) => `${kind} expired on ${expiresAt?.slice(0, 10)}`),
    ...(missing.length === 0 ? [] : [`no ${missing.join(", no ")}`]),
  ];
  if (parts.length === 0) return null;
  return `Calibrations of these cameras in this store: ${parts.join("; ")}. \`nearfar calibrate\` makes them.`;
}

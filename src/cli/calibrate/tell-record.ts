import { exitStatusOfKind } from "../../base/errors.js";
import type { Calibration } from "../../schema/calibration.js";
import type { Services } from "../services.js";
import { gateLines } from "./gate-lines.js";
import { summaryLine } from "./summary-line.js";

export interface HowTold {
  readonly json?: boolean;
  /** One line instead of all. */
  readonly brief?: boolean;
}

/** What was found, as JSON or for people; sets the exit status when a gate failed. */
export function tellRecord<Kept extends Calibration>(
  services: Services,
  record: Kept,
  how: HowTold,
  forms: { readonly json?: (record: Kept) => object; readonly findings: (record: Kept) => readonly string[] },
): void {
  const json = forms.json ?? ((kept: Kept) => ({ type: "calibration", record: kept }));
  const lines = how.json
    ? [JSON.stringify(json(record))]
    : how.brief
      ? [summaryLine(record)]
      : [...forms.findings(record), ...gateLines(record.gates), `${record.verdict}  ${record.calibrationId}`];
  for (const line of lines) services.terminal.print(line);
  if (record.verdict === "FAIL") services.exit(exitStatusOfKind.data);
}

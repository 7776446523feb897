import { arms, type PerArm } from "../../capture/rig.js";
import type { Spread, SyncCalibration } from "../../schema/calibration-sync.js";
import { formatTable } from "../table.js";

const us = (value: number): string => `${Number(value.toFixed(2))} µs`;

function spreadRow(name: string, spread: Spread | null): string[] {
  if (spread === null) return [name, "not measured", "", ""];
  return [name, us(spread.median), `± ${us(spread.p95)}`, `± ${us(spread.max)}`];
}

export function delaysText(delayUs: PerArm<number>): string {
  return arms.map((arm) => `${arm} ${us(delayUs[arm])}`).join(", ");
}

/** The delays that were in force stay: the skew that they leave may be chance. */
export function keepsDelays({ before, proposedDelayUs }: SyncCalibration): boolean {
  return proposedDelayUs !== null && arms.every((arm) => proposedDelayUs[arm] === before.delayUs[arm]);
}

/** What was found, for people. */
export function syncFindings(record: SyncCalibration): string[] {
  const { before, verified, proposedDelayUs, ledCounter } = record;
  const rounds = [before, ...(verified === null ? [] : [verified])];
  const lines = rounds.flatMap((round) => [
    `Trigger delays ${delaysText(round.delayUs)}, ${round.shots.length} shots:`,
    ...formatTable(
      ["", "median", "95 %", "all"],
      [
        ...arms.map((arm) => spreadRow(`lag ${arm}`, round.lagUs[arm])),
        spreadRow("skew near - far", round.skewUs),
      ],
    ),
  ]);
  if (proposedDelayUs === null) lines.push("Skew is assumed, not measured: a feedback wire is missing.");
  if (keepsDelays(record)) {
    lines.push("The median skew is no more than chance (within two standard errors of 0): the delays stay.");
  }
  if (ledCounter !== null && ledCounter.differenceUs !== null) {
    lines.push(`LED counter, near - far: ${us(ledCounter.differenceUs.median)} in ${ledCounter.read} shots`);
  }
  return lines;
}

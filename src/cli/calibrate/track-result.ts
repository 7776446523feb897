/** What `nearfar calibrate track` prints. */
import { WorldError } from "../../base/errors.js";
import type { TrackedShot } from "../../calibration/geometry/check/track-rig.js";
import type { ShotRecord } from "../../schema/records.js";
import type { Services } from "../services.js";
import { plusMinus } from "./pair-result.js";

/** A shot and what it tells, or why it tells nothing. */
export interface TrackedRow {
  readonly shot: ShotRecord;
  readonly tracked: TrackedShot | string;
}

export function rowText({ shot: { shotId, distanceMm }, tracked }: TrackedRow): string[] {
  const name = [`#${shotId}`, String(distanceMm)];
  if (typeof tracked === "string") return [...name, tracked, "", ""];
  const { shiftPx, drift, moved } = tracked;
  const [x, y, z] = drift.moveMm;
  return [
    ...name,
    `${plusMinus(shiftPx.x, 3)} / ${plusMinus(shiftPx.y, 3)}`,
    `${plusMinus(x, 2)} / ${plusMinus(y, 2)} / ${plusMinus(z, 2)}`,
    moved ? "moved" : "",
  ];
}

export function rowJson({ shot: { shotId, distanceMm }, tracked }: TrackedRow): object {
  const found = typeof tracked === "string" ? { message: tracked } : tracked;
  return { type: "tracked", shotId, distanceMm, ...found };
}

/** @throws WorldError CALIBRATION_FAILED when no shot tells anything. */
export function tellSummary({ terminal }: Services, rows: readonly TrackedRow[], json: boolean): void {
  const told = rows.filter(({ tracked }) => typeof tracked !== "string");
  if (told.length === 0) {
    const why = [...new Set(rows.flatMap(({ tracked }) => (typeof tracked === "string" ? tracked : [])))];
    const reason = why.length === 0 ? "The session has no pairs." : why.join(" ");
    throw new WorldError("CALIBRATION_FAILED", `No shot tells whether the rig moved. ${reason}`, {
      advice: "Name the board that stood in both views, and a calibration of the stops of the session.",
    });
  }
  const moved = told.filter(({ tracked }) => typeof tracked !== "string" && tracked.moved);
  const [first] = moved;
  const counts = { shots: rows.length, seen: told.length, moved: moved.length };
  const found =
    first === undefined
      ? "nothing moved by more than chance"
      : `the rig had moved in ${moved.length} of them, first in #${first.shot.shotId}`;
  const sentence = `The board tells in ${told.length} of ${rows.length} shots: ${found}.`;
  terminal.print(json ? JSON.stringify({ type: "track", ...counts, message: sentence }) : sentence);
}

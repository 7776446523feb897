import { exitStatusOfKind, WorldError } from "../../base/errors.js";
import type { RunSummary } from "../../capture/run-events.js";
import { exitStatus } from "../exit-status.js";

/**
 * The exit status of a run that did not fail: 0 when every planned shot has a usable pair, 130
 * when the user ended it.
 * @throws WorldError SESSION_INCOMPLETE when planned shots ended without a usable pair.
 */
export function statusOfSummary(summary: RunSummary): number {
  if (summary.end === "stopped" || summary.end === "aborted") return exitStatusOfKind.interrupted;
  if (summary.unfulfilled === 0) return exitStatus.ok;
  throw new WorldError("SESSION_INCOMPLETE", `${summary.unfulfilled} planned shots have no usable pair.`, {
    advice: `\`nearfar session show ${summary.sessionId}\` names the reasons of each shot.`,
  });
}

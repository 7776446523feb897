import type { RunEvent, RunStatus, RunSummary, RunTotals } from "../../capture/run-events.js";
import { shotRecordLine, shotText } from "../shot-line.js";
import type { Terminal } from "../terminal.js";
import { formatDuration } from "../units.js";

/** Shows a run's events; one for people, one for programs. */
export type RunDisplay = (event: RunEvent, status: RunStatus) => void;

/** The last JSON line of a run. */
function totalsLine(summary: RunSummary): object {
  const { sessionId, end, totals, progress } = summary;
  return { type: "totals", sessionId, end, planned: progress.planned, done: progress.done, ...totals };
}

/** One JSON line per shot on standard output, the totals last; warnings to standard error. */
export function jsonDisplay(terminal: Terminal): RunDisplay {
  return (event) => {
    if (event.kind === "shot") terminal.print(JSON.stringify(shotRecordLine(event.shot)));
    if (event.kind === "warning") terminal.note(JSON.stringify({ type: "warning", ...event.warning }));
    if (event.kind === "end") terminal.print(JSON.stringify(totalsLine(event.summary)));
  };
}

/** What the operator and the person before the camera prepare for. */
function nextShot({ state, current }: RunStatus): string {
  if (state !== "ready" || current === null) return "";
  return `, next: ${current.distanceMm} mm, ${current.expression}, ${current.pose}`;
}

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "none";

function totalsText(totals: RunTotals): string[] {
  return [
    `verdicts  ${counted(totals.shotsByVerdict)}`,
    `triggers  ${totals.triggers} (${totals.dryTriggers} dry): ${counted(totals.triggersByOutcome)}`,
    `frames    ${counted(totals.framesByOutcome)}`,
  ];
}

/** Verdict lines, a progress line that overwrites itself, and a bell when a shot needs attention. */
export function textDisplay(terminal: Terminal, skewLimitUs: number): RunDisplay {
  let progress = "";
  return (event, status) => {
    switch (event.kind) {
      case "state":
        terminal.progress(`${progress}${event.state}${nextShot(status)}`);
        break;
      case "countdown":
        terminal.progress(
          `${progress}${event.planned.expression}, ${event.planned.pose}: ${event.secondsLeft}`,
        );
        break;
      case "shot":
        terminal.print(shotText(event.shot, skewLimitUs));
        if (event.shot.verdict === "RETAKE" || event.shot.verdict === "BROKEN") terminal.bell();
        break;
      case "progress": {
        const { done, planned, etaS } = event.progress;
        progress = `${done} of ${planned}${etaS === null ? "" : `, ${formatDuration(etaS)} left`} · `;
        terminal.progress(`${progress}${status.state}${nextShot(status)}`);
        break;
      }
      case "warning":
        terminal.note(`warning: ${event.warning.message} ${event.warning.advice}`);
        break;
      case "end":
        terminal.print(`session   ${event.summary.sessionId}: ${event.summary.end}`);
        for (const line of totalsText(event.summary.totals)) terminal.print(line);
        break;
    }
  };
}

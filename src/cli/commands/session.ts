import { Command } from "commander";
import type { AuditReport, Dataset } from "../../dataset/dataset.js";
import { noVerdicts } from "../../dataset/verdict-counts.js";
import { interrupted } from "../interrupted.js";
import { requireClean } from "../require-clean.js";
import { requireSession } from "../require-session.js";
import type { Services } from "../services.js";
import { shotRecordLine, shotText } from "../shot-line.js";
import { formatTable } from "../table.js";
import { formatBytes } from "../units.js";
import { addPictureCommand } from "./picture.js";
import { addResumeCommand } from "./resume.js";

interface StoreOptions {
  readonly store: string;
  readonly json?: boolean;
}

/** Opens the store read-only for one action and closes it whatever happens. */
async function withStore<T>(
  services: Services,
  store: string,
  use: (dataset: Dataset) => Promise<T>,
): Promise<T> {
  const dataset = await services.openDataset(store, "read-only");
  try {
    return await use(dataset);
  } finally {
    await dataset.close();
  }
}

async function list(services: Services, dataset: Dataset, json: boolean): Promise<void> {
  const rows: string[][] = [];
  const sessions = await dataset.sessions();
  const countsOf = await dataset.verdictCounts();
  for (const session of sessions) {
    const counts = countsOf.get(session.sessionId) ?? noVerdicts;
    const { sessionId, startedAt, endedAt, subject, rigName } = session;
    if (json) {
      const line = { type: "session", sessionId, startedAt, endedAt, ...subject, rigName, ...counts };
      services.terminal.print(JSON.stringify(line));
      continue;
    }
    const { KEEP, WARN, RETAKE, BROKEN } = counts.verdicts;
    const numbers = [counts.shots, counts.pairs, KEEP, WARN, RETAKE, BROKEN].map(String);
    rows.push([sessionId, subject.subjectId, rigName, startedAt, endedAt ?? "open", ...numbers]);
  }
  if (json) return;
  const header = [
    "session",
    "subject",
    "rig",
    "started",
    "ended",
    "shots",
    "pairs",
    "KEEP",
    "WARN",
    "RETAKE",
    "BROKEN",
  ];
  for (const line of formatTable(header, rows)) services.terminal.print(line);
}

async function show(services: Services, dataset: Dataset, sessionId: string, json: boolean): Promise<void> {
  const session = await requireSession(dataset, sessionId);
  const shots = await dataset.shots({ sessionId, purpose: "pair" });
  const strays = await dataset.strays(sessionId);
  const { terminal } = services;
  if (json) {
    terminal.print(JSON.stringify({ type: "session", ...session, strayFrames: strays.length }));
    for (const shot of shots) terminal.print(JSON.stringify(shotRecordLine(shot)));
    return;
  }
  terminal.print(`session   ${session.sessionId}`);
  terminal.print(
    `subject   ${session.subject.subjectId} (consent ${session.subject.consentRef ?? "not given yet"})`,
  );
  terminal.print(`rig       ${session.rigName}`);
  terminal.print(`time      ${session.startedAt} to ${session.endedAt ?? "(still open)"}`);
  terminal.print(`in force  ${session.calibrations.join(", ") || "no calibration of its cameras"}`);
  terminal.print(`strays    ${strays.length} frames without a pair of their own`);
  for (const shot of shots) terminal.print(shotText(shot));
}

function printAudit(services: Services, report: AuditReport): void {
  const { terminal } = services;
  const outcomes = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  terminal.print(`${report.triggers} triggers: ${outcomes(report.triggersByOutcome)}`);
  terminal.print(`${report.frames} frames: ${outcomes(report.framesByOutcome)}`);
  if (report.alignments > 0) terminal.print(`${report.alignments} alignments`);
  terminal.print(`${report.objects} objects, ${formatBytes(report.bytes)}, every hash read again`);
  for (const finding of report.findings) {
    terminal.print(`${finding.severity === "error" ? "ERROR" : "note "} ${finding.kind}: ${finding.message}`);
  }
  const errors = report.findings.filter((finding) => finding.severity === "error").length;
  terminal.print(errors === 0 ? "audit: nothing is lost" : `audit: ${errors} errors`);
}

async function audit(
  services: Services,
  dataset: Dataset,
  sessionId: string | undefined,
  json: boolean,
): Promise<void> {
  if (sessionId !== undefined) await requireSession(dataset, sessionId);
  const abort = new AbortController();
  const release = services.onInterrupt(() => abort.abort(interrupted()));
  try {
    const report = await dataset.audit({
      signal: abort.signal,
      onProgress: (done, all) => services.terminal.progress(`audit: ${done} of ${all} objects`),
      ...(sessionId === undefined ? {} : { sessionId }),
    });
    if (json) services.terminal.print(JSON.stringify({ type: "audit", ...report }));
    else printAudit(services, report);
    requireClean(report, dataset.directory);
  } finally {
    release();
  }
}

async function rebuild(services: Services, { store, json }: StoreOptions): Promise<void> {
  const backup = await services.rebuildDatabase(store);
  const text = `Rebuilt the database of ${store}${backup === null ? "" : `; the old one is ${backup}`}.`;
  services.terminal.print(json ? JSON.stringify({ type: "rebuilt", store, backup }) : text);
}

const storeOption = ["--store <dir>", "the dataset"] as const;
const jsonOption = ["--json", "print JSON lines"] as const;

export function sessionCommand(services: Services): Command {
  const command = new Command("session").description("List, show, resume and audit capture sessions.");
  command
    .command("list")
    .description("All sessions, newest first.")
    .requiredOption(...storeOption)
    .option(...jsonOption)
    .action((options: StoreOptions) =>
      withStore(services, options.store, (dataset) => list(services, dataset, options.json === true)),
    );
  command
    .command("show")
    .description("One session and its shots.")
    .argument("<sessionId>")
    .requiredOption(...storeOption)
    .option(...jsonOption)
    .action((sessionId: string, options: StoreOptions) =>
      withStore(services, options.store, (dataset) =>
        show(services, dataset, sessionId, options.json === true),
      ),
    );
  command
    .command("audit")
    .description("Check triggers against frames against files against hashes; reads every object.")
    .argument("[sessionId]", "one session; all without it")
    .requiredOption(...storeOption)
    .option(...jsonOption)
    .action((sessionId: string | undefined, options: StoreOptions) =>
      withStore(services, options.store, (dataset) =>
        audit(services, dataset, sessionId, options.json === true),
      ),
    );
  command
    .command("rebuild")
    .description("Make the database anew from sidecars and journal; the old one is kept as a backup.")
    .requiredOption(...storeOption)
    .option(...jsonOption)
    .action((options: StoreOptions) => rebuild(services, options));
  addPictureCommand(command, services);
  addResumeCommand(command, services);
  return command;
}

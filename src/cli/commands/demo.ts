import { join } from "node:path";
import { Command } from "commander";
import { usualParameters } from "../../alignment/pair-input.js";
import { usualChartTarget } from "../../calibration/color/edition.js";
import { loadRigConfig } from "../../capture/load-config.js";
import { loadCapturePlan } from "../../capture/load-plan.js";
import type { RunEvent } from "../../capture/run-events.js";
import { alignStore } from "../align/run-store.js";
import { type ComparedPair, comparedArrays, comparedPair, truthTable } from "../align/truth-table.js";
import { runColorOnRig } from "../calibrate/color-rig.js";
import { runGeometryOnRig } from "../calibrate/geometry-rig.js";
import { runSync } from "../calibrate/sync-command.js";
import { withDataset } from "../calibrate/with-store.js";
import { runCapture } from "../capture/run-capture.js";
import { statusOfSummary } from "../capture/summary-status.js";
import { requireClean } from "../require-clean.js";
import type { Services } from "../services.js";
import { formatBytes, formatDuration } from "../units.js";
import { browse } from "./browse.js";
import { newSession, virtualPart } from "./capture.js";

interface DemoOptions {
  readonly store: string;
  readonly port: number;
  readonly page: boolean;
}

/** Says once how long the way from the bare clone to the first pair was. */
function firstPairTimer(services: Services): (event: RunEvent) => void {
  let said = services.setupStartedMs === null;
  return (event) => {
    if (said || event.kind !== "shot" || event.shot.outcome !== "paired") return;
    said = true;
    const seconds = (Date.now() - (services.setupStartedMs ?? 0)) / 1000;
    services.terminal.print(
      `first pair ${formatDuration(seconds)} after the command was given, set-up included`,
    );
  };
}

/** Few shots and views: enough to see what comes out. */
const quickly = {
  shots: 10,
  views: 12,
  chart: "colorchecker-mini",
  target: usualChartTarget,
  brief: true,
  restart: true,
};

/** What `nearfar align` does unless told otherwise. */
const usualAlignment = { size: usualParameters.sizePx, side: usualParameters.sideMm, flow: true };

/** What `nearfar calibrate all` does but for plate and light, which take minutes of ray tracing. */
async function calibrate(services: Services, rig: string, store: string, stops: readonly number[]) {
  const options = { ...quickly, rig, store, stops };
  await runSync(services, options);
  await runColorOnRig(services, options);
  await runGeometryOnRig(services, options);
}

async function captureSession(services: Services, store: string): Promise<number> {
  const folder = join(services.programFolder, "rig-configs");
  const rig = join(folder, "virtual.yaml");
  const config = await loadRigConfig(rig);
  const plan = await loadCapturePlan(join(folder, "demo-plan.yaml"));
  await calibrate(services, rig, store, plan.distancesMm);
  const summary = await runCapture(services, {
    config,
    store,
    mode: "create-if-missing",
    pacing: "unattended",
    json: false,
    onEvent: firstPairTimer(services),
    ...virtualPart(plan, comparedArrays),
    begin: newSession(services, { subject: { subjectId: "demo", consentRef: null }, config, plan }),
  });
  services.terminal.print("");
  await alignStore(services, store, { ...usualAlignment, session: summary.sessionId });
  await tellTruth(services, store, summary.sessionId);
  await auditSession(services, store, summary.sessionId);
  return statusOfSummary(summary);
}

/** What the pairs say of themselves beside what the virtual rig knows. */
async function tellTruth(services: Services, store: string, sessionId: string): Promise<void> {
  const pairs: ComparedPair[] = [];
  await withDataset(services, store, async (dataset) => {
    const shots = (await dataset.alignments({ sessionId })).map(({ shotId }) => shotId);
    for (const shotId of shots.sort((a, b) => a - b)) pairs.push(await comparedPair(dataset, shotId));
  });
  services.terminal.print("");
  services.terminal.print("What each aligned pair says of itself, and what the virtual rig knows:");
  for (const line of truthTable(pairs)) services.terminal.print(line);
}

/** Reads every object of the session again and says what that found. */
async function auditSession(services: Services, store: string, sessionId: string): Promise<void> {
  const report = await withDataset(services, store, (dataset) => dataset.audit({ sessionId }));
  requireClean(report, store);
  const size = formatBytes(report.bytes);
  services.terminal.print(`audit     ${report.objects} objects (${size}) read again: nothing is lost`);
}

async function demo(services: Services, options: DemoOptions): Promise<void> {
  const { terminal } = services;
  terminal.print(
    "A session on the virtual rig: real firmware in a simulated chip behind a real serial port,",
  );
  terminal.print(
    "two real GigE Vision cameras on loopback, a virtual subject seen by traced optics. It is calibrated",
  );
  terminal.print(
    "first, by its own pictures alone. Every pair is stored safely before it counts; what it really",
  );
  terminal.print("shows lies beside it in truth/. Then every pair is aligned and held against that truth.");
  services.exit(await captureSession(services, options.store));
  if (options.page && terminal.interactive) {
    await browse(services, { store: options.store, host: "127.0.0.1", port: options.port });
    return;
  }
  terminal.print(`See it: node dist/app/main.js browse --store ${options.store}`);
}

export function demoCommand(services: Services): Command {
  return new Command("demo")
    .description("Calibrate the virtual rig, capture a session on it and show both.")
    .option("--store <dir>", "where to put it", join(services.programFolder, ".demo"))
    .option("--port <number>", "TCP port of the page; 0 takes a free one", Number, 0)
    .option("--no-page", "do not serve the page at the end")
    .action((options: DemoOptions) => demo(services, options));
}

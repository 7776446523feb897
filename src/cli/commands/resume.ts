import type { Command } from "commander";
import { loadRigConfig } from "../../capture/load-config.js";
import type { Pacing } from "../../capture/run-events.js";
import { resumeSession } from "../../capture/session.js";
import { type RigConfig, rigConfigSchema } from "../../schema/rig-config.js";
import { runCapture } from "../capture/run-capture.js";
import { jsonDisplay, textDisplay } from "../capture/run-display.js";
import { statusOfSummary } from "../capture/summary-status.js";
import { requireSession } from "../require-session.js";
import type { Services } from "../services.js";
import { defaultPacing, pacingOption } from "./capture.js";

interface ResumeOptions {
  readonly store: string;
  readonly rig?: string;
  readonly pacing?: Pacing;
  readonly json?: boolean;
}

/** The rig config that the session began with. */
async function storedConfig(services: Services, store: string, sessionId: string): Promise<RigConfig> {
  const dataset = await services.openDataset(store, "read-only");
  try {
    return rigConfigSchema.parse((await requireSession(dataset, sessionId)).rigConfig);
  } finally {
    await dataset.close();
  }
}

async function resume(services: Services, sessionId: string, options: ResumeOptions): Promise<void> {
  const { terminal } = services;
  const stored = await storedConfig(services, options.store, sessionId);
  const config = options.rig === undefined ? stored : await loadRigConfig(options.rig);
  const summary = await runCapture(services, {
    config,
    store: options.store,
    mode: "must-exist",
    pacing: options.pacing ?? defaultPacing(terminal, options.json === true),
    display: options.json ? jsonDisplay(terminal) : textDisplay(terminal, config.limits.skewUs),
    begin: (rig, dataset) => resumeSession(dataset, sessionId, config, rig.board),
  });
  services.exit(statusOfSummary(summary));
}

export function addResumeCommand(session: Command, services: Services): void {
  session
    .command("resume")
    .description("Take up a session that crashed or was stopped; shots left open get an honest outcome.")
    .argument("<sessionId>")
    .requiredOption("--store <dir>", "the dataset")
    .option("--rig <file>", "rig config; by default the one stored with the session")
    .addOption(pacingOption())
    .option("--json", "print JSON lines like `nearfar capture`")
    .action((sessionId: string, options: ResumeOptions) => resume(services, sessionId, options));
}

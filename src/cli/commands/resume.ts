import type { Command } from "commander";
import { loadRigConfig } from "../../capture/load-config.js";
import type { Pacing } from "../../capture/run-events.js";
import { isFinished, planOf, resumeSession } from "../../capture/session.js";
import type { CapturePlan } from "../../schema/capture-plan.js";
import { type RigConfig, rigConfigSchema } from "../../schema/rig-config.js";
import type { TruthArray } from "../../schema/truth-array.js";
import { runCapture } from "../capture/run-capture.js";
import { statusOfSummary } from "../capture/summary-status.js";
import { note } from "../note.js";
import { requireSession } from "../require-session.js";
import type { Services } from "../services.js";
import { defaultPacing, pacingOption, truthOption, virtualPart } from "./capture.js";

interface ResumeOptions {
  readonly store: string;
  readonly rig?: string;
  readonly pacing?: Pacing;
  readonly truth?: readonly TruthArray[];
  readonly json?: boolean;
}

interface LeftSession {
  /** The rig config that the session began with. */
  readonly config: RigConfig;
  readonly plan: CapturePlan;
  readonly finished: boolean;
}

/** Reads how the session was left, without writing anything. */
async function readSession(services: Services, store: string, sessionId: string): Promise<LeftSession> {
  const dataset = await services.openDataset(store, "read-only");
  try {
    const session = await requireSession(dataset, sessionId);
    const config = rigConfigSchema.parse(session.rigConfig);
    return { config, plan: planOf(session), finished: await isFinished(dataset, session) };
  } finally {
    await dataset.close();
  }
}

async function resume(services: Services, sessionId: string, options: ResumeOptions): Promise<void> {
  const { terminal } = services;
  const { store, json = false } = options;
  const left = await readSession(services, store, sessionId);
  const config = options.rig === undefined ? left.config : await loadRigConfig(options.rig);
  if (left.finished) {
    note(terminal, `Session ${sessionId} ended with nothing left to shoot; it stays as it is.`, json);
    return;
  }
  const summary = await runCapture(services, {
    config,
    store,
    mode: "must-exist",
    pacing: options.pacing ?? defaultPacing(terminal, json),
    json,
    ...virtualPart(left.plan, options.truth),
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
    .addOption(truthOption())
    .option("--json", "print JSON lines like `nearfar capture`")
    .action((sessionId: string, options: ResumeOptions) => resume(services, sessionId, options));
}

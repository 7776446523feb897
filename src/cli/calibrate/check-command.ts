import { Command, Option } from "commander";
import { CallerError, exitStatusOfKind } from "../../base/errors.js";
import { verdictOf } from "../../calibration/record/gate.js";
import { loadRigConfig } from "../../capture/load-config.js";
import { createVision } from "../../native/vision.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { note } from "../note.js";
import { positive } from "../option-values.js";
import type { Services } from "../services.js";
import { formatDuration } from "../units.js";
import { runChecks } from "./check-parts.js";
import { type CheckOptions, checkPlan } from "./check-plan.js";
import { gateLines } from "./gate-lines.js";
import { serialsOf } from "./keep-record.js";
import { requireSomebody } from "./require-somebody.js";
import { withShooter } from "./with-shooter.js";
import { withDataset } from "./with-store.js";

/** @throws CallerError NOT_FOUND without a calibration to check, as `checkPlan`; what the checks and the rig throw. */
async function check(services: Services, options: CheckOptions): Promise<void> {
  const { terminal } = services;
  const json = options.json === true;
  const config = await loadRigConfig(options.rig);
  const record = await latestPair(services, options.store, config);
  requireSomebody(services, config);
  const plan = await checkPlan(services, record, options);
  const tell = (value: object, lines: readonly string[]): void => {
    for (const line of json ? [JSON.stringify(value)] : lines) terminal.print(line);
  };
  note(terminal, `Calibration ${record.calibrationId} of ${record.createdAt}, ${record.verdict}`, json);
  const startedAtMs = performance.now();
  const vision = createVision();
  try {
    const gates = await withShooter(services, config, (shooter, signal) =>
      runChecks({ services, shooter, vision, signal, record, plan, options, tell }),
    );
    if (!json) for (const line of gates.length === 0 ? [] : gateLines(gates)) terminal.print(line);
    note(terminal, `Took ${formatDuration((performance.now() - startedAtMs) / 1000)}.`, json);
    if (verdictOf(gates) === "FAIL") services.exit(exitStatusOfKind.data);
  } finally {
    await vision.close();
  }
}

async function latestPair(services: Services, store: string, config: RigConfig): Promise<PairCalibration> {
  const record = await withDataset(services, store, async (dataset) => {
    const entry = await dataset.latestCalibration("pair", serialsOf(config));
    return entry && dataset.readCalibration(entry.calibrationId);
  });
  if (record?.kind === "pair") return record;
  throw new CallerError(
    "NOT_FOUND",
    `The store has no geometric calibration of the cameras of ${config.name} that did not fail.`,
    {
      advice: "Make one: `nearfar calibrate geometry --rig FILE --store DIR`.",
    },
  );
}

export function checkCommand(services: Services): Command {
  return new Command("check")
    .description("Check the last geometric calibration of a rig against what its cameras see now.")
    .requiredOption("--rig <file>", "rig config, e.g. rig-configs/virtual.yaml")
    .requiredOption("--store <dir>", "the dataset that keeps the calibration")
    .option("--stop <mm>", "at this calibrated stop; else the first one, the phantom at all", positive)
    .option("--board <description>", "another board than the one that fits the stop")
    .addOption(
      new Option("--watch", "go on, one line a shot, while somebody turns knobs; Ctrl-C ends").conflicts([
        ...["phantom", "null"],
      ]),
    )
    .option("--phantom", "stand the depth phantom there: flow error at the depths of nose, eyes and ears")
    .addOption(
      new Option("--null", "at the farthest stop near and far agree: what flow is left over").conflicts(
        "stop",
      ),
    )
    .option("--json", "print JSON lines")
    .action((options: CheckOptions) => check(services, options));
}

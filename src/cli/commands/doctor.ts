import { Command } from "commander";
import { exitStatusOfKind } from "../../base/errors.js";
import { loadRigConfig } from "../../capture/load-config.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { attempt, type CheckResult, failed, pass } from "../doctor/check.js";
import { checkRig } from "../doctor/rig-checks.js";
import { checkRoom, checkStore } from "../doctor/store-checks.js";
import type { Services } from "../services.js";

interface DoctorOptions {
  readonly rig: string;
  readonly store?: string;
  readonly json?: boolean;
}

function checkBackends(services: Services): CheckResult[] {
  return services.cameraBackends().map((state) => {
    const name = `${state.name} backend`;
    return "backend" in state ? pass(name, "loaded") : failed(name, state.problem);
  });
}

function checkFirmwareImage(services: Services): Promise<CheckResult> {
  return attempt("firmware image", async () => {
    const image = await services.firmwareImage();
    return pass("firmware image", `version ${image.version}`);
  });
}

async function examine(
  services: Services,
  options: DoctorOptions,
  show: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const add = (...more: CheckResult[]): void => {
    for (const result of more) show(result);
    results.push(...more);
  };
  add(...checkBackends(services), await checkFirmwareImage(services));
  let rig: RigConfig;
  try {
    rig = await loadRigConfig(options.rig);
    add(pass("rig config", `${options.rig} (${rig.name}) is valid`));
  } catch (error) {
    add(failed("rig config", error));
    return results;
  }
  add(...(await checkRig(services, rig)));
  add(await checkRoom(services, options.store ?? ".", rig));
  if (options.store !== undefined) add(await checkStore(services, options.store));
  return results;
}

/** The worst check's status: a FAIL counts by its kind, a WARN not at all. */
function statusOf(results: readonly CheckResult[]): number {
  const firstFailure = results.find((result) => result.state === "FAIL");
  return firstFailure === undefined ? 0 : exitStatusOfKind[firstFailure.kind];
}

export function doctorCommand(services: Services): Command {
  return new Command("doctor")
    .description("Check the program, the rig and the store; one line each with the fix.")
    .requiredOption("--rig <file>", "rig config, e.g. rig-configs/virtual.yaml")
    .option("--store <dir>", "also check this dataset and its disk")
    .option("--json", "print one JSON line per check: {type, name, state, message, fix, kind}")
    .action(async (options: DoctorOptions) => {
      const { terminal } = services;
      const results = await examine(services, options, (result) => {
        if (options.json) {
          terminal.print(JSON.stringify({ type: "check", ...result }));
          return;
        }
        terminal.print(`${result.state}  ${result.name}: ${result.message}`);
        if (result.fix !== null) terminal.print(`      ${result.fix}`);
      });
      services.exit(statusOf(results));
    });
}

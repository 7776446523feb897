import { Command, InvalidArgumentError, Option } from "commander";
import { CallerError } from "../../base/errors.js";
import { loadRigConfig } from "../../capture/load-config.js";
import { loadCapturePlan } from "../../capture/load-plan.js";
import { planOfShots } from "../../capture/plan.js";
import type { Rig } from "../../capture/rig.js";
import type { Pacing } from "../../capture/run-events.js";
import {
  type CaptureSession,
  requireVirtualFaces,
  requireWithinRail,
  startSession,
} from "../../capture/session.js";
import type { Dataset } from "../../dataset/dataset.js";
import { type CapturePlan, mostRepeats } from "../../schema/capture-plan.js";
import { type Subject, subjectSchema } from "../../schema/records.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { type TruthArray, truthArray } from "../../schema/truth-array.js";
import { noteCalibrations } from "../capture/calibrations-note.js";
import { devicesOf } from "../capture/devices-record.js";
import { type CaptureJob, runCapture } from "../capture/run-capture.js";
import { statusOfSummary } from "../capture/summary-status.js";
import { truthArraysOf } from "../rig/truth-command.js";
import type { Services } from "../services.js";
import type { Terminal } from "../terminal.js";

interface CaptureOptions {
  readonly rig: string;
  readonly store: string;
  readonly plan?: string;
  readonly shots?: number;
  readonly distance: number;
  readonly subject: string;
  readonly consent?: string;
  readonly pacing?: Pacing;
  readonly truth?: readonly TruthArray[];
  readonly json?: boolean;
}

function shotCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > mostRepeats) {
    throw new InvalidArgumentError(`must be a whole number from 1 to ${mostRepeats}`);
  }
  return value;
}

function millimetres(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("must be a distance in mm");
  return value;
}

function subjectId(text: string): string {
  const parsed = subjectSchema.shape.subjectId.safeParse(text);
  if (!parsed.success) {
    throw new InvalidArgumentError(
      "must be a pseudonym of letters, digits, - and _, at most 64; never a name",
    );
  }
  return parsed.data;
}

function planOf(options: CaptureOptions): Promise<CapturePlan> | CapturePlan {
  if (options.plan !== undefined) return loadCapturePlan(options.plan);
  return planOfShots(options.shots ?? 1, options.distance);
}

/** Starts a session for a rig and a dataset that have just been opened. */
export function newSession(
  services: Services,
  start: { readonly subject: Subject; readonly config: RigConfig; readonly plan: CapturePlan },
  json = false,
): (rig: Rig, dataset: Dataset) => Promise<CaptureSession> {
  return async (rig, dataset) => {
    const calibrations = await noteCalibrations(services, start.config, dataset, json);
    const { version: softwareVersion } = services;
    return startSession(dataset, { ...start, devices: devicesOf(rig), softwareVersion, calibrations });
  };
}

async function capture(services: Services, options: CaptureOptions): Promise<void> {
  const { terminal } = services;
  // Both files are read before anything is opened: a mistake in them leaves nothing behind.
  const config = await loadRigConfig(options.rig);
  const plan = await planOf(options);
  requireWithinRail(plan, config);
  requireVirtualFaces(plan, config);
  requireSomebodyAtTheRail(terminal, plan, config);
  const subject = { subjectId: options.subject, consentRef: options.consent ?? null };
  const summary = await runCapture(services, {
    config,
    store: options.store,
    mode: "create-if-missing",
    pacing: options.pacing ?? defaultPacing(terminal, options.json === true),
    json: options.json === true,
    ...virtualPart(plan, options.truth),
    begin: newSession(services, { subject, config, plan }, options.json),
  });
  services.exit(statusOfSummary(summary));
}

/** What a plan and a call ask of a virtual rig. */
export function virtualPart(
  plan: CapturePlan,
  truthArrays: readonly TruthArray[] = [],
): Pick<CaptureJob, "virtual" | "truthArrays"> {
  return { ...(plan.virtual === undefined ? {} : { virtual: plan.virtual }), truthArrays };
}

/** A rail moved by hand needs a person for every distance but the first, where it may stand already. */
function requireSomebodyAtTheRail(terminal: Terminal, plan: CapturePlan, config: RigConfig): void {
  if (config.rail.kind !== "manual" || terminal.interactive || plan.distancesMm.length === 1) return;
  throw new CallerError("USAGE", "The rail is moved by hand, and nobody is at a terminal to be asked.", {
    advice: "Run this plan at a terminal, or plan one distance and set the rail before.",
  });
}

/** An operator at a terminal gives the word for each shot; a script does not. */
export function defaultPacing(terminal: Terminal, json: boolean): Pacing {
  return terminal.interactive && !json ? "on-command" : "unattended";
}

export const pacingOption = (): Option =>
  new Option(
    "--pacing <how>",
    "wait between shots; the default is on-command at a terminal, else unattended",
  ).choices(["unattended", "countdown", "on-command"]);

export const truthOption = (): Option =>
  new Option(
    "--truth <list>",
    "of a virtual rig: arrays to keep with every shot's truth.json, as .npy: all (55 MB a shot), " +
      `or with commas between ${truthArray.options.join(", ")}`,
  ).argParser(truthArraysOf);

export function captureCommand(services: Services): Command {
  return new Command("capture")
    .description("Fire the rig through a plan and store every pair safely.")
    .requiredOption("--rig <file>", "rig config, e.g. rig-configs/virtual.yaml")
    .requiredOption("--store <dir>", "the dataset; made when it is not there")
    .addOption(
      new Option("--plan <file>", "capture plan: distance × expression × pose × repeats").conflicts("shots"),
    )
    .option("--shots <number>", "without a plan: this many shots (default 1)", shotCount)
    .option("--distance <mm>", "without a plan: near entrance pupil to eye plane, in mm", millimetres, 450)
    .option("--subject <id>", "pseudonym of the person, never a name", subjectId, "anonymous")
    .option("--consent <reference>", "where the signed consent lies, e.g. a form number")
    .addOption(pacingOption())
    .addOption(truthOption())
    .option("--json", "print one JSON line per shot and a last line with totals")
    .addHelpText(
      "after",
      "\nKeys at a terminal: space shoot, r retake, x reject, s skip, n note, p pause, q stop, ? help.\n" +
        "Ctrl-C finishes the shot in flight and ends; twice gives it up. What was acknowledged is safe either way.",
    )
    .action((options: CaptureOptions) => capture(services, options));
}

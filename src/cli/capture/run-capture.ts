import type { Rig } from "../../capture/rig.js";
import { CaptureRun } from "../../capture/run.js";
import type { Pacing, RunListener, RunStatus, RunSummary } from "../../capture/run-events.js";
import type { CaptureSession } from "../../capture/session.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { CapturePlan } from "../../schema/capture-plan.js";
import type { RigConfig } from "../../schema/rig-config.js";
import type { TruthArray } from "../../schema/truth-array.js";
import { interrupted } from "../interrupted.js";
import { note } from "../note.js";
import type { OpenedRig, Services } from "../services.js";
import { truthKeeper } from "./keep-truth.js";
import { bindOperatorKeys } from "./operator-keys.js";
import { jsonDisplay, textDisplay } from "./run-display.js";

export interface CaptureJob {
  readonly config: RigConfig;
  /** Folder of the dataset. */
  readonly store: string;
  readonly mode: "create-if-missing" | "must-exist";
  readonly pacing: Pacing;
  /** JSON lines instead of text. */
  readonly json: boolean;
  /** What a virtual rig is set to first. */
  readonly virtual?: CapturePlan["virtual"];
  /** Arrays of a virtual rig's truth to keep with every shot; truth.json is kept always. */
  readonly truthArrays?: readonly TruthArray[];
  /** Gets every event beside the display. */
  readonly onEvent?: RunListener;
  /** Starts the session or takes one up, once rig and dataset are open. */
  readonly begin: (rig: Rig, dataset: Dataset) => Promise<CaptureSession>;
}

function statusLine(status: RunStatus): string {
  const { done, planned } = status.progress;
  const devices = `board ${status.board}, near ${status.cameras.near}, far ${status.cameras.far}`;
  return `${status.state}: ${done} of ${planned} shots, ${status.storing} being stored; ${devices}`;
}

/** Binds keys and Ctrl-C to the run until the returned function is called. */
function bindOperator(services: Services, run: CaptureRun, { pacing, json }: CaptureJob): () => void {
  const releases = [
    services.onInterrupt((count) => {
      const finishing = "Finishing the shot in flight (Ctrl-C again gives it up)…";
      note(services.terminal, count === 1 ? finishing : "Giving up the shot in flight…", json);
      if (count === 1) run.stop();
      else run.abort();
    }),
  ];
  if (services.terminal.interactive && pacing !== "unattended") {
    const commands = {
      shoot: () => run.shoot(),
      retake: () => run.retake(),
      reject: () => run.reject(),
      skip: () => run.skip(),
      note: (text: string) => run.note(text),
      pause: () => run.pause(),
      resume: () => run.resume(),
      stop: () => run.stop(),
      statusLine: () => statusLine(run.status()),
    };
    releases.push(bindOperatorKeys(services.terminal, commands));
  }
  return () => {
    for (const release of releases) release();
  };
}

/**
 * Opens the rig, then the dataset (so that a rig that is not there leaves no empty store behind),
 * runs one session, and closes everything whatever happens.
 */
export async function runCapture(services: Services, job: CaptureJob): Promise<RunSummary> {
  const opening = new AbortController();
  const release = services.onInterrupt(() => opening.abort(interrupted()));
  const opened = await services.openRig(job.config, opening.signal).finally(release);
  try {
    await setUpVirtual(services, job, opened);
    const dataset = await services.openDataset(job.store, job.mode);
    try {
      return await runSession(services, job, opened, dataset);
    } finally {
      await dataset.close();
    }
  } finally {
    await opened.close();
  }
}

async function setUpVirtual(services: Services, job: CaptureJob, { virtual }: OpenedRig): Promise<void> {
  if (virtual === null) {
    const wanted = job.virtual !== undefined || (job.truthArrays?.length ?? 0) > 0;
    if (wanted) note(services.terminal, "What is meant for a virtual rig is left out on this one.", job.json);
    return;
  }
  const { scene, faults } = job.virtual ?? {};
  if (scene !== undefined) await virtual.setScene(scene);
  if (faults !== undefined) await virtual.setFaults(faults);
}

async function runSession(
  services: Services,
  job: CaptureJob,
  { rig, factory, virtual }: OpenedRig,
  dataset: Dataset,
): Promise<RunSummary> {
  const { clock, logger, terminal } = services;
  const { config, pacing, json } = job;
  const frameProcessor = services.createFrameProcessor();
  try {
    const session = await job.begin(rig, dataset);
    const run = new CaptureRun({
      rig,
      factory,
      config,
      session,
      dataset,
      frameProcessor,
      clock,
      logger,
      pacing,
    });
    const display = json ? jsonDisplay(terminal) : textDisplay(terminal, config.limits.skewUs);
    run.subscribe((event) => display(event, run.status()));
    if (job.onEvent !== undefined) run.subscribe(job.onEvent);
    const onLost = (shotId: number, reason: string): void =>
      note(terminal, `No truth is kept about shot ${shotId}: ${reason}`, json);
    const truth = virtual === null ? null : truthKeeper(virtual, dataset, job.truthArrays ?? [], onLost);
    if (truth !== null) run.subscribe(truth.listener);
    const unbind = bindOperator(services, run, job);
    try {
      return await run.start();
    } finally {
      await truth?.settled();
      unbind();
    }
  } finally {
    await frameProcessor.close();
  }
}

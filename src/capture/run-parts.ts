/** Puts the engine of a run together. */
import type { CameraFrame } from "../devices/contract/camera.js";
import type { ShotRecord } from "../schema/records.js";
import { Condition } from "./condition.js";
import { strayFrame } from "./dry-shot.js";
import { FrameIntake } from "./frame-intake.js";
import { FrameStore } from "./frame-store.js";
import { LiveRig } from "./live-rig.js";
import { Pairing } from "./pairing.js";
import { Readiness } from "./readiness.js";
import { perArm } from "./rig.js";
import { RunMonitor } from "./run-monitor.js";
import type { CaptureRunOptions, runDefaults } from "./run-options.js";
import type { CaptureSession } from "./session.js";
import { SessionNorms } from "./session-norms.js";
import { pairQuality, ShotStore } from "./shot-store.js";
import { ShotTaker } from "./shot-taker.js";

export interface RunParts {
  /** Notified whenever anything changes that the run may wait for. */
  readonly changed: Condition;
  readonly monitor: RunMonitor;
  readonly pairing: Pairing<CameraFrame>;
  readonly intake: FrameIntake;
  readonly live: LiveRig;
  readonly store: ShotStore;
  readonly readiness: Readiness;
  readonly taker: ShotTaker;
}

export interface RunSignals {
  /** Ends every wait in which nothing is in flight. */
  readonly ending: AbortSignal;
  /** Ends the wait for the frames of the shot in flight. */
  readonly aborting: AbortSignal;
}

export function assembleRun(
  options: CaptureRunOptions & typeof runDefaults,
  signals: RunSignals,
  onCommitted: (shot: ShotRecord) => void,
): RunParts {
  const { config, session, dataset, frameProcessor, clock, logger } = options;
  const sessionId = session.record.sessionId;
  const changed = new Condition();
  const monitor = new RunMonitor(clock, logger);
  const pairing = new Pairing<CameraFrame>({ feedback: perArm((arm) => config[arm].feedback) });
  const { previewLongEdgePx, storeCapacity: capacity } = options;
  const frames = new FrameStore({ dataset, frameProcessor, config, previewLongEdgePx });
  const norms = normsSoFar(session);
  const onStray = monitor.countStray.bind(monitor);
  const storing = { dataset, frames, config, norms, changed, logger, capacity, onCommitted, onStray };
  const store = new ShotStore(storing);
  const intake = new FrameIntake({
    pairing,
    changed,
    onStray: ({ arm, frame, outcome, shotId }) =>
      store.addStray(strayFrame(sessionId, arm, outcome, frame, shotId)),
  });
  const shared = { pairing, intake, changed, config, clock };
  const live = new LiveRig({ ...shared, rig: options.rig, factory: options.factory, logger });
  const { recoveryMs } = options;
  const readying = { ...shared, live, store, monitor, dataset, sessionId, recoveryMs };
  const readiness = new Readiness({ ...readying, signal: signals.ending });
  const taker = new ShotTaker({ ...shared, live, signal: signals.aborting });
  return { changed, monitor, pairing, intake, live, store, readiness, taker };
}

function normsSoFar(session: CaptureSession): SessionNorms {
  const norms = new SessionNorms();
  for (const shot of session.earlierShots) {
    const quality = pairQuality(shot);
    if (quality !== null) norms.add(shot.distanceMm, quality);
  }
  return norms;
}

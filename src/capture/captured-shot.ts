/** One trigger as it came from the rig, before its pixels were looked at. */
import type { OpenShot } from "../dataset/dataset.js";
import type { CameraFrame, CameraSettings } from "../devices/contract/camera.js";
import { type ClockFit, hostNsOfTick } from "../devices/contract/clock-fit.js";
import type { Arm, FireResult } from "../devices/contract/trigger-board.js";
import type { FrameRecord, ShotRecord } from "../schema/records.js";
import type { CameraConfig } from "../schema/rig-config.js";
import type { NumberedShot } from "./arm-barrier.js";
import type { ClosedTrigger } from "./frame-fate.js";
import type { Judgement } from "./judge.js";
import { type PerArm, perArm } from "./rig.js";
import type { Skew } from "./skew.js";

export interface CapturedShot<Open extends NumberedShot = OpenShot> {
  readonly open: Open;
  readonly trigger: ClosedTrigger<CameraFrame>;
  readonly fire: FireResult;
  readonly skew: Skew;
  readonly linkLost: boolean;
  readonly capturedAt: string;
  readonly bootId: string;
  /** Board tick → host time when it was captured. */
  readonly clockFit: ClockFit | null;
  readonly cameras: PerArm<{ readonly serial: string; readonly settings: CameraSettings }>;
}

export function shotRecord(
  shot: CapturedShot,
  judgement: Judgement,
  frames: readonly FrameRecord[],
): ShotRecord {
  const { openedAt: _, ...intent } = shot.open;
  const report = shot.fire.kind === "fired" ? shot.fire.report : null;
  const hostNs = report && shot.clockFit ? hostNsOfTick(shot.clockFit, report.edgeTick.near) : null;
  return {
    ...intent,
    capturedAt: shot.capturedAt,
    bootId: shot.bootId,
    triggerNumber: report?.triggerNumber ?? null,
    edgeTick: perArm((arm) => text(report?.edgeTick[arm])),
    exposureStartTick: perArm((arm) => text(report?.feedback[arm]?.riseTick)),
    exposureEndTick: perArm((arm) => text(report?.feedback[arm]?.fallTick)),
    strobeTick: text(report?.strobeTick),
    hostTimeNs: text(hostNs),
    clockResidualUs: hostNs === null ? null : (shot.clockFit?.residualUs ?? null),
    skewUs: shot.skew.us,
    skewKind: shot.skew.kind,
    outcome: shot.trigger.outcome,
    verdict: judgement.verdict,
    reasons: [...judgement.reasons],
    frames: [...frames],
  };
}

/** Everything of a frame record but its object and quality. */
export function frameFacts(
  shot: CapturedShot,
  arm: Arm,
  config: CameraConfig,
  closed: NonNullable<ClosedTrigger<CameraFrame>["frames"][Arm]>,
): Omit<FrameRecord, "objectSha256" | "bytes" | "quality"> {
  const { frame, outcome } = closed;
  const { serial, settings } = shot.cameras[arm];
  return {
    arm,
    outcome,
    cameraSerial: serial,
    frameId: frame.frameId,
    deviceTimeNs: String(frame.deviceTimeNs),
    hostTimeNs: String(frame.hostTimeNs),
    status: frame.status,
    pixelFormat: frame.pixelFormat,
    widthPx: frame.widthPx,
    heightPx: frame.heightPx,
    bitDepth: config.bitDepth,
    blackLevel: config.blackLevel,
    whiteLevel: config.whiteLevel,
    mount: config.mount,
    exposureUs: settings.exposureUs,
    gainDb: settings.gainDb,
  };
}

function text(value: bigint | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** Closes a dry trigger: its record, and its frames as strays that name it. */
import type { CameraFrame } from "../devices/contract/camera.js";
import type { ShotRecord, StrayFrame } from "../schema/records.js";
import type { RigConfig } from "../schema/rig-config.js";
import { type CapturedShot, shotRecord } from "./captured-shot.js";
import { judge } from "./judge.js";
import { arms, perArm } from "./rig.js";

/** No norms: nothing of a dry trigger's pixels is looked at. */
const noNorms = { sharpness: { near: null, far: null }, exposureRatioStops: null };

export function dryShotRecord(shot: CapturedShot, config: RigConfig): ShotRecord {
  const judgement = judge({
    shotId: shot.open.shotId,
    outcome: shot.trigger.outcome,
    fire: shot.fire,
    linkLost: shot.linkLost,
    frames: perArm((arm) => {
      const closed = shot.trigger.frames[arm];
      return closed && { outcome: closed.outcome, quality: null, led: null };
    }),
    skew: shot.skew,
    feedbackWired: perArm((arm) => config[arm].feedback),
    strobe: config.trigger.strobe.enabled,
    norms: noNorms,
    limits: config.limits,
  });
  return shotRecord(shot, judgement, []);
}

export function dryShotFrames(shot: CapturedShot): readonly StrayFrame[] {
  const { sessionId, shotId } = shot.open;
  return arms.flatMap((arm) => {
    const closed = shot.trigger.frames[arm];
    return closed === null ? [] : [strayFrame(sessionId, arm, closed.outcome, closed.frame, shotId)];
  });
}

/** The record of a frame whose pixels are not kept. */
export function strayFrame(
  sessionId: string,
  arm: StrayFrame["arm"],
  outcome: StrayFrame["outcome"],
  frame: Pick<CameraFrame, "frameId" | "deviceTimeNs" | "hostTimeNs">,
  shotId: number | null,
): StrayFrame {
  const { frameId, deviceTimeNs, hostTimeNs } = frame;
  return {
    sessionId,
    arm,
    outcome,
    frameId,
    deviceTimeNs: String(deviceTimeNs),
    hostTimeNs: String(hostTimeNs),
    shotId,
  };
}
